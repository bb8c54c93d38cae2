//! Sixteen bytes at once: what reads a picture's text by the megabyte.
//!
//! Owns the few operations that the readers need, by the processor's vector instructions in the Worker, byte by byte
//! elsewhere, so that tests run what the readers do. Must not know what the bytes mean.

#[cfg(not(target_arch = "wasm32"))]
mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use portable::Lanes;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::Lanes;

/// How many bytes.
pub(super) const LANES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> Lanes {
        Lanes::of(&std::array::from_fn(|lane| u8::try_from(lane).unwrap()))
    }

    fn all(byte: u8) -> Lanes {
        Lanes::every(byte)
    }

    #[test]
    fn lanes_are_found_and_asked_together() {
        assert!(counting().among(all(0), all(16)).all_set());
        assert!(!counting().among(all(0), all(15)).all_set());
        assert!(!counting().among(all(1), all(15)).all_set());
        assert!(counting().among(all(15), all(1)).any_set());
        assert!(!counting().among(all(16), all(240)).any_set());
    }

    #[test]
    fn a_mask_lets_a_number_through() {
        let low = counting().among(all(0), all(3)).and(all(200));
        assert!(counting().among(all(3), all(13)).or(low).all_set());
        assert!(!counting().among(all(4), all(12)).or(low).all_set());
        // Sums wrap round: 0, 1 and 2 become 200, 201 and 202, the rest stays.
        let sums = counting().plus(low);
        assert!(sums.among(all(200), all(3)).any_set());
        assert!(sums.among(all(200), all(3)).or(sums.among(all(3), all(13))).all_set());
        assert!(counting().plus(Lanes::of(&[241; LANES])).among(all(241), all(15)).any_set());
        assert!(counting().plus(Lanes::of(&[241; LANES])).among(all(0), all(1)).any_set());
    }

    #[test]
    fn sextets_are_joined_in_order() {
        let mut bytes = [0xEE; 12];
        Lanes::of(&[63, 0, 63, 0, 0, 63, 0, 63, 1, 2, 3, 4, 32, 16, 8, 4]).join(&mut bytes);
        assert_eq!(bytes, [0xFC, 0x0F, 0xC0, 0x03, 0xF0, 0x3F, 0x04, 0x20, 0xC4, 0x81, 0x02, 0x04]);
    }
}
