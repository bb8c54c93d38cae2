//! Encodes pixels as a file.
//!
//! Owns the formats, and the content credentials in them. Must not know what is painted.

mod credentials;

pub use credentials::carries_credentials;

use crate::Bitmap;
use contract::options::Format;
use std::{borrow::Cow, io};

/// The effort of the WebP encoder, from 0 (fastest) to 6 (smallest).
#[cfg(not(target_arch = "wasm32"))]
const WEBP_EFFORT: i32 = 1;

/// Where the flags of a WebP in the extended format are, and the one that announces an alpha channel.
#[cfg(target_arch = "wasm32")]
const VP8X_FLAGS: usize = 20;
#[cfg(target_arch = "wasm32")]
const HAS_ALPHA: u8 = 0x10;

/// Encodes a picture. `compression` is from 0 to 100, where 100 is the best quality; PNG is lossless and ignores it.
pub fn encode(picture: &Bitmap, format: Format, compression: u8) -> io::Result<Vec<u8>> {
    match format {
        Format::Png => png(picture),
        Format::Webp => webp(picture, compression),
        Format::Jpeg => jpeg(picture, compression),
    }
}

fn png(picture: &Bitmap) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = picture.size;
    let mut encoder = png::Encoder::new(&mut bytes, size.width.into(), size.height.into());
    encoder.set_color(if picture.transparent { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    // Written after IHDR and before IDAT, as C2PA requires.
    writer.write_chunk(png::chunk::ChunkType(*b"caBX"), &credentials::manifest())?;
    writer.write_image_data(&channels(picture))?;
    writer.finish()?;
    Ok(bytes)
}

/// Lossless: libwebp is written in C, and no library of C is linked into wasm.
#[cfg(target_arch = "wasm32")]
fn webp(picture: &Bitmap, _: u8) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = picture.size;
    let colour = if picture.transparent {
        image_webp::ColorType::Rgba8
    } else {
        image_webp::ColorType::Rgb8
    };
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(&channels(picture), size.width.into(), size.height.into(), colour)
        .map_err(io::Error::other)?;
    credentials::add_to_webp(&mut bytes, size);
    if let Some(flags) = bytes.get_mut(VP8X_FLAGS).filter(|_| picture.transparent) {
        *flags |= HAS_ALPHA;
    }
    Ok(bytes)
}

/// Lossy, as the maker's WebP is; the alpha channel is lossless.
#[cfg(not(target_arch = "wasm32"))]
fn webp(picture: &Bitmap, compression: u8) -> io::Result<Vec<u8>> {
    let refuse = |what: &str| io::Error::other(format!("cannot encode WebP: {what}"));
    let mut config =
        webp::WebPConfig::new().map_err(|()| refuse("the library has another ABI version"))?;
    config.quality = quality(compression).into();
    config.method = WEBP_EFFORT;
    let size = picture.size;
    let layout = if picture.transparent { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    let pixels = channels(picture);
    let encoder = webp::Encoder::new(&pixels, layout, size.width.into(), size.height.into());
    let file = encoder.encode_advanced(&config);
    let mut bytes = file.map_err(|error| refuse(&format!("{error:?}")))?.to_vec();
    credentials::add_to_webp(&mut bytes, size);
    Ok(bytes)
}

fn jpeg(picture: &Bitmap, compression: u8) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality(compression));
    encoder.add_app_segment(11, credentials::app11()).map_err(io::Error::other)?;
    let size = picture.size;
    encoder
        .encode(&picture.pixels, size.width, size.height, jpeg_encoder::ColorType::Rgba)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// Converts the maker's `output_compression` to an encoder's quality. The sandbox's pictures are smoother than a model's
/// and would become too small: this scale makes a file at 85 as large as the maker's at 85.
fn quality(compression: u8) -> u8 {
    100 - (100 - compression.min(100)) / 3
}

/// The pixels with four channels if the picture is transparent, otherwise with three.
fn channels(picture: &Bitmap) -> Cow<'_, [u8]> {
    if picture.transparent {
        return Cow::Borrowed(&picture.pixels);
    }
    let rgb = picture.pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let mut bytes = Vec::with_capacity(picture.pixels.len() / 4 * 3);
    bytes.extend(rgb);
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Subject, paint};
    use contract::options::{Quality, Size};

    /// One prompt for each motif.
    const PROMPTS: [&str; 5] = ["hills", "sea", "desert", "mountains", "night"];

    fn picture(prompt: &str, pixels: u16, quality: Quality, transparent: bool) -> Bitmap {
        let size = Size { width: pixels, height: pixels };
        let prompt = prompt.to_owned();
        paint(&Subject { prompt, size, quality, transparent, ..Subject::default() })
    }

    fn decoded(webp: &[u8]) -> (bool, Vec<u8>) {
        let mut decoder = image_webp::WebPDecoder::new(io::Cursor::new(webp)).unwrap();
        let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut pixels).unwrap();
        (decoder.has_alpha(), pixels)
    }

    #[test]
    fn what_is_lossy_weighs_at_85_what_that_of_a_model_does() {
        for prompt in PROMPTS {
            for quality in Quality::ALL {
                let picture = picture(prompt, 1024, *quality, false);
                let file = encode(&picture, Format::Webp, 85).unwrap();
                assert!((150..=300).contains(&(file.len() / 1024)), "{prompt}: {}", file.len());
                assert_eq!(&file[12..16], b"VP8X");
                assert_eq!(&file[30..34], b"VP8 ", "the lossy kind");
                let jpeg = encode(&picture, Format::Jpeg, 85).unwrap().len() / 1024;
                assert!((200..=320).contains(&jpeg), "{prompt}: {jpeg}");
            }
        }
    }

    #[test]
    fn a_higher_number_weighs_more() {
        for (format, transparent) in
            [(Format::Webp, false), (Format::Webp, true), (Format::Jpeg, false)]
        {
            let picture = picture("sea", 256, Quality::Low, transparent);
            let weigh = |level| encode(&picture, format, level).unwrap().len();
            let weights = [0, 20, 40, 60, 80, 85, 90, 95, 100].map(weigh);
            assert!(weights.is_sorted_by(|less, more| less < more), "{format}: {weights:?}");
        }
        let picture = picture("sea", 256, Quality::Low, false);
        let png = |level| encode(&picture, Format::Png, level).unwrap();
        assert_eq!(png(0), png(100), "it loses nothing");
    }

    #[test]
    fn transparency_survives_what_is_lossy() {
        for level in [0, 85, 100] {
            let picture = picture("a red balloon", 256, Quality::Low, true);
            let (alpha, pixels) = decoded(&encode(&picture, Format::Webp, level).unwrap());
            assert!(alpha, "{level}");
            let alphas =
                |pixels: &[u8]| pixels.iter().skip(3).step_by(4).copied().collect::<Vec<_>>();
            assert_eq!(alphas(&pixels), alphas(&picture.pixels), "{level}");
        }
        // None of its pixels is transparent, so that the encoder writes no alpha channel.
        let opaque = Bitmap {
            size: Size { width: 16, height: 16 },
            transparent: true,
            pixels: vec![200; 1024]
                .into_iter()
                .enumerate()
                .map(|(at, it)| if at % 4 == 3 { 255 } else { it })
                .collect(),
        };
        let file = encode(&opaque, Format::Webp, 85).unwrap();
        assert_eq!((decoded(&file).0, carries_credentials(&file)), (false, true));
    }
}
