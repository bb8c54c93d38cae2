//! A long wall: only the rows near the screen are laid out, and nobody can tell.

use super::{
    gallery::{make, window_on},
    kept::kept,
};
use anyhow::Result;
use serde_json::json;
use tests::{
    browser::Browser,
    run,
    studio::{Setup, Studio},
};

/// Copies what is kept until there are a hundred and fifty.
const MANY: &str = "new Promise((then) => { const asked = indexedDB.open('easel:demo'); asked.onsuccess = () => { const change = asked.result.transaction('pictures', 'readwrite'); const all = change.objectStore('pictures'); all.getAll().onsuccess = ({ target }) => { const [own] = target.result; for (let at = 1; at < 150; at++) all.put({ ...own, url: `/v1/jobs/${String(at).padStart(64, '0')}/pictures/0`, prompt: `Number ${at}`, facts: own.facts.replace(/\\d{13}/, (ms) => ms - at * 1000) }) }; change.oncomplete = () => { asked.result.close(); then(true) } } })";

/// A studio with a hundred and fifty kept pictures: "A fox" first, "Number 149" last.
async fn window() -> Result<(Studio, Browser)> {
    let (studio, browser) = window_on(Setup::default().site("history", json!("device"))).await?;
    browser.look(800, 600, false, true).await?;
    make(&browser, &["A fox"]).await?;
    browser.click("button", "Keep on this device").await?;
    browser.until("document.querySelector('.tile > [src^=blob]') !== null").await?;
    browser.read("are kept on this device").await?;
    kept(&browser, 1).await?;
    browser.eval(MANY).await?;
    browser.reload().await?;
    browser.until("document.querySelectorAll('.tile > [data-url]').length === 150").await?;
    Ok((studio, browser))
}

/// How many tiles are laid out.
const LAID: &str =
    "[...document.querySelectorAll('.tile')].filter((tile) => tile.checkVisibility()).length";
const REST: &str = "document.querySelectorAll('[data-far=\"\"]').length > 0";
const HEIGHT: &str = "document.documentElement.scrollHeight";
/// Where the tiles of the screen stand, with their pictures.
const PLACES: &str = "JSON.stringify([...document.querySelectorAll('.tile > [data-url]')].map((one) => [one.alt, one.getBoundingClientRect()]).filter(([, { top, bottom }]) => bottom > 0 && top < innerHeight).map(([alt, { x, y }]) => [alt, Math.round(x), Math.round(y)]))";

/// Scrolls, and waits until what is there has been laid out.
async fn scroll(browser: &Browser, to: &str) -> Result<()> {
    let scroll = format!(
        "scrollTo(0, {to}); new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))"
    );
    browser.eval(&scroll).await.map(drop)
}

#[test]
fn a_long_wall_is_laid_out_where_somebody_looks_and_stands_as_if_all_of_it_were() {
    run(async {
        let (studio, browser) = window().await?;
        browser.until(REST).await?;
        let height = browser.eval(HEIGHT).await?.as_f64().unwrap_or_default();
        let laid = browser.eval(LAID).await?.as_u64().unwrap_or_default();
        assert!((1..=60).contains(&laid), "{laid} tiles are laid out");
        browser.eval("globalThis.shifted = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifted += entry.value }).observe({ type: 'layout-shift' }); 0").await?;
        for to in (0..4000).step_by(250) {
            scroll(&browser, &to.to_string()).await?;
        }
        assert_eq!(browser.eval("shifted").await?, json!(0), "no host's page is told of shifts");
        for to in ["2000", "1e9", "3000", "0"] {
            scroll(&browser, to).await?;
            let places = browser.eval(PLACES).await?;
            // The whole wall, laid out by the browser itself, looks the same.
            browser.eval("{ const sheet = new CSSStyleSheet(); sheet.replaceSync('#gallery .room { display: none !important } .gallery .tile[data-far] { display: list-item !important } .gallery .wall::after { content: \"\" !important }'); document.adoptedStyleSheets = [sheet] }; 0").await?;
            assert_eq!(browser.eval(PLACES).await?, places, "at {to}");
            let whole = browser.eval(HEIGHT).await?.as_f64().unwrap_or_default();
            browser.eval("document.adoptedStyleSheets = []; 0").await?;
            assert!((whole - height).abs() <= 1.0, "{whole} is not {height}");
            assert!(places.as_str().is_some_and(|text| text.len() > 20), "{places}");
        }
        let told = "(tile => [tile.ariaPosInSet, tile.ariaSetSize].join())([...document.querySelectorAll('.tile')].at(-1))";
        assert_eq!(browser.eval(told).await?, json!("150,150"));
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn the_focus_finds_a_picture_that_hangs_far_off() {
    run(async {
        let (studio, browser) = window().await?;
        browser.until(REST).await?;
        browser.click("button", "Open picture: A fox").await?;
        // Backwards from the first is the last.
        browser.press("ArrowLeft").await?;
        browser.until("document.getElementById('shown').textContent === 'Number 149'").await?;
        browser.press("Escape").await?;
        browser.until("document.activeElement.ariaLabel === 'Open picture: Number 149'").await?;
        let seen = "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())";
        browser.until(seen).await?;
        browser.until(&format!("{LAID} <= 60")).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_new_picture_moves_nothing_of_a_long_wall_and_all_of_it_comes_back_with_undo() {
    run(async {
        let (studio, browser) = window().await?;
        browser.until(REST).await?;
        scroll(&browser, "3000").await?;
        let before = browser.eval(PLACES).await?;
        browser.eval("document.getElementById('prompt').value = 'Another'; document.getElementById('composer').requestSubmit()").await?;
        browser.until("document.querySelectorAll('[data-url]').length === 151").await?;
        browser.until(REST).await?;
        assert_eq!(browser.eval(PLACES).await?, before);
        browser.eval("document.querySelector('#manage [data-do=select]').click(); document.querySelector('#manage [data-do=all]').click(); 0").await?;
        browser.until("!document.querySelector('#manage [data-do=remove]').disabled").await?;
        browser.eval("document.querySelector('#manage [data-do=remove]').click(); 0").await?;
        browser.read("151 pictures deleted").await?;
        browser.eval("globalThis.arrivals = 0; addEventListener('animationstart', ({ target }) => { arrivals += target.matches('.tile') }); 0").await?;
        browser.click("button", "Undo").await?;
        browser.until("document.querySelectorAll('[data-url]').length === 151").await?;
        browser.until(REST).await?;
        // The new one may not be kept yet; what is kept is there again without arriving.
        let arrivals = browser.eval("arrivals").await?;
        assert!(arrivals.as_u64().is_some_and(|tiles| tiles <= 1), "{arrivals} tiles arrived");
        browser.stop().await?;
        studio.stop().await
    });
}
