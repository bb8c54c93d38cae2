//! Base64, decoded as it arrives.
//!
//! Owns the standard alphabet, with padding. Must not accept variants, and must not encode: requests are encoded by the
//! runtime.

mod decode;

pub(super) use decode::Decoder;

/// The length of the base64 text of `bytes` bytes, including padding.
pub const fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3).saturating_mul(4)
}
