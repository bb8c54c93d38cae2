//! The composer in a real browser: what is folded away, what is counted, what a reload keeps.

use serde_json::json;
use tests::{
    browser::Browser,
    run,
    studio::{Setup, Studio},
};

const OPTIONS: &str = "document.getElementById('options').checkVisibility()";
const SIDEWAYS: &str = "document.documentElement.scrollWidth > innerWidth";

#[test]
fn format_and_background_are_folded_away_and_go_with_the_request() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::on(studio, "").await?;
        browser.look(320, 800, true, true).await?;
        assert_eq!(browser.eval(OPTIONS).await?, json!(false));
        browser.script("document.getElementById('more').focus()").await?;
        browser.press("Enter").await?;
        assert_eq!(browser.eval(OPTIONS).await?, json!(true));
        assert_eq!(browser.eval(SIDEWAYS).await?, json!(false));
        browser.see("combobox", "Format").await?;
        // A JPEG cannot be transparent: the choice gives way, and is no longer on offer.
        browser
            .script("const f = document.querySelector('[name=format]'); f.value = 'jpeg'")
            .await?;
        browser.click("checkbox", "Transparent background").await?;
        let chosen = "document.querySelector('[name=format]').value";
        assert_eq!(browser.eval(chosen).await?, json!("webp"));
        assert_eq!(
            browser.eval("document.querySelector('[value=jpeg]').disabled").await?,
            json!(true)
        );
        browser.script("document.querySelector('[name=format]').value = 'webp'").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A stamp without paper").await?;
        browser.press("Enter").await?;
        browser.see("image", "A stamp without paper").await?;
        let calls = studio.sandbox.books().calls();
        let body = calls.iter().filter_map(sandbox::Call::json).find(|body| {
            body["prompt"].as_str().is_some_and(|prompt| prompt.contains("A stamp without paper"))
        });
        let body = body.expect("a call").to_string();
        assert!(body.contains("\"webp\"") && body.contains("\"transparent\""), "{body}");
        browser.stop().await
    });
}

#[test]
fn a_price_is_that_of_what_is_chosen() {
    run(async {
        let browser = Browser::on(Studio::shared().await?, "").await?;
        let price = "document.getElementById('estimate').textContent";
        browser.until(&format!("{price} !== ''")).await?;
        let first = browser.eval(price).await?;
        browser.script("document.querySelector('[name=quality]:not(:checked)').click()").await?;
        browser.until(&format!("{price} !== '' && {price} !== {first}")).await?;
        browser.stop().await
    });
}

#[test]
fn a_site_with_one_format_and_no_transparency_has_nothing_to_unfold() {
    run(async {
        let studio = Setup::default()
            .site("formats", json!(["webp"]))
            .site("backgrounds", json!(["auto"]))
            .start()
            .await?;
        let browser = Browser::on(&studio, "").await?;
        assert_eq!(browser.count("button", Some("More")).await?, 0);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn characters_are_counted_near_the_limit() {
    run(async {
        let studio = Setup::default().site("prompt", json!({ "max_chars": 30 })).start().await?;
        let browser = Browser::on(&studio, "").await?;
        browser.see("button", "Create").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("a fox in very deep snow").await?;
        let note = "document.getElementById('note').textContent";
        assert_eq!(browser.eval(note).await?, json!(""));
        browser.type_text(" at n").await?;
        browser.read("28 of 30 characters").await?;
        browser.type_text("ight").await?;
        browser.read("2 characters too long. 30 fit.").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_reload_keeps_what_was_begun() {
    run(async {
        let browser = Browser::on(Studio::shared().await?, "").await?;
        browser.reload().await?;
        assert_eq!(browser.eval("sessionStorage.length").await?, json!(0), "nobody has acted yet");
        browser.click("radio", "Tall").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("Half a thou").await?;
        browser.reload().await?;
        let field = "document.getElementById('prompt').value";
        assert_eq!(browser.eval(field).await?, json!("Half a thou"));
        let size = "document.querySelector('[name=size]:checked').value";
        assert_eq!(browser.eval(size).await?, json!("1024x1536"));
        browser.stop().await
    });
}

#[test]
fn what_was_begun_is_written_down_soon_after_typing_stops() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("Half a thou").await?;
        // No page was left: a crash would find it.
        browser.until("(sessionStorage['easel:draft:demo'] ?? '').includes('Half a thou')").await?;
        browser.stop().await
    });
}

#[test]
fn an_idea_that_was_taken_outlives_a_reload() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.click("button", "Paper craft").await?;
        browser.reload().await?;
        let field = "document.getElementById('prompt').value";
        assert_eq!(browser.eval(field).await?, json!("A lighthouse of cut paper"));
        browser.stop().await
    });
}

#[test]
fn a_site_that_keeps_nothing_keeps_no_draft() {
    run(async {
        let studio = Setup::default().site("history", json!("off")).start().await?;
        let browser = Browser::on(&studio, "").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("Half a thou").await?;
        browser.reload().await?;
        assert_eq!(browser.eval("sessionStorage.length").await?, json!(0));
        assert_eq!(browser.eval("document.getElementById('prompt').value").await?, json!(""));
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn an_idea_hangs_on_the_empty_wall() {
    run(async {
        let browser = Browser::on(Studio::shared().await?, "").await?;
        browser.look(1280, 800, false, true).await?;
        let press = "document.querySelector('.frame span').click()";
        browser.script(press).await?;
        assert_eq!(
            browser.eval("document.getElementById('prompt').value").await?,
            json!("A lighthouse of cut paper")
        );
        browser.press("Enter").await?;
        browser.see("image", "A lighthouse of cut paper").await?;
        let frames = "document.querySelector('.frames').checkVisibility()";
        assert_eq!(browser.eval(frames).await?, json!(false));
        browser.stop().await
    });
}
