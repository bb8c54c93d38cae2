//! What the sandbox needs of its surroundings: durations, pauses, and threads for slow work.
//!
//! Owns the difference between a machine, where tokio provides them, and wasm, which has none: there a pause is added up
//! for whoever sends the response, and slow work is done at once. Must not know what is computed.

#[cfg(not(target_arch = "wasm32"))]
mod machine;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use machine::{Instant, sleep_until, work};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::{Instant, owed, sleep_until, state_time, stated_time, work};
