//! What must hold for any bytes that come in.
//!
//! Owns one function a target, each of which panics if its promise is broken. Must use nothing of the engine but what is
//! public. `engine/tests/replay.rs` includes this file, so that the seeds run on every machine.
//!
//! `cargo +nightly fuzz run answer fuzz/corpus/answer fuzz/seeds/answer -- -max_total_time=600 -max_len=2048` runs one
//! target for ten minutes. What it finds goes into `fuzz/seeds` under a name that says what broke.

pub mod address;
pub mod answer;
pub mod configuration;
pub mod error;
pub mod events;
pub mod origin;
pub mod picture;
pub mod retry_after;
pub mod session;

/// The first byte says how the rest is cut; at most this many bytes a piece.
fn cut(data: &[u8]) -> (usize, &[u8]) {
    match data.split_first() {
        Some((&first, rest)) => (usize::from(first % 16) + 1, rest),
        None => (1, data),
    }
}

/// What a reader appends may never be more than this.
fn window(read: usize) -> usize {
    read / 4 * 3 + 3
}
