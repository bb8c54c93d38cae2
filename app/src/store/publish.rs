//! From the state to the signals.
//!
//! Owns which signal has which part of the state. A signal is written only if its value is another one, and of the
//! tiles only those of requests that have changed are looked at: a key costs the same with five hundred pictures.
//! Must not call the browser: what it has to hear is returned.

use super::{AllowanceView, Parts, StudioStore};
use crate::state::{Studio, tile::TileKey, virtual_scroll::VirtualScroll};
use leptos::prelude::*;
use std::collections::HashSet;

/// What the browser has to hear, beside the signals.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Published {
    /// The prompt is another one.
    pub prompt: bool,
}

impl StudioStore {
    /// Writes what has changed.
    pub(super) fn publish(self, studio: &mut Studio, now: u64) -> Published {
        let draft = studio.draft();
        let prompt = self.prompt().with_untracked(|prompt| *prompt != draft.prompt);
        if prompt {
            self.prompt().set(draft.prompt.clone());
        }
        set(self.choices(), draft.choices);
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
        set(self.device_stage(), studio.device_stage());
        set(self.selection(), studio.selection());
        set(self.undo_count(), studio.undo_count());
        self.publish_allowance(studio, now);
        self.publish_wall(studio, now);
        set(self.viewer(), studio.viewer_view());
        Published { prompt }
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

    fn publish_wall(self, studio: &mut Studio, now: u64) {
        let mut added = HashSet::new();
        let dirty = studio.take_dirty();
        if !dirty.is_empty() {
            set(self.has_picture(), studio.has_picture());
        }
        for serial in dirty {
            self.publish_request(studio, serial, now, &mut added);
        }
        if !added.is_empty() {
            self.parts().fresh.set_value(added);
        }
        self.publish_rows(studio.virtual_scroll());
        if self.picked().with_untracked(|picked| picked != studio.picked()) {
            self.picked().set(studio.picked().clone());
        }
        if self.archive().with_untracked(|archive| archive.as_ref() != studio.archive()) {
            self.archive().set(studio.archive().cloned());
        }
    }

    /// Writes the tiles of a request. Those that have come are there before the rows name them.
    fn publish_request(self, studio: &Studio, serial: u32, now: u64, added: &mut HashSet<TileKey>) {
        let tiles = studio.tiles_of(serial, now);
        let keys: Vec<_> = tiles.iter().map(|(key, _)| *key).collect();
        let Parts { keys: all, tiles: signals, .. } = self.parts();
        let old = all.try_update_value(|all| {
            if keys.is_empty() { all.remove(&serial) } else { all.insert(serial, keys.clone()) }
        });
        let old = old.flatten().unwrap_or_default();
        for key in old.iter().filter(|key| !keys.contains(key)) {
            signals.update_value(|tiles| drop(tiles.remove(key)));
        }
        added.extend(keys.iter().filter(|key| !old.contains(key)));
        for (key, view) in tiles {
            match signals.with_value(|tiles| tiles.get(&key).cloned()) {
                Some(tile) => {
                    if tile.with_untracked(|old| *old != view) {
                        tile.set(view);
                    }
                }
                None => signals.update_value(|tiles| {
                    tiles.insert(key, ArcRwSignal::new(view));
                }),
            }
        }
    }

    /// Writes which tiles are rendered, and where. A tile that comes finds its place.
    fn publish_rows(self, wall: &VirtualScroll) {
        let revision = Some(wall.revision());
        if self.parts().revision.get_value() == revision {
            return;
        }
        self.parts().revision.set_value(revision);
        set(self.wall_is_empty(), wall.count() == 0);
        set(self.few(), wall.is_few());
        set(self.newest(), wall.newest().map(|key| key.serial));
        set(self.tile_count(), Some(wall.count()).filter(|_| wall.is_long()));
        let shown = wall.shown();
        let keys = shown.iter().map(|shown| shown.key).collect();
        set(self.places(), shown.into_iter().map(|shown| (shown.key, shown)).collect());
        set(self.rooms(), wall.rooms());
        set(self.shown(), keys);
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
