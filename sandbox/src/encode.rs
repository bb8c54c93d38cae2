//! From pixels to the bytes of a file.
//!
//! Owns formats, the credentials in them, and an album of what was painted before. Must not know what is painted.

mod album;
mod credentials;

pub(crate) use album::{Album, Print};
pub use credentials::carries_credentials;

use crate::paint::Picture;
use contract::options::Format;
use std::{borrow::Cow, io};

/// Encodes a picture. `compression` goes from 0 to 100, 100 the best; only JPEG heeds it, since WebP is lossless here.
pub fn encode(picture: &Picture, format: Format, compression: u8) -> io::Result<Vec<u8>> {
    match format {
        Format::Png => png(picture),
        Format::Webp => webp(picture),
        Format::Jpeg => jpeg(picture, compression),
    }
}

fn png(picture: &Picture) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = picture.size;
    let mut encoder = png::Encoder::new(&mut bytes, size.width.into(), size.height.into());
    encoder.set_color(if picture.transparent { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    // Written after IHDR and before IDAT, where C2PA wants it.
    writer.write_chunk(png::chunk::ChunkType(*b"caBX"), &credentials::manifest())?;
    writer.write_image_data(&channels(picture))?;
    writer.finish()?;
    Ok(bytes)
}

fn webp(picture: &Picture) -> io::Result<Vec<u8>> {
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
    credentials::add_to_webp(&mut bytes, size, picture.transparent);
    Ok(bytes)
}

fn jpeg(picture: &Picture, compression: u8) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // 100 is the maker's default; the encoder's 92 looks the same and is half as long.
    let level = (u16::from(compression.min(100)) * 92 / 100).clamp(1, 92);
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, u8::try_from(level).unwrap_or(92));
    encoder.add_app_segment(11, credentials::app11()).map_err(io::Error::other)?;
    let size = picture.size;
    encoder
        .encode(&picture.pixels, size.width, size.height, jpeg_encoder::ColorType::Rgba)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// The pixels with as many channels as the picture needs.
fn channels(picture: &Picture) -> Cow<'_, [u8]> {
    if picture.transparent {
        return Cow::Borrowed(&picture.pixels);
    }
    let rgb = picture.pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let mut bytes = Vec::with_capacity(picture.pixels.len() / 4 * 3);
    bytes.extend(rgb);
    Cow::Owned(bytes)
}
