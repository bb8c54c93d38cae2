//! Sixteen bytes, one after the other: what every machine can do.
//!
//! Owns the same operations as `wasm`, which the Worker uses. Must stay so plain that it can be believed.

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

    /// This byte in every lane.
    pub(in crate::gateway) fn every(byte: u8) -> Self {
        Self([byte; LANES])
    }

    /// A mask: all bits of a lane that is one of `count` values from `first` on, none of the others.
    pub(in crate::gateway) fn among(self, first: Self, count: Self) -> Self {
        let mask = |lane: &mut u8, count| *lane = if *lane < count { 0xFF } else { 0 };
        self.each(first, |lane, first| *lane = lane.wrapping_sub(first)).each(count, mask)
    }

    /// The bits that both have.
    pub(in crate::gateway) fn and(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane &= other)
    }

    /// The bits that either has.
    pub(in crate::gateway) fn or(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane |= other)
    }

    /// The sum of each two; it wraps round.
    pub(in crate::gateway) fn plus(self, other: Self) -> Self {
        self.each(other, |lane, other| *lane = lane.wrapping_add(other))
    }

    /// Whether no lane is zero.
    pub(in crate::gateway) fn all_set(self) -> bool {
        self.0.iter().all(|&lane| lane != 0)
    }

    /// Whether any lane is not zero.
    pub(in crate::gateway) fn any_set(self) -> bool {
        self.0.iter().any(|&lane| lane != 0)
    }

    /// Joins lanes of six bits each, four to three bytes, the first on top.
    pub(in crate::gateway) fn join(self, bytes: &mut [u8; 12]) {
        let (groups, _) = self.0.as_chunks::<4>();
        let (places, _) = bytes.as_chunks_mut::<3>();
        for (&[a, b, c, d], place) in groups.iter().zip(places) {
            *place = [(a << 2) | (b >> 4), (b << 4) | (c >> 2), (c << 6) | d];
        }
    }
}
