//! Every state at 1280 and 320 pixels, light and dark, as files to look at: `EASEL_SCREENSHOTS=DIR` keeps them.
//!
//! What is asserted: each state can be reached, and nothing is wider than the window. States that need an edge of their own are in
//! `states`, those of keeping in `kept`, of waits in `waits`, our pages in `pages`.

mod kept;
mod pages;
mod states;
mod waits;

use anyhow::Result;
use sandbox::{Pace, Settings};
use serde_json::json;
use std::path::PathBuf;
use tests::{
    browser::Browser,
    page::{composer::Composer, embedded::REST, viewer::Viewer},
    run,
    studio::Setup,
};

/// Where pictures are kept, if they are.
pub(super) fn folder() -> Result<Option<PathBuf>> {
    let folder = std::env::var_os("EASEL_SCREENSHOTS").map(PathBuf::from);
    if let Some(folder) = &folder {
        std::fs::create_dir_all(folder)?;
    }
    Ok(folder)
}

/// Takes a picture of a state in each look.
pub(super) async fn shoot(browser: &Browser, state: &str, folder: Option<&PathBuf>) -> Result<()> {
    for (width, height) in [(1280, 800), (320, 640)] {
        for dark in [false, true] {
            browser.look(width, height, dark, false).await?;
            let overflow =
                browser.eval("document.documentElement.scrollWidth - innerWidth").await?;
            assert_eq!(overflow, json!(0), "{state} is wider than {width} px");
            if let Some(folder) = folder {
                browser.eval("new Promise(requestAnimationFrame)").await?;
                browser.eval(REST).await?;
                let theme = if dark { "dark" } else { "light" };
                browser.screenshot(&folder.join(format!("{state}-{width}-{theme}.png"))).await?;
            }
        }
    }
    browser.look(1280, 800, false, false).await
}

async fn ask(browser: &Browser, shape: &str, prompt: &str) -> Result<()> {
    browser.click("radio", shape).await?;
    Composer(browser).fill("").await?;
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

#[test]
fn every_state_fits_every_window() {
    run(async {
        let folder = folder()?;
        let presets = json!([
            { "label": "Paper craft", "prompt": "A lighthouse made of layered cut paper at dusk" },
            { "label": "Poster", "prompt": "A travel poster for a quiet mountain lake" },
            { "label": "Product shot", "prompt": "A stoneware cup on a linen cloth" },
            { "label": "Children’s book", "prompt": "A fox reading under a lamp, gouache" },
            { "label": "Blueprint", "prompt": "A blueprint of a small sailing boat" },
        ]);
        let settings = Settings { pace: Pace::Instant, ..Settings::for_tests() };
        let setup = Setup { sandbox: settings, ..Setup::default() }.site("presets", presets);
        let limits = json!({ "per_hour": 20, "per_day": 30, "concurrent": 2 });
        let studio = setup.site("visitor", limits).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        browser.see("button", "Create").await?;
        shoot(&browser, "idle", folder.as_ref()).await?;
        browser.click("button", "More").await?;
        shoot(&browser, "unfolded", folder.as_ref()).await?;
        browser.click("button", "More").await?;
        for (shape, prompt) in [
            ("Tall", "Dunes under a pale sun"),
            ("Square", "A night sky over mountains"),
            ("Wide", "A quiet sea at dusk"),
        ] {
            ask(&browser, shape, prompt).await?;
            browser.see("image", prompt).await?;
            browser.see("button", "Create").await?;
        }
        shoot(&browser, "done", folder.as_ref()).await?;
        browser.click("button", "Open picture: A night sky over mountains").await?;
        browser.see("dialog", "Picture").await?;
        shoot(&browser, "viewer", folder.as_ref()).await?;
        Viewer(&browser).unfold().await?;
        shoot(&browser, "viewer-more", folder.as_ref()).await?;
        browser.click("button", "Delete").await?;
        browser.read("Picture deleted.").await?;
        browser.focus("button", "Undo").await?;
        shoot(&browser, "viewer-toast", folder.as_ref()).await?;
        browser.click("button", "Undo").await?;
        browser.press("Escape").await?;
        browser.click("button", "Select").await?;
        browser.click("checkbox", "A quiet sea at dusk").await?;
        shoot(&browser, "selection", folder.as_ref()).await?;
        browser.click("button", "Delete").await?;
        browser.read("Picture deleted.").await?;
        browser.focus("button", "Undo").await?;
        shoot(&browser, "toast", folder.as_ref()).await?;
        browser.click("button", "Undo").await?;
        for prompt in [
            "A quiet sea at dusk",
            "A night sky over mountains",
            "Dunes under a pale sun",
            "A quiet sea at dusk",
        ] {
            // The first once more is no other.
            browser.click("button", &format!("Open picture: {prompt}")).await?;
            browser.click("button", "Change this picture").await?;
        }
        browser.see("image", "Picture 3").await?;
        shoot(&browser, "change", folder.as_ref()).await?;
        for _picture in 1..=3 {
            browser.click("button", "Remove picture 1").await?;
        }
        ask(&browser, "Square", "Something unkind sandbox:refuse").await?;
        browser.read("refused this description").await?;
        browser.see("button", "Create").await?;
        shoot(&browser, "problem", folder.as_ref()).await?;
        Composer(&browser).fill("").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text(&"A long story of a paper boat. ".repeat(32)).await?;
        browser.read("of 1000 characters").await?;
        shoot(&browser, "near", folder.as_ref()).await?;
        // No picture of this quality has been seen here: nothing is promised.
        browser.click("radio", "Fine").await?;
        ask(&browser, "Wide", "A slow one sandbox:slow").await?;
        browser.read("so far").await?;
        shoot(&browser, "running", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}
