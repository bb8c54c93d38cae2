//! What an operator is told before an edge runs: how a configuration is read, what is wrong with it, what must not be
//! deployed, which secrets an account lacks, which sites a deploy closes; whether a gateway is as the sandbox plays it; and
//! after a deploy, whether the edge does what it promises.
//!
//! Owns these decisions and their sentences, as functions from texts to data. `cargo xtask` calls them on the host; the
//! programs of a release call the same ones in wasm. Must not read a file, print, or call anybody.

pub mod account;
pub mod address;
pub mod check;
pub mod edge_answer;
pub mod exposure;
pub mod probe;
pub mod rate_limit;
pub mod safety;
pub mod secrets;
pub mod settings;
pub mod smoke;
pub mod switches;
pub mod wrangler_output;

/// The committed configuration.
#[cfg(test)]
const COMMITTED: &str = include_str!("../../edge/wrangler.jsonc");
