//! SHA-256 as hex, for the names of assets and the stamps of inputs.
//!
//! Owns this one function. Must not read files.

use engine::hex;
use sha2::{Digest, Sha256};

/// The hash as 64 hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_hash_is_the_known_one() {
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
    }
}
