//! The gateway: how requests to it are written, and how its responses are read.
//!
//! Owns the upstream contract of both providers (`/images/generations`, `/images/edits`). Must not fetch. Must not pass
//! on anything from upstream but numbers and a picture's bytes.

pub mod base64;
mod base64_picture;
pub mod catalogue;
pub mod cause;
pub mod dialect;
pub mod events;
mod json;
pub mod json_response;
pub mod refusal;
pub mod request;
pub mod response_reader;
pub mod retry;
mod simd;
pub mod sse;
mod usage;
