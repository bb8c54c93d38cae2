//! Panics on demand: a word `panic:PLACE` in a prompt or a query, for tests of the consequences of a panic.
//!
//! Owns the places. Without the feature `panics` it does nothing; no build that is served or deployed enables the
//! feature, and the build refuses a Worker that contains one of these words. Must not panic for any other reason.

/// The place of a panic.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the request for a frame's document, where it is rendered.
    Document,
    /// In the request, between the Ledger's grant and the Job.
    Granted,
    /// In the request, when the Job has been created.
    Created,
    /// In the Job's background work, before "started" is stored.
    Begun,
    /// In the Job's background work, after "started" is stored.
    Started,
    /// In the Job's background work, when the picture is ready and its price is not known.
    Ready,
    /// In each of the Job's alarms.
    Alarm,
}

/// Panics if `asked` asks for it.
#[cfg(not(feature = "panics"))]
#[inline]
pub(crate) fn at(_: Place, _: &str) {}

/// Panics if `asked` asks for it.
#[cfg(feature = "panics")]
#[expect(clippy::panic, reason = "that is what the feature is for")]
pub(crate) fn at(place: Place, asked: &str) {
    let word = match place {
        Place::Document => "panic:document",
        Place::Granted => "panic:granted",
        Place::Created => "panic:created",
        Place::Begun => "panic:begun",
        Place::Started => "panic:started",
        Place::Ready => "panic:ready",
        Place::Alarm => "panic:alarm",
    };
    if asked.contains(word) {
        panic!("requested by {word}");
    }
}
