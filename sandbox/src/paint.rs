//! Pictures: layered cut paper, drawn by code alone.
//!
//! Owns what a prompt looks like: the same subject is the same picture on every machine and run. Must not know
//! formats, tokens or HTTP.

mod canvas;
mod colour;
mod detail;
mod mark;
mod motif;
mod palette;
mod ridge;
mod seed;
mod trees;

pub(crate) use seed::SplitMix;

use canvas::Canvas;
use contract::options::{Quality, Size};
use motif::Motif;
use palette::Palette;
use seed::seed_of;

/// How many lights a source has on each side.
pub const GRID_SIDE: usize = 16;

/// What is to be painted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The words; some of them choose what is seen (`sea`, `night`, `desert` …), all of them how.
    pub prompt: String,
    /// Which of several pictures of one request this is.
    pub index: u32,
    /// Its size in pixels.
    pub size: Size,
    /// More quality, more layers and detail.
    pub quality: Quality,
    /// Whether the sky is left out.
    pub transparent: bool,
    /// What it is made from, if it is a change of another picture.
    pub source: Option<Box<Source>>,
    /// How much of it is there: 0 is all, each one more is half as sharp.
    pub blur: u8,
}

/// What is left of a picture in another that was made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What its chance follows from.
    pub seed: u64,
    /// Its colours, row by row.
    pub colour_grid: [[u8; 3]; GRID_SIDE * GRID_SIDE],
}

/// A painted picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// Its size in pixels.
    pub size: Size,
    /// Whether any pixel may be transparent.
    pub transparent: bool,
    /// Red, green, blue and alpha of each pixel, row by row; colours are not multiplied by alpha.
    pub pixels: Vec<u8>,
}

impl Default for Subject {
    /// A small square of nothing in particular.
    fn default() -> Self {
        Self {
            prompt: String::new(),
            index: 0,
            size: Size { width: 64, height: 64 },
            quality: Quality::Low,
            transparent: false,
            source: None,
            blur: 0,
        }
    }
}

impl Source {
    /// What is left of several pictures together.
    pub(crate) fn mix(sources: &[Self]) -> Option<Self> {
        let (first, rest) = sources.split_first()?;
        let count = sources.len();
        let mut mixed = first.clone();
        for source in rest {
            mixed.seed = mixed.seed.rotate_left(7) ^ source.seed;
        }
        for (at, light) in mixed.colour_grid.iter_mut().enumerate() {
            for (channel, value) in light.iter_mut().enumerate() {
                let sum: usize =
                    sources.iter().map(|source| usize::from(source.colour_grid[at][channel])).sum();
                *value = u8::try_from(sum / count).unwrap_or(u8::MAX);
            }
        }
        Some(mixed)
    }
}

/// Paints a subject.
pub fn paint(subject: &Subject) -> Bitmap {
    let mut random = SplitMix::new(seed_of(subject));
    let motif = Motif::of(&subject.prompt, &mut random);
    let palette = Palette::mix(motif, &mut random);
    let mut canvas = Canvas::new(subject.size, subject.transparent);
    motif.draw(&mut canvas, &palette, subject.quality, &mut random);
    if let Some(source) = &subject.source {
        canvas.blend_colour_grid(&source.colour_grid);
    }
    canvas.grain(&mut random);
    if subject.blur > 0 {
        canvas.blur(4 << subject.blur);
    }
    mark::stamp(&mut canvas);
    Bitmap { size: subject.size, transparent: subject.transparent, pixels: canvas.into_pixels() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(prompt: &str) -> Subject {
        Subject {
            prompt: prompt.to_owned(),
            index: 0,
            size: Size { width: 96, height: 64 },
            ..Subject::default()
        }
    }

    #[test]
    fn the_same_subject_is_the_same_picture_and_another_is_another() {
        let picture = paint(&subject("a fox"));
        assert_eq!(picture, paint(&subject("a fox")));
        assert_ne!(picture, paint(&subject("a dog")));
        assert_ne!(picture, paint(&Subject { index: 1, ..subject("a fox") }));
        assert_ne!(picture, paint(&Subject { quality: Quality::High, ..subject("a fox") }));
    }

    #[test]
    fn a_change_has_the_colours_of_what_it_was_made_from() {
        let red = Source { seed: 1, colour_grid: [[255, 0, 0]; GRID_SIDE * GRID_SIDE] };
        let blue = Source { seed: 1, colour_grid: [[0, 0, 255]; GRID_SIDE * GRID_SIDE] };
        let mean = |source: Option<&Source>, channel| {
            let picture =
                paint(&Subject { source: source.cloned().map(Box::new), ..subject("a fox") });
            let sum: usize =
                picture.pixels.chunks_exact(4).map(|pixel| usize::from(pixel[channel])).sum();
            sum / (96 * 64)
        };
        assert!(mean(Some(&red), 0) > mean(Some(&blue), 0) + 80);
        assert!(mean(Some(&blue), 2) > mean(Some(&red), 2) + 80);
        let both = Source::mix(&[red, blue]).unwrap();
        assert_eq!(both.colour_grid[0], [127, 0, 127]);
    }

    #[test]
    fn each_blur_is_less_sharp_than_the_one_before() {
        let contrast = |blur| {
            let picture = paint(&Subject { blur, ..subject("a fox") });
            let rows = picture.pixels.chunks_exact(96 * 4);
            let step = |pair: &[u8]| u64::from(pair[0].abs_diff(pair[4]));
            rows.map(|row| row.windows(5).map(step).sum::<u64>()).sum::<u64>()
        };
        assert!(contrast(0) > contrast(1) && contrast(1) > contrast(2), "{}", contrast(1));
    }

    #[test]
    fn only_a_transparent_picture_has_transparent_pixels() {
        for prompt in ["hills", "sea", "desert", "mountains", "night"] {
            let alphas = |transparent| {
                let picture = paint(&Subject { transparent, ..subject(prompt) });
                assert_eq!(picture.pixels.len(), 96 * 64 * 4);
                picture.pixels.chunks_exact(4).filter(|pixel| pixel[3] == 0).count()
            };
            assert_eq!(alphas(false), 0, "{prompt}");
            assert!(alphas(true) > 500, "{prompt}: {}", alphas(true));
        }
    }
}
