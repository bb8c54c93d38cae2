//! Keeping pictures on the device: the offer, the yes, the end, and a browser that does not take them.

use super::{folder, shoot};
use crate::it::gallery::{make, window_on};
use anyhow::Result;
use serde_json::json;
use tests::{browser::Browser, run, studio::Setup};

/// Looks at what is told of keeping, where it stands.
async fn look(browser: &Browser, state: &str, words: &str) -> Result<()> {
    browser.read(words).await?;
    browser.eval("(onresize = () => scrollTo(0, document.documentElement.scrollHeight))()").await?;
    shoot(browser, &format!("keep-{state}"), folder()?.as_ref()).await
}

#[test]
fn what_is_told_of_keeping_fits_every_window() {
    run(async {
        let setup = || Setup::default().site("history", json!("device"));
        let (studio, browser) = window_on(setup()).await?;
        make(&browser, &["Dunes under a pale sun", "A quiet sea at dusk"]).await?;
        look(&browser, "offer", "can stay on this device").await?;
        browser.click("button", "Keep on this device").await?;
        look(&browser, "on", "are kept on this device").await?;
        browser.click("button", "Stop keeping").await?;
        look(&browser, "stop", "deletes every picture that is kept").await?;
        browser.click("button", "Go on keeping").await?;
        browser.eval("void (IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') })").await?;
        make(&browser, &["A night sky over mountains"]).await?;
        look(&browser, "full", "no more room on this device").await?;
        browser.stop().await?;
        studio.stop().await?;

        let (studio, browser) = window_on(setup()).await?;
        make(&browser, &["Dunes under a pale sun"]).await?;
        browser.eval("void (IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') })").await?;
        browser.click("button", "Keep on this device").await?;
        look(&browser, "not", "does not let the studio keep anything").await?;
        browser.stop().await?;
        studio.stop().await
    });
}
