//! Texts for the values of signals, in the document's language.
//!
//! Owns which text a value becomes. Must not format a time of day while the edge renders, which knows no visitor's time
//! zone.

use super::StudioStore;
use crate::{
    state::{error::StudioError, progress::Progress, tile::Waiting},
    texts::{self, Card},
};
use contract::time::Timestamp;
use leptos::prelude::*;

impl StudioStore {
    /// What the form has to say.
    pub(crate) fn note_text(self) -> Option<String> {
        self.note().get().map(|note| texts::note(&self.texts(), note))
    }

    /// What the next pictures will cost.
    pub(crate) fn estimate_text(self) -> Option<String> {
        self.estimate().get().map(|usd| texts::estimate(&self.texts(), usd))
    }

    /// How many pictures are left, or that there is none.
    pub(crate) fn allowance_text(self) -> Option<String> {
        let view = self.allowance().get()?;
        Some(texts::allowance(&self.texts(), view.left, view.now, of_day))
    }

    /// How far a picture is.
    pub(crate) fn wait_text(self, wait: Waiting) -> String {
        texts::progress(&self.texts(), wait.progress)
    }

    /// Seconds of a wait, and how many it usually takes.
    pub(crate) fn wait_measure(wait: Waiting) -> Option<(u64, u64)> {
        match wait.progress {
            Progress::Elapsed { seconds, expected: Some(expected) } if seconds <= expected => {
                Some((seconds, expected))
            }
            _ => None,
        }
    }

    /// That the visitor may leave meanwhile, where it is so.
    pub(crate) fn leave_text(self, wait: Waiting) -> Option<String> {
        wait.may_leave.map(|minutes| texts::may_leave(&self.texts(), minutes))
    }

    /// The card of a problem. In doubt the studio goes on behind it.
    pub(crate) fn card(self, error: StudioError, doubt: bool) -> Card {
        let texts = self.texts();
        if doubt {
            texts::card_of_doubt(&texts, error)
        } else {
            texts::card(&texts, error, self.edge_time(), of_day)
        }
    }
}

#[cfg(feature = "client")]
fn of_day(time: Timestamp) -> (u32, u32) {
    crate::browser::clock::of_day(time)
}

#[cfg(not(feature = "client"))]
fn of_day(_: Timestamp) -> (u32, u32) {
    (0, 0)
}
