//! What the edge decides, without knowing where it runs.
//!
//! Owns every decision about money, time and state, as functions from data to data. Must not do I/O, read a
//! clock, draw a random number, or depend on a runtime: times and random bytes come in as arguments.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod candidates;
pub mod challenge;
pub mod config;
pub mod document;
pub mod gateway;
pub mod hex;
pub mod idempotency;
pub mod job;
pub mod json;
pub mod ledger;
pub mod metrics;
pub mod network;
pub mod order;
pub mod origin;
pub mod picture;
pub mod price;
pub mod secret;
pub mod session;
