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
}

/// A painted picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its size in pixels.
    pub size: Size,
    /// Whether any pixel may be transparent.
    pub transparent: bool,
    /// Red, green, blue and alpha of each pixel, row by row; colours are not multiplied by alpha.
    pub pixels: Vec<u8>,
}

/// Paints a subject.
pub fn paint(subject: &Subject) -> Picture {
    let mut random = SplitMix::new(seed_of(subject));
    let motif = Motif::of(&subject.prompt, &mut random);
    let palette = Palette::mix(motif, &mut random);
    let mut canvas = Canvas::new(subject.size, subject.transparent);
    motif.draw(&mut canvas, &palette, subject.quality, &mut random);
    canvas.grain(&mut random);
    mark::stamp(&mut canvas);
    Picture { size: subject.size, transparent: subject.transparent, pixels: canvas.into_pixels() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(prompt: &str) -> Subject {
        Subject {
            prompt: prompt.to_owned(),
            index: 0,
            size: Size { width: 96, height: 64 },
            quality: Quality::Low,
            transparent: false,
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
