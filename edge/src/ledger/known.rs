//! The cache of a Ledger's rows, so that a step does not read a row again.
//!
//! Owns copies of rows. Nobody else writes this storage, so a copy stays correct while the object is in memory; after a
//! transaction that failed, all copies are dropped. Must not read or write rows.

use super::{numbers::Numbers, row::text};
use contract::{
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use engine::ledger::{
    DayBook, Reservation, TIMES,
    count::Held,
    learned::{Kind, Learned},
    usage::Hour,
};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// How many open reservations are cached. On most sites these are the jobs that run.
const OPEN: usize = 64;

#[derive(Default)]
pub(super) struct Known {
    pub(super) numbers: Option<Numbers>,
    pub(super) month: Option<Month>,
    /// What the site has granted within the last 60 minutes; `None` until it was read.
    pub(super) hour: Option<Hour>,
    /// When models were found to be gone; `None` until it was read.
    pub(super) gone: Option<BTreeMap<String, Timestamp>>,
    /// What was learned of prices; `None` until it was read.
    pub(super) learned: Option<BTreeMap<Kind, Learned>>,
    times: Vec<(String, Size, Quality, Times)>,
    /// Open reservations, the newest last.
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

    /// The open reservation of a job.
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

/// The key of the recent times: a kind of picture, and a model.
pub(super) struct TimesOf<'a> {
    pub(super) model: &'a str,
    pub(super) size: Size,
    pub(super) quality: Quality,
}

impl TimesOf<'_> {
    /// The key's columns.
    pub(super) fn values(&self) -> [JsValue; 3] {
        [text(self.model), text(&self.size.to_string()), text(self.quality.word())]
    }
}

/// The sums of the days from `first` to before `end` on which something was booked.
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

    /// The sums that count towards a cap; `None` if one overflows, which is above every cap.
    pub(super) fn held(&self) -> Option<Held> {
        self.days.iter().try_fold(Held::default(), |sum, (_, day)| sum.checked_add(day.held()))
    }
}

/// The times of the newest jobs of a kind: a ring of slots, in which the newest overwrites the oldest.
#[derive(Default)]
pub(super) struct Times {
    pub(super) last: u64,
    /// Slots with their milliseconds.
    pub(super) all: Vec<(u64, u64)>,
}

impl Times {
    /// Adds a time, and returns its slot.
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
