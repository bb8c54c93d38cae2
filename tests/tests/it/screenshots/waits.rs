//! States of waits and of the wall round them: examples, previews, a measure, a queue, a folded form, cards of one line,
//! and what is said when a studio cannot go on.

use super::{folder, shoot};
use crate::it::{
    ended::{MAKE_NOTHING, STOPPED, UPDATED},
    gallery::make,
};
use anyhow::Result;
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, early::runs},
    proxy::{
        Proxy,
        build::{File, Instead},
    },
    run,
    studio::Setup,
};

/// A window on a studio that runs.
async fn window(url: &str) -> Result<Browser> {
    let browser = Browser::start().await?;
    browser.open(&format!("{url}/studio/demo")).await?;
    runs(&browser).await?;
    Ok(browser)
}

#[test]
fn examples_fit_every_window() {
    run(async {
        let folder = folder()?;
        let presets = ["paper-craft", "poster", "product-shot", "childrens-book", "blueprint"].map(
            |name| json!({ "label": name, "prompt": "A lighthouse", "picture": format!("{name}.webp") }),
        );
        let studio = Setup::default().quick().site("presets", json!(presets)).start().await?;
        let browser = window(studio.edge.url()).await?;
        shoot(&browser, "examples", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_queue_with_a_measure_fits_every_window_and_so_does_a_folded_form() {
    run(async {
        let folder = folder()?;
        let visitor = json!({ "per_hour": 100, "per_day": 100, "concurrent": 1 });
        let mut setup = Setup::default().site("visitor", visitor);
        setup.models[0]["expected_seconds"] = json!({ "low": 30, "medium": 30, "high": 30 });
        let studio = setup.start().await?;
        let browser = window(studio.edge.url()).await?;
        browser.look(320, 640, false, false).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A long wait sandbox:slow").await?;
        browser.click("button", "Create").await?;
        browser.read("s of about 30 s").await?;
        browser.read("Come back in this tab").await?;
        shoot(&browser, "measure", folder.as_ref()).await?;
        Composer(&browser).order("The next one").await?;
        browser.read("Waiting for its turn").await?;
        shoot(&browser, "queue", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_preview_fits_every_window() {
    run(async {
        let folder = folder()?;
        let studio = Setup::default().openai().gateway("stall_seconds", json!(60)).start().await?;
        let browser = window(studio.edge.url()).await?;
        Composer(&browser).order("Dunes sandbox:sse-stall").await?;
        browser.see("image", "Preview, still being made: Dunes sandbox:sse-stall").await?;
        shoot(&browser, "preview", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn what_is_left_of_older_cards_and_what_a_broken_studio_says_fit_every_window() {
    run(async {
        let folder = folder()?;
        let studio = Setup::default().quick().start().await?;
        let proxy = Proxy::start(studio.edge.url()).await?;
        let browser = window(proxy.url()).await?;
        // What this page has not loaded yet went with its build.
        for part in [File::Script, File::Part] {
            proxy.instead(part, Instead::NotFound);
        }
        for prompt in ["First sandbox:refuse", "Second sandbox:refuse"] {
            Composer(&browser).order(prompt).await?;
            browser.see("group", "The picture service refused this description").await?;
        }
        make(&browser, &["A success", "Another one"]).await?;
        // With the first picture it asks for its lazy part.
        browser.read(UPDATED).await?;
        shoot(&browser, "lines-updated", folder.as_ref()).await?;
        browser.eval(&format!("{MAKE_NOTHING}; 0")).await?;
        Composer(&browser).order("The last one").await?;
        browser.read(STOPPED).await?;
        shoot(&browser, "broken", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}
