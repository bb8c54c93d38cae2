//! The sheet that a motif is composed on: where layers begin, what they are made of.
//!
//! Owns what all motifs share. Must not know any motif.

use crate::{
    canvas::{Canvas, Paper, real, whole},
    detail,
    palette::Palette,
    ridge::Ridge,
    seed::SplitMix,
    trees::Grove,
};

/// What every motif knows about its sheet.
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) unit: f32,
    pub(super) layers: usize,
    pub(super) detailed: bool,
}

impl Sheet {
    /// Where the sun stands: off the middle, at this height.
    pub(super) fn light(&self, height: f32, random: &mut SplitMix) -> (f32, f32) {
        let side = if random.chance(0.5) { 0.32 } else { 0.68 };
        (self.width * (side + random.between(-0.07, 0.07)), self.height * height)
    }

    /// Lays one layer, and pines on it if any are wanted: how many, and how tall.
    pub(super) fn lay(
        &self,
        canvas: &mut Canvas,
        palette: &Palette,
        index: usize,
        edge: Vec<f32>,
        pines: Option<(usize, f32)>,
        random: &mut SplitMix,
    ) {
        let ridge = Ridge::new(edge, whole(12.0 * self.unit, 64));
        let paper = self.paper(palette, index);
        let Some((count, tall)) = pines else { return canvas.ridge(&ridge, paper) };
        let grove = Grove::plant(&ridge, count, tall * self.unit, random);
        // Twice: the first time for the shadow, the second to cover the ridge's shadow on its own trees.
        let top = ridge.top();
        grove.draw(canvas, Paper { shadow: paper.shadow * 0.4, ..paper }, top);
        canvas.ridge(&ridge, paper);
        grove.draw(canvas, Paper { shadow: 0.0, ..paper }, top);
    }

    pub(super) fn paper(&self, palette: &Palette, index: usize) -> Paper {
        let depth = real(index) / real(self.layers - 1);
        let colour = palette.layer(depth);
        Paper {
            top: colour.lighter(0.015),
            // Far valleys lie in haze, near ones in shade.
            bottom: colour.mix(palette.haze(), 0.55 * (1.0 - depth)).lighter(-0.05 * depth),
            shadow: 0.20 + 0.16 * depth,
            reach: (16.0 + 34.0 * depth) * self.unit,
        }
    }

    /// Heights from a line: `base` and `swing` are parts of the picture's height.
    pub(super) fn edge(&self, line: Vec<f32>, base: f32, swing: f32) -> Vec<f32> {
        line.into_iter().map(|rise| self.height * (base - swing * rise)).collect()
    }

    /// Where layer `index` begins, from `first` for the farthest to `last` for the nearest.
    pub(super) fn base(&self, index: usize, first: f32, last: f32) -> f32 {
        let depth = real(index) / real(self.layers - 1);
        first + (last - first) * depth.powf(1.12)
    }

    pub(super) fn columns(&self) -> usize {
        whole(self.width, usize::MAX)
    }

    pub(super) fn clouds(
        &self,
        canvas: &mut Canvas,
        palette: &Palette,
        most: usize,
        random: &mut SplitMix,
    ) {
        let count = if self.detailed { most } else { most.min(1) };
        let colour = palette.haze().lighter(0.035);
        for i in 0..count {
            let x = self.width * (real(i) / real(count) + random.between(-0.12, 0.18));
            let y = self.height * random.between(0.13, 0.33);
            detail::cloud(canvas, colour, (x, y), random.between(150.0, 290.0) * self.unit, random);
        }
    }

    pub(super) fn birds(&self, canvas: &mut Canvas, palette: &Palette, random: &mut SplitMix) {
        if self.detailed {
            let at =
                (self.width * random.between(0.3, 0.7), self.height * random.between(0.26, 0.38));
            detail::birds(canvas, palette.layer(0.75), at, 5, random);
        }
    }
}
