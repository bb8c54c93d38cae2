//! The learned excess: what a picture of a kind cost above its configured worst case is reserved on top from then on.
//!
//! Owns the bound of an excess, and for how long it counts. Must not refuse anything: it makes a worst case larger, and
//! the caps decide.
//!
//! Why: `docs/decisions/2026-11-29-learned-excess.md`.

use super::{Bill, Book, Overrun, Reservation, Settled};
use crate::candidates::Candidate;
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{DAY_MS, Timestamp},
};
use std::fmt::Write as _;

/// An excess is at most this many times the configured worst case, so that one wrong price does not make a picture of
/// this kind impossible.
const MOST: u64 = 4;
/// An excess counts for this long after the bill that showed it last.
const COUNTS_MS: u64 = 30 * DAY_MS;

/// The pictures that an excess is learned for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The model that was asked.
    pub model: String,
    /// Their quality.
    pub quality: Quality,
    /// Their size.
    pub size: Size,
    /// The number of pictures to edit.
    pub inputs: u32,
}

/// What was learned about a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Learned {
    /// What is reserved on top for each picture.
    pub excess: Nano,
    /// When it is forgotten.
    pub until: Timestamp,
}

impl Learned {
    fn counts(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// A worst case with an excess on top.
pub fn on_top(worst: Nano, excess: Nano) -> Nano {
    Nano(worst.0.saturating_add(excess.0.min(most(worst))))
}

const fn most(worst: Nano) -> u64 {
    worst.0.saturating_mul(MOST)
}

/// What is known about a kind after a picture of it cost more than its configured worst case. The larger excess counts:
/// a smaller one neither replaces it nor makes it count longer.
fn after(before: Option<Learned>, overrun: Overrun, now: Timestamp) -> Learned {
    let excess = overrun.excess().0.min(most(overrun.configured));
    let new = Learned { excess: Nano(excess), until: now.plus(COUNTS_MS) };
    before.filter(|it| it.counts(now) && it.excess > new.excess).unwrap_or(new)
}

/// What is reserved on top for each picture of a kind.
pub(super) fn excess<B: Book>(book: &B, kind: &Kind, now: Timestamp) -> Result<Nano, B::Error> {
    let learned = book.learned(kind)?.filter(|it| it.counts(now));
    Ok(learned.map_or(Nano::ZERO, |it| it.excess))
}

/// The candidate with what was learned about its kind on top of its worst case.
pub(super) fn raised<B: Book>(
    book: &B,
    candidate: Candidate,
    (size, quality, inputs): (Size, Quality, u32),
    now: Timestamp,
) -> Result<Candidate, B::Error> {
    let kind = Kind { model: candidate.model, quality, size, inputs };
    let worst_each = on_top(candidate.worst_each, excess(book, &kind, now)?);
    Ok(Candidate { model: kind.model, worst_each })
}

/// Learns from a job's first bill. `None`: no picture of it cost more than its configured worst case.
pub(super) fn learn<B: Book>(
    book: &mut B,
    reservation: &Reservation,
    bill: &Bill,
    now: Timestamp,
) -> Result<Option<(Kind, Learned)>, B::Error> {
    let Some(overrun) = bill.overrun.filter(|it| it.excess() > Nano::ZERO) else {
        return Ok(None);
    };
    let Reservation { quality, size, .. } = *reservation;
    // The model that was asked, whichever one upstream used: the next order asks it again.
    let kind = Kind { model: reservation.model.clone(), quality, size, inputs: overrun.inputs };
    let before = book.learned(&kind)?;
    let learned = after(before, overrun, now);
    if before != Some(learned) {
        book.set_learned(&kind, learned)?;
    }
    Ok(Some((kind, learned)))
}

/// Everything that counts now.
pub fn all<B: Book>(book: &B, now: Timestamp) -> Result<Vec<(Kind, Learned)>, B::Error> {
    let now = now.max(book.clock()?);
    Ok(book.all_learned()?.into_iter().filter(|(_, learned)| learned.counts(now)).collect())
}

/// Forgets everything, and returns how much of it still counted.
pub fn forget<B: Book>(book: &mut B, now: Timestamp) -> Result<u32, B::Error> {
    let counted = all(book, now)?.len();
    book.forget_learned(None)?;
    Ok(u32::try_from(counted).unwrap_or(u32::MAX))
}

/// The text of the alert about a bill that is above its reservation or holds a picture above its configured worst case.
pub(super) fn alert_text(bill: &Bill, settled: &Settled) -> String {
    let mut text = String::new();
    if bill.charged > settled.worst {
        let (charged, worst) = (bill.charged, settled.worst);
        let _ = write!(
            text,
            "A job cost {charged} USD, more than the {worst} USD that were reserved for it. "
        );
    }
    let Some(((kind, learned), overrun)) = settled.learned.as_ref().zip(bill.overrun) else {
        text.push_str("The model's worst_usd is too low.");
        return text;
    };
    let (Kind { model, quality, size, inputs }, Learned { excess, until }) = (kind, learned);
    let (price, configured, low) = (overrun.price, overrun.configured, overrun.excess());
    let (editing, field) = match inputs {
        0 => (String::new(), "worst_usd"),
        1 => (" with 1 picture to edit".to_owned(), "worst_usd or input_picture_tokens"),
        _ => (format!(" with {inputs} pictures to edit"), "worst_usd or input_picture_tokens"),
    };
    let bounded = if *excess < low { ", the most that it learns," } else { "" };
    let _ = write!(
        text,
        "A picture of {model} ({quality}, {size}{editing}) cost {price} USD, and the most that is configured for it is \
         {configured} USD: the model's {field} is too low by {low} USD. \
         Easel reserves {excess} USD more for each such picture{bounded} until {}.",
        until.day()
    );
    text
}
