//! Sixteen bytes in one register of the Worker's machine.
//!
//! Owns the same operations as `portable`, which the tests run; workerd has had these instructions from its first day.
//! Each is so small that it vanishes in its caller, which must name the same feature.

use super::LANES;
use core::{
    arch::wasm32::{
        i16x8, i32x4_dot_i16x8, u8x16_add, u8x16_all_true, u8x16_lt, u8x16_shuffle, u8x16_splat,
        u8x16_sub, u16x8_shl, u16x8_shr, u16x8_splat, u32x4_extract_lane, u64x2,
        u64x2_extract_lane, v128, v128_and, v128_any_true, v128_or,
    },
    hint::black_box,
};

/// Sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(in crate::gateway) struct Lanes(v128);

impl Lanes {
    /// These bytes.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn of(bytes: &[u8; LANES]) -> Self {
        let (halves, _) = bytes.as_chunks::<8>();
        let &[low, high] = halves else { return Self(u64x2(0, 0)) };
        Self(u64x2(u64::from_le_bytes(low), u64::from_le_bytes(high)))
    }

    /// This byte in every lane. V8 would build a constant anew wherever it is used, also in a loop, which costs more than
    /// all the rest: one that the compiler cannot see stays in its register.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn every(byte: u8) -> Self {
        Self(black_box(u8x16_splat(byte)))
    }

    /// A mask: all bits of a lane that is one of `count` values from `first` on, none of the others.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn among(self, first: Self, count: Self) -> Self {
        Self(u8x16_lt(u8x16_sub(self.0, first.0), count.0))
    }

    /// The bits that both have.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// The bits that either has.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0))
    }

    /// The sum of each two; it wraps round.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn plus(self, other: Self) -> Self {
        Self(u8x16_add(self.0, other.0))
    }

    /// Whether no lane is zero.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn all_set(self) -> bool {
        u8x16_all_true(self.0)
    }

    /// Whether any lane is not zero.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn any_set(self) -> bool {
        v128_any_true(self.0)
    }

    /// Joins lanes of six bits each, four to three bytes, the first on top.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn join(self, bytes: &mut [u8; 12]) {
        // The first of two lanes is the low half of a sixteen-bit lane, and belongs above the second.
        let first = v128_and(u16x8_shl(self.0, 6), u16x8_splat(0x0FC0));
        let twelves = v128_or(first, u16x8_shr(self.0, 8));
        let whole = i32x4_dot_i16x8(twelves, i16x8(1 << 12, 1, 1 << 12, 1, 1 << 12, 1, 1 << 12, 1));
        // 24 bits in each lane, the lowest byte first: their order is turned, and the gaps close.
        let joined =
            u8x16_shuffle::<2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3>(whole, whole);
        if let Some(head) = bytes.first_chunk_mut() {
            *head = u64x2_extract_lane::<0>(joined).to_le_bytes();
        }
        if let Some(tail) = bytes.last_chunk_mut() {
            *tail = u32x4_extract_lane::<2>(joined).to_le_bytes();
        }
    }
}
