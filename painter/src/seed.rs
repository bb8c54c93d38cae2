//! Random numbers that are the same in every run.
//!
//! Owns the seed of a subject and the numbers that follow from it. Must not read a clock or the system's randomness.

use super::Subject;

/// The generator splitmix64: fast, and random enough for pictures.
#[derive(Debug, Clone)]
pub struct SplitMix(u64);

impl SplitMix {
    /// The numbers that follow from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to, but not including, 1.
    pub(super) fn unit(&mut self) -> f32 {
        // 16 bits are finer than the eye can see, and a float holds them exactly.
        f32::from((self.next() >> 48) as u16) / 65_536.0
    }

    /// From `low` up to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&mut self, several: &[T]) -> T {
        several[usize::from((self.next() >> 48) as u16) % several.len()]
    }
}

/// The seed of a picture's random numbers. Format, background and sharpness are not part of it: they must not change what
/// the picture shows.
pub(super) fn seed_of(subject: &Subject) -> u64 {
    let Subject { prompt, index, size, quality, source, .. } = subject;
    let mut traits = format!("{index}/{size}/{quality}/");
    if let Some(source) = source {
        traits.push_str(&source.seed.to_string());
    }
    // FNV-1a; splitmix does the rest of the mixing.
    traits.bytes().chain(prompt.bytes()).fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
