//! What the app and the edge say to each other.
//!
//! Owns the wire: types, routes, limits, problem kinds, and the arithmetic of money and time that both
//! sides must agree on. Must not decide anything, do any I/O, or depend on more than serde.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

extern crate alloc;

pub mod health;
pub mod job;
pub mod limits;
pub mod money;
pub mod operator;
pub mod options;
pub mod problem;
pub mod route;
pub mod session;
pub mod site;
mod text;
pub mod time;
pub mod words;

/// The product's version: in `/healthz`, and in the path of a released loader.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether this is a version in development: it is never deployed, and its loader is not under a name that never changes.
pub fn is_development() -> bool {
    VERSION.ends_with("-dev")
}
