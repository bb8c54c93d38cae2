//! Checks the reference pictures that a visitor uploads, by the beginnings of the files.
//!
//! Owns the limits of their number, bytes and pixels. Must not read more of a file than the check needs: the rest stays
//! outside of the program's memory. Upstream checks whether they are complete; other visitors never see them.

use super::Inspector;
use contract::options::MediaType;
use serde::{Deserialize, Serialize};

/// The most reference pictures of one job.
pub const MOST: u32 = 4;
/// The most bytes of one reference picture.
pub const BYTES: u64 = 4 * 1024 * 1024;
/// The longest side of a reference picture, in pixels.
pub const SIDE: u32 = 4_096;
/// How many bytes to read at first: type and size are nearly always within them.
pub const HEAD: u32 = 64 * 1024;

/// An accepted reference picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The media type by the magic bytes, whatever the browser declared.
    pub media_type: MediaType,
    /// The width in pixels, 1 to 4,096.
    pub width: u32,
    /// The height in pixels, 1 to 4,096.
    pub height: u32,
    /// The length in bytes, at most 4 MB.
    pub bytes: u64,
}

/// Why a reference picture is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadError {
    /// It is not a PNG, WebP or JPEG with a size: `invalid-request`.
    NotAPicture,
    /// It has too many bytes or pixels: `too-large`.
    TooLarge,
}

/// Inspects the beginning of a reference picture in pieces of any length.
#[derive(Debug)]
pub struct UploadInspector {
    inspector: Inspector,
    bytes: u64,
    seen: u64,
}

impl UploadInspector {
    /// Begins to inspect a picture of `bytes` bytes.
    pub fn new(bytes: u64) -> Result<Self, UploadError> {
        match bytes {
            0 => Err(UploadError::NotAPicture),
            1..=BYTES => Ok(Self { inspector: Inspector::default(), bytes, seen: 0 }),
            _ => Err(UploadError::TooLarge),
        }
    }

    /// Inspects the next piece; `None` if more is needed to decide.
    pub fn feed(&mut self, piece: &[u8]) -> Result<Option<Upload>, UploadError> {
        self.seen = self.seen.saturating_add(piece.len() as u64);
        let fed = self.inspector.feed(piece);
        let Some((media_type, (width, height))) = self.inspector.shape() else {
            let over = self.seen >= self.bytes || fed.is_err();
            return if over { Err(UploadError::NotAPicture) } else { Ok(None) };
        };
        if width == 0 || height == 0 {
            return Err(UploadError::NotAPicture);
        }
        if width > SIDE || height > SIDE {
            return Err(UploadError::TooLarge);
        }
        Ok(Some(Upload { media_type, width, height, bytes: self.bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{jpeg, lossless, png, riff},
        *,
    };

    /// Inspects the beginning of a picture at once.
    fn look(head: &[u8], bytes: u64) -> Result<Option<Upload>, UploadError> {
        UploadInspector::new(bytes)?.feed(head)
    }

    #[test]
    fn type_and_size_are_told_from_the_head() {
        for (picture, media_type, needed) in [
            (png(&[]), MediaType::Png, 24),
            (jpeg(&[]), MediaType::Jpeg, 17),
            (riff(&lossless()), MediaType::Webp, 30),
        ] {
            let upload = Upload { media_type, width: 1024, height: 1536, bytes: BYTES };
            for seen in 0..picture.len() {
                let known = (seen >= needed).then_some(upload);
                assert_eq!(look(&picture[..seen], BYTES), Ok(known), "{seen} of {media_type:?}");
            }
            let mut look = UploadInspector::new(BYTES).unwrap();
            let by_byte = picture.iter().find_map(|&byte| look.feed(&[byte]).unwrap());
            assert_eq!(by_byte, Some(upload));
        }
    }

    #[test]
    fn a_head_of_any_length_is_passed_over() {
        let exif = [&[0xFF, 0xE1, 0xFF, 0xFF][..], &vec![0; 0xFFFD]].concat();
        let picture = jpeg(&exif.repeat(3));
        let mut look = UploadInspector::new(picture.len() as u64).unwrap();
        let found: Vec<_> =
            picture.chunks(64 * 1024).map(|piece| look.feed(piece).unwrap()).collect();
        assert_eq!(found.iter().position(Option::is_some), Some(3));
    }

    #[test]
    fn what_is_no_picture_is_refused_at_once() {
        for bytes in
            [&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], b"GIF89a", b"<html>", b"%PDF-1.7"]
        {
            assert_eq!(look(bytes, BYTES), Err(UploadError::NotAPicture));
        }
        let whole = png(&[]);
        assert_eq!(look(&whole[..10], 10), Err(UploadError::NotAPicture), "there is no more");
        assert_eq!(look(b"", 0), Err(UploadError::NotAPicture));
    }

    #[test]
    fn too_many_bytes_or_pixels_are_too_large() {
        assert_eq!(look(&png(&[]), BYTES + 1), Err(UploadError::TooLarge));
        for (side, result) in [
            (0u32, Err(UploadError::NotAPicture)),
            (4_096, Ok(4_096)),
            (4_097, Err(UploadError::TooLarge)),
            (u32::MAX, Err(UploadError::TooLarge)),
        ] {
            let mut bytes = png(&[]);
            bytes[16..20].copy_from_slice(&side.to_be_bytes());
            let width = look(&bytes, BYTES).map(|upload| upload.unwrap().width);
            assert_eq!(width, result, "{side}");
        }
    }
}
