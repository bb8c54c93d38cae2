//! Base64, both ways, as it streams by.
//!
//! Owns the standard alphabet, with padding. Must not take or make variants.

mod decode;
mod encode;

pub(super) use decode::Decoder;
pub use encode::{Encoder, encoded_length};
