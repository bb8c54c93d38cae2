//! The selection bar above the wall, with which several pictures are saved or deleted together.
//!
//! Owns its buttons. Must not know the effect of a deletion: the wall's page object does.

use crate::browser::Browser;
use anyhow::Result;
use serde_json::json;

/// The selection bar of a window's page.
pub struct Selection<'a>(pub &'a Browser);

impl Selection<'_> {
    /// Focuses its first button.
    pub async fn focus(&self) -> Result<()> {
        self.0.focus("button", "Select").await
    }

    /// Presses a button without scrolling to it.
    async fn press(&self, name: &str) -> Result<()> {
        self.0.of("button", name, "function () { this.click() }").await.map(drop)
    }

    /// Selects and deletes all pictures, without scrolling.
    pub async fn delete_all(&self) -> Result<()> {
        self.press("Select").await?;
        self.press("Select all").await?;
        let free = "function () { return !this.disabled }";
        let on = async || Ok(self.0.of("button", "Delete", free).await? == json!(true));
        self.0.until_true("that “Delete” can be pressed", on).await?;
        self.press("Delete").await
    }
}
