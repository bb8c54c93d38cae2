//! Pictures that stay on the visitor's device: only after a yes, in plain words, until they are deleted.

use super::gallery::{make, until, vanishes, window_on};
use anyhow::Result;
use serde_json::json;
use tests::{
    browser::Browser,
    run,
    studio::{Setup, Studio},
};

async fn window() -> Result<(Studio, Browser)> {
    window_on(Setup::default().site("history", json!("device"))).await
}

/// How many databases there are, and what else is stored for longer than the tab lives.
const STORED: &str = "indexedDB.databases().then((all) => all.length + localStorage.length)";

/// What is kept, once all of it is.
async fn kept(browser: &Browser, count: usize) -> Result<()> {
    let find = format!(
        "new Promise((then) => {{ const asked = indexedDB.open('easel:demo'); asked.onsuccess = () => {{ const all = asked.result.transaction('pictures').objectStore('pictures').getAllKeys(); all.onsuccess = () => {{ asked.result.close(); then(all.result.length === {count}) }} }} }})"
    );
    until(browser, &find).await
}

#[test]
fn nothing_is_kept_before_a_yes_and_then_it_outlives_tab_and_edge() {
    run(async {
        let (studio, browser) = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.read("can stay on this device").await?;
        until(&browser, "document.querySelectorAll('[src^=blob]').length === 2").await?;
        assert_eq!(browser.eval(STORED).await?, json!(0));
        browser.click("button", "Keep on this device").await?;
        browser.read("are kept on this device").await?;
        kept(&browser, 2).await?;
        make(&browser, &["A bear"]).await?;
        kept(&browser, 3).await?;
        // Another visit, after the edge has forgotten all.
        browser.eval("Promise.all([...document.querySelectorAll('[data-url]')].map(({ dataset }) => fetch(dataset.url.replace(/.pictures.*/, ''), { method: 'DELETE' })))").await?;
        browser.eval("sessionStorage.clear()").await?;
        browser.reload().await?;
        for prompt in ["A bear", "An owl", "A fox"] {
            browser.see("button", &format!("Open picture: {prompt}")).await?;
        }
        let order = "[...document.querySelectorAll('[data-url]')].map(({ alt }) => alt).join()";
        assert_eq!(browser.eval(order).await?, json!("A bear,An owl,A fox"));
        // The original is there, with its name, and can be changed.
        browser.click("button", "Open picture: A fox").await?;
        until(&browser, "document.querySelector('#stage img')?.naturalWidth === 1024").await?;
        browser.click("button", "Change this picture").await?;
        browser.see("image", "Picture 1").await?;
        browser
            .eval(
                "HTMLAnchorElement.prototype.click = function () { window.saved = this.download }",
            )
            .await?;
        browser.click("link", "Download").await?;
        until(&browser, "window.saved === 'a-bear-ai-generated-1.png'").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn what_is_kept_is_deleted_one_by_one_or_all() {
    run(async {
        let (studio, browser) = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.click("button", "Keep on this device").await?;
        kept(&browser, 2).await?;
        browser.click("button", "Open picture: A fox").await?;
        browser.click("button", "Delete").await?;
        vanishes(&browser, "A fox").await?;
        browser.press("Escape").await?;
        kept(&browser, 1).await?;
        browser.click("button", "Stop keeping").await?;
        browser.read("deletes every picture that is kept").await?;
        browser.click("button", "Go on keeping").await?;
        browser.click("button", "Stop keeping").await?;
        browser.click("button", "Delete them and stop").await?;
        until(&browser, &format!("{STORED}.then((all) => all === 0)")).await?;
        browser.eval("sessionStorage.clear()").await?;
        browser.reload().await?;
        browser.see("button", "Create").await?;
        assert_eq!(browser.count("image", None).await?, 0);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_full_disk_and_a_browser_that_keeps_nothing_are_told_in_plain_words() {
    run(async {
        for (breaks, words) in [
            (
                "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
                "no more room on this device",
            ),
            (
                "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }",
                "does not let the studio keep anything",
            ),
            (
                "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })",
                "does not let the studio keep anything",
            ),
        ] {
            let (studio, browser) = window().await?;
            make(&browser, &["A fox"]).await?;
            browser.see("button", "Keep on this device").await?;
            browser.eval(&format!("void ({breaks})")).await?;
            browser.click("button", "Keep on this device").await?;
            browser.read(words).await?;
            // All else goes on.
            make(&browser, &["An owl"]).await?;
            browser.stop().await?;
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn not_now_is_not_asked_again_and_other_sites_never_ask() {
    run(async {
        let (studio, browser) = window().await?;
        make(&browser, &["A fox"]).await?;
        browser.click("button", "Not now").await?;
        make(&browser, &["An owl"]).await?;
        assert_eq!(browser.count("button", Some("Keep on this device")).await?, 0);
        browser.stop().await?;
        studio.stop().await?;
        let (studio, browser) = window_on(Setup::default()).await?;
        make(&browser, &["A fox"]).await?;
        assert_eq!(browser.eval("!!document.getElementById('keep')").await?, json!(false));
        browser.stop().await?;
        studio.stop().await
    });
}
