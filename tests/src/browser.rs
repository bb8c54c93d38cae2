//! A browser: real Chromium, driven by chromedriver, found by role and name as a screen reader finds things.
//!
//! Owns what is done in a window and how long it is waited for; its process is lent by [`chromium`]. Must not find anything by class or id: what has no name is not there.

mod chromium;
mod part;

pub use part::Part;

use crate::studio::Studio;
use anyhow::{Context, Result, bail, ensure};
use chromium::Chromium;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How long something may take to show.
const PATIENCE: Duration = Duration::from_secs(20);

/// What CSS asks by `hover` and `pointer` is answered as on a desk.
const MOUSE: &str = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4";

/// A window with a page in it.
pub struct Browser(Chromium);

impl Browser {
    /// Opens a window of 1280 by 900 in an empty profile, whose scrollbars take no space, as on a phone.
    pub async fn start() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars"]).await
    }

    /// The same with scrollbars that take space, as on a desk: 15 of the window's pixels where a page scrolls.
    pub async fn with_scrollbars() -> Result<Self> {
        Self::open_window(&[]).await
    }

    /// The same as [`Self::start`] with a mouse, which Chromium does not believe in without a screen.
    pub async fn with_mouse() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars", MOUSE]).await
    }

    /// The same as [`Self::start`], on the site of a studio, with this query.
    pub async fn on(studio: &Studio, query: &str) -> Result<Self> {
        let browser = Self::start().await?;
        browser.open(&format!("{}/studio/demo{query}", studio.edge.url())).await?;
        Ok(browser)
    }

    /// The studio of all tests, and a window on it.
    pub async fn on_shared() -> Result<(&'static Studio, Self)> {
        let studio = Studio::shared().await?;
        Ok((studio, Self::on(studio, "").await?))
    }

    async fn open_window(flags: &'static [&'static str]) -> Result<Self> {
        let browser = Self(Chromium::take(flags).await?);
        browser.look(1280, 900, false, false).await?;
        Ok(browser)
    }

    /// Closes everything that it has shown, and forgets what it has stored.
    pub async fn stop(self) -> Result<()> {
        self.0.give_back().await
    }

    /// Lets pages do what a browser asks its user for.
    pub async fn grant(&self, permissions: &[&str]) -> Result<()> {
        let granted = json!({ "permissions": permissions });
        self.cdp("Browser.grantPermissions", granted).await.map(drop)
    }

    /// Goes to a page and waits until it is loaded.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.0.driver().goto(url).await?)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.0.driver().refresh().await?)
    }

    /// The size of the window in CSS pixels, and what its user prefers.
    pub async fn look(&self, width: u32, height: u32, dark: bool, still: bool) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await?;
        let features = json!([
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": if still { "reduce" } else { "no-preference" } },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Writes what the window shows to a file.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        let bytes = self.0.driver().screenshot_as_png().await?;
        Ok(std::fs::write(file, bytes)?)
    }

    /// A JavaScript expression's value, for what cannot be seen.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let answer = self
            .cdp(
                "Runtime.evaluate",
                json!({ "expression": expression, "returnByValue": true, "awaitPromise": true }),
            )
            .await?;
        ensure!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {}",
            answer["exceptionDetails"]
        );
        Ok(answer["result"]["value"].clone())
    }

    /// Goes into the frame that an expression finds: scripts and [`Self::press_in_frame`] are meant for it from now on.
    pub async fn enter(&self, find: &str) -> Result<()> {
        let frame =
            self.0.driver().execute(format!("return {find}"), Vec::new()).await?.element()?;
        Ok(frame.enter_frame().await?)
    }

    /// Goes back to the page.
    pub async fn leave(&self) -> Result<()> {
        Ok(self.0.driver().enter_default_frame().await?)
    }

    /// Runs a function's body where [`Self::enter`] has led, by the driver's right: no policy of a page forbids it.
    pub async fn script(&self, body: &str) -> Result<Value> {
        Ok(self.0.driver().execute(body, Vec::new()).await?.json().clone())
    }

    /// Clicks on a button or link of this name where [`Self::enter`] has led, once it is there.
    pub async fn press_in_frame(&self, name: &str) -> Result<()> {
        let find = format!(
            "return [...document.querySelectorAll('button, a')].find((button) => (button.ariaLabel ?? button.innerText) === {})",
            json!(name)
        );
        let button = self
            .wait(&format!("the button “{name}” in the frame"), async || {
                Ok(self.0.driver().execute(&find, Vec::new()).await?.element().ok())
            })
            .await?;
        Ok(button.click().await?)
    }

    /// How many parts of this role and name the page has now.
    pub async fn count(&self, role: &str, name: Option<&str>) -> Result<usize> {
        Ok(self.nodes(role, name).await?.len())
    }

    /// Waits until there is a part of this role and name.
    pub async fn see(&self, role: &str, name: &str) -> Result<i64> {
        self.wait(&format!("{role} “{name}”"), async || {
            Ok(self.nodes(role, Some(name)).await?.first().copied())
        })
        .await
    }

    /// Waits until the page's text holds this.
    pub async fn read(&self, text: &str) -> Result<()> {
        self.wait(&format!("the words “{text}”"), async || {
            let all = self.eval("document.body.innerText").await?;
            Ok(all.as_str().is_some_and(|all| all.contains(text)).then_some(()))
        })
        .await
    }

    /// Waits until an expression holds. If it never does, the events that a page recorded are told too.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let holds = async || Ok((self.eval(expression).await? == json!(true)).then_some(()));
        let waited = self.wait(&format!("that {expression}"), holds).await;
        if waited.is_ok() {
            return waited;
        }
        let events = self.eval("JSON.stringify(globalThis.events ?? null)").await?;
        waited.with_context(|| format!("events: {events}"))
    }

    /// Clicks on a part, where a finger would.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        self.clicks(role, name, 1).await
    }

    /// Clicks twice, so soon that it is one gesture.
    pub async fn double_click(&self, role: &str, name: &str) -> Result<()> {
        self.clicks(role, name, 2).await
    }

    async fn clicks(&self, role: &str, name: &str, times: u8) -> Result<()> {
        let node = json!({ "backendNodeId": self.see(role, name).await? });
        self.cdp("DOM.scrollIntoViewIfNeeded", node.clone()).await?;
        let quads = self.cdp("DOM.getContentQuads", node).await?;
        let corner = |at: usize| quads["quads"][0][at].as_f64().context("it takes no space");
        let (x, y) = (f64::midpoint(corner(0)?, corner(4)?), f64::midpoint(corner(1)?, corner(5)?));
        for time in 1..=times {
            for event in ["mousePressed", "mouseReleased"] {
                self.cdp(
                    "Input.dispatchMouseEvent",
                    json!({ "type": event, "x": x, "y": y, "button": "left", "clickCount": time }),
                )
                .await?;
            }
        }
        Ok(())
    }

    /// Waits until a condition that a page object asks for holds.
    pub async fn until_true(
        &self,
        what: &str,
        mut holds: impl AsyncFnMut() -> Result<bool>,
    ) -> Result<()> {
        self.wait(what, async || Ok(holds().await?.then_some(()))).await
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.cdp("Input.insertText", json!({ "text": text })).await?;
        Ok(())
    }

    /// Presses a key: `Enter`, `Tab`, `Escape`, `ArrowRight`.
    pub async fn press(&self, key: &str) -> Result<()> {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            "ArrowLeft" => (37, ""),
            "ArrowRight" => (39, ""),
            "+" => (187, "+"),
            "0" => (48, "0"),
            " " => (32, " "),
            _ => bail!("the test knows no key {key}"),
        };
        let event = |kind: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": if kind == "keyUp" { "" } else { text } });
        self.cdp(
            "Input.dispatchKeyEvent",
            event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }),
        )
        .await?;
        self.cdp("Input.dispatchKeyEvent", event("keyUp")).await?;
        Ok(())
    }

    /// A command of Chromium's own protocol.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value> {
        self.0.driver().cdp().send_raw(method, parameters).await.with_context(|| method.to_owned())
    }

    /// What a screen reader finds under this role and name.
    async fn nodes(&self, role: &str, name: Option<&str>) -> Result<Vec<i64>> {
        let found = self.query(None, role, name).await?;
        Ok(found.iter().filter_map(|node| node["backendDOMNodeId"].as_i64()).collect())
    }

    /// The same as the tree's own nodes, in the whole page or in a part of it.
    async fn query(
        &self,
        within: Option<i64>,
        role: &str,
        name: Option<&str>,
    ) -> Result<Vec<Value>> {
        let mut query = json!({ "role": role });
        if let Some(node) = within {
            query["backendNodeId"] = node.into();
        } else {
            let root = self.cdp("DOM.getDocument", json!({ "depth": 0 })).await?;
            query["nodeId"] = root["root"]["nodeId"].clone();
        }
        if let Some(name) = name {
            query["accessibleName"] = name.into();
        }
        let found = self.cdp("Accessibility.queryAXTree", query).await?;
        let nodes = found["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(nodes.iter().filter(|node| node["ignored"] != json!(true)).cloned().collect())
    }

    async fn wait<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if Instant::now() > until {
                let text = self.eval("document.body.innerText").await?;
                bail!("the page does not show {what}; it shows: {text}");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}
