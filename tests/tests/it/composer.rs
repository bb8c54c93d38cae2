//! The composer in a real browser: what is folded away, what is counted, what a reload keeps.

use serde_json::json;
use tests::{
    browser::Browser,
    page::composer::Composer,
    run,
    studio::{Setup, Studio},
};

const SIDEWAYS: &str = "document.documentElement.scrollWidth > innerWidth";

#[test]
fn format_and_background_are_folded_away_and_go_with_the_request() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::on(studio, "").await?;
        browser.look(320, 800, true, true).await?;
        let composer = Composer(&browser);
        browser.see("button", "Create").await?;
        assert!(!composer.unfolded().await?);
        browser.focus("button", "More").await?;
        browser.press("Enter").await?;
        browser.see("combobox", "Format").await?;
        assert_eq!(browser.eval(SIDEWAYS).await?, json!(false));
        // A JPEG cannot be transparent: the choice gives way, and is no longer on offer.
        composer.choose_format("JPEG").await?;
        browser.click("checkbox", "Transparent background").await?;
        assert_eq!(composer.format().await?, "WebP");
        assert_eq!(composer.not_on_offer().await?, json!(["JPEG"]));
        composer.choose_format("WebP").await?;
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
        let composer = Composer(&browser);
        let told = async || Ok(!composer.estimate().await?.is_empty());
        browser.until_true("a price", told).await?;
        let first = composer.estimate().await?;
        browser.click("radio", "Standard").await?;
        let other = async || {
            let now = composer.estimate().await?;
            Ok(!now.is_empty() && now != first)
        };
        browser.until_true("another price", other).await?;
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
        assert_eq!(Composer(&browser).note().await?, "");
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
        let composer = Composer(&browser);
        assert_eq!(composer.prompt().await?, "Half a thou");
        assert_eq!(composer.radios().await?[0], "Tall");
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
        browser.click("button", "Paper craft A lighthouse of cut paper").await?;
        browser.reload().await?;
        assert_eq!(Composer(&browser).prompt().await?, "A lighthouse of cut paper");
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
        assert_eq!(Composer(&browser).prompt().await?, "");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn an_idea_hangs_on_the_empty_wall() {
    run(async {
        let browser = Browser::on(Studio::shared().await?, "").await?;
        browser.look(1280, 800, false, true).await?;
        // Nothing is said twice: while it hangs on the wall, it is no word below the form.
        assert_eq!(browser.count("button", Some("Paper craft")).await?, 0);
        browser.click("button", "Paper craft A lighthouse of cut paper").await?;
        assert_eq!(Composer(&browser).prompt().await?, "A lighthouse of cut paper");
        browser.press("Enter").await?;
        browser.see("image", "A lighthouse of cut paper").await?;
        let hung = browser.count("button", Some("Paper craft A lighthouse of cut paper")).await?;
        assert_eq!((hung, browser.count("button", Some("Paper craft")).await?), (0, 1));
        browser.stop().await
    });
}
