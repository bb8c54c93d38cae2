//! The browser: the only folder that names it.
//!
//! Owns one file for each capability of a browser. Each may be missing, refuse or lie: errors become types of the studio
//! at once. Must not know the studio's state.

pub(crate) mod api;
pub(crate) mod archive;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the released program takes a document over")
)]
pub(crate) mod boot;
pub(crate) mod challenge;
pub(crate) mod clipboard;
pub(crate) mod clock;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the released program takes a document over")
)]
pub(crate) mod data_block;
mod device_files;
pub(crate) mod device_history;
pub(crate) mod device_mark;
pub(crate) mod dialog;
mod dom;
pub(crate) mod drop_and_paste;
pub(crate) mod focus;
pub(crate) mod formats;
pub(crate) mod host_frame;
pub(crate) mod image_worker;
mod indexed_db;
pub(crate) mod job_events;
pub(crate) mod keyboard;
pub(crate) mod lazy_part;
pub(crate) mod original;
pub(crate) mod previews;
pub(crate) mod prompt_height;
pub(crate) mod random;
pub(crate) mod session_storage;
pub(crate) mod thumbnails;
pub(crate) mod uploads;
pub(crate) mod viewport;
