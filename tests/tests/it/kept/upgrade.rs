//! Pictures that version 0.1 kept on a device: they are there after the update, whatever the device has to say. What is
//! written is what that version's own script wrote.

use super::{FAULTS, make, window};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    page::{device::DeviceHistory, viewer::Viewer, wall::Wall},
    run,
};

/// So many pictures a device may have.
const MANY: usize = 500;

/// Has this script run in each document before the studio's own; returns what ends that.
async fn before_each(browser: &Browser, script: &str) -> Result<Value> {
    let script = json!({ "source": format!("{FAULTS} {script}") });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await
}

async fn end(browser: &Browser, added: Value) -> Result<()> {
    let old = json!({ "identifier": added["identifier"] });
    browser.cdp("Page.removeScriptToEvaluateOnNewDocument", old).await.map(drop)
}

/// The rows that version 0.1 wrote, without the one that this release has added.
async fn old_rows(browser: &Browser) -> Result<Vec<Value>> {
    let rows = DeviceHistory(browser).rows().await?;
    let all = rows.as_array().context("no rows")?.iter();
    Ok(all.filter(|row| !row.to_string().contains("form 2")).cloned().collect())
}

#[test]
fn five_hundred_pictures_of_version_0_1_are_all_there_after_the_update() {
    run(async {
        let browser = window().await?;
        DeviceHistory(&browser).written_by_0_1(MANY).await?;
        browser.read("are kept on this device").await?;
        Wall(&browser).is_long(MANY).await?;
        let rows = old_rows(&browser).await?;
        assert_eq!(rows.len(), MANY);
        // The newest can be seen, saved and changed, with what it was made with.
        browser.click("button", "Open picture: Number 0").await?;
        Viewer(&browser).has_width(64).await?;
        browser.press("Escape").await?;
        // A new one joins them; an old one is deleted; the others are as they were.
        make(&browser, &["A fox"]).await?;
        DeviceHistory(&browser).keeps(MANY + 1).await?;
        browser.reload().await?;
        Wall(&browser).is_long(MANY + 1).await?;
        assert_eq!(old_rows(&browser).await?, rows);
        browser.stop().await
    });
}

#[test]
fn a_disk_that_is_full_in_the_middle_of_the_update_loses_nothing() {
    run(async {
        let browser = window().await?;
        // The browser undoes the change of the form, as it does when there is no room for it.
        let undoes = "const open = IDBFactory.prototype.open; IDBFactory.prototype.open = function (...asked) { const own = open.apply(this, asked); if (asked[1] === 2) own.addEventListener('upgradeneeded', () => own.transaction.abort()); return own }";
        let added = before_each(&browser, undoes).await?;
        DeviceHistory(&browser).written_by_0_1(MANY).await?;
        let rows = old_rows(&browser).await?;
        browser.reload().await?;
        browser.read("no more room on this device").await?;
        Wall(&browser).is_long(MANY).await?;
        assert_eq!(browser.eval("faults").await?, json!([]));
        make(&browser, &["A fox"]).await?;
        assert_eq!(old_rows(&browser).await?, rows);
        end(&browser, added).await?;
        // Full in the middle of what follows: nothing can be added, and what is there is there.
        let full = "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }";
        let added = before_each(&browser, full).await?;
        browser.reload().await?;
        Wall(&browser).is_long(MANY + 1).await?;
        browser.read("no more room on this device").await?;
        assert_eq!(old_rows(&browser).await?, rows);
        // There is room again.
        end(&browser, added).await?;
        browser.reload().await?;
        browser.read("are kept on this device").await?;
        DeviceHistory(&browser).keeps(MANY + 1).await?;
        assert_eq!(old_rows(&browser).await?, rows);
        browser.stop().await
    });
}

#[test]
fn a_window_that_keeps_nothing_now_does_not_touch_what_version_0_1_kept() {
    run(async {
        let browser = window().await?;
        DeviceHistory(&browser).written_by_0_1(MANY).await?;
        let rows = old_rows(&browser).await?;
        let refuses =
            "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }";
        let added = before_each(&browser, refuses).await?;
        browser.reload().await?;
        browser.read("does not let the studio keep anything").await?;
        assert_eq!(browser.eval("faults").await?, json!([]));
        end(&browser, added).await?;
        browser.reload().await?;
        browser.read("are kept on this device").await?;
        Wall(&browser).is_long(MANY).await?;
        assert_eq!(old_rows(&browser).await?, rows);
        browser.stop().await
    });
}

#[test]
fn a_tab_of_version_0_1_that_is_still_open_is_asked_to_be_closed() {
    run(async {
        let browser = window().await?;
        let holds = "if (location.pathname.startsWith('/studio')) indexedDB.open('easel:demo', 1).onsuccess = ({ target }) => { window.old = target.result }";
        let added = before_each(&browser, holds).await?;
        DeviceHistory(&browser).written_by_0_1(2).await?;
        browser.read("open in another tab, in an earlier version").await?;
        browser.eval("window.old.close()").await?;
        browser.read("are kept on this device").await?;
        Wall(&browser).hangs(&["Number 0", "Number 1"]).await?;
        end(&browser, added).await?;
        browser.stop().await
    });
}

#[test]
fn a_downgrade_is_refused_in_words_and_loses_nothing() {
    run(async {
        let browser = window().await?;
        DeviceHistory(&browser).written_by_0_1(3).await?;
        browser.read("are kept on this device").await?;
        make(&browser, &["A fox"]).await?;
        DeviceHistory(&browser).keeps(4).await?;
        let rows = DeviceHistory(&browser).rows().await?;
        // Version 0.1 finds a form that it does not know.
        assert_eq!(DeviceHistory(&browser).as_0_1_sees_it().await?, json!("not"));
        assert_eq!(DeviceHistory(&browser).rows().await?, rows);
        Wall(&browser).counts(4).await?;
        // And so does this one.
        DeviceHistory(&browser).raise_form().await?;
        browser.read("A newer version of the studio has kept the pictures").await?;
        assert_eq!(DeviceHistory(&browser).rows().await?, rows);
        browser.stop().await
    });
}
