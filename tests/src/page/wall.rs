//! The wall: the list "Pictures", the newest first.
//!
//! Owns how pictures are found and counted there. Must not open them: tests do that with a button.

use super::structure;
use crate::browser::{Browser, Part};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The beginning of the name of a finished picture's button, before the picture's own name.
const OPEN: &str = "Open picture: ";
/// The positions of the pictures on the screen.
const PLACES: &str = "function () { return [...this.querySelectorAll('img')].map((one) => [one.alt, one.getBoundingClientRect()]).filter(([, { top, bottom }]) => bottom > 0 && top < innerHeight).map(([alt, { x, y }]) => [alt, Math.round(x), Math.round(y)]) }";
/// The positions of all pictures that are rendered, in the document.
const POSITIONS: &str = "function () { return [...this.querySelectorAll('img')].map((one) => [one.alt, one.getBoundingClientRect()]).map(([alt, { x, y }]) => [alt, [Math.round(x), Math.round(y + scrollY)]]) }";

/// The wall of a window's page.
pub struct Wall<'a>(pub &'a Browser);

impl Wall<'_> {
    /// The list; none while the wall is empty.
    async fn list(&self) -> Result<Option<i64>> {
        let lists = self.0.parts("list", None).await?;
        Ok(lists.iter().find(|one| one.name == "Pictures").map(|one| one.node))
    }

    async fn within(&self, role: &str) -> Result<Vec<Part>> {
        match self.list().await? {
            Some(list) => self.0.parts(role, Some(list)).await,
            None => Ok(Vec::new()),
        }
    }

    /// The names of the finished pictures, in their order; on a long wall those near the screen.
    pub async fn pictures(&self) -> Result<Vec<String>> {
        let all = self.within("button").await?;
        Ok(all.iter().filter_map(|one| one.name.strip_prefix(OPEN)).map(str::to_owned).collect())
    }

    /// Waits until exactly these pictures are on the wall and finished.
    pub async fn hangs(&self, names: &[&str]) -> Result<()> {
        let all = async || Ok(self.pictures().await? == names);
        self.0.until_true(&format!("the pictures {names:?} and no other"), all).await
    }

    /// Waits until that many pictures are finished.
    pub async fn counts(&self, count: usize) -> Result<()> {
        let all = async || Ok(self.pictures().await?.len() == count);
        self.0.until_true(&format!("{count} pictures"), all).await
    }

    /// The number of pictures with this name, finished or not.
    pub async fn of_name(&self, name: &str) -> Result<usize> {
        Ok(self.within("image").await?.iter().filter(|one| one.name == name).count())
    }

    /// Whether a picture of this name is on the wall and decoded.
    pub async fn shows(&self, name: &str) -> Result<bool> {
        let decoded = "function () { return this.naturalWidth > 0 }";
        for one in self.within("image").await?.iter().filter(|one| one.name == name) {
            // The picture may be replaced by its thumbnail between the two commands; the caller then asks again.
            if matches!(self.0.ask(one.node, decoded, &[]).await, Ok(value) if value == json!(true))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The cards of all problems: the headline, and the prompt to which it belongs.
    pub async fn problems(&self) -> Result<Vec<[String; 2]>> {
        Ok(serde_json::from_value(self.0.eval(structure::PROBLEMS).await?)?)
    }

    /// Waits until no picture of this name is on the wall.
    pub async fn vanishes(&self, name: &str) -> Result<()> {
        let gone = async || Ok(self.of_name(name).await? == 0);
        self.0.until_true(&format!("that “{name}” is gone"), gone).await
    }

    /// Waits until every picture is a thumbnail that the browser itself holds.
    pub async fn copies(&self, count: usize) -> Result<()> {
        self.0
            .until_true(&format!("{count} copies"), async || {
                let all = self.within("image").await?;
                for one in &all {
                    let copy =
                        "function () { return this.src.startsWith('blob:') && this.complete }";
                    if self.0.ask(one.node, copy, &[]).await? != json!(true) {
                        return Ok(false);
                    }
                }
                Ok(all.len() == count)
            })
            .await
    }

    /// Of each picture, whether its original is shown.
    pub async fn originals(&self) -> Result<Vec<bool>> {
        let mut all = Vec::new();
        for one in self.within("image").await? {
            let own = "function () { return !this.src.startsWith('blob:') && this.complete }";
            all.push(self.0.ask(one.node, own, &[]).await? == json!(true));
        }
        Ok(all)
    }

    /// The URLs at the edge from which the pictures are saved, in their order.
    pub async fn addresses(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for one in self.within("link").await? {
            let address = self.0.ask(one.node, "function () { return this.href }", &[]).await?;
            all.push(address.as_str().context("no address")?.to_owned());
        }
        Ok(all)
    }

    /// Makes the edge delete the jobs of all pictures, as it does by itself after the retention time.
    pub async fn forget_at_the_edge(&self) -> Result<()> {
        for address in self.addresses().await? {
            let (order, _) = address.split_once("/pictures").context("no picture's address")?;
            let forget = format!("fetch({}, {{ method: 'DELETE' }}).then(() => 0)", json!(order));
            self.0.eval(&forget).await?;
        }
        Ok(())
    }

    /// How many places are rendered, and how many there are.
    pub async fn laid_out(&self) -> Result<(usize, usize)> {
        let laid = self.within("listitem").await?;
        let Some(last) = laid.last() else { return Ok((0, 0)) };
        let size = self.0.ask(last.node, "function () { return Number(this.ariaSetSize) }", &[]);
        // A short wall has no such number: all of it is rendered.
        let size = usize::try_from(size.await?.as_u64().unwrap_or_default())?;
        Ok((laid.len(), size.max(laid.len())))
    }

    /// Waits until the wall has that many pictures, and rows far from the screen are not rendered.
    pub async fn is_long(&self, count: usize) -> Result<()> {
        self.0
            .until_true(&format!("a wall of {count}"), async || {
                let (laid, all) = self.laid_out().await?;
                Ok(all == count && laid < all)
            })
            .await
    }

    /// The position of the last tile as a screen reader announces it, and the number of all tiles.
    pub async fn last_place(&self) -> Result<Value> {
        let all = self.within("listitem").await?;
        let last = all.last().context("nothing hangs")?;
        let place = "function () { return `${this.ariaPosInSet} of ${this.ariaSetSize}` }";
        self.0.ask(last.node, place, &[]).await
    }

    /// The positions of the pictures on the screen, with their names.
    pub async fn places(&self) -> Result<Value> {
        self.0.ask(self.list().await?.context("nothing hangs")?, PLACES, &[]).await
    }

    /// The positions of all pictures that are rendered, in the whole document, with their names.
    pub async fn positions(&self) -> Result<Vec<(String, [i64; 2])>> {
        let positions = self.0.ask(self.list().await?.context("nothing hangs")?, POSITIONS, &[]);
        Ok(serde_json::from_value(positions.await?)?)
    }

    /// Waits until the first place of the wall exists, with a picture or a pending one.
    pub async fn first_place(&self) -> Result<i64> {
        self.0
            .until_true("a place on the wall", async || {
                Ok(!self.within("listitem").await?.is_empty())
            })
            .await?;
        self.within("listitem").await?.first().map(|one| one.node).context("nothing hangs")
    }

    /// Waits until the buttons of the first picture are visible, or hidden.
    pub async fn acts_show(&self, shown: bool) -> Result<()> {
        self.0
            .until_true(&format!("that it is {shown} that acts are seen"), async || {
                let place = self.first_place().await?;
                Ok(self.0.ask(place, structure::ACTS_SHOW, &[]).await? == json!(shown))
            })
            .await
    }
}
