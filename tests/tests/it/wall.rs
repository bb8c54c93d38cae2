//! A long wall: only the rows near the screen are rendered, and nobody can tell.

use super::gallery::make;
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use tests::{
    browser::Browser,
    page::{
        composer::Composer, device::DeviceHistory, selection::Selection, structure, viewer::Viewer,
        wall::Wall,
    },
    run,
    studio::Studio,
};

/// A window on a studio with a hundred and fifty kept pictures: "A fox" first, "Number 149" last.
async fn window() -> Result<Browser> {
    let browser = Browser::on(Studio::keeping().await?, "").await?;
    browser.look(800, 600, false, true).await?;
    make(&browser, &["A fox"]).await?;
    browser.click("button", "Keep on this device").await?;
    Wall(&browser).copies(1).await?;
    browser.read("are kept on this device").await?;
    DeviceHistory(&browser).keeps(1).await?;
    DeviceHistory(&browser).multiply(150).await?;
    browser.reload().await?;
    Wall(&browser).is_long(150).await?;
    Ok(browser)
}

/// How long the page is.
const HEIGHT: &str = "document.documentElement.scrollHeight";
/// Scrolls, and waits until what is there has been laid out.
async fn scroll(browser: &Browser, to: &str) -> Result<()> {
    let scroll = format!(
        "scrollTo(0, {to}); new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))"
    );
    browser.eval(&scroll).await.map(drop)
}

#[test]
fn a_long_wall_is_rendered_where_somebody_looks_and_stands_as_if_all_of_it_were() {
    run(async {
        let browser = window().await?;
        let wall = Wall(&browser);
        let height = browser.eval(HEIGHT).await?.as_f64().unwrap_or_default();
        let (laid, _) = wall.laid_out().await?;
        assert!((1..=60).contains(&laid), "{laid} tiles are rendered");
        browser.eval("globalThis.shifted = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifted += entry.value }).observe({ type: 'layout-shift' }); 0").await?;
        // Where each picture hangs, wherever the visitor comes from.
        let mut hangs = BTreeMap::new();
        let steps = (0..12_000).step_by(250).map(|to: i32| to.to_string());
        let jumps = ["2000", "1e9", "3000", "0"].map(str::to_owned);
        for to in steps.chain(jumps) {
            scroll(&browser, &to).await?;
            assert!((1..=60).contains(&wall.laid_out().await?.0), "at {to}");
            for (name, position) in wall.positions().await? {
                let known = *hangs.entry(name.clone()).or_insert(position);
                assert_eq!(position, known, "{name} at {to}");
            }
            let places = wall.places().await?;
            assert!(places.as_array().is_some_and(|all| !all.is_empty()), "{places} at {to}");
            let whole = browser.eval(HEIGHT).await?.as_f64().unwrap_or_default();
            assert!((whole - height).abs() <= 1.0, "{whole} is not {height} at {to}");
        }
        assert_eq!(hangs.len(), 150, "the whole wall was seen");
        assert_eq!(browser.eval("shifted").await?, json!(0), "no host's page is told of shifts");
        scroll(&browser, "1e9").await?;
        let at_end = async || Ok(wall.last_place().await? == json!("150 of 150"));
        browser.until_true("the last of 150", at_end).await?;
        browser.stop().await
    });
}

#[test]
fn the_focus_finds_a_picture_that_hangs_far_off() {
    run(async {
        let browser = window().await?;
        browser.click("button", "Open picture: A fox").await?;
        // Backwards from the first is the last.
        browser.press("ArrowLeft").await?;
        Viewer(&browser).shows("Number 149").await?;
        browser.press("Escape").await?;
        browser.focus_is("button", "Open picture: Number 149").await?;
        let seen = "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())";
        browser.until(seen).await?;
        let few = async || Ok((1..=60).contains(&Wall(&browser).laid_out().await?.0));
        browser.until_true("that few are laid out", few).await?;
        browser.stop().await
    });
}

#[test]
fn a_new_picture_moves_nothing_of_a_long_wall_and_all_of_it_comes_back_with_undo() {
    run(async {
        let browser = window().await?;
        let wall = Wall(&browser);
        scroll(&browser, "3000").await?;
        let before = wall.places().await?;
        Composer(&browser).order("Another").await?;
        // The order has come when nothing can be cancelled any more.
        wall.is_long(151).await?;
        browser.see("button", "Create").await?;
        wall.is_long(151).await?;
        assert_eq!(wall.places().await?, before);
        Selection(&browser).delete_all().await?;
        browser.read("151 pictures deleted").await?;
        browser.eval(structure::COUNT_ARRIVALS).await?;
        browser.click("button", "Undo").await?;
        wall.is_long(151).await?;
        // The new one hangs above what was on the screen, and may be seen for the first time now; no other arrives again.
        let arrivals = browser.eval("arrivals").await?;
        assert!(arrivals.as_u64().is_some_and(|tiles| tiles <= 1), "{arrivals} tiles arrived");
        browser.stop().await
    });
}
