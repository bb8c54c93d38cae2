//! Paints sample pictures in the style of layered cut paper, writes them as files and reads pictures.
//!
//! Owns the picture for a prompt: the same subject gives the same pixels on every machine and in every run. Must not
//! know tokens, prices or HTTP. It is a crate of its own because loops over pixels are optimised also for the tests, and
//! compiling with optimisation is slow: the sandbox, which changes more often, is compiled without.

mod canvas;
mod colour;
mod decode;
mod detail;
mod encode;
mod mark;
mod motif;
mod palette;
mod ridge;
mod seed;
mod trees;

pub use decode::{InspectedPicture, inspect, placeholder_for_url};
pub use encode::{carries_credentials, encode};
pub use seed::SplitMix;

use canvas::Canvas;
use contract::options::{Quality, Size};
use motif::Motif;
use palette::Palette;
use seed::seed_of;

/// The number of cells on each side of [`Source::colour_grid`].
pub const GRID_SIDE: usize = 16;

/// What to paint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Some words select the motif (`sea`, `night`, `desert` …); the whole text seeds the random numbers.
    pub prompt: String,
    /// The index of this picture among those of one request.
    pub index: u32,
    /// Its size in pixels.
    pub size: Size,
    /// A higher quality has more layers and detail.
    pub quality: Quality,
    /// Whether the sky is left out, so that the background is transparent.
    pub transparent: bool,
    /// The pictures that are edited; `None` for a new picture.
    pub source: Option<Box<Source>>,
    /// 0 is sharp; each step more halves the resolution.
    pub blur: u8,
}

/// What an edited picture takes over from the pictures that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The seed that its bytes give to the random numbers.
    pub seed: u64,
    /// Its mean colours on a grid, row by row.
    pub colour_grid: [[u8; 3]; GRID_SIDE * GRID_SIDE],
}

/// A painted picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// Its size in pixels.
    pub size: Size,
    /// Whether any pixel may be transparent.
    pub transparent: bool,
    /// Red, green, blue and alpha of each pixel, row by row; alpha is not premultiplied.
    pub pixels: Vec<u8>,
}

impl Default for Subject {
    /// A small square without a prompt.
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
    /// Combines several pictures: the mean of their colours, and one seed.
    pub fn mix(sources: &[Self]) -> Option<Self> {
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
