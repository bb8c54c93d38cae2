//! What the studio knows and what follows from what: data and pure transitions.
//!
//! Must not name Leptos, the browser or a clock: events bring the time, commands ask for the rest.

pub(crate) mod digits;
pub(crate) mod dollars;
pub(crate) mod draft;
pub(crate) mod entry;
pub(crate) mod job;
pub(crate) mod json;
pub(crate) mod left;
pub(crate) mod progress;
pub(crate) mod references;
pub(crate) mod site;
pub(crate) mod stored;
pub(crate) mod studio;
pub(crate) mod tile;
pub(crate) mod told;
pub(crate) mod trouble;
