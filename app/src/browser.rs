//! The browser: the only folder that names it.
//!
//! Owns one file for each capability of a browser. Each may be missing, refuse or lie: errors become types of the studio
//! at once. Must not know the studio's state.

pub(crate) mod api;
pub(crate) mod boot;
pub(crate) mod bridge;
pub(crate) mod challenge;
pub(crate) mod clock;
pub(crate) mod data_block;
mod dom;
pub(crate) mod drop_and_paste;
pub(crate) mod focus;
pub(crate) mod host_frame;
pub(crate) mod job_events;
pub(crate) mod original;
pub(crate) mod previews;
pub(crate) mod prompt_height;
pub(crate) mod random;
pub(crate) mod session_storage;
pub(crate) mod uploads;
