//! The browser: the only folder that names it.
//!
//! Owns one file for each thing that a browser can do. Must not know the studio's state; errors become its own types
//! at once.

pub(crate) mod challenge;
pub(crate) mod clock;
pub(crate) mod events;
pub(crate) mod form;
pub(crate) mod host;
pub(crate) mod net;
pub(crate) mod page;
pub(crate) mod pictures;
pub(crate) mod random;
pub(crate) mod storage;
