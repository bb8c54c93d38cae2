//! The operations on sixteen bytes as WebAssembly's vector instructions.
//!
//! Owns the same operations as `portable`, which the tests run. Every version of workerd supports these instructions.
//! Each function is inlined into its caller, which must enable the same target feature. Must not branch on the bytes.

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

    /// The same byte in every lane. V8 rebuilds a constant vector at each use, even in a loop, which would cost more than
    /// the rest of the loop. `black_box` hides the constant, so that it stays in a register.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn splat(byte: u8) -> Self {
        Self(black_box(u8x16_splat(byte)))
    }

    /// A mask: 0xFF in lanes whose value is one of the `count` values from `first` on, 0 in the other lanes.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn in_range(self, first: Self, count: Self) -> Self {
        Self(u8x16_lt(u8x16_sub(self.0, first.0), count.0))
    }

    /// Bitwise and.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// Bitwise or.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0))
    }

    /// The sum in each lane, modulo 256.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn plus(self, other: Self) -> Self {
        Self(u8x16_add(self.0, other.0))
    }

    /// Whether no lane is zero.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn all_nonzero(self) -> bool {
        u8x16_all_true(self.0)
    }

    /// Whether any lane is not zero.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn any_nonzero(self) -> bool {
        v128_any_true(self.0)
    }

    /// Packs sixteen values of six bits into twelve bytes, the first value in the highest bits.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in crate::gateway) fn pack_sextets(self, bytes: &mut [u8; 12]) {
        // Of two byte lanes, the first is the low half of a 16-bit lane, but its bits belong above the second's.
        let first = v128_and(u16x8_shl(self.0, 6), u16x8_splat(0x0FC0));
        let twelves = v128_or(first, u16x8_shr(self.0, 8));
        let whole = i32x4_dot_i16x8(twelves, i16x8(1 << 12, 1, 1 << 12, 1, 1 << 12, 1, 1 << 12, 1));
        // Each 32-bit lane holds 24 bits in little-endian order: reverse their bytes and close the gaps.
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
