//! What other tests stand on: a browser that a test has had shows nothing of it to the next one.

use anyhow::Result;
use serde_json::{Value, json};
use tests::{browser::Browser, run, studio::Studio};

/// What a page finds of whoever was there before.
const FOUND: &str = "(async () => JSON.stringify({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    clipboard: (await navigator.permissions.query({ name: 'clipboard-read' })).state,
    planted: typeof planted,
    width: innerWidth,
}))()";

/// Leaves something everywhere.
const PLANT: &str = "(async () => {
    document.cookie = 'planted=1; max-age=600';
    localStorage.planted = sessionStorage.planted = 1;
    await caches.open('planted');
    await new Promise((then) => { indexedDB.open('planted').onsuccess = then });
})()";

/// What a page finds before anything was done and after all of it was.
async fn visit(browser: &Browser, url: &str) -> Result<[Value; 2]> {
    browser.open(url).await?;
    let before = browser.eval(FOUND).await?;
    browser.eval(PLANT).await?;
    browser.grant(&["clipboardReadWrite"]).await?;
    browser.cdp("Page.enable", json!({})).await?;
    let script = json!({ "source": "window.planted = 1" });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await?;
    browser.look(400, 900, false, false).await?;
    browser.reload().await?;
    Ok([before, browser.eval(FOUND).await?])
}

#[test]
fn a_browser_that_was_given_back_has_forgotten_everything() {
    run(async {
        let url = format!("{}/studio/demo", Studio::shared().await?.edge.url());
        let mut found = Vec::new();
        for _ in 0..2 {
            // Hardly any other test wants this kind, so that it is the same one twice.
            let browser = Browser::with_scrollbars().await?;
            found.push(visit(&browser, &url).await?);
            browser.stop().await?;
        }
        let [[first, planted], [second, _]] = &found[..] else { anyhow::bail!("{found:?}") };
        assert_eq!(first, second);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (first, planted): (Value, Value) =
            (serde_json::from_str(&text(first))?, serde_json::from_str(&text(planted))?);
        for (name, value) in first.as_object().expect("an object") {
            assert_ne!(*value, planted[name], "{name} was not planted: this shows nothing");
        }
        Ok(())
    });
}
