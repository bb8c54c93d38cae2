//! A browser: real Chromium, driven by chromedriver. Parts of a page are found by role and name, as a screen reader
//! finds them.
//!
//! Owns the actions in a window and their time limits; [`chromium`] lends the process. Must not find anything by class
//! or id: a part without a name does not exist for a test.

mod chromium;
mod part;

pub use part::Part;

use crate::studio::Studio;
use anyhow::{Context, Result, bail, ensure};
use chromium::Chromium;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// The time limit for anything to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// The media features `hover` and `pointer` report a mouse.
const MOUSE: &str = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4";

/// The same for a finger.
const FINGER: &str = "--blink-settings=primaryHoverType=1,availableHoverTypes=1,primaryPointerType=2,availablePointerTypes=2";

/// No host has an address but this machine: a page of somebody else's that asks the network gets nothing.
const ALONE: &str = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

/// A window with a page in it.
pub struct Browser(Chromium);

impl Browser {
    /// Opens a window of 1280 by 900 in an empty profile, whose scrollbars take no space, as on a phone.
    pub async fn start() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars"]).await
    }

    /// The same with scrollbars that take space, as on a desktop: 15 of the window's pixels where a page scrolls.
    pub async fn with_scrollbars() -> Result<Self> {
        Self::open_window(&[]).await
    }

    /// The same as [`Self::start`] with a mouse, which headless Chromium does not report by itself.
    pub async fn with_mouse() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars", MOUSE]).await
    }

    /// The same as [`Self::start`] with a finger in place of a mouse.
    pub async fn with_touch() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars", FINGER]).await
    }

    /// The same as [`Self::start`], for pages that are not ours: they reach this machine and nothing else.
    pub async fn alone() -> Result<Self> {
        Self::open_window(&["--hide-scrollbars", ALONE]).await
    }

    /// The same as [`Self::start`], on the site of a studio, with this query.
    pub async fn on(studio: &Studio, query: &str) -> Result<Self> {
        let browser = Self::start().await?;
        browser.open(&format!("{}/studio/demo{query}", studio.edge.url())).await?;
        Ok(browser)
    }

    /// The studio that tests share, and a window on it.
    pub async fn on_shared() -> Result<(&'static Studio, Self)> {
        let studio = Studio::shared().await?;
        Ok((studio, Self::on(studio, "").await?))
    }

    async fn open_window(flags: &'static [&'static str]) -> Result<Self> {
        let browser = Self(Chromium::acquire(flags).await?);
        browser.look(1280, 900, false, false).await?;
        Ok(browser)
    }

    /// Closes every window of this test, and clears the stored data.
    pub async fn stop(self) -> Result<()> {
        self.0.release().await
    }

    /// Grants permissions that a browser asks its user for.
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

    /// Sets the size of the window in CSS pixels, and the user's preferences.
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

    /// What the browser itself and the pages in it have written to the console since this was asked last: warnings and
    /// errors, also those that no script of a page can hear. Chromium on Linux knows no `web-share`, which the frame is
    /// allowed everywhere else: that line is left out.
    pub async fn console(&self) -> Result<Vec<String>> {
        let mut said = self.0.console().await?;
        said.retain(|line| !line.contains("Unrecognized feature: 'web-share'"));
        Ok(said)
    }

    /// Writes a screenshot of the window to a file.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        let bytes = self.0.driver().screenshot_as_png().await?;
        Ok(std::fs::write(file, bytes)?)
    }

    /// The value of a JavaScript expression, for facts that cannot be seen.
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

    /// Selects the frame that an expression finds: scripts and [`Self::press_in_frame`] run there from now on.
    pub async fn enter(&self, find: &str) -> Result<()> {
        let frame =
            self.0.driver().execute(format!("return {find}"), Vec::new()).await?.element()?;
        Ok(frame.enter_frame().await?)
    }

    /// Selects the page again.
    pub async fn leave(&self) -> Result<()> {
        Ok(self.0.driver().enter_default_frame().await?)
    }

    /// Runs a function's body in the frame that [`Self::enter`] selected. It runs with the driver's rights, so that no
    /// policy of a page forbids it.
    pub async fn script(&self, body: &str) -> Result<Value> {
        Ok(self.0.driver().execute(body, Vec::new()).await?.json().clone())
    }

    /// Clicks a button or link of this name in the frame that [`Self::enter`] selected, once it exists: in a
    /// dialog, if one is open.
    pub async fn press_in_frame(&self, name: &str) -> Result<()> {
        let find = format!(
            "return [...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button, a')].find((button) => (button.ariaLabel ?? button.innerText) === {})",
            json!(name)
        );
        let button = self
            .wait(&format!("the button “{name}” in the frame"), async || {
                Ok(self.0.driver().execute(&find, Vec::new()).await?.element().ok())
            })
            .await?;
        Ok(button.click().await?)
    }

    /// The number of parts with this role and name in the page now.
    pub async fn count(&self, role: &str, name: Option<&str>) -> Result<usize> {
        Ok(self.nodes(role, name).await?.len())
    }

    /// Waits until there is a part with this role and name.
    pub async fn see(&self, role: &str, name: &str) -> Result<i64> {
        self.with_part(role, name, async |node| Ok(node)).await
    }

    /// Waits until the page's text contains this.
    pub async fn read(&self, text: &str) -> Result<()> {
        self.wait(&format!("the words “{text}”"), async || {
            let all = self.eval("document.body.innerText").await?;
            Ok(all.as_str().is_some_and(|all| all.contains(text)).then_some(()))
        })
        .await
    }

    /// Waits until an expression is true. The error also lists the events that the page recorded.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let holds = async || Ok((self.eval(expression).await? == json!(true)).then_some(()));
        let waited = self.wait(&format!("that {expression}"), holds).await;
        if waited.is_ok() {
            return waited;
        }
        let events = self.eval("JSON.stringify(globalThis.events ?? null)").await?;
        waited.with_context(|| format!("events: {events}"))
    }

    /// Clicks the middle of a part.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        self.clicks(role, name, 1).await
    }

    /// Clicks twice, so quickly that it is a double click.
    pub async fn double_click(&self, role: &str, name: &str) -> Result<()> {
        self.clicks(role, name, 2).await
    }

    async fn clicks(&self, role: &str, name: &str, times: u8) -> Result<()> {
        let (x, y) = self.with_part(role, name, async |node| self.middle(node).await).await?;
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

    /// The middle of a part, which is scrolled into view.
    async fn middle(&self, node: i64) -> Result<(f64, f64)> {
        let node = json!({ "backendNodeId": node });
        self.cdp("DOM.scrollIntoViewIfNeeded", node.clone()).await?;
        let quads = self.cdp("DOM.getContentQuads", node).await?;
        let corner = |at: usize| quads["quads"][0][at].as_f64().context("it takes no space");
        Ok((f64::midpoint(corner(0)?, corner(4)?), f64::midpoint(corner(1)?, corner(5)?)))
    }

    /// Waits until a page object's condition is true.
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

    /// Presses a key: `Enter`, `Tab`, `Shift+Tab`, `Escape`, `ArrowRight`.
    pub async fn press(&self, key: &str) -> Result<()> {
        let (key, modifiers) = key.strip_prefix("Shift+").map_or((key, 0), |key| (key, 8));
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
        let event = |kind: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers, "text": if kind == "keyUp" { "" } else { text } });
        self.cdp(
            "Input.dispatchKeyEvent",
            event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }),
        )
        .await?;
        self.cdp("Input.dispatchKeyEvent", event("keyUp")).await?;
        Ok(())
    }

    /// Undoes the last change of the field that has the focus.
    pub async fn undo(&self) -> Result<()> {
        let key = json!({
            "type": "rawKeyDown", "key": "z", "code": "KeyZ", "windowsVirtualKeyCode": 90, "modifiers": 2,
            "commands": ["undo"],
        });
        self.cdp("Input.dispatchKeyEvent", key).await.map(drop)
    }

    /// Shows this text as the open composition of an input method, with the caret at its end.
    pub async fn compose(&self, text: &str) -> Result<()> {
        let end = text.encode_utf16().count();
        let composition = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.cdp("Input.imeSetComposition", composition).await.map(drop)
    }

    /// Sends a command of Chromium's own protocol.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value> {
        self.0.driver().cdp().send_raw(method, parameters).await.with_context(|| method.to_owned())
    }

    /// The nodes with this role and name in the accessibility tree.
    async fn nodes(&self, role: &str, name: Option<&str>) -> Result<Vec<i64>> {
        let found = self.query(None, role, name).await?;
        Ok(found.iter().filter_map(|node| node["backendDOMNodeId"].as_i64()).collect())
    }

    /// The same as nodes of the accessibility tree, in the whole page or in a part of it.
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

    /// Waits for a part with this role and name, and does something with its node.
    async fn with_part<T>(
        &self,
        role: &str,
        name: &str,
        mut act: impl AsyncFnMut(i64) -> Result<T>,
    ) -> Result<T> {
        self.wait(&format!("{role} “{name}”"), async || {
            match self.nodes(role, Some(name)).await?.first() {
                Some(node) => act(*node).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    /// Looks until something is found. A part that was found and then replaced before it could be asked is looked for
    /// again.
    async fn wait<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) if part::was_replaced(&error) => {}
                Err(error) => return Err(error),
            }
            if Instant::now() > until {
                let text = self.eval("document.body.innerText").await?;
                bail!("the page does not show {what}; it shows: {text}");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}
