//! Decodes an uploaded picture and reduces it to what the painter needs: its size, alpha and mean colours.
//!
//! Owns reading PNG, WebP and JPEG. Must not decide whether a picture is accepted.

use crate::{GRID_SIDE, Source};
use std::io::Cursor;
use zune_jpeg::{JpegDecoder, zune_core::bytestream::ZCursor};

/// The largest picture that is decoded, in pixels.
const MAX_PIXELS: u64 = 64 * 1024 * 1024;

/// What is known of an uploaded picture after decoding it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedPicture {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Whether it has an alpha channel.
    pub alpha: bool,
    /// What an edited picture takes over from it.
    pub source: Source,
}

/// Decoded pixels.
struct Pixels {
    width: u32,
    height: u32,
    /// 1: grey. 2: grey and alpha. 3: red, green and blue. 4: red, green, blue and alpha.
    channels: usize,
    bytes: Vec<u8>,
}

/// Decodes a picture. `None` if the file is not a picture, is damaged, or is too large.
pub fn inspect(file: &[u8]) -> Option<InspectedPicture> {
    let pixels = match file {
        [0x89, b'P', b'N', b'G', ..] => png(file),
        [b'R', b'I', b'F', b'F', ..] => webp(file),
        [0xFF, 0xD8, 0xFF, ..] => jpeg(file),
        _ => None,
    }?;
    let Pixels { width, height, channels, .. } = pixels;
    let source = Source { seed: hash(file), colour_grid: colour_grid(&pixels) };
    Some(InspectedPicture { width, height, alpha: channels % 2 == 0, source })
}

/// Replaces a picture that is given as a URL, which the sandbox never fetches: a square in one colour.
pub fn placeholder_for_url(address: &str) -> InspectedPicture {
    let seed = hash(address.as_bytes());
    let [_, _, _, _, _, red, green, blue] = seed.to_be_bytes();
    let source = Source { seed, colour_grid: [[red, green, blue]; GRID_SIDE * GRID_SIDE] };
    InspectedPicture { width: 1024, height: 1024, alpha: false, source }
}

fn png(file: &[u8]) -> Option<Pixels> {
    let limits = png::Limits { bytes: 512 * 1024 * 1024 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    fits_pixel_limit(width, height).then_some(())?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(info.buffer_size());
    Some(Pixels { width, height, channels: info.color_type.samples(), bytes })
}

fn webp(file: &[u8]) -> Option<Pixels> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(file)).ok()?;
    let (width, height) = decoder.dimensions();
    fits_pixel_limit(width, height).then_some(())?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut bytes = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut bytes).ok()?;
    Some(Pixels { width, height, channels, bytes })
}

fn jpeg(file: &[u8]) -> Option<Pixels> {
    let mut decoder = JpegDecoder::new(ZCursor::new(file));
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    fits_pixel_limit(width, height).then_some(())?;
    let bytes = decoder.decode().ok()?;
    let channels = decoder.output_colorspace()?.num_components();
    Some(Pixels { width, height, channels, bytes })
}

fn fits_pixel_limit(width: u32, height: u32) -> bool {
    width > 0 && height > 0 && u64::from(width) * u64::from(height) <= MAX_PIXELS
}

/// The mean colour of each cell of a grid over the picture.
fn colour_grid(pixels: &Pixels) -> [[u8; 3]; GRID_SIDE * GRID_SIDE] {
    let Pixels { width, height, channels, bytes } = pixels;
    let (width, height) = (*width as usize, *height as usize);
    let mut sums = [[0_u64; 4]; GRID_SIDE * GRID_SIDE];
    for (y, row) in bytes.chunks_exact(width * channels).enumerate() {
        let fields = &mut sums[y * GRID_SIDE / height * GRID_SIDE..][..GRID_SIDE];
        for (x, pixel) in row.chunks_exact(*channels).enumerate() {
            let rgb = if *channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
            let [red, green, blue, count] = &mut fields[x * GRID_SIDE / width];
            *red += u64::from(rgb[0]);
            *green += u64::from(rgb[1]);
            *blue += u64::from(rgb[2]);
            *count += 1;
        }
    }
    sums.map(|[red, green, blue, count]| {
        // A picture that has fewer pixels than the grid has cells leaves some cells empty.
        [red, green, blue].map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
    })
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Subject, encode, paint};
    use contract::options::{Format, Quality, Size};

    #[test]
    fn what_the_encoders_write_is_seen() {
        let size = Size { width: 96, height: 64 };
        for transparent in [false, true] {
            let subject = Subject {
                prompt: "sea".to_owned(),
                size,
                quality: Quality::Low,
                transparent,
                ..Subject::default()
            };
            let picture = paint(&subject);
            let inspected: Vec<InspectedPicture> = [Format::Png, Format::Webp, Format::Jpeg]
                .into_iter()
                .map(|format| inspect(&encode(&picture, format, 90).unwrap()).unwrap())
                .collect();
            for picture in &inspected {
                assert_eq!((picture.width, picture.height), (96, 64));
            }
            assert_eq!([0, 1, 2].map(|at| inspected[at].alpha), [transparent, transparent, false]);
            // Encoders may change the colours of transparent pixels, so that only opaque pictures are compared.
            let colour_grid = |at: usize| inspected[at].source.colour_grid.as_flattened();
            for at in [1, 2].into_iter().filter(|_| !transparent) {
                let off =
                    colour_grid(0).iter().zip(colour_grid(at)).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(off < Some(12), "{off:?}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_not_seen() {
        for file in
            [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\xFF\xD8\xFF\xE0", b"<svg/>"]
        {
            assert_eq!(inspect(file), None, "{file:?}");
        }
    }
}
