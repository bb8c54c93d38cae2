//! The gateway: what is sent there, and how its answers are read.
//!
//! Owns the upstream contract of both providers (`/images/generations`, `/images/edits`). Must not fetch, and must not
//! let anything that upstream said pass but numbers and a picture's bytes.

pub mod answer;
pub mod base64;
pub mod catalogue;
pub mod dialect;
mod encoded;
pub mod events;
mod json;
pub mod reading;
pub mod refusal;
pub mod request;
pub mod retry;
mod simd;
pub mod sse;
mod usage;
