//! Limits as a visitor sees them: before the button is pressed, when one is reached, and what to do then.

use anyhow::Result;
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, viewer::Viewer},
    run,
    studio::{OPERATOR, Setup},
    visitor::client,
};

async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    Composer(browser).fill("").await?;
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

#[test]
fn what_is_left_is_told_before_the_button_is_pressed_and_a_limit_says_when_it_ends() {
    run(async {
        let visitor = json!({ "per_hour": 2, "per_day": 9, "concurrent": 2 });
        let offer = json!({ "label": "Talk to us", "url": "https://acme.example/talk" });
        let setup = Setup::default().site("visitor", visitor).site("call_to_action", offer);
        let studio = setup.start().await?;
        let browser = Browser::on(&studio, "").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.read("2 left").await?;
        for (prompt, left) in [("One", "1 left"), ("Two", "None left. New ones from ")] {
            ask(&browser, prompt).await?;
            browser.see("image", prompt).await?;
            browser.read(left).await?;
        }
        assert_eq!(studio.sandbox.books().asked(), 2);
        ask(&browser, "Three").await?;
        browser.read("You have reached your limit here").await?;
        browser.see("link", "Talk to us").await?;
        assert_eq!(studio.sandbox.books().asked(), 2, "nothing was asked of the gateway");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_closed_site_says_so_and_opens_again() {
    run(async {
        let studio = Setup::default().start().await?;
        let switch = async |open: bool| {
            let request = client()?.put(format!("{}/v1/operator/switch", studio.edge.url()));
            let body = json!({ "site": null, "open": open });
            request.bearer_auth(OPERATOR).json(&body).send().await?.error_for_status()?;
            anyhow::Ok(())
        };
        switch(false).await?;
        let browser = Browser::on(&studio, "").await?;
        ask(&browser, "A closed door").await?;
        browser.read("This site is closed for now").await?;
        switch(true).await?;
        ask(&browser, "An open door").await?;
        browser.see("image", "An open door").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_challenge_is_asked_at_the_first_intent_and_what_was_asked_meanwhile_is_made() {
    run(async {
        let studio = Setup::default().start_challenged().await?;
        let browser = Browser::on(&studio, "").await?;
        let scripts = "[...document.scripts].filter(({ src }) => src.includes('turnstile')).length";
        assert_eq!(
            browser.eval(scripts).await?,
            json!(0),
            "nobody else is asked before the visitor acts"
        );
        ask(&browser, "A checked picture").await?;
        browser.read("One short check before your picture").await?;
        assert_eq!(studio.sandbox.books().asked(), 0);
        browser.click("button", "I am human").await?;
        browser.see("image", "A checked picture").await?;
        assert_eq!(studio.sandbox.siteverify_books().count(), 1);
        ask(&browser, "The next one").await?;
        browser.see("image", "The next one").await?;
        assert_eq!(studio.sandbox.siteverify_books().count(), 1, "once is enough");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn cost_is_told_before_and_after_where_the_site_shows_it() {
    run(async {
        for shown in [true, false] {
            let studio = Setup::default().site("show_cost", json!(shown)).start().await?;
            let browser = Browser::on(&studio, "").await?;
            ask(&browser, "A priced picture").await?;
            browser.see("image", "A priced picture").await?;
            if shown {
                browser.read("under 1 ¢").await?;
                // Nothing but the label lies on the picture; 272 tokens out and a few in are 0.0022 $.
                browser.click("button", "Open picture: A priced picture").await?;
                Viewer(&browser).shows("A priced picture").await?;
                assert_eq!(Viewer(&browser).fact("Price").await?, "under 1 ¢");
            } else {
                let text = browser.eval("document.body.innerText").await?.to_string();
                assert!(!text.contains(['$', '¢']), "{text}");
            }
            browser.stop().await?;
            studio.stop().await?;
        }
        Ok(())
    });
}
