//! The owner's page, the statements and the host pages, from top to bottom, with their studios in them.

use super::folder;
use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use tests::{
    browser::Browser,
    page::embedded::{self, REST},
    run,
    studio::Studio,
};

/// Mounts every studio of a page, wherever it stands, and waits for it.
const MOUNT: &str = "(async () => {
    let ready = 0;
    addEventListener('easel:ready', () => ready++);
    const all = studios();
    for (const studio of all) {
        studio.loading = 'eager';
        // One that is near may have been ready before anybody heard of it: put in anew, it says so again.
        studio.parentNode.insertBefore(studio, studio.nextSibling);
    }
    for (let turn = 0; turn < 400 && ready < all.length; turn++) await new Promise((then) => setTimeout(then, 25));
    return ready === all.length;
})()";

#[test]
fn no_page_of_ours_is_wider_than_a_window() {
    run(async {
        let (base, folder) = (Studio::shared().await?.edge.url(), folder()?);
        let browser = Browser::with_scrollbars().await?;
        for page in ["", "statements", "article", "landing", "form", "two", "rtl", "hostile"] {
            let path = match page {
                "" => String::new(),
                "statements" => "statements.html".to_owned(),
                _ => format!("demo/{page}.html"),
            };
            // What fits in one scheme fits in the other: the second one is only to look at.
            let schemes: &[bool] = if folder.is_some() { &[false, true] } else { &[false] };
            for (width, dark) in [1280, 320]
                .into_iter()
                .flat_map(|width| schemes.iter().map(move |dark| (width, *dark)))
            {
                browser.look(width, 800, dark, true).await?;
                browser.open(&format!("{base}/{path}")).await?;
                embedded::find(&browser).await?;
                assert_eq!(browser.eval(MOUNT).await?, json!(true), "/{path}");
                let fits =
                    "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
                assert_eq!(browser.eval(fits).await?, json!(true), "/{path} at {width} px");
                let Some(folder) = &folder else { continue };
                browser.eval(REST).await?;
                let whole = json!({ "captureBeyondViewport": true, "format": "png" });
                let picture = browser.cdp("Page.captureScreenshot", whole).await?;
                let bytes = STANDARD.decode(picture["data"].as_str().context("no picture")?)?;
                let scheme = if dark { "dark" } else { "light" };
                std::fs::write(folder.join(format!("page-{page}-{width}-{scheme}.png")), bytes)?;
            }
        }
        browser.stop().await
    });
}
