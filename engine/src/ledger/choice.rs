//! The choice among candidates: a model that was found to be gone is not asked for an hour.
//!
//! Owns that hour. Must not find out itself whether a model is gone: the edge reads upstream's free list of models.

use super::{
    Book, Estimated, HOUR_MS, PictureKind,
    learned::{self, Kind},
    tick,
};
use crate::candidates::{Candidate, Candidates};
use contract::{money::Nano, time::Timestamp};

/// The first candidate that is not marked as gone, else the last resort: a mark is a hint, and upstream's answer
/// decides.
pub(super) fn choose<B: Book>(
    book: &B,
    candidates: &Candidates,
    now: Timestamp,
) -> Result<Candidate, B::Error> {
    for candidate in &candidates.living {
        if !is_gone(book, &candidate.model, now)? {
            return Ok(candidate.clone());
        }
    }
    Ok(candidates.last_resort.clone())
}

/// The least that a picture of the model that would be asked now may cost: see [`crate::candidates::cheapest`].
pub fn least<B: Book>(book: &B, cheapest: &Candidates, now: Timestamp) -> Result<Nano, B::Error> {
    let now = now.max(book.clock()?);
    choose(book, cheapest, now).map(|candidate| candidate.worst_each)
}

/// The candidates that are not marked as gone; all candidates if every one is marked.
pub(super) fn in_order<B: Book>(
    book: &B,
    candidates: &[Candidate],
    now: Timestamp,
) -> Result<Vec<Candidate>, B::Error> {
    let mut left = Vec::new();
    for candidate in candidates {
        if !is_gone(book, &candidate.model, now)? {
            left.push(candidate.clone());
        }
    }
    Ok(if left.is_empty() { candidates.to_vec() } else { left })
}

/// For each kind of picture, the model that would be asked now, the expected time with it, and what was learned.
pub fn estimate<B: Book>(
    book: &B,
    kinds: &[PictureKind],
    now: Timestamp,
) -> Result<Vec<Estimated>, B::Error> {
    let now = now.max(book.clock()?);
    let mut all = Vec::new();
    for kind in kinds {
        let mut model = &kind.last_resort;
        for living in &kind.models {
            if !is_gone(book, living, now)? {
                model = living;
                break;
            }
        }
        let expected_ms = book.expected(model, kind.size, kind.quality)?;
        let (quality, size) = (kind.quality, kind.size);
        let kind = Kind { model: model.clone(), quality, size, inputs: 0 };
        let excess = learned::excess(book, &kind, now)?;
        all.push(Estimated { model: kind.model, expected_ms, excess });
    }
    Ok(all)
}

/// Whether a model is marked as gone, so that upstream's list need not be read again.
pub fn is_marked<B: Book>(book: &B, model: &str, now: Timestamp) -> Result<bool, B::Error> {
    is_gone(book, model, now.max(book.clock()?))
}

/// Marks a model that upstream's list no longer has, so that it is not asked for an hour.
pub fn mark<B: Book>(book: &mut B, model: &str, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    book.set_gone(model, now)
}

fn is_gone<B: Book>(book: &B, model: &str, now: Timestamp) -> Result<bool, B::Error> {
    Ok(book.gone(model)?.is_some_and(|at| now.since(at) < HOUR_MS))
}
