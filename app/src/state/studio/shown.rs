//! What the views ask for: the wall, and what is told of its places.
//!
//! Owns which events can make the wall another one. Must not change anything.

use super::{Due, Event, Studio};
use crate::state::{
    entry::{Entry, Stage},
    progress::{self, Progress},
    tile::{self, Tile},
};
use contract::money::Nano;

impl Event {
    /// Whether the wall can be another one after it. What happens with each key and each second cannot make it one.
    pub(crate) const fn may_change_the_wall(&self) -> bool {
        !matches!(
            self,
            Self::Intent
                | Self::Typed(_)
                | Self::EdgeTime(_)
                | Self::Due(
                    Due::Tick | Due::Watch(..) | Due::Ask(_) | Due::Hear(_) | Due::Cancel(_)
                )
        )
    }
}

impl Studio {
    /// What hangs on the wall, newest first.
    pub(crate) fn wall(&self) -> Vec<Tile> {
        tile::wall(&self.entries)
    }

    /// How far an entry is.
    pub(crate) fn progress(&self, serial: u32, now: u64) -> Option<Progress> {
        let (checking, edge) = (self.session.is_checking(), self.edge_time(now));
        self.shown(serial).map(|entry| progress::of(entry, checking, now, edge))
    }

    /// How many pictures came of an entry and what they cost together, to be told at the picture with this index.
    pub(crate) fn cost(&self, serial: u32, index: u32) -> Option<(usize, Nano)> {
        match &self.shown(serial)?.stage {
            Stage::Done(job) => job.cost(index.try_into().ok()?),
            _ => None,
        }
    }

    /// What is told of the picture in this place beside itself.
    pub(crate) fn facts(&self, (serial, index): (u32, u32)) -> Option<String> {
        tile::facts(self.shown(serial)?, index)
    }

    fn shown(&self, serial: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.serial == serial)
    }
}
