//! The gateway: what is sent there, and how its answers are read.
//!
//! Owns the upstream contract (`POST /images/generations`). Must not fetch, and must not let anything that upstream
//! said pass but numbers and a picture's bytes.

pub mod answer;
mod base64;
pub mod refusal;
pub mod request;
pub mod retry;
