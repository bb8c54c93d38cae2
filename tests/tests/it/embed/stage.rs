//! The stage of the loader's tests: an edge, a page on another site, a window on it.
//!
//! Owns the page's recorder. Must not assert anything of the loader.

use anyhow::{Context, Result};
use serde_json::Value;
use tests::{
    browser::Browser,
    host::{File, Host},
    page::embedded::FIND,
};
use xtask::repo;

/// Remembers every event and every shift of the layout.
const RECORDER: &str = "<script>
window.events = []; window.shifted = 0;
for (const name of ['ready','start','progress','picture','done','problem','cancel','download','choose','painted','leak','set'])
  addEventListener('easel:' + name, (e) => events.push([name, e.detail, e.bubbles && e.composed && e.target.localName]));
new PerformanceObserver((list) => list.getEntries().forEach((e) => shifted += e.value)).observe({ type: 'layout-shift', buffered: true });
window.told = () => events.filter(([name, detail]) => name === 'problem' && detail.kind.startsWith('{')).map(([, { kind }]) => JSON.parse(kind));
</script>";

/// What a page round a studio begins with.
pub(super) fn head() -> String {
    format!("<script>{FIND}</script>{RECORDER}")
}

/// Ends when whatever is due was painted, and its shifts were recorded.
pub(super) const REST: &str = "(async () => { for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame); await new Promise((then) => setTimeout(then, 50)) })()";

/// An edge, a page on another site, and a window on it.
pub(super) struct Stage {
    pub(super) edge: Host,
    pub(super) host: Host,
    pub(super) browser: Browser,
}

impl Stage {
    /// `EDGE` in the page's body and policy is the edge's origin.
    pub(super) async fn set(body: &str, policy: Option<&str>) -> Result<Self> {
        let frame = include_str!("frame.html");
        let loader = std::fs::read(repo::path("dist/easel.js")).context("nothing is built")?;
        let script = "text/javascript; charset=utf-8";
        let edge = Host::start(vec![
            File { media_type: script, ..File::page("/easel.js", loader) },
            File::page("/studio/acme", frame),
            File::page("/studio/other", frame),
            File::page("/studio/late", frame),
            File::page("/studio/mute", frame),
            File::page("/studio/painted", frame),
        ])
        .await?;
        let origin = edge.origin("127.0.0.1");
        let page = format!(
            "<!doctype html><html lang=\"de-AT\"><title>A page</title>{}{}<style>easel-studio {{ display: block; min-height: 40rem }}</style>{body}",
            if policy.is_some() { String::new() } else { head() },
            "<script type=\"module\" src=\"EDGE/easel.js\"></script>",
        );
        let mut page = File::page("/", page.replace("EDGE", &origin));
        page.policy = policy.map(|policy| policy.replace("EDGE", &origin));
        let forger =
            "<script>parent.postMessage({ easel: 1, type: 'done', pictures: 9 }, '*')</script>";
        let host = Host::start(vec![page, File::page("/forger", forger)]).await?;
        let browser = Browser::with_scrollbars().await?;
        browser.open(&host.origin("localhost")).await?;
        Ok(Self { edge, host, browser })
    }

    /// Waits until an expression holds.
    pub(super) async fn until(&self, expression: &str) -> Result<()> {
        self.browser.until(expression).await
    }

    /// Waits until the frame has said that it is there.
    pub(super) async fn ready(&self) -> Result<()> {
        self.until("events.some(([name]) => name === 'ready') && told().length > 1").await
    }

    /// A JavaScript expression's value in the page.
    pub(super) async fn eval(&self, expression: &str) -> Result<Value> {
        self.browser.eval(expression).await
    }

    /// Does something, and waits for what the frame then hears.
    pub(super) async fn heard(&self, doing: &str) -> Result<Value> {
        let before = self.eval("told().length").await?;
        self.eval(&format!("{{ {doing}; 0 }}")).await?;
        self.until(&format!("told().length > {before}")).await?;
        self.eval("told().at(-1)").await
    }
}
