//! What the programs of a release (`kit/programs/*.mjs`) ask: one function for every decision, and the sandbox's
//! answers; the comparison of a gateway with it.
//!
//! Owns the JSON between those programs and the crates that decide. Must not decide anything: `cargo xtask` calls the
//! same functions of `preflight` on the host.
//!
//! Decision: docs/decisions/2026-11-29-a-release-is-node-and-wasm.md.

mod decide;
mod probe;
#[cfg(target_arch = "wasm32")]
mod stand_in;

pub use decide::decide;
pub use probe::GatewayProbe;
#[cfg(target_arch = "wasm32")]
pub use stand_in::{Response, StandIn};
