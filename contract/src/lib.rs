//! The HTTP interface between the app and the edge.
//!
//! Owns its types, routes, limits and problem kinds, and the arithmetic of money and time on which both sides must
//! agree. Must not decide anything, do any I/O, or depend on more than serde.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

extern crate alloc;

pub mod document;
pub mod frame_messages;
pub mod health;
pub mod job;
pub mod lenient;
pub mod limits;
pub mod money;
pub mod operator;
pub mod options;
pub mod problem;
pub mod route;
pub mod session;
pub mod site;
mod text;
pub mod text_keys;
pub mod time;

/// The product's version. `/healthz` states it, and the path of a released loader contains it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether this is a development version, which is never deployed and has no loader under an immutable path.
pub fn is_development() -> bool {
    VERSION.ends_with("-dev")
}
