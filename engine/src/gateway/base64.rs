//! Base64, as it streams by.
//!
//! Owns the standard alphabet, with padding. Must not take variants. What goes upstream is encoded by the runtime.

mod decode;

pub(super) use decode::Decoder;

/// How long the text of `bytes` bytes is, padding included.
pub const fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3).saturating_mul(4)
}
