//! Ridge lines: the upper edge of a layer, one height for each column.
//!
//! Owns their shapes. Must not know colours or where a layer lies.

use super::{canvas::real, seed::SplitMix};
use std::f32::consts::TAU;

/// A ridge line in pixels from the top.
#[derive(Debug, Clone)]
pub(super) struct Ridge {
    pub(super) edge: Vec<f32>,
    /// What turns a vertical distance to the edge into one across it.
    pub(super) slant: Vec<f32>,
    /// The line that shadows follow: without fine detail, which would let them flicker.
    pub(super) soft: Vec<f32>,
    pub(super) soft_slant: Vec<f32>,
}

impl Ridge {
    /// A ridge from the height of each column; shadows follow it smoothed over `blur` columns.
    pub(super) fn new(edge: Vec<f32>, blur: usize) -> Self {
        let soft = smooth(&smooth(&edge, blur), blur);
        Self { slant: slant(&edge), soft_slant: slant(&soft), edge, soft }
    }

    /// Its highest point.
    pub(super) fn top(&self) -> f32 {
        self.edge.iter().copied().fold(f32::INFINITY, f32::min)
    }
}

/// Long swells: three sines that do not repeat within the picture. Between −1 and 1.
pub(super) fn swells(width: usize, waves: f32, random: &mut SplitMix) -> Vec<f32> {
    let parts: Vec<(f32, f32, f32)> = [(0.62, 1.0), (0.28, 2.3), (0.10, 5.1)]
        .map(|(size, pitch)| {
            (size, pitch * waves * random.between(0.8, 1.2) * TAU, random.unit() * TAU)
        })
        .to_vec();
    columns(width, |x| {
        parts.iter().map(|(size, pitch, phase)| size * (x * pitch + phase).sin()).sum()
    })
}

/// Broken slopes: straight pieces, and smaller ones on them. Between about −1 and 1.
pub(super) fn crags(width: usize, peaks: f32, random: &mut SplitMix) -> Vec<f32> {
    let mut heights = vec![0.0; width];
    let (mut size, mut pitch) = (0.80, peaks * 2.0);
    for octave in 0..5 {
        let offset = random.unit();
        // Peaks and valleys take turns in the coarsest one, so that there is a skyline at all.
        let knots: Vec<f32> = (0..super::canvas::whole(pitch + 3.0, 4096))
            .map(|i| match octave {
                0 if i % 2 == 0 => random.between(0.35, 1.0),
                0 => random.between(-1.0, -0.25),
                _ => random.between(-1.0, 1.0),
            })
            .collect();
        for (x, height) in heights.iter_mut().enumerate() {
            let at = real(x) / real(width) * pitch + offset;
            let index = super::canvas::whole(at, knots.len() - 2);
            let share = at - real(index);
            *height += size * (knots[index] + (knots[index + 1] - knots[index]) * share);
        }
        size *= if octave == 0 { 0.20 } else { 0.50 };
        pitch *= 2.3;
    }
    heights
}

/// Where snow ends: a zigzag around nought, between −1 and 1.
pub(super) fn zigzag(width: usize, count: f32, random: &mut SplitMix) -> Vec<f32> {
    let phase = random.unit();
    columns(width, |x| {
        let at = x * count + phase + 0.8 * (x * 19.0).sin();
        let t = at - at.floor();
        4.0 * (t - 0.5).abs() - 1.0
    })
}

/// Dunes: a long windward slope, a sharp crest, a short fall. Between 0 and 1.
pub(super) fn dunes(width: usize, count: f32, random: &mut SplitMix) -> Vec<f32> {
    let (phase, lean) = (random.unit(), random.between(0.62, 0.74));
    let bend = random.between(0.0, TAU);
    columns(width, |x| {
        let at = x * count + phase + 0.10 * (x * TAU + bend).sin();
        let t = at - at.floor();
        let size = 0.72 + 0.28 * (at.floor() * 2.4 + bend).sin();
        let rise = if t < lean {
            let up = t / lean;
            up * up * (1.6 - 0.6 * up)
        } else {
            let down = (1.0 - t) / (1.0 - lean);
            down * down
        };
        rise * size
    })
}

/// Waves: round troughs and pointed crests. Between 0 and 1.
pub(super) fn waves(width: usize, count: f32, random: &mut SplitMix) -> Vec<f32> {
    let (phase, bend) = (random.unit(), random.unit() * TAU);
    columns(width, |x| {
        let at = x * count + phase + 0.12 * (x * TAU * 1.5 + bend).sin();
        let t = at - at.floor();
        let crest = 1.0 - (2.0 * t.powf(0.86) - 1.0).abs();
        let size = 0.75 + 0.25 * (at.floor() * 1.9 + bend).sin();
        crest.powf(1.9) * size
    })
}

/// One value for each column, from its place between 0 and 1.
fn columns(width: usize, height: impl Fn(f32) -> f32) -> Vec<f32> {
    (0..width).map(|x| height(real(x) / real(width))).collect()
}

/// The mean of `2 × blur + 1` columns.
fn smooth(line: &[f32], blur: usize) -> Vec<f32> {
    let last = line.len() - 1;
    let at = |i: usize| line[i.saturating_sub(blur).min(last)];
    let mut sum: f32 = (0..=2 * blur).map(at).sum();
    (0..line.len())
        .map(|i| {
            let mean = sum / real(2 * blur + 1);
            sum += at(i + 2 * blur + 1) - at(i);
            mean
        })
        .collect()
}

fn slant(line: &[f32]) -> Vec<f32> {
    let last = line.len() - 1;
    (0..line.len())
        .map(|x| {
            let slope = (line[(x + 1).min(last)] - line[x.saturating_sub(1)]) / 2.0;
            1.0 / slope.hypot(1.0)
        })
        .collect()
}
