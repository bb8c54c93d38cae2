//! What a Ledger in memory knows of its rows, so that no step reads it again.
//!
//! Owns copies. An object's storage is written by nobody else, so what was read or written stays true for as long as the
//! object is in memory; of a transaction that was undone nothing is kept. Must not read or write a row.

use super::{numbers::Numbers, row::text};
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use engine::ledger::{DayBook, Reservation, TIMES};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// Open reservations that are known at once: those of the jobs that run, on most sites.
const OPEN: usize = 64;

#[derive(Default)]
pub(super) struct Known {
    pub(super) numbers: Option<Numbers>,
    pub(super) month: Option<Month>,
    /// When models were found to be gone, once that was read.
    pub(super) gone: Option<BTreeMap<String, Timestamp>>,
    times: Vec<(String, Size, Quality, Times)>,
    /// The newest last.
    open: Vec<Reservation>,
}

impl Known {
    pub(super) fn times(&mut self, of: &TimesOf<'_>) -> Option<&mut Times> {
        let mut all = self.times.iter_mut();
        let found =
            all.find(|own| (own.0.as_str(), own.1, own.2) == (of.model, of.size, of.quality));
        found.map(|own| &mut own.3)
    }

    pub(super) fn learn_times(&mut self, of: &TimesOf<'_>, times: Times) {
        self.times.push((of.model.to_owned(), of.size, of.quality, times));
    }

    /// An open reservation.
    pub(super) fn open(&self, job: &str) -> Option<&Reservation> {
        self.open.iter().find(|reservation| reservation.job == job)
    }

    pub(super) fn learn(&mut self, reservation: &Reservation) {
        self.open.retain(|own| own.job != reservation.job);
        if reservation.closed.is_none() {
            if self.open.len() >= OPEN {
                self.open.remove(0);
            }
            self.open.push(reservation.clone());
        }
    }
}

/// Whose times are meant: those of one kind of picture, with one model.
pub(super) struct TimesOf<'a> {
    pub(super) model: &'a str,
    pub(super) size: Size,
    pub(super) quality: Quality,
}

impl TimesOf<'_> {
    /// As they stand in a row.
    pub(super) fn values(&self) -> [JsValue; 3] {
        [text(self.model), text(&self.size.to_string()), text(self.quality.word())]
    }
}

/// The sums of all days from `first` to before `end` on which something was booked.
pub(super) struct Month {
    pub(super) first: Day,
    pub(super) end: Day,
    pub(super) days: Vec<(Day, DayBook)>,
}

impl Month {
    pub(super) fn has(&self, day: Day) -> bool {
        self.first <= day && day < self.end
    }

    pub(super) fn day(&self, day: Day) -> DayBook {
        self.days.iter().find(|(own, _)| *own == day).map(|(_, sums)| *sums).unwrap_or_default()
    }

    pub(super) fn put(&mut self, day: Day, sums: DayBook) {
        self.days.retain(|(own, _)| *own != day);
        self.days.push((day, sums));
    }

    /// What they hold against a cap; nothing if that does not fit.
    pub(super) fn held(&self) -> Option<Nano> {
        self.days.iter().try_fold(Nano::ZERO, |sum, (_, day)| sum.checked_add(day.held()?))
    }
}

/// What the newest jobs of a kind took. Each has a slot, and the newest takes that of the one which came so many before.
#[derive(Default)]
pub(super) struct Times {
    pub(super) last: u64,
    /// Slot and milliseconds.
    pub(super) all: Vec<(u64, u64)>,
}

impl Times {
    /// Counts one more; its slot.
    pub(super) fn add(&mut self, ms: u64) -> u64 {
        self.last = self.last.saturating_add(1);
        let slot = self.last % u64::from(TIMES);
        self.all.retain(|(own, _)| *own != slot);
        self.all.push((slot, ms));
        slot
    }

    pub(super) fn median(&self) -> Option<u64> {
        let mut all: Vec<u64> = self.all.iter().map(|(_, ms)| *ms).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    }
}
