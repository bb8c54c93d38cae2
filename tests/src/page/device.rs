//! The device history: pictures that the studio keeps on the visitor's device.
//!
//! Owns how a test counts them and how it creates a long or old history quickly. Must not read the history as the
//! studio does: a test sees that on the wall.

use super::{structure, wall::Wall};
use crate::browser::Browser;
use anyhow::{Context, Result};
use serde_json::json;

/// The names of the tests' database and of its store. Every visitor's device has them, so that no new version may
/// change them.
const OPEN: &str = "const asked = indexedDB.open('easel:demo')";
const STORE: &str = "pictures";

/// The device history of a window.
pub struct DeviceHistory<'a>(pub &'a Browser);

impl DeviceHistory<'_> {
    /// Waits until that many pictures are kept.
    pub async fn keeps(&self, count: usize) -> Result<()> {
        self.0.until(&format!("{}.then((kept) => kept === {count})", Self::count())).await
    }

    /// A promise of the number of kept pictures.
    #[must_use]
    pub fn count() -> String {
        format!(
            "new Promise((then) => {{ {OPEN}; asked.onsuccess = () => {{ const all = asked.result.transaction('{STORE}').objectStore('{STORE}').count(); all.onsuccess = () => {{ asked.result.close(); then(all.result) }} }} }})"
        )
    }

    /// Copies the one kept picture until there are that many, each a second older than the one before: "Number 1" and
    /// on. Making a hundred real ones would take minutes.
    pub async fn multiply(&self, count: usize) -> Result<()> {
        self.0.eval(&format!("new Promise((then) => {{ {OPEN}; asked.onsuccess = () => {{ const change = asked.result.transaction('{STORE}', 'readwrite'); const all = change.objectStore('{STORE}'); all.getAll().onsuccess = ({{ target }}) => {{ const [own] = target.result; for (let at = 1; at < {count}; at++) all.put({{ ...own, url: `/v1/jobs/${{String(at).padStart(64, '0')}}/pictures/0`, prompt: `Number ${{at}}`, facts: own.facts.replace(/\\d{{13}}/, (ms) => ms - at * 1000) }}) }}; change.oncomplete = () => {{ asked.result.close(); then(true) }} }} }})")).await.map(drop)
    }

    /// Lets the edge's retention time of a picture on the wall end.
    pub async fn age(&self, name: &str) -> Result<()> {
        self.0.of("image", name, structure::AGE).await.map(drop)
    }

    /// Starts another visit in the same browser, after the edge has deleted every picture on the wall.
    pub async fn next_visit(&self) -> Result<()> {
        Wall(self.0).forget_at_the_edge().await.context("the edge does not forget")?;
        self.0.eval("sessionStorage.clear()").await?;
        self.0.reload().await
    }

    /// Whether the site asks for consent to the device history.
    pub async fn is_offered(&self) -> Result<bool> {
        Ok(self.0.eval(structure::ASKS_TO_KEEP).await? == json!(true))
    }
}
