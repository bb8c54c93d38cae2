//! Operations on sixteen bytes at once (SIMD), for reading a picture's base64 of megabytes.
//!
//! Owns the few operations that the readers need: as vector instructions in the Worker, and byte by byte elsewhere, so
//! that tests on the host run the same readers. Must not know what the bytes mean.
//!
//! Decision: docs/decisions/2026-11-29-base64-sixteen-bytes-at-a-time.md.

#[cfg(not(target_arch = "wasm32"))]
mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use portable::Lanes;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::Lanes;

/// The number of bytes.
pub(super) const LANES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> Lanes {
        Lanes::of(&std::array::from_fn(|lane| u8::try_from(lane).unwrap()))
    }

    fn all(byte: u8) -> Lanes {
        Lanes::splat(byte)
    }

    #[test]
    fn lanes_are_found_and_asked_together() {
        assert!(counting().in_range(all(0), all(16)).all_nonzero());
        assert!(!counting().in_range(all(0), all(15)).all_nonzero());
        assert!(!counting().in_range(all(1), all(15)).all_nonzero());
        assert!(counting().in_range(all(15), all(1)).any_nonzero());
        assert!(!counting().in_range(all(16), all(240)).any_nonzero());
    }

    #[test]
    fn a_mask_lets_a_number_through() {
        let low = counting().in_range(all(0), all(3)).and(all(200));
        assert!(counting().in_range(all(3), all(13)).or(low).all_nonzero());
        assert!(!counting().in_range(all(4), all(12)).or(low).all_nonzero());
        // Sums wrap round: 0, 1 and 2 become 200, 201 and 202, the rest stays.
        let sums = counting().plus(low);
        assert!(sums.in_range(all(200), all(3)).any_nonzero());
        assert!(sums.in_range(all(200), all(3)).or(sums.in_range(all(3), all(13))).all_nonzero());
        assert!(
            counting().plus(Lanes::of(&[241; LANES])).in_range(all(241), all(15)).any_nonzero()
        );
        assert!(counting().plus(Lanes::of(&[241; LANES])).in_range(all(0), all(1)).any_nonzero());
    }

    #[test]
    fn sextets_are_joined_in_order() {
        let mut bytes = [0xEE; 12];
        Lanes::of(&[63, 0, 63, 0, 0, 63, 0, 63, 1, 2, 3, 4, 32, 16, 8, 4]).pack_sextets(&mut bytes);
        assert_eq!(bytes, [0xFC, 0x0F, 0xC0, 0x03, 0xF0, 0x3F, 0x04, 0x20, 0xC4, 0x81, 0x02, 0x04]);
    }
}
