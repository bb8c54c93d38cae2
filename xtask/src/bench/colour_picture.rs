//! A picture like those of models: a PNG of 1024 × 1024 in colour, of an exact length near 1.5 MB, which a browser
//! needs as long to decode as a model's picture.
//!
//! Owns its bytes: a slow gradient with grain over it. Must not care what it looks like.

use super::noise_picture::{SIGNATURE, chunk};
use anyhow::{Context, Result};
use flate2::{Compression, write::ZlibEncoder};
use std::{io::Write, sync::OnceLock};

const SIDE: u32 = 1024;
/// The number of grain patterns; the length selects one.
pub(super) const KINDS: usize = 4;
/// The amplitude of the grain, in steps of a colour's 256: it makes the compressed pixels about 1.4 MB.
const GRAIN: u64 = 6;
/// The bytes of a chunk without its data.
const FRAME: usize = 12;

static PIXELS: [OnceLock<Vec<u8>>; KINDS] = [const { OnceLock::new() }; KINDS];

/// A picture of exactly that many bytes. Two lengths give different bytes; the pixels have one of four grain patterns.
pub(super) fn of(bytes: usize) -> Result<Vec<u8>> {
    let kind = bytes % KINDS;
    let pixels = PIXELS[kind].get_or_init(|| pixels(kind).unwrap_or_default());
    let header = [&SIDE.to_be_bytes()[..], &SIDE.to_be_bytes(), &[8, 2, 0, 0, 0]].concat(); // eight bits of three colours, no interlace
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, *b"IHDR", &header)?;
    let padding = bytes.checked_sub(png.len() + FRAME + pixels.len() + FRAME + FRAME);
    // A private chunk before the pixels, where C2PA's chunk is in real pictures.
    chunk(&mut png, *b"paDd", &vec![0; padding.context("the picture needs more bytes")?])?;
    chunk(&mut png, *b"IDAT", pixels)?;
    chunk(&mut png, *b"IEND", &[])?;
    Ok(png)
}

/// The compressed rows, each filtered by the pixel on the left, as encoders do.
fn pixels(kind: usize) -> Result<Vec<u8>> {
    let mut grain = 0x9E37_79B9_7F4A_7C15 ^ kind as u64;
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    for y in 0..SIDE {
        let mut row = vec![1]; // the filter type `Sub`: by the pixel on the left
        let mut left = [0_u8; 3];
        for x in 0..SIDE {
            grain ^= grain << 13;
            grain ^= grain >> 7;
            grain ^= grain << 17;
            for (at, left) in left.iter_mut().enumerate() {
                let light = u64::from(if at == 1 { x + y } else { x.abs_diff(y) }) / 10;
                let [colour, ..] = (light + (grain >> (16 * at)) % GRAIN).to_le_bytes();
                row.push(colour.wrapping_sub(*left));
                *left = colour;
            }
        }
        zlib.write_all(&row)?;
    }
    Ok(zlib.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::picture::Inspector;

    #[test]
    fn a_picture_has_its_length_and_passes_the_edge() {
        let mut before = Vec::new();
        for bytes in [1_500_000, 1_500_007, 1_500_008] {
            let png = of(bytes).unwrap();
            assert!(png != before, "{bytes}");
            let mut inspector = Inspector::default();
            inspector.feed(&png).unwrap();
            let facts = inspector.finish().unwrap();
            assert_eq!((facts.bytes, facts.width, facts.height), (bytes as u64, SIDE, SIDE));
            before = png;
        }
        assert!(of(500_000).is_err());
    }

    #[test]
    fn its_pixels_are_most_of_it_and_unpack() {
        let pixels = pixels(3).unwrap();
        assert!((1_200_000..1_499_000).contains(&pixels.len()), "{}", pixels.len());
        let mut rows = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&pixels[..]), &mut rows)
            .unwrap();
        assert_eq!(rows.len(), (SIDE * (3 * SIDE + 1)) as usize);
    }
}
