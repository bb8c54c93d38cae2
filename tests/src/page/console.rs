//! What a page writes to its console, and what goes wrong in it without a word.
//!
//! Owns the recording, which begins before any script of the page. Must not decide which lines are expected.

use crate::browser::Browser;
use anyhow::Result;
use serde_json::json;

/// Records in `said`. Chromium's own messages do not pass `console`: a refusal by the policy comes as an event, a file
/// that did not load as an event of its element.
const RECORD: &str = "(() => {
  const said = (globalThis.said = []);
  for (const name of ['error', 'warn', 'info', 'log', 'debug', 'assert']) {
    const own = console[name];
    console[name] = (...all) => {
      if (name !== 'assert' || !all[0]) said.push(`${name}: ${all.map(String).join(' ')}`);
      own.apply(console, all);
    };
  }
  addEventListener('error', (event) => said.push(`error: ${event.message ?? event.target?.src ?? event.target?.href}`), true);
  addEventListener('unhandledrejection', ({ reason }) => said.push(`rejected: ${reason}`));
  document.addEventListener('securitypolicyviolation', (event) => said.push(`refused: ${event.violatedDirective} ${event.blockedURI}`));
})()";

/// Records the console of every page that this window opens from now on.
pub async fn record(browser: &Browser) -> Result<()> {
    browser.before_each_page(RECORD).await
}

/// What was recorded in this page.
pub async fn said(browser: &Browser) -> Result<Vec<String>> {
    let said = browser.eval("globalThis.said ?? ['nothing was recorded']").await?;
    Ok(serde_json::from_value(said)?)
}

impl Browser {
    /// Runs a script in every page of this window before the page's own scripts.
    pub async fn before_each_page(&self, script: &str) -> Result<()> {
        let script = json!({ "source": script });
        self.cdp("Page.addScriptToEvaluateOnNewDocument", script).await.map(drop)
    }
}
