//! The sheet that is painted on, and the ways to lay paper onto it.
//!
//! Owns coverage, shadow and grain. Must not know what any shape stands for.

use super::{
    GRID_SIDE,
    colour::{Colour, Rgb},
    ridge::Ridge,
    seed::SplitMix,
};
use contract::options::Size;

/// A sheet of pixels: red, green and blue, multiplied by alpha, and alpha.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    /// One thousandth of the shorter side and a little: lengths in drawings are given in it.
    pub(super) unit: f32,
    pub(super) transparent: bool,
    pixels: Vec<[f32; 4]>,
}

/// A piece of paper: its colour from top to bottom, and the shadow that it casts on what lies behind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    pub(super) top: Colour,
    pub(super) bottom: Colour,
    /// How dark the shadow is, 0 to 1.
    pub(super) shadow: f32,
    /// How far it reaches, in pixels.
    pub(super) reach: f32,
}

/// A rectangle in pixels: left, top, right, bottom.
pub(super) type Bounds = [f32; 4];

/// What shadows are made of: a dark violet, softer than black.
const SHADE: Rgb = [0.07, 0.05, 0.12];

impl Canvas {
    /// An empty sheet.
    pub(super) fn new(size: Size, transparent: bool) -> Self {
        let (width, height) = (usize::from(size.width), usize::from(size.height));
        let unit = f32::from(size.width.min(size.height)) / 1024.0;
        Self { width, height, unit, transparent, pixels: vec![[0.0; 4]; width * height] }
    }

    /// Width and height in pixels, for arithmetic.
    pub(super) fn extent(&self) -> (f32, f32) {
        (real(self.width), real(self.height))
    }

    /// Fills the whole sheet from top to bottom with evenly spaced stops, unless the sky is left out.
    pub(super) fn sky(&mut self, stops: &[Colour]) {
        if self.transparent {
            return;
        }
        let height = real(self.height);
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            let at = real(y) / height * real(stops.len() - 1);
            let index = whole(at, stops.len() - 2);
            let [r, g, b] = stops[index].mix(stops[index + 1], at - real(index)).rgb();
            row.fill([r, g, b, 1.0]);
        }
    }

    /// A light that fades from a centre.
    pub(super) fn glow(&mut self, (x, y): (f32, f32), radius: f32, colour: Colour, strength: f32) {
        if self.transparent {
            return;
        }
        let rgb = colour.rgb();
        let bounds = [x - radius, y - radius, x + radius, y + radius];
        self.each(bounds, |px, py, pixel| {
            let far = (px - x).hypot(py - y) / radius;
            if far < 1.0 {
                blend(pixel, rgb, strength * (1.0 - far) * (1.0 - far));
            }
        });
    }

    /// A piece of any shape. `inside` tells how deep a point lies in it, in pixels, negative outside.
    pub(super) fn shape(
        &mut self,
        bounds: Bounds,
        paper: Paper,
        opacity: f32,
        inside: impl Fn(f32, f32) -> f32,
    ) {
        let [left, top, right, bottom] = bounds;
        let reach = paper.reach;
        // Light comes from the upper left.
        let (dx, dy) = (reach * 0.22, reach * 0.35);
        let (from, to) = (paper.top.rgb(), paper.bottom.rgb());
        let wide = [left - reach, top - reach, right + reach * 1.5, bottom + reach * 1.5];
        self.each(wide, |x, y, pixel| {
            let depth = inside(x, y);
            if depth < 0.5 && paper.shadow > 0.0 {
                let away = -inside(x - dx, y - dy);
                blend(pixel, SHADE, paper.shadow * falloff(away, reach));
            }
            if depth > -0.5 {
                let share = ((y - top) / (bottom - top)).clamp(0.0, 1.0);
                let rgb = std::array::from_fn(|i| from[i] + (to[i] - from[i]) * share);
                blend(pixel, rgb, (depth + 0.5).min(1.0) * opacity);
            }
        });
    }

    /// Everything below a ridge line, its shadow above it, and the light on its cut edge.
    pub(super) fn ridge(&mut self, ridge: &Ridge, paper: Paper) {
        let Canvas { width, height, unit, .. } = *self;
        let top = ridge.top();
        let first = whole(top - paper.reach, height);
        let reach = (real(height) - top).max(1.0);
        let rim = 2.2 * unit;
        for y in first..height {
            let at = real(y) + 0.5;
            let rgb = paper.top.mix(paper.bottom, ((at - top) / reach).clamp(0.0, 1.0)).rgb();
            let row = &mut self.pixels[y * width..][..width];
            for (x, pixel) in row.iter_mut().enumerate() {
                let depth = (at - ridge.edge[x]) * ridge.slant[x];
                if depth < 0.5 {
                    let away = (ridge.soft[x] - at) * ridge.soft_slant[x];
                    if away < paper.reach {
                        blend(pixel, SHADE, paper.shadow * falloff(away, paper.reach));
                    }
                }
                if depth >= rim {
                    *pixel = [rgb[0], rgb[1], rgb[2], 1.0];
                } else if depth > -0.5 {
                    // The cut edge of the paper catches the light.
                    let light = 1.0 + 0.10 * (1.0 - (depth / rim).clamp(0.0, 1.0));
                    blend(pixel, rgb.map(|c| (c * light).min(1.0)), (depth + 0.5).min(1.0));
                }
            }
        }
    }

    /// The tooth of the paper, lit from one side, and darker corners.
    pub(super) fn grain(&mut self, random: &mut SplitMix) {
        const SIDE: usize = 256;
        let noise: Vec<f32> = (0..SIDE * SIDE).map(|_| random.unit() - 0.5).collect();
        let at = |x: usize, y: usize| noise[(y % SIDE) * SIDE + x % SIDE];
        // The difference along a diagonal looks like light on a rough surface.
        let tooth: Vec<f32> = (0..SIDE * SIDE)
            .map(|i| {
                let (x, y) = (i % SIDE, i / SIDE);
                let near = at(x, y) + at(x + 1, y) + at(x, y + 1);
                let far = at(x + 1, y + 1) + at(x + 2, y + 1) + at(x + 1, y + 2);
                0.011 * (near - far) + 0.010 * at(x + 7, y + 3)
            })
            .collect();
        let (width, height) = self.extent();
        let across: Vec<f32> = (0..self.width)
            .map(|x| {
                let off = real(x) / width * 2.0 - 1.0;
                off * off
            })
            .collect();
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            let off = real(y) / height * 2.0 - 1.0;
            let tooth = &tooth[(y % SIDE) * SIDE..][..SIDE];
            for (x, pixel) in row.iter_mut().enumerate() {
                let corner = across[x] + off * off;
                let shade = 1.0 - 0.026 * corner * corner;
                let alpha = pixel[3];
                for c in &mut pixel[..3] {
                    *c = (*c * shade + tooth[x % SIDE] * alpha).clamp(0.0, alpha);
                }
            }
        }
    }

    /// Lets a grid of colours shine through, softly from field to field.
    pub(super) fn blend_colour_grid(&mut self, colour_grid: &[[u8; 3]; GRID_SIDE * GRID_SIDE]) {
        let (width, height) = self.extent();
        // The two nearest fields along a side, and how far the second is the nearer one.
        let between = |at: usize, side: f32| {
            let place = ((real(at) + 0.5) / side * real(GRID_SIDE) - 0.5).max(0.0);
            let first = whole(place, GRID_SIDE - 1);
            (first, (first + 1).min(GRID_SIDE - 1), place - real(first))
        };
        let columns: Vec<_> = (0..self.width).map(|x| between(x, width)).collect();
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            let (up, down, share) = between(y, height);
            for (pixel, &(left, right, part)) in row.iter_mut().zip(&columns) {
                let at = |y: usize, x: usize, c: usize| {
                    f32::from(colour_grid[y * GRID_SIDE + x][c]) / 255.0
                };
                let mix = |from: f32, to: f32, share: f32| from + (to - from) * share;
                let rgb = std::array::from_fn(|c| {
                    let above = mix(at(up, left, c), at(up, right, c), part);
                    let below = mix(at(down, left, c), at(down, right, c), part);
                    mix(above, below, share) * pixel[3]
                });
                let alpha = pixel[3];
                blend(pixel, rgb, 0.5);
                pixel[3] = alpha;
            }
        }
    }

    /// Leaves one colour of each square of so many pixels.
    pub(super) fn blur(&mut self, side: usize) {
        for top in (0..self.height).step_by(side) {
            for left in (0..self.width).step_by(side) {
                let rows = top..(top + side).min(self.height);
                let columns = left..(left + side).min(self.width);
                let mut sum = [0.0; 4];
                for y in rows.clone() {
                    for pixel in &self.pixels[y * self.width..][columns.clone()] {
                        sum = std::array::from_fn(|c| sum[c] + pixel[c]);
                    }
                }
                let count = real(rows.len() * columns.len());
                let mean = sum.map(|c| c / count);
                for y in rows {
                    self.pixels[y * self.width..][columns.clone()].fill(mean);
                }
            }
        }
    }

    /// Eight bits a channel, colours no longer multiplied by alpha.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "each value lies between 0 and 255.5, and rounding down is meant"
    )]
    pub(super) fn into_pixels(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 4);
        for [r, g, b, alpha] in self.pixels {
            let full = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
            let byte = |c: f32| (c * full).clamp(0.0, 255.0).mul_add(1.0, 0.5) as u8;
            bytes.extend([byte(r), byte(g), byte(b), (alpha * 255.0 + 0.5) as u8]);
        }
        bytes
    }

    /// Visits the pixels of a rectangle, with their centres.
    fn each(&mut self, bounds: Bounds, mut visit: impl FnMut(f32, f32, &mut [f32; 4])) {
        let [left, top, right, bottom] = bounds;
        let (from, to) = (whole(left, self.width), whole(right + 1.0, self.width));
        for y in whole(top, self.height)..whole(bottom + 1.0, self.height) {
            let row = &mut self.pixels[y * self.width..][..self.width];
            for (x, pixel) in row.iter_mut().enumerate().take(to).skip(from) {
                visit(real(x) + 0.5, real(y) + 0.5, pixel);
            }
        }
    }
}

/// Lays a colour over a pixel.
fn blend(pixel: &mut [f32; 4], rgb: Rgb, cover: f32) {
    let keep = 1.0 - cover;
    pixel[0] = pixel[0] * keep + rgb[0] * cover;
    pixel[1] = pixel[1] * keep + rgb[1] * cover;
    pixel[2] = pixel[2] * keep + rgb[2] * cover;
    pixel[3] = pixel[3] * keep + cover;
}

/// 1 at the edge and under the paper, softly 0 at the shadow's reach.
fn falloff(away: f32, reach: f32) -> f32 {
    let near = (1.0 - away / reach).clamp(0.0, 1.0);
    near * near
}

/// An index as a number.
#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^23 pixels wide")]
pub(super) fn real(index: usize) -> f32 {
    index as f32
}

/// A number as an index from 0 to `most`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast is saturating, and what is past the picture's edge is cut off"
)]
pub(super) fn whole(number: f32, most: usize) -> usize {
    (number as usize).min(most)
}
