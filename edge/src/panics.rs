//! Panics on demand: a word `panic:PLACE` in a prompt, for the tests of what a panic costs.
//!
//! Owns the places. It is empty without the feature `panics`, which no build that is served or deployed turns on: the
//! build refuses a Worker that holds one of these words.

/// Where a panic strikes.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the request, between the Ledger's grant and the Job.
    Granted,
    /// In the request, when the Job has been created.
    Created,
    /// In the Job's background work, before "started" is stored.
    Begun,
    /// In the Job's background work, behind "started".
    Started,
    /// In the Job's background work, when the picture is ready and its price is not known.
    Ready,
    /// In the Job's alarm, each time that it rings.
    Alarm,
}

/// Panics if `prompt` asks for it.
#[cfg(not(feature = "panics"))]
#[inline]
pub(crate) fn at(_: Place, _: &str) {}

/// Panics if `prompt` asks for it.
#[cfg(feature = "panics")]
#[expect(clippy::panic, reason = "that is what the feature is for")]
pub(crate) fn at(place: Place, prompt: &str) {
    let word = match place {
        Place::Granted => "panic:granted",
        Place::Created => "panic:created",
        Place::Begun => "panic:begun",
        Place::Started => "panic:started",
        Place::Ready => "panic:ready",
        Place::Alarm => "panic:alarm",
    };
    if prompt.contains(word) {
        panic!("asked for by {word}");
    }
}
