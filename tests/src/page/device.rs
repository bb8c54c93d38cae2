//! The device history: pictures that the studio keeps on the visitor's device.
//!
//! Owns how a test counts them and how it creates a long or old history quickly. Must not read the history as the
//! studio does: a test sees that on the wall.

use super::{structure, wall::Wall};
use crate::browser::Browser;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The names of the tests' database and of its store. Every visitor's device has them, so that no new version may
/// change them.
const OPEN: &str = "const asked = indexedDB.open('easel:demo')";
const STORE: &str = "pictures";

/// The script with which version 0.1 kept pictures, as it was released.
const KEPT_0_1: &str = include_str!("../../fixtures/device-0.1/kept.js");

/// A function that runs that script in an empty document, with what it needs of version 0.1's document and of its other
/// scripts: as many pictures on a wall as it is given. It presses "Keep", if there are any, and returns the name of the part
/// that is shown in the end.
const FIRST_RELEASE: &str = r##"(async (count) => {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext("2d").fillRect(8, 8, 40, 30);
  const bytes = await canvas.convertToBlob({ type: "image/webp" });
  const states = ["offer", "on", "stop", "full", "not"].map((state) => `<div data-state="${state}"><button data-do="${state === "offer" ? "keep" : "on"}"></button></div>`).join("");
  document.body.innerHTML = `<ol class="wall"></ol><section id="keep" data-name="easel:demo">${states}</section><textarea id="prompt"></textarea>`;
  const tiles = Array.from({ length: count }, (_, at) => {
    const tile = Object.assign(document.createElement("li"), { className: "tile" });
    const picture = Object.assign(new Image(), { alt: `Number ${at}`, width: 64, height: 48 });
    picture.dataset.url = `/v1/jobs/${String(at).padStart(64, "0")}/pictures/0`;
    picture.dataset.facts = ["low", "1536x1024", "openai/gpt-image-1-mini", bytes.size, at % 2 ? "1" : "", Date.now() - 7200000 - at * 1000, "image/webp", at % 2 ? "webp" : "", ""].join("\n");
    tile.append(picture);
    return tile;
  });
  document.querySelector(".wall").append(...tiles);
  globalThis.pictures = { original: async () => new File([bytes], "a-number-ai-generated-1.webp", { type: bytes.type }), heard: Promise.resolve(), act() {}, focus() {} };
  const start = (() => { KEPT; return start; })();
  start(async () => {}, () => bytes);
  if (count) document.querySelector("[data-do=keep]").click();
  await new Promise((then) => setTimeout(then, 1000));
  return document.querySelector("#keep > :not([hidden])")?.dataset.state;
})"##;

fn first_release() -> String {
    FIRST_RELEASE.replace("KEPT", &KEPT_0_1.replace("export ", ""))
}

/// A promise of a change to the store `all`.
fn change(how: &str) -> String {
    format!(
        "new Promise((then) => {{ {OPEN}; asked.onsuccess = () => {{ const change = asked.result.transaction('{STORE}', 'readwrite'); const all = change.objectStore('{STORE}'); {how}; change.oncomplete = () => {{ asked.result.close(); then(true) }} }} }})"
    )
}

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
        let copy = format!(
            "all.getAll().onsuccess = ({{ target }}) => {{ const [own] = target.result; const facts = JSON.parse(own.facts); for (let at = 1; at < {count}; at++) {{ const url = `/v1/jobs/${{String(at).padStart(64, '0')}}/pictures/0`; all.put({{ ...own, url, facts: JSON.stringify({{ ...facts, url, prompt: `Number ${{at}}`, since: facts.since - at * 1000 }}) }}) }} }}"
        );
        self.0.eval(&change(&copy)).await.map(drop)
    }

    /// Lets the edge's retention time of a kept picture end, by what the tab and the device know of it. Real time would have
    /// to pass otherwise: the edge sets that end, and a page whose clock were set ahead would take all pictures as expired.
    pub async fn age(&self, name: &str) -> Result<()> {
        let (name, long_ago) = (json!(name), 1_795_343_000_000_u64);
        let address = self.leave().await?;
        let age = format!(
            r"all.getAll().onsuccess = ({{ target }}) => {{ const own = target.result.find((one) => JSON.parse(one.facts).prompt === {name}); const facts = {{ ...JSON.parse(own.facts), since: {long_ago} }}; all.put({{ ...own, facts: JSON.stringify(facts) }}); const id = own.url.split('/')[3]; sessionStorage['easel:demo'] = sessionStorage['easel:demo'].split('\n').map((line) => line.startsWith(id) ? line.replace(/ \d+ /, ' {long_ago} ') : line).join('\n') }}"
        );
        self.0.eval(&change(&age)).await?;
        self.0.open(&address).await
    }

    /// Goes to a document of the same origin that runs no studio, and returns the studio's address.
    async fn leave(&self) -> Result<String> {
        let address = self.0.eval("location.href").await?;
        let address = address.as_str().context("no address")?.to_owned();
        let origin = self.0.eval("location.origin").await?;
        self.0.open(&format!("{}/statements.html", origin.as_str().context("no origin")?)).await?;
        Ok(address)
    }

    /// Has version 0.1 keep that many pictures, "Number 0" being the newest, as it did on the devices that have it: by its
    /// own script, at the same origin. Then goes back to the studio.
    pub async fn written_by_0_1(&self, count: usize) -> Result<()> {
        let address = self.leave().await?;
        let begin = format!("{}({count})", first_release());
        self.0.eval(&begin).await?;
        self.keeps(count).await?;
        self.0.open(&address).await
    }

    /// What version 0.1 says when it finds this device history: the name of the part that it shows.
    pub async fn as_0_1_sees_it(&self) -> Result<Value> {
        let address = self.leave().await?;
        let begin = first_release();
        let shown = self.0.eval(&format!("{begin}(0)")).await?;
        self.0.open(&address).await?;
        Ok(shown)
    }

    /// Every row with all its members, the bytes as their length and type.
    pub async fn rows(&self) -> Result<Value> {
        self.0.eval(&format!("new Promise((then) => {{ {OPEN}; asked.onsuccess = () => {{ asked.result.transaction('{STORE}').objectStore('{STORE}').getAll().onsuccess = ({{ target }}) => {{ asked.result.close(); then(target.result.map((row) => Object.entries(row).map(([name, value]) => `${{name}} ${{value.size ?? value}} ${{value.type}}`).sort().join('|'))) }} }} }})")).await
    }

    /// Raises the number of the database's form, as a release will do that is newer than this one.
    pub async fn raise_form(&self) -> Result<()> {
        let address = self.leave().await?;
        self.0.eval("new Promise((then) => { const asked = indexedDB.open('easel:demo', 99); asked.onsuccess = () => { asked.result.close(); then(true) } })").await?;
        self.0.open(&address).await
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
