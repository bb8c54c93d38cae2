//! The rows of a justified wall: rows of equal height that keep the shape of every picture.
//!
//! Owns where each tile lies, in one pass over the tiles. Lengths are whole 64ths of a CSS pixel, in which browsers lay
//! out, so that nothing is rounded twice. Must not know what is in sight.

use crate::state::tile::TileKey;
use contract::options::Size;
use std::{collections::HashMap, ops::Range};

/// A length in 64ths of a CSS pixel.
pub(crate) type Length = i64;

/// A CSS pixel.
pub(crate) const PIXEL: Length = 64;
/// A ratio of 1.
const ONE: i64 = 1 << 20;
/// The flattest and the tallest shape that is kept.
const MOST_FLAT: i64 = 32 * ONE;
const MOST_TALL: i64 = ONE / 32;
/// How much of free room a card takes beside a square picture, which takes 1.
const CARD_GROWS: i64 = ONE * 7 / 5;
/// Browsers round widths, each in its own way: a row leaves so much free that it is never too wide.
const SLACK: Length = PIXEL / 2;
/// So many tiles share a large row at most.
const MOST_IN_ROW: usize = 4;

/// Whether a row that begins at a certain tile is full, with this many tiles.
pub(super) type Fixed = Option<usize>;

/// What the layout depends on beside the tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    /// The width of the wall. 0: it is not known.
    pub width: Length,
    /// The room between tiles.
    pub gap: Length,
    /// The height that rows have before they are stretched.
    pub row: Length,
    /// The same for large rows.
    pub row_large: Length,
    /// The width of a card before it is stretched, and its largest.
    pub card: Length,
    /// The largest width of a card.
    pub card_most: Length,
    /// Whether large tiles share a row.
    pub is_wide: bool,
}

/// What decides how much room a tile has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A picture, or the wait for one.
    Picture(Size),
    /// A card, whose words decide how high it is.
    Card,
    /// A card that has become a line.
    Line,
}

impl Shape {
    /// Whether its words decide how high it is.
    pub(crate) const fn is_card(self) -> bool {
        matches!(self, Self::Card | Self::Line)
    }
}

/// A tile as the layout sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// The tile.
    pub key: TileKey,
    /// What decides how much room it has.
    pub shape: Shape,
}

/// The room of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The tile.
    pub key: TileKey,
    /// Its width.
    pub width: Length,
    /// Its height; none for a card, whose words decide.
    pub height: Option<Length>,
    /// What stays free after it, to the end of the row.
    pub after: Length,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its tiles.
    pub tiles: Range<usize>,
    /// Where it begins, below the wall's top.
    pub top: Length,
    /// Its height.
    pub height: Length,
    /// Whether its tiles are stretched to fill it.
    pub is_full: bool,
}

impl Row {
    pub(super) const fn bottom(&self) -> Length {
        self.top.saturating_add(self.height)
    }
}

/// A tile on its way into a row.
#[derive(Debug, Clone, Copy)]
struct Part {
    item: Item,
    /// Width over height; none for a card.
    ratio: Option<i64>,
    /// Its width before free room is shared out.
    basis: Length,
    /// Its share of free room.
    grows: i64,
    most: Length,
    /// Whether it is one of the newest above smaller ones, which have rows of their own.
    leads: bool,
}

/// Lays the tiles out. Without a width there are no rows.
pub(super) fn lay(
    items: &[Item],
    frame: Frame,
    cards: &HashMap<TileKey, Length>,
    fixed: &HashMap<TileKey, Fixed>,
) -> (Vec<Row>, Vec<Place>) {
    let mut wall = Wall { frame, cards, rows: Vec::new(), places: Vec::with_capacity(items.len()) };
    let width = frame.width.saturating_sub(SLACK);
    if width <= 0 {
        return (wall.rows, Vec::new());
    }
    let few = items.len() <= super::FEW;
    let newest = items.first().map(|item| item.key.serial);
    let of = items.iter().take_while(|item| Some(item.key.serial) == newest).count();
    let of = of.clamp(1, MOST_IN_ROW);
    let mut line: Vec<Part> = Vec::new();
    let mut used = 0;
    // How many tiles fill the row that is being made, if that is fixed.
    let mut full_with: Fixed = None;
    for item in items {
        let is_newest = Some(item.key.serial) == newest;
        let part = part(*item, frame, width, few, is_newest.then_some(of));
        let begins = fixed.get(&item.key);
        let gap = if line.is_empty() { 0 } else { frame.gap };
        let overflows = used + gap + part.basis > width;
        let leads = line.last().map(|last| last.leads);
        let other = leads.is_some_and(|leads| leads != part.leads);
        let crowded = part.leads && line.len() >= of;
        if !line.is_empty() && (begins.is_some() || overflows || other || crowded) {
            // A line begins a row wherever it stands: what hangs before it is not stretched for that.
            let is_line = matches!(item.shape, Shape::Line);
            let fills = overflows && begins.is_none() && !other && !crowded && !is_line;
            let fills = fills || full_with == Some(line.len());
            wall.end(&mut line, width, fills);
            full_with = None;
            used = 0;
        }
        full_with = begins.copied().flatten().or(full_with);
        used += part.basis + if line.is_empty() { 0 } else { frame.gap };
        line.push(part);
    }
    let fills = full_with == Some(line.len());
    wall.end(&mut line, width, fills);
    (wall.rows, wall.places)
}

/// `leads`: how many tiles of the newest request share a row, if it is one of them.
fn part(item: Item, frame: Frame, width: Length, few: bool, leads: Option<usize>) -> Part {
    let of = leads.filter(|_| !few && frame.is_wide);
    let large = few || leads.is_some();
    let whole =
        Part { item, ratio: None, basis: width, grows: 0, most: width, leads: of.is_some() };
    let Shape::Picture(size) = item.shape else {
        let Shape::Card = item.shape else { return whole };
        let (basis, most) = (frame.card.min(width), frame.card_most.min(width));
        return Part { basis, grows: CARD_GROWS, most, ..whole };
    };
    let ratio = ratio(size);
    let tall = if large { frame.row_large } else { frame.row };
    let own = scale(tall, ratio);
    let whole = Part { ratio: Some(ratio), ..whole };
    match of {
        // On a narrow wall each of the large ones takes all of it.
        None if large && !frame.is_wide => whole,
        // Large ones are as high as they may be already.
        None if large => Part { basis: own.min(width), ..whole },
        None => Part { basis: own.min(width), grows: ratio, ..whole },
        Some(of) => {
            let of = i64::try_from(of).unwrap_or(1).max(1);
            let share = (width - (of - 1) * frame.gap) / of;
            let basis = own.min(share).max(1);
            Part { basis, most: basis, ..whole }
        }
    }
}

fn ratio(size: Size) -> i64 {
    let ratio = i64::from(size.width).saturating_mul(ONE) / i64::from(size.height.max(1));
    ratio.clamp(MOST_TALL, MOST_FLAT)
}

const fn scale(length: Length, ratio: i64) -> Length {
    length.saturating_mul(ratio) / ONE
}

struct Wall<'a> {
    frame: Frame,
    cards: &'a HashMap<TileKey, Length>,
    rows: Vec<Row>,
    places: Vec<Place>,
}

impl Wall<'_> {
    /// Ends the row of these tiles; `fills`: they are stretched to fill it.
    fn end(&mut self, line: &mut Vec<Part>, width: Length, fills: bool) {
        if line.is_empty() {
            return;
        }
        let gaps = self.frame.gap * (i64::try_from(line.len()).unwrap_or(1) - 1);
        if fills {
            stretch(line, width - gaps);
        }
        let start = self.places.len();
        let (mut height, mut used) = (0, gaps);
        for part in line.iter() {
            let own = part.ratio.map(|ratio| (part.basis.saturating_mul(ONE) / ratio).max(PIXEL));
            height = height.max(own.unwrap_or_else(|| self.card(part)));
            used += part.basis;
            let place = Place { key: part.item.key, width: part.basis, height: own, after: 0 };
            self.places.push(place);
        }
        if let Some(last) = self.places.last_mut() {
            last.after = (width - used).max(0);
        }
        let top = self.rows.last().map_or(0, |row| row.bottom() + self.frame.gap);
        let tiles = start..self.places.len();
        let is_full = fills && line.iter().any(|part| part.grows > 0);
        self.rows.push(Row { tiles, top, height, is_full });
        line.clear();
    }

    /// The height of a card: as measured, or about that.
    fn card(&self, part: &Part) -> Length {
        let guess = if part.item.shape == Shape::Line { 44 * PIXEL } else { self.frame.row };
        self.cards.get(&part.item.key).copied().unwrap_or(guess)
    }
}

/// Shares `room` out among the tiles of a row. What a tile cannot take goes to the others.
fn stretch(line: &mut [Part], room: Length) {
    // A tile that has all that it can take grows no more: at most one round for each.
    for _ in 0..=line.len() {
        let taken: Length = line.iter().map(|part| part.basis).sum();
        let grows: i64 = line.iter().map(|part| part.grows).sum();
        let free = room - taken;
        if free <= 0 || grows <= 0 {
            return;
        }
        let mut full = false;
        let mut wider = Vec::with_capacity(line.len());
        for part in line.iter() {
            let share = free.saturating_mul(part.grows) / grows;
            full |= part.grows > 0 && part.basis + share > part.most;
            wider.push(part.basis + share);
        }
        for (part, width) in line.iter_mut().zip(wider) {
            if !full {
                part.basis = width;
            } else if part.grows > 0 && width > part.most {
                (part.basis, part.grows) = (part.most, 0);
            }
        }
        if !full {
            return;
        }
    }
}
