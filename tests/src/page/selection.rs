//! The bar above the wall with which pictures are selected, saved and deleted together.
//!
//! Owns its presses. Must not know what a deletion leads to: that is the wall's.

use crate::browser::Browser;
use anyhow::Result;
use serde_json::json;

/// The bar of the page in a window.
pub struct Selection<'a>(pub &'a Browser);

impl Selection<'_> {
    /// Gives its first button the focus.
    pub async fn focus(&self) -> Result<()> {
        self.0.focus("button", "Select").await
    }

    /// Presses a button where it is, without scrolling to it.
    async fn press(&self, name: &str) -> Result<()> {
        let node = self.0.see("button", name).await?;
        self.0.ask(node, "function () { this.click() }", &[]).await.map(drop)
    }

    /// Selects and deletes everything from wherever the window has been scrolled to.
    pub async fn delete_all(&self) -> Result<()> {
        self.press("Select").await?;
        self.press("Select all").await?;
        let free = "function () { return !this.disabled }";
        let on = async || Ok(self.0.of("button", "Delete", free).await? == json!(true));
        self.0.until_true("that “Delete” can be pressed", on).await?;
        self.press("Delete").await
    }
}
