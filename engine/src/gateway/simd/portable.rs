//! The operations on sixteen bytes in plain Rust.
//!
//! Owns the same operations as `wasm`, which the Worker uses. Must stay obviously correct: the tests run this version.

use super::LANES;

/// Sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(in crate::gateway) struct Lanes([u8; LANES]);

impl Lanes {
    /// These bytes.
    pub(in crate::gateway) fn of(bytes: &[u8; LANES]) -> Self {
        Self(*bytes)
    }

    fn each(mut self, other: Self, change: impl Fn(&mut u8, u8)) -> Self {
        for (lane, other) in self.0.iter_mut().zip(other.0) {
            change(lane, other);
        }
        self
    }

    /// The same byte in every lane.
    pub(in crate::gateway) fn splat(byte: u8) -> Self {
        Self([byte; LANES])
    }

    /// A mask: 0xFF in lanes whose value is one of the `count` values from `first` on, 0 in the other lanes.
    pub(in crate::gateway) fn in_range(self, first: Self, count: Self) -> Self {
        let mask = |lane: &mut u8, count| *lane = if *lane < count { 0xFF } else { 0 };
        self.each(first, |lane, first| *lane = lane.wrapping_sub(first)).each(count, mask)
    }

    /// Bitwise and.
    pub(in crate::gateway) fn and(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane &= other)
    }

    /// Bitwise or.
    pub(in crate::gateway) fn or(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane |= other)
    }

    /// The sum in each lane, modulo 256.
    pub(in crate::gateway) fn plus(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane = lane.wrapping_add(other))
    }

    /// Whether no lane is zero.
    pub(in crate::gateway) fn all_nonzero(self) -> bool {
        self.0.iter().all(|&lane| lane != 0)
    }

    /// Whether any lane is not zero.
    pub(in crate::gateway) fn any_nonzero(self) -> bool {
        self.0.iter().any(|&lane| lane != 0)
    }

    /// Packs sixteen values of six bits into twelve bytes, the first value in the highest bits.
    pub(in crate::gateway) fn pack_sextets(self, bytes: &mut [u8; 12]) {
        let (groups, _) = self.0.as_chunks::<4>();
        let (places, _) = bytes.as_chunks_mut::<3>();
        for (&[a, b, c, d], place) in groups.iter().zip(places) {
            *place = [(a << 2) | (b >> 4), (b << 4) | (c >> 2), (c << 6) | d];
        }
    }
}
