//! A visitor's way over each of our pages, wide and narrow: nothing but the loader is asked for before a studio comes near, and
//! nothing of the page moves while it comes, makes a picture, opens over the window and closes.
//!
//! The pages stand on the edge's own origin: so what a frame shows can be waited for. What moves inside of it is the studio's.

use anyhow::{Context, Result};
use sandbox::{Pace, Settings};
use serde_json::json;
use tests::{
    browser::Browser,
    page::{
        embedded::{self, FIND},
        structure,
    },
    run,
    studio::{Setup, Studio},
    visitor::client,
};

/// Each page, and how many studios stand on it.
const PAGES: [(&str, usize); 7] = [
    ("", 2),
    ("demo/article.html", 1),
    ("demo/landing.html", 1),
    ("demo/form.html", 1),
    ("demo/two.html", 2),
    ("demo/rtl.html", 1),
    ("demo/hostile.html", 1),
];

/// Remembers what moved on the page and what was told, from the first moment on.
const RECORDER: &str = "
window.moved = []; window.told = [];
window.recorder = new PerformanceObserver((list) => keep(list.getEntries()));
window.keep = (entries) => entries.forEach(({ value, sources }) => moved.push(`${value.toFixed(5)} by ${sources.map(({ node, previousRect: from, currentRect: to }) => `${node?.nodeName} ${node?.className} ${from.x},${from.y} to ${to.x},${to.y}`)}`));
recorder.observe({ type: 'layout-shift', buffered: true });
for (const name of ['ready', 'done', 'problem']) addEventListener('easel:' + name, ({ target }) => told.push([name, target]));
window.has = (name, at) => told.some(([said, target]) => said === name && target === studio(at));
// Whatever is due is painted, and what was painted is recorded.
window.rest = async () => { for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame); await new Promise((then) => setTimeout(then, 50)); keep(recorder.takeRecords()); };";

/// Moves everything on a page far below its window.
const FAR: &str = "
if (top === self) {
  const far = new CSSStyleSheet();
  far.replaceSync('html body { padding-top: 9000px !important }');
  document.adoptedStyleSheets = [far];
}";

/// Everything a page asked for, once the loader has had its look at where the studios are: one who watches after it is told after it.
const ASKED: &str = "(async () => {
  const all = studios();
  if (LOADER) {
    await customElements.whenDefined('easel-studio');
    for (const one of all) await new Promise((then) => new IntersectionObserver(then, { rootMargin: '100%' }).observe(one));
    await rest();
  }
  // The browser fetches a page's icon when it likes.
  const icon = [...document.head.children].find(({ rel }) => rel === 'icon').href;
  const asked = performance.getEntriesByType('resource').filter(({ name }) => name !== icon).map(({ name }) => new URL(name).pathname).sort();
  return [asked, all.filter((_, at) => inside(at)).length];
})()";

/// A window in which both are done in every document.
async fn window(scripts: &[&str]) -> Result<Browser> {
    let browser = Browser::with_scrollbars().await?;
    browser.cdp("Page.enable", json!({})).await?;
    for source in scripts {
        let script = json!({ "source": source });
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await?;
    }
    Ok(browser)
}

#[test]
fn nothing_moves_on_any_page_whatever_its_studios_do() {
    run(async {
        let settings = Settings { pace: Pace::Instant, ..Settings::for_tests() };
        let studio = Setup { sandbox: settings, ..Setup::default() }.start().await?;
        let browser = window(&[FIND, RECORDER]).await?;
        let mut moved = Vec::new();
        for (page, studios) in PAGES {
            for width in [1280, 400] {
                browser.look(width, 900, false, false).await?;
                browser.open(&format!("{}/{page}", studio.edge.url())).await?;
                assert_eq!(browser.eval("studios().length").await?, json!(studios));
                for at in 0..studios {
                    let place = format!("/{page}, {width} px, studio {at}");
                    let go = format!("studio({at}).scrollIntoView({{ behavior: 'instant' }})");
                    browser.eval(&go).await?;
                    browser
                        .until(&format!("has('ready', {at})"))
                        .await
                        .with_context(|| place.clone())?;
                    browser.eval(&format!("studio({at}).generate('A paper boat')")).await?;
                    browser
                        .until(&format!("has('done', {at})"))
                        .await
                        .with_context(|| place.clone())?;
                    let shown = format!(
                        "[...inside({at}).contentDocument.images].some((picture) => picture.complete && picture.naturalWidth > 500)"
                    );
                    browser.until(&shown).await.with_context(|| place.clone())?;
                    for (method, open) in [("expand", true), ("collapse", false)] {
                        browser.eval(&format!("studio({at}).{method}()")).await?;
                        let knows = embedded::knows_that_it_is_open(at);
                        let done = format!("modal({at}) === {open} && {knows} === {open}");
                        browser.until(&done).await.with_context(|| place.clone())?;
                        browser.eval("rest()").await?;
                    }
                }
                let found = browser.eval("(async () => { await rest(); return moved })()").await?;
                if found != json!([]) {
                    moved.push(format!("/{page}, {width} px: {found}"));
                }
            }
        }
        assert!(moved.is_empty(), "{}", moved.join("\n"));
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn the_head_of_a_page_that_arrives_in_two_pieces_stays_where_it_is() {
    run(async {
        let base = Studio::shared().await?.edge.url();
        // The scroll bar comes with the second piece.
        let browser = Browser::with_scrollbars().await?;
        for (page, _) in PAGES.into_iter().chain([("statements.html", 0)]) {
            let url = format!("{base}/{page}");
            let document = client()?.get(&url).send().await?.text().await?;
            browser.open(&url).await?;
            let places = structure::places_in_two_pieces(&browser, &document).await?;
            assert!(places[0][0].is_array() && places[0] == places[1], "/{page}: {places}");
        }
        browser.stop().await
    });
}

#[test]
fn no_page_asks_for_more_than_the_loader_before_a_studio_comes_near() {
    run(async {
        let base = Studio::shared().await?.edge.url();
        let browser = window(&[FIND, RECORDER, FAR]).await?;
        browser.cdp("Network.enable", json!({})).await?;
        for (page, studios) in PAGES {
            let mut asked = Vec::new();
            for loader in [false, true] {
                let blocked = if loader { json!([]) } else { json!(["*/easel.js"]) };
                browser.cdp("Network.setBlockedURLs", json!({ "urls": blocked })).await?;
                browser.open(&format!("{base}/{page}")).await?;
                let said = browser.eval(&ASKED.replace("LOADER", &loader.to_string())).await?;
                assert_eq!(said[1], json!(0), "/{page}: a frame is there");
                let mut paths = said[0].as_array().cloned().unwrap_or_default();
                let all = paths.len();
                paths.retain(|path| path != "/easel.js");
                assert!(!loader || all == paths.len() + 1, "/{page}: {said}");
                asked.push(paths);
            }
            assert_eq!(asked[0], asked[1], "/{page}");
            // It was really far away that held them back.
            for at in 0..studios {
                let go = format!("studio({at}).scrollIntoView({{ behavior: 'instant' }})");
                browser.eval(&go).await?;
                browser
                    .until(&format!("has('ready', {at})"))
                    .await
                    .with_context(|| page.to_owned())?;
            }
        }
        browser.stop().await
    });
}
