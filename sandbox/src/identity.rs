//! The gateway's id of one generation: `gen_` and a ULID.
//!
//! Owns making the ids unique within a process. Must not be used as a secret: they can be guessed.

use contract::time::Timestamp;
use painter::SplitMix;
use std::sync::atomic::{AtomicU64, Ordering};

/// Crockford's base32 alphabet, which has no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new id: 48 bits of time in milliseconds, then 80 bits that no other id of this process has.
pub(crate) fn generation_id(at: Timestamp) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut noise = SplitMix::new(at.0 ^ NEXT.fetch_add(1, Ordering::Relaxed).rotate_left(40));
    let (high, low) = (noise.next() >> 48, noise.next());
    let bits = (u128::from(at.0) << 80) | (u128::from(high) << 64) | u128::from(low);
    let digits =
        (0..26).rev().map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize]));
    "gen_".chars().chain(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_begins_with_its_time_and_is_never_given_twice() {
        // The recorded id's time was just before its attempt began.
        let first = generation_id(Timestamp(1_784_118_086_496));
        assert!(first.starts_with("gen_01KXJVK2"), "{first}");
        assert_eq!(first.len(), 30);
        assert_ne!(first, generation_id(Timestamp(1_784_118_086_496)));
    }
}
