//! A tile that sharpens, in a real browser: previews of a provider that streams, then the picture.

use sandbox::{Pace, Settings};
use serde_json::json;
use tests::{browser::Browser, page::structure, run, studio::Setup};

#[test]
fn a_tile_sharpens_until_its_picture_is_there_and_is_never_bare() {
    run(async {
        let sandbox = Settings { pace: Pace::Human, ..Settings::for_tests() };
        let studio = Setup { sandbox, ..Setup::default() }.openai().start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A lighthouse").await?;
        browser.eval(structure::WATCH_FIRST_PLACE).await?;
        browser.press("Enter").await?;
        browser.see("image", "Preview, still being made: A lighthouse").await?;
        browser.read("s so far").await?;
        browser.see("image", "A lighthouse").await?;
        browser.read("Your picture is ready.").await?;
        browser.see("button", "Open picture: A lighthouse").await?;
        // Its small copy takes its place, and that moment is not bare either.
        browser.until("seen.shown.at(-1).startsWith('blob:')").await?;
        let shown = browser
            .eval("seen.shown.map((src) => src.replace(/.*pictures/, '').replace(/^blob:.*/, 'copy'))")
            .await?;
        assert_eq!(shown, json!(["/0/preview?1", "/0/preview?2", "/0", "copy"]));
        browser.eval("new Promise((then) => setTimeout(then, 200))").await?;
        assert_eq!(browser.eval("window.seen.bare").await?, json!(0));
        // What lay under it has gone since it has developed.
        assert_eq!(browser.count("image", None).await?, 1);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_reload_shows_the_newest_preview_and_cancel_takes_it_away() {
    run(async {
        let studio = Setup::default().openai().gateway("stall_seconds", json!(60)).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("Dunes sandbox:sse-stall").await?;
        browser.press("Enter").await?;
        let name = "Preview, still being made: Dunes sandbox:sse-stall";
        browser.see("image", name).await?;
        browser.reload().await?;
        browser.see("image", name).await?;
        let src = browser.of("image", name, "function () { return this.src }").await?;
        assert!(src.as_str().is_some_and(|src| src.ends_with("/preview?2")), "{src}");
        browser.click("button", "Cancel").await?;
        browser.see("button", "Create").await?;
        assert_eq!(browser.count("image", None).await?, 0);
        browser.stop().await?;
        studio.stop().await
    });
}
