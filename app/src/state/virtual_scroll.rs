//! Which part of the wall is rendered: the rows near the screen, however many tiles there are.
//!
//! Owns the rows of all tiles, the part of the wall that is in sight, and which rows are rendered for it. `rows` computes
//! where each tile lies; what is not rendered is known by its height alone. Must not know what a tile shows.

mod rows;
#[cfg(any(feature = "client", test))]
mod steps;
#[cfg(test)]
mod tests;

use super::tile::TileKey;
use rows::Fixed;
pub(crate) use rows::{Frame, Item, Length, Place, Shape};
use rows::{Row, lay};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};
#[cfg(feature = "client")]
pub(crate) use steps::step;

/// So many tiles or fewer are all large.
const FEW: usize = 3;

/// What is in sight of the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sight {
    /// Where the screen begins, below the wall's own top; negative where the wall begins further down.
    pub top: Length,
    /// How high the screen is.
    pub height: Length,
}

impl Sight {
    /// Whether the visitor looks at what hangs further down.
    pub(crate) const fn is_below(self) -> bool {
        self.top > 0
    }

    /// From where to where rows are rendered: so many half screens beyond both ends.
    const fn reach(self, halves: Length) -> (Length, Length) {
        let beyond = self.height.saturating_mul(halves) / 2;
        (self.top.saturating_sub(beyond), self.top.saturating_add(self.height + beyond))
    }
}

/// A tile that is rendered, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The tile.
    pub key: TileKey,
    /// Its place among all tiles, from 0.
    pub index: usize,
    /// Its room, once the wall's width is known.
    pub place: Option<Place>,
}

/// The wall and what is rendered of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct VirtualScroll {
    frame: Frame,
    sight: Sight,
    items: Vec<Item>,
    rows: Vec<Row>,
    places: Vec<Place>,
    /// Which rows are rendered.
    rendered: Range<usize>,
    /// The heights of cards, as the browser has measured them: their words decide.
    cards: HashMap<TileKey, Length>,
    /// The tiles that begin a row whatever comes before them, and how many tiles that row has, if they fill it.
    fixed: HashMap<TileKey, Fixed>,
    /// Tells a state of the wall from those before it.
    revision: u32,
}

/// So many tiles are rendered while the wall has no width: they cannot be in sight.
const UNMEASURED: usize = 24;
/// Half screens that are rendered beyond both ends of the screen, and those that must be.
const BEYOND: Length = 2;
const LEAST_BEYOND: Length = 1;

impl VirtualScroll {
    /// Another number, where something of what is rendered may have changed.
    pub(crate) const fn revision(&self) -> u32 {
        self.revision
    }

    /// How many tiles there are.
    pub(crate) const fn count(&self) -> usize {
        self.items.len()
    }

    /// Whether so few tiles hang that all of them are large.
    pub(crate) const fn is_few(&self) -> bool {
        self.items.len() <= FEW
    }

    /// The newest tile.
    pub(crate) fn newest(&self) -> Option<TileKey> {
        self.items.first().map(|item| item.key)
    }

    /// Every tile, newest first.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = TileKey> {
        self.items.iter().map(|item| item.key)
    }

    /// Whether the visitor looks at what hangs further down.
    pub(crate) const fn is_below(&self) -> bool {
        self.sight.is_below()
    }

    /// The wall has these tiles, newest first.
    pub(crate) fn hang(&mut self, items: Vec<Item>) {
        self.fix_rows(&items);
        self.items = items;
        let hangs: HashSet<_> = self.keys().collect();
        self.cards.retain(|key, _| hangs.contains(key));
        let anchor = self.anchor(&hangs);
        self.lay();
        // The browser keeps what is looked at where it is, and tells so only later.
        if let Some((key, was)) = anchor
            && let Some(is) = self.top_of(key)
        {
            self.sight.top = self.sight.top.saturating_add(is.saturating_sub(was));
        }
        self.render();
    }

    /// Where newer tiles come while somebody looks at what hangs further down, each row of old tiles stays as it is.
    fn fix_rows(&mut self, items: &[Item]) {
        let old: HashSet<_> = self.keys().collect();
        let known = items.iter().filter(|item| old.contains(&item.key));
        let kept = known.map(|item| item.key).eq(self.keys());
        let added = items.len() > self.items.len();
        let in_front = items.first().is_some_and(|item| !old.contains(&item.key));
        if !kept || (added && !(in_front && self.is_below())) {
            self.fixed.clear();
        } else if added {
            let rows = self.rows.iter().filter_map(|row| {
                let first = self.items.get(row.tiles.start)?;
                Some((first.key, row.is_full.then_some(row.tiles.len())))
            });
            self.fixed = rows.collect();
        }
    }

    /// The first tile in sight that stays, and where its row begins. None if the wall's beginning is in sight.
    fn anchor(&self, stays: &HashSet<TileKey>) -> Option<(TileKey, Length)> {
        let rows = self.rows.get(self.row_at(self.sight.top)..).filter(|_| self.is_below())?;
        rows.iter().find_map(|row| {
            let mut places = self.places.get(row.tiles.clone())?.iter();
            let stays = places.find(|place| stays.contains(&place.key))?;
            Some((stays.key, row.top))
        })
    }

    fn top_of(&self, key: TileKey) -> Option<Length> {
        self.rows.get(self.row_of(key)?).map(|row| row.top)
    }

    /// The wall's width, and the lengths that its style names, are these.
    pub(crate) fn measure(&mut self, frame: Frame) {
        if self.frame != frame {
            self.frame = frame;
            self.fixed.clear();
            self.cards.clear();
            self.lay();
            self.render();
        }
    }

    /// The cards that are rendered have these heights, in their order.
    pub(crate) fn measure_cards(&mut self, heights: &[Length]) {
        let rendered = self.items.get(self.tiles()).unwrap_or_default();
        let cards = rendered.iter().filter(|item| item.shape.is_card()).map(|item| item.key);
        let cards: Vec<_> = cards.zip(heights.iter().copied()).collect();
        let before = self.cards.clone();
        self.cards.extend(cards);
        if self.cards != before {
            self.lay();
            self.render();
        }
    }

    /// Whether another part of the wall has to be rendered for this sight.
    pub(crate) fn needs(&self, sight: Sight) -> bool {
        if self.rows.is_empty() {
            return false;
        }
        let needed = self.rows_of(sight, LEAST_BEYOND);
        // Where the wall begins or ends on the screen decides what becomes of new tiles.
        sight.is_below() != self.sight.is_below()
            || sight.height != self.sight.height
            || needed.start < self.rendered.start
            || needed.end > self.rendered.end
    }

    /// This is in sight.
    pub(crate) fn look(&mut self, sight: Sight) {
        let other = self.needs(sight);
        self.sight = sight;
        if other {
            self.render();
        }
    }

    /// Renders the row of a tile, wherever the screen is: it will be scrolled to.
    pub(crate) fn reveal(&mut self, key: TileKey) {
        if let Some(row) = self.row_of(key).filter(|row| !self.rendered.contains(row)) {
            self.rendered = row..row.saturating_add(1);
            self.revision = self.revision.wrapping_add(1);
        }
    }

    /// What is rendered, in its order.
    pub(crate) fn shown(&self) -> Vec<Shown> {
        let tiles = self.tiles();
        let items = self.items.get(tiles.clone()).unwrap_or_default();
        let shown = tiles.zip(items).map(|(index, item)| Shown {
            key: item.key,
            index,
            place: self.places.get(index).copied(),
        });
        shown.collect()
    }

    /// Whether some tiles are not rendered.
    pub(crate) fn is_long(&self) -> bool {
        self.tiles().len() < self.items.len()
    }

    /// How much room the rows take that are not rendered, before and after those that are.
    pub(crate) fn rooms(&self) -> (Length, Length) {
        let gap = self.frame.gap;
        let first = self.rows.get(self.rendered.start);
        let before = first.map_or(0, |row| row.top.saturating_sub(gap));
        let last = self.rendered.end.checked_sub(1).and_then(|last| self.rows.get(last));
        let after = last.map_or(0, |row| self.height() - row.bottom() - gap);
        (before.max(0), after.max(0))
    }

    /// The height of the whole wall.
    pub(crate) fn height(&self) -> Length {
        self.rows.last().map_or(0, Row::bottom)
    }

    fn tiles(&self) -> Range<usize> {
        if self.rows.is_empty() {
            return 0..self.items.len().min(UNMEASURED);
        }
        let rows = self.rows.get(self.rendered.clone()).unwrap_or_default();
        match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => first.tiles.start..last.tiles.end,
            _ => 0..0,
        }
    }

    fn lay(&mut self) {
        (self.rows, self.places) = lay(&self.items, self.frame, &self.cards, &self.fixed);
    }

    fn render(&mut self) {
        self.rendered = self.rows_of(self.sight, BEYOND);
        self.revision = self.revision.wrapping_add(1);
    }

    /// The rows within reach of a sight; at least one, where there is one.
    fn rows_of(&self, sight: Sight, halves: Length) -> Range<usize> {
        let (from, to) = sight.reach(halves);
        let first = self.row_at(from);
        let end = self.row_at(to).saturating_add(1).min(self.rows.len());
        first..end
    }

    /// The row that lies there, or the nearest one.
    fn row_at(&self, top: Length) -> usize {
        self.rows.partition_point(|row| row.top <= top).saturating_sub(1)
    }

    fn row_of(&self, key: TileKey) -> Option<usize> {
        let index = self.items.iter().position(|item| item.key == key)?;
        Some(self.rows.partition_point(|row| row.tiles.end <= index))
            .filter(|_| !self.rows.is_empty())
    }
}
