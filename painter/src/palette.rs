//! Palettes: a few moods in OKLCH, each turned a little by chance.
//!
//! Owns the colours that belong together. Must not know where they go.

use super::{
    colour::{Colour, oklch},
    motif::Motif,
    seed::SplitMix,
};

/// The colours of one picture.
#[derive(Debug, Clone)]
pub(super) struct Palette {
    /// The sky from top to bottom.
    pub(super) sky: [Colour; 3],
    /// Sun or moon.
    pub(super) light: Colour,
    /// The farthest layer and the nearest; those between are mixed in `OKLab`, so that they stay in harmony.
    pub(super) far: Colour,
    pub(super) near: Colour,
    /// One thing that stands out: a sail, a hut's window.
    pub(super) accent: Colour,
}

/// Lightness, chroma and hue: three of the sky, the light, far, near, accent.
type Mood = [(f32, f32, f32); 7];

const DAWN: Mood = [
    (0.60, 0.085, 285.0),
    (0.78, 0.085, 15.0),
    (0.92, 0.070, 68.0),
    (0.95, 0.075, 88.0),
    (0.79, 0.075, 18.0),
    (0.30, 0.085, 300.0),
    (0.72, 0.160, 40.0),
];
const GOLDEN: Mood = [
    (0.80, 0.060, 215.0),
    (0.90, 0.060, 95.0),
    (0.94, 0.080, 85.0),
    (0.97, 0.060, 95.0),
    (0.84, 0.090, 80.0),
    (0.36, 0.080, 45.0),
    (0.62, 0.170, 30.0),
];
const AZURE: Mood = [
    (0.72, 0.090, 232.0),
    (0.86, 0.055, 220.0),
    (0.95, 0.030, 180.0),
    (0.97, 0.065, 95.0),
    (0.82, 0.060, 205.0),
    (0.32, 0.070, 225.0),
    (0.70, 0.170, 35.0),
];
const MEADOW: Mood = [
    (0.80, 0.065, 225.0),
    (0.91, 0.040, 200.0),
    (0.96, 0.045, 105.0),
    (0.96, 0.085, 92.0),
    (0.86, 0.075, 145.0),
    (0.36, 0.075, 158.0),
    (0.68, 0.170, 30.0),
];
const LAVENDER: Mood = [
    (0.56, 0.100, 290.0),
    (0.73, 0.095, 320.0),
    (0.90, 0.060, 20.0),
    (0.96, 0.050, 70.0),
    (0.76, 0.085, 325.0),
    (0.28, 0.090, 285.0),
    (0.80, 0.130, 70.0),
];
const EMBER: Mood = [
    (0.42, 0.110, 350.0),
    (0.64, 0.155, 30.0),
    (0.84, 0.130, 70.0),
    (0.94, 0.100, 92.0),
    (0.66, 0.150, 38.0),
    (0.23, 0.065, 355.0),
    (0.90, 0.110, 90.0),
];
const CORAL: Mood = [
    (0.66, 0.085, 200.0),
    (0.82, 0.070, 60.0),
    (0.90, 0.085, 45.0),
    (0.96, 0.080, 80.0),
    (0.70, 0.085, 195.0),
    (0.30, 0.070, 225.0),
    (0.66, 0.180, 30.0),
];
const MIDNIGHT: Mood = [
    (0.20, 0.060, 275.0),
    (0.32, 0.085, 270.0),
    (0.50, 0.090, 255.0),
    (0.95, 0.045, 95.0),
    (0.46, 0.085, 260.0),
    (0.13, 0.035, 275.0),
    (0.86, 0.130, 80.0),
];
const AURORA: Mood = [
    (0.19, 0.055, 255.0),
    (0.34, 0.080, 215.0),
    (0.58, 0.095, 175.0),
    (0.96, 0.040, 110.0),
    (0.48, 0.080, 195.0),
    (0.13, 0.035, 235.0),
    (0.86, 0.130, 75.0),
];

impl Palette {
    /// A palette that suits the motif.
    pub(super) fn mix(motif: Motif, random: &mut SplitMix) -> Self {
        let moods: &[Mood] = match motif {
            Motif::Hills => &[DAWN, GOLDEN, MEADOW, MEADOW, LAVENDER],
            Motif::Sea => &[DAWN, CORAL, AZURE, LAVENDER, EMBER],
            Motif::Dunes => &[GOLDEN, EMBER, DAWN],
            Motif::Mountains => &[AZURE, DAWN, LAVENDER, GOLDEN],
            Motif::Night => &[MIDNIGHT, AURORA],
        };
        let turn = random.between(-10.0, 10.0);
        let [top, middle, bottom, light, far, near, accent] =
            random.pick(moods).map(|(l, c, h)| oklch(l, c, h + turn));
        Self { sky: [top, middle, bottom], light, far, near, accent }
    }

    /// The colour of a layer, 0 the farthest, 1 the nearest.
    pub(super) fn layer(&self, depth: f32) -> Colour {
        self.far.mix(self.near, depth.clamp(0.0, 1.0).powf(0.85))
    }

    /// The haze over the horizon.
    pub(super) const fn haze(&self) -> Colour {
        self.sky[2]
    }
}
