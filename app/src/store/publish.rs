//! From the state to the signals.
//!
//! Owns which signal has which part of the state. A signal is written only if its value is another one, and of the
//! tiles only those of requests that have changed are looked at: a key costs the same with five hundred pictures.
//! Must not call the browser: what it has to hear is returned.

use super::{AllowanceView, Lead, StudioStore};
use crate::state::{Studio, tile::TileKey};
use leptos::prelude::*;
use std::collections::HashSet;

/// So many tiles or fewer are all large.
const FEW: usize = 3;

/// What the browser has to hear, beside the signals.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Published {
    /// The prompt is another one.
    pub prompt: bool,
    /// The wall has other tiles, or a tile has other elements: how many tiles are new.
    pub wall: Option<usize>,
}

/// What has changed on the wall.
#[derive(Default)]
struct Changes {
    /// Tiles have come or gone.
    order: bool,
    /// A tile has other elements.
    kinds: bool,
}

impl StudioStore {
    /// Writes what has changed. `looks_below` tells whether the visitor looks at what hangs further down the wall; it is
    /// asked only where that matters, as the answer makes the browser lay out the document.
    pub(super) fn publish(
        self,
        studio: &mut Studio,
        now: u64,
        looks_below: fn() -> bool,
    ) -> Published {
        let draft = studio.draft();
        let prompt = self.prompt().with_untracked(|prompt| *prompt != draft.prompt);
        if prompt {
            self.prompt().set(draft.prompt.clone());
        }
        let choices = draft.choices;
        set(self.size(), choices.size);
        set(self.quality(), choices.quality);
        set(self.count(), choices.count);
        set(self.format(), choices.format);
        set(self.transparent(), choices.transparent);
        set(self.options_open(), studio.options_open());
        set(self.folded(), studio.folded());
        set(self.files_over(), studio.files_over());
        set(self.hosted(), studio.is_hosted());
        set(self.expanded(), studio.is_expanded());
        set(self.note(), studio.note());
        set(self.cancels(), studio.create_cancels());
        set(self.estimate(), studio.estimate());
        set(self.challenge_open(), studio.is_challenge_open());
        set(self.references(), studio.references());
        self.publish_allowance(studio, now);
        Published { prompt, wall: self.publish_wall(studio, now, looks_below) }
    }

    /// The words of what is left depend on the edge's time, which is that at which it became known: they do not change
    /// by themselves.
    fn publish_allowance(self, studio: &Studio, now: u64) {
        let left = studio.allowance(now);
        if self.allowance().with_untracked(|view| view.map(|view| view.left)) != left {
            let now = studio.edge_time(now);
            self.allowance().set(left.map(|left| AllowanceView { left, now }));
        }
    }

    /// Returns how many tiles are new, where anything has changed.
    fn publish_wall(
        self,
        studio: &mut Studio,
        now: u64,
        looks_below: fn() -> bool,
    ) -> Option<usize> {
        let mut changes = Changes::default();
        for serial in studio.take_dirty() {
            self.publish_request(studio, serial, now, &mut changes);
        }
        let mut added = 0;
        if changes.order {
            added = self.publish_order(studio.order(), looks_below);
        }
        let looks_another_way = changes.order || changes.kinds;
        if looks_another_way {
            set(self.has_picture(), studio.has_picture());
        }
        looks_another_way.then_some(added)
    }

    /// Writes the tiles of a request. Those that have come are there before the order names them.
    fn publish_request(self, studio: &Studio, serial: u32, now: u64, changes: &mut Changes) {
        let tiles = studio.tiles_of(serial, now);
        let keys: Vec<_> = tiles.iter().map(|(key, _)| *key).collect();
        changes.order |= self
            .parts()
            .keys
            .try_update_value(|all| {
                let old = if keys.is_empty() {
                    all.remove(&serial)
                } else {
                    all.insert(serial, keys.clone())
                };
                old.unwrap_or_default() != keys
            })
            .unwrap_or_default();
        for (key, view) in tiles {
            match self.parts().tiles.with_value(|tiles| tiles.get(&key).cloned()) {
                Some(tile) => {
                    let (other, kind) =
                        tile.with_untracked(|old| (*old != view, old.kind() != view.kind()));
                    changes.kinds |= kind;
                    if other {
                        tile.set(view);
                    }
                }
                None => self.parts().tiles.update_value(|tiles| {
                    tiles.insert(key, ArcRwSignal::new(view));
                }),
            }
        }
    }

    /// Writes the order; returns how many tiles are new.
    fn publish_order(self, order: Vec<TileKey>, looks_below: fn() -> bool) -> usize {
        let added = self.order().with_untracked(|old| self.keep_rows(old, &order, looks_below));
        set(self.wall_is_empty(), order.is_empty());
        let few = order.len() <= FEW;
        set(self.few(), few);
        let newest = order.first().map(|key| key.serial);
        set(self.newest(), newest);
        let lead = newest.filter(|_| !few).and_then(|serial| {
            let own = order.iter().take_while(|key| key.serial == serial);
            own.clone().last().map(|last| Lead { serial, tiles: own.count(), last: *last })
        });
        set(self.lead(), lead);
        let hang: HashSet<_> = order.iter().copied().collect();
        set(self.order(), order);
        self.parts().tiles.update_value(|tiles| tiles.retain(|key, _| hang.contains(key)));
        added
    }

    /// Where somebody looks at what hangs further down, new tiles have rows of their own: the others stay where they
    /// are. Returns how many are new.
    fn keep_rows(self, old: &[TileKey], order: &[TileKey], looks_below: fn() -> bool) -> usize {
        let known: HashSet<_> = old.iter().collect();
        let added = order.iter().filter(|key| !known.contains(key)).count();
        let last_new = order.windows(2).find_map(|pair| match pair {
            [new, next] if !known.contains(new) && known.contains(next) => Some(*new),
            _ => None,
        });
        if let Some(last_new) = last_new {
            if looks_below() {
                // What was the large row until now has one of its own among the small ones.
                let lead = self.lead().get_untracked().map(|lead| lead.last);
                self.row_ends().update(|ends| ends.extend(lead.into_iter().chain([last_new])));
            } else {
                set(self.row_ends(), Vec::new());
            }
        }
        added
    }
}

/// Writes a signal whose value is another one.
fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

#[cfg(test)]
mod tests;
