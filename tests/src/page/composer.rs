//! The composer: the form in which a picture is described and ordered.
//!
//! Owns how its parts are found: the only textbox of the page, radios, lists and checkboxes by their names. Must not
//! wait for the result of an order: the wall's page object does that.

use super::structure;
use crate::browser::{Browser, Part};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Replaces all text, as typing over a selection does, and fires the event.
const FILL: &str = "function (text) { this.value = text; this.dispatchEvent(new InputEvent('input', { bubbles: true })) }";
/// Selects an option of a list by its label.
const CHOOSE: &str = "function (label) { const one = [...this.options].find((one) => one.label === label); if (!one) throw Error(`no ${label}`); one.selected = true; for (const kind of ['input', 'change']) this.dispatchEvent(new Event(kind, { bubbles: true })) }";
/// The options of a list that are disabled.
const DISABLED_OPTIONS: &str = "function () { return [...this.options].filter((one) => one.disabled).map((one) => one.label) }";
/// Submits the form without a click, which would scroll to the button; the page around the frame can do the same.
const SUBMIT: &str = "function () { this.form.requestSubmit() }";

/// The composer of the page in a window.
pub struct Composer<'a>(pub &'a Browser);

/// All choices of an order except the number of pictures, in the page's words.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// The text of the prompt.
    pub prompt: String,
    /// The chosen radios: shape, then quality.
    pub radios: Vec<String>,
    /// The chosen format.
    pub format: String,
    /// Whether the background should be transparent.
    pub transparent: bool,
}

impl Form {
    /// A form with these words.
    #[must_use]
    pub fn new(prompt: &str, radios: [&str; 2], format: &str, transparent: bool) -> Self {
        let radios = radios.map(str::to_owned).to_vec();
        Self { prompt: prompt.to_owned(), radios, format: format.to_owned(), transparent }
    }
}

impl Composer<'_> {
    async fn field(&self) -> Result<Part> {
        self.0
            .until_true("the field of the prompt", async || {
                Ok(!self.0.parts("textbox", None).await?.is_empty())
            })
            .await?;
        self.0.parts("textbox", None).await?.into_iter().next().context("no textbox")
    }

    /// The text of the prompt.
    pub async fn prompt(&self) -> Result<String> {
        let text = self.0.ask(self.field().await?.node, "function () { return this.value }", &[]);
        Ok(text.await?.as_str().unwrap_or_default().to_owned())
    }

    /// Replaces the text of the prompt.
    pub async fn fill(&self, text: &str) -> Result<()> {
        self.0.ask(self.field().await?.node, FILL, &[json!(text)]).await.map(drop)
    }

    /// Focuses the prompt.
    pub async fn focus(&self) -> Result<()> {
        let node = json!({ "backendNodeId": self.field().await?.node });
        self.0.cdp("DOM.focus", node).await.map(drop)
    }

    /// Waits until the prompt has the focus.
    pub async fn has_focus(&self) -> Result<()> {
        let on = async || Ok(self.0.focused().await?.role == "textbox");
        self.0.until_true("the focus on the prompt", on).await
    }

    /// Submits the order without a click that scrolls.
    pub async fn order(&self, text: &str) -> Result<()> {
        self.fill(text).await?;
        self.0.ask(self.field().await?.node, SUBMIT, &[]).await.map(drop)
    }

    /// Whether the options for format and background are expanded.
    pub async fn unfolded(&self) -> Result<bool> {
        Ok(self.0.count("combobox", Some("Format")).await? > 0)
    }

    /// Expands them if they are collapsed.
    pub async fn unfold(&self) -> Result<()> {
        if self.unfolded().await? { Ok(()) } else { self.0.click("button", "More").await }
    }

    /// Chooses a format by its name.
    pub async fn choose_format(&self, name: &str) -> Result<()> {
        let list = self.0.see("combobox", "Format").await?;
        self.0.ask(list, CHOOSE, &[json!(name)]).await.map(drop)
    }

    /// The selected format.
    pub async fn format(&self) -> Result<String> {
        let chosen = "function () { return this.selectedOptions[0].label }";
        let chosen = self.0.of("combobox", "Format", chosen).await?;
        Ok(chosen.as_str().unwrap_or_default().to_owned())
    }

    /// Chooses how many pictures are made.
    pub async fn choose_count(&self, count: u32) -> Result<()> {
        let list = self.0.see("combobox", "How many").await?;
        self.0.ask(list, CHOOSE, &[json!(count.to_string())]).await.map(drop)
    }

    /// How many pictures are made.
    pub async fn count(&self) -> Result<String> {
        let chosen = "function () { return this.value }";
        let chosen = self.0.of("combobox", "How many", chosen).await?;
        Ok(chosen.as_str().unwrap_or_default().to_owned())
    }

    /// Selects a part of the prompt, with the caret at its start or at its end.
    pub async fn select(&self, from: u32, to: u32, direction: &str) -> Result<()> {
        let select =
            "function (from, to, direction) { this.setSelectionRange(from, to, direction) }";
        let range = [json!(from), json!(to), json!(direction)];
        self.0.ask(self.field().await?.node, select, &range).await.map(drop)
    }

    /// The selected part of the prompt: its ends and the side of the caret.
    pub async fn selection(&self) -> Result<Value> {
        let of = "function () { return [this.selectionStart, this.selectionEnd, this.selectionDirection] }";
        self.0.ask(self.field().await?.node, of, &[]).await
    }

    /// The node of the prompt's field, to tell whether it is still the same one.
    pub async fn node(&self) -> Result<i64> {
        Ok(self.field().await?.node)
    }

    /// The formats that cannot be selected now.
    pub async fn not_on_offer(&self) -> Result<Value> {
        self.0.of("combobox", "Format", DISABLED_OPTIONS).await
    }

    /// The names of the chosen radios: shape, then quality.
    pub async fn radios(&self) -> Result<Vec<String>> {
        let all = self.0.parts("radio", None).await?;
        Ok(all.into_iter().filter(|one| one.is("checked")).map(|one| one.name).collect())
    }

    /// All choices. It expands collapsed options.
    pub async fn form(&self) -> Result<Form> {
        self.unfold().await?;
        let boxes = self.0.parts("checkbox", None).await?;
        Ok(Form {
            prompt: self.prompt().await?,
            radios: self.radios().await?,
            format: self.format().await?,
            transparent: boxes
                .iter()
                .any(|one| one.name == "Transparent background" && one.is("checked")),
        })
    }

    /// The estimate of the order's cost as text; empty while it is unknown.
    pub async fn estimate(&self) -> Result<String> {
        Ok(self.0.eval(structure::ESTIMATE).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Whether a selected choice looks different from one that is not selected.
    pub async fn choices_differ(&self) -> Result<bool> {
        Ok(self.0.eval(structure::CHOICES_DIFFER).await? == json!(true))
    }

    /// The visitor's allowance as text.
    pub async fn left(&self) -> Result<String> {
        Ok(self.0.eval(structure::ALLOWANCE).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Chooses files as the dialogue of “Add pictures to change” would.
    pub async fn choose_files(&self, files: &[&PathBuf]) -> Result<()> {
        let root = self.0.cdp("DOM.getDocument", json!({ "depth": 0 })).await?;
        let input = json!({ "nodeId": root["root"]["nodeId"], "selector": structure::FILES });
        let input = self.0.cdp("DOM.querySelector", input).await?["nodeId"].clone();
        let described = json!({ "nodeId": input, "fetchRelatives": false });
        let described =
            self.0.cdp("Accessibility.getPartialAXTree", described).await?["nodes"][0].clone();
        ensure!(
            described["role"]["value"] == "button"
                && described["name"]["value"] == "Add pictures to change"
        );
        let chosen = json!({ "files": files, "nodeId": input });
        self.0.cdp("DOM.setFileInputFiles", chosen).await.map(drop)
    }

    /// The sizes of the uploaded pictures, as they are displayed, in their order.
    pub async fn references(&self) -> Result<Value> {
        let sides = "async function () { await this.decode(); return this.naturalWidth + 'x' + this.naturalHeight }";
        let mut all = Vec::new();
        for one in self.0.parts("image", None).await? {
            if one.name.starts_with("Picture ") {
                let found = self.0.ask(one.node, sides, &[]).await?;
                all.push(found.as_str().context("no sides")?.to_owned());
            }
        }
        Ok(json!(all.join(",")))
    }

    /// The message below the prompt.
    pub async fn note(&self) -> Result<String> {
        Ok(self.0.eval(structure::NOTE).await?.as_str().unwrap_or_default().to_owned())
    }
}
