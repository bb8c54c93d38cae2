//! A picture of an exact length: a PNG of grey noise, which cannot be compressed.
//!
//! Owns its bytes, which are the same for the same length. Must not care what it looks like.

use anyhow::{Result, ensure};
use flate2::{Compression, Crc, write::ZlibEncoder};
use std::io::Write;

const WIDTH: u32 = 1024;
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The bytes of a chunk without its data: length, type and checksum.
const FRAME: usize = 12;
/// The bytes of the signature, `IHDR`, `IEND`, and the frames of `IDAT` and of the padding, rounded up, with zlib's own
/// framing of a small picture.
const AROUND: usize = 128;

/// A PNG of exactly that many bytes; at least 2,000.
pub(super) fn of(bytes: usize) -> Result<Vec<u8>> {
    ensure!(bytes >= 2_000, "a picture of {bytes} bytes is too short");
    let row = WIDTH as usize + 1;
    // Stored deflate adds five bytes to each of its blocks of 16 KB or more.
    let rows = (bytes - AROUND - bytes / 2_000) / row;
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::none());
    for _ in 0..rows {
        zlib.write_all(&[0])?; // the row is not filtered
        zlib.write_all(&noise.bytes(WIDTH as usize))?;
    }
    let pixels = zlib.finish()?;
    let header = [
        &WIDTH.to_be_bytes()[..],
        &u32::try_from(rows)?.to_be_bytes(),
        &[8, 0, 0, 0, 0], // eight bits of grey, no interlace
    ]
    .concat();
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, *b"IHDR", &header)?;
    let rest = FRAME + pixels.len() + FRAME;
    let padding = bytes.checked_sub(png.len() + rest + FRAME);
    let Some(padding) = padding else { anyhow::bail!("{bytes} bytes leave no room for padding") };
    // A private chunk before the pixels, where C2PA's chunk is in real pictures.
    chunk(&mut png, *b"paDd", &noise.bytes(padding))?;
    chunk(&mut png, *b"IDAT", &pixels)?;
    chunk(&mut png, *b"IEND", &[])?;
    ensure!(png.len() == bytes, "the picture has {} bytes, not {bytes}", png.len());
    Ok(png)
}

pub(super) fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<()> {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    png.extend_from_slice(&u32::try_from(data.len())?.to_be_bytes());
    png.extend_from_slice(&kind);
    png.extend_from_slice(data);
    png.extend_from_slice(&sum.sum().to_be_bytes());
    Ok(())
}

/// Xorshift: fast, and the same on every machine.
struct Noise(u64);

impl Noise {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            bytes.extend_from_slice(&self.0.to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::picture::Inspector;

    #[test]
    fn a_picture_has_its_length_and_passes_the_edge() {
        for bytes in [2_000, 10_000, 100_001, 1_500_000, 2_000_000] {
            let png = of(bytes).unwrap();
            assert_eq!(png.len(), bytes);
            let mut inspector = Inspector::default();
            inspector.feed(&png).unwrap();
            let facts = inspector.finish().unwrap();
            assert_eq!((facts.bytes, facts.width), (bytes as u64, WIDTH));
        }
    }

    #[test]
    fn its_pixels_unpack() {
        let png = of(100_000).unwrap();
        let at = png.windows(4).position(|kind| kind == b"IDAT").unwrap();
        let mut pixels = Vec::new();
        let mut unpack = flate2::read::ZlibDecoder::new(&png[at + 4..]);
        std::io::Read::read_to_end(&mut unpack, &mut pixels).unwrap();
        assert_eq!(pixels.len() % (WIDTH as usize + 1), 0);
    }
}
