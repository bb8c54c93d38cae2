//! A page whose program does not come before the test lets it.
//!
//! Owns the proxy that holds the program. Must not do what a visitor does: tests do.

use super::structure;
use crate::{
    browser::Browser,
    proxy::{
        Proxy,
        build::{File, Gate},
    },
};
use anyhow::{Result, ensure};
use serde_json::json;

/// A proxy in front of an edge whose program is held.
pub struct Early {
    /// The proxy; a test may add rules before it opens a page.
    pub proxy: Proxy,
    gate: Gate,
}

impl Early {
    /// Holds the program of the edge at this address.
    pub async fn of(edge: &str) -> Result<Self> {
        Self::holding(edge, File::Program).await
    }

    /// Holds another file.
    pub async fn holding(edge: &str, file: File) -> Result<Self> {
        let proxy = Proxy::start(edge).await?;
        let gate = proxy.gate(file);
        Ok(Self { proxy, gate })
    }

    /// Opens a site's document and waits until its form is painted.
    pub async fn open(&self, browser: &Browser, path: &str) -> Result<()> {
        // Not the driver's own command: that waits for the program too.
        let url = format!("{}{path}", self.proxy.url());
        browser.cdp("Page.navigate", json!({ "url": url })).await?;
        browser.until("document.readyState !== 'loading' && !!document.forms.length").await?;
        self.has_not_come(browser).await
    }

    /// Fails if the program runs: then the test would show nothing.
    pub async fn has_not_come(&self, browser: &Browser) -> Result<()> {
        let runs = browser.eval(structure::RUNS).await?;
        ensure!(runs == json!(false), "the program had come already: this test shows nothing");
        Ok(())
    }

    /// Lets the program come.
    pub fn let_it_come(&self) {
        self.gate.open();
    }

    /// Holds the program again, for a page that is opened from now on. A browser that has a copy of it does not ask.
    pub fn hold_again(&mut self) {
        self.gate = self.proxy.gate(File::Program);
    }

    /// Lets the program come, and waits until it runs.
    pub async fn comes(&self, browser: &Browser) -> Result<()> {
        self.gate.open();
        runs(browser).await
    }
}

/// Waits until the program runs.
pub async fn runs(browser: &Browser) -> Result<()> {
    browser.until(structure::RUNS).await
}

/// Whether the document was fetched again.
pub async fn was_fetched_again(browser: &Browser) -> Result<bool> {
    Ok(browser.eval(structure::FETCHED_AGAIN).await? == json!(true))
}
