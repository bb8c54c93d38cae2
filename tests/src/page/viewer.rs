//! The viewer: the dialog "Picture" with one picture as large as the window allows.
//!
//! Owns the displayed picture, its zoom and its facts. Must not close the viewer or show the next picture: tests do
//! that with buttons and keys, and with [`Viewer::unfold`] what is behind one of them.

use crate::browser::{Browser, Part};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The viewer of a window's page.
pub struct Viewer<'a>(pub &'a Browser);

impl Viewer<'_> {
    /// The displayed picture.
    async fn picture(&self) -> Result<Part> {
        let dialog = self.0.see("dialog", "Picture").await?;
        let is_there = async || Ok(!self.0.parts("image", Some(dialog)).await?.is_empty());
        self.0.until_true("a picture in the viewer", is_there).await?;
        self.0.parts("image", Some(dialog)).await?.into_iter().next().context("no picture")
    }

    async fn number(&self, function: &str) -> Result<f64> {
        let node = self.picture().await?.node;
        self.0.ask(node, function, &[]).await?.as_f64().with_context(|| function.to_owned())
    }

    /// Waits until this picture is displayed.
    pub async fn shows(&self, name: &str) -> Result<()> {
        let is = async || Ok(self.picture().await?.name == name);
        self.0.until_true(&format!("“{name}” in the viewer"), is).await
    }

    /// Waits until the displayed image has that many pixels in a row: the original, not a thumbnail.
    pub async fn has_width(&self, pixels: u32) -> Result<()> {
        let has = async || {
            let wide = "function () { return this.naturalWidth }";
            Ok((self.number(wide).await? - f64::from(pixels)).abs() < 0.5)
        };
        self.0.until_true(&format!("a picture of {pixels} pixels"), has).await
    }

    /// The zoom: 1 shows the whole picture.
    pub async fn zoom(&self) -> Result<f64> {
        self.number("function () { return Number(getComputedStyle(this).scale) || 1 }").await
    }

    /// How far the picture is moved to the right, in CSS pixels.
    pub async fn moved(&self) -> Result<f64> {
        self.number("function () { return parseFloat(getComputedStyle(this).translate) || 0 }")
            .await
    }

    /// The share of the picture's width that is left of this position of the window.
    pub async fn left_of(&self, x: f64) -> Result<f64> {
        let node = self.picture().await?.node;
        let part = "function (x) { const box = this.getBoundingClientRect(); return (x - box.x) / box.width }";
        self.0.ask(node, part, &[json!(x)]).await?.as_f64().context("no place")
    }

    /// The fact with this label.
    pub async fn fact(&self, word: &str) -> Result<String> {
        let text = self.0.of("dialog", "Picture", "function () { return this.innerText }").await?;
        let mut lines = text.as_str().unwrap_or_default().lines().map(str::trim);
        lines.find(|line| *line == word).with_context(|| format!("no {word}: {text}"))?;
        lines.find(|line| !line.is_empty()).map(str::to_owned).context("nothing is told")
    }

    /// Whether the number of this fact is drawn left of its unit.
    pub async fn number_is_left_of_its_unit(&self, word: &str) -> Result<bool> {
        let text = self.fact(word).await?;
        let dialog = self.0.see("dialog", "Picture").await?;
        let places = "function (text) { const walk = document.createTreeWalker(this, NodeFilter.SHOW_TEXT); while (walk.nextNode()) if (walk.currentNode.data.trim() === text) { const from = walk.currentNode.data.indexOf(text), left = (at) => { const range = new Range(); range.setStart(walk.currentNode, from + at); range.setEnd(walk.currentNode, from + at + 1); return range.getBoundingClientRect().left }; return [left(0), left(text.indexOf(' ') + 1)] } }";
        let places = self.0.ask(dialog, places, &[json!(text)]).await?;
        let [number, unit]: [f64; 2] = serde_json::from_value(places)?;
        Ok(number < unit)
    }

    /// Unfolds what is behind "More". It stays unfolded until the page is loaded again.
    pub async fn unfold(&self) -> Result<()> {
        let dialog = self.0.see("dialog", "Picture").await?;
        let more = self.0.parts("button", Some(dialog)).await?;
        let more = more.iter().find(|one| one.name == "More").context("no More")?;
        let folded = "function () { return this.ariaExpanded === 'false' }";
        if self.0.ask(more.node, folded, &[]).await? == json!(true) {
            self.0.click("button", "More").await?;
        }
        Ok(())
    }

    /// The names of everything in it that a keyboard reaches, in their order.
    pub async fn stops(&self) -> Result<Vec<String>> {
        let all = "function () { return [...this.querySelectorAll('button, a')].filter((one) => one.checkVisibility()).map((one) => one.ariaLabel ?? one.innerText.trim()) }";
        Ok(serde_json::from_value(self.0.of("dialog", "Picture", all).await?)?)
    }

    /// The names of what can be pressed in it and is covered by something else. What is scrolled out of the panel's sight is
    /// not covered.
    pub async fn covered(&self) -> Result<Vec<String>> {
        let all = "function () { return [...this.querySelectorAll('button, a')].filter((one) => { if (!one.checkVisibility()) return false; const { left, right, top, bottom } = one.getBoundingClientRect(), x = (left + right) / 2, y = (top + bottom) / 2; const panel = one.closest('.viewer__side')?.getBoundingClientRect(); return !(panel && (y < panel.top || y > panel.bottom)) && !one.contains(document.elementFromPoint(x, y)) }).map((one) => one.ariaLabel ?? one.innerText.trim()) }";
        Ok(serde_json::from_value(self.0.of("dialog", "Picture", all).await?)?)
    }

    /// The direction of the description, and the side on which it begins.
    pub async fn description_runs(&self) -> Result<[String; 2]> {
        let of = "function () { const one = document.getElementById(this.getAttribute('aria-describedby')), { direction, textAlign } = getComputedStyle(one); return [direction, textAlign] }";
        Ok(serde_json::from_value(self.0.of("dialog", "Picture", of).await?)?)
    }

    /// Waits until this is said in it to who cannot see.
    pub async fn announces(&self, text: &str) -> Result<()> {
        let said = "function () { return [...this.querySelectorAll('[role=status]')].map((one) => one.textContent) }";
        self.0
            .until_true(&format!("“{text}” is said"), async || {
                let said = self.0.of("dialog", "Picture", said).await?;
                Ok(said.as_array().is_some_and(|all| all.contains(&json!(text))))
            })
            .await
    }

    /// The parts of the page that are in the accessibility tree beside it.
    pub async fn behind(&self) -> Result<Vec<String>> {
        let tree = self.0.cdp("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().context("no tree")?;
        let is = |node: &Value, role: &str| node["role"]["value"] == role;
        let dialog = nodes.iter().find(|node| is(node, "dialog") && node["ignored"] == false);
        let mut own = vec![dialog.context("no viewer")?["nodeId"].clone()];
        // Parents come before their children.
        for node in nodes {
            if own.contains(&node["parentId"]) {
                own.push(node["nodeId"].clone());
            }
        }
        // A box, or a place for news, in which nothing is.
        let empty = |node: &Value| {
            node["name"]["value"] == "" && (is(node, "generic") || is(node, "status"))
        };
        let beside = |node: &&Value| {
            let there = node["ignored"] == false && !is(node, "RootWebArea") && !empty(node);
            there && !own.contains(&node["nodeId"])
        };
        let said = |node: &Value| format!("{} {}", node["role"]["value"], node["name"]["value"]);
        Ok(nodes.iter().filter(beside).map(said).collect())
    }

    /// The pixels of the window beside it and below it.
    pub async fn uncovered(&self) -> Result<Value> {
        let rest = "function () { const box = this.getBoundingClientRect(); return [innerWidth - box.width, innerHeight - box.height] }";
        self.0.of("dialog", "Picture", rest).await
    }

    /// How far what is told of the picture is scrolled, in pixels.
    pub async fn scrolled(&self) -> Result<u64> {
        let by = "function () { return Math.round(this.querySelector('.viewer__side').scrollTop) }";
        self.0.of("dialog", "Picture", by).await?.as_u64().context("no place")
    }

    /// Scrolls to the end of what is told of the picture.
    pub async fn scroll_to_end(&self) -> Result<()> {
        let to = "function () { const side = this.querySelector('.viewer__side'); side.scrollTo(0, side.scrollHeight) }";
        self.0.of("dialog", "Picture", to).await.map(drop)
    }

    /// Whether it is open.
    pub async fn is_open(&self) -> Result<bool> {
        Ok(self.0.count("dialog", None).await? > 0)
    }

    /// Waits until it is closed.
    pub async fn closes(&self) -> Result<()> {
        self.0.until_true("no viewer", async || Ok(!self.is_open().await?)).await
    }

    /// Closes it and opens another picture in the same moment, before the browser paints. Returns when whatever follows was
    /// painted.
    pub async fn closes_and_opens(&self, name: &str) -> Result<()> {
        let tile = json!(format!("Open picture: {name}"));
        let change = format!(
            "async function () {{
              this.querySelector('button').click();
              for (let turn = 0; turn < 100; turn++) await null;
              [...document.querySelectorAll('button')].find(({{ ariaLabel }}) => ariaLabel === {tile}).click();
              for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
            }}"
        );
        self.0.of("dialog", "Picture", &change).await.map(drop)
    }

    /// Whether the focus is in it, or nowhere in the page.
    pub async fn holds_focus(&self) -> Result<bool> {
        let at = self.0.focused().await?;
        if at.role == "RootWebArea" || at.role == "generic" {
            return Ok(true);
        }
        let dialog = self.0.see("dialog", "Picture").await?;
        let within = self.0.parts(&at.role, Some(dialog)).await?;
        Ok(at.node == dialog || within.iter().any(|one| one.node == at.node))
    }
}
