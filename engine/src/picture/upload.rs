//! Checks the pictures to edit that a visitor uploads, from the first byte to the last.
//!
//! Owns the limits of their number, bytes and pixels. Must not keep what it has seen: the caller shows it one window of
//! the file after the other, so that the whole never lies in the program's memory. What is only the beginning of a
//! picture, or a picture with something behind it, does not go upstream, where it could be a fault that costs money.

use super::{Inspector, PictureFacts};
use contract::options::MediaType;
use serde::{Deserialize, Serialize};

/// The most pictures to edit of one job.
pub const MOST: u32 = 4;
/// The most bytes of one picture to edit.
pub const BYTES: u64 = 4 * 1024 * 1024;
/// The longest side of a picture to edit, in pixels.
pub const SIDE: u32 = 4_096;
/// The bytes of a window.
pub const WINDOW: u32 = 64 * 1024;

/// An accepted picture to edit.
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

/// Why a picture to edit is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadError {
    /// It does not begin as a PNG, WebP or JPEG with a size: `invalid-request`.
    NotAPicture,
    /// It begins as one, but is not complete, or something follows its end: `invalid-request`.
    NotWhole,
    /// It has too many bytes or pixels: `too-large`.
    TooLarge,
}

/// Inspects a picture to edit in pieces of any length.
#[derive(Debug)]
pub struct UploadInspector {
    inspector: Inspector,
    bytes: u64,
}

impl UploadInspector {
    /// Begins to inspect a picture of `bytes` bytes.
    pub fn new(bytes: u64) -> Result<Self, UploadError> {
        match bytes {
            0 => Err(UploadError::NotAPicture),
            1..=BYTES => Ok(Self { inspector: Inspector::default(), bytes }),
            _ => Err(UploadError::TooLarge),
        }
    }

    /// Inspects the next piece. An error is final.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), UploadError> {
        let fed = self.inspector.feed(piece);
        let shape = self.inspector.shape();
        if let Some((_, (width, height))) = shape {
            if width == 0 || height == 0 {
                return Err(UploadError::NotAPicture);
            }
            if width > SIDE || height > SIDE {
                return Err(UploadError::TooLarge);
            }
        }
        fed.map_err(|_| Self::broken(shape.is_some()))
    }

    /// Decides, once every piece was inspected.
    pub fn finish(&self) -> Result<Upload, UploadError> {
        let facts = self.inspector.finish();
        let facts = facts.map_err(|_| Self::broken(self.inspector.shape().is_some()))?;
        if facts.bytes != self.bytes {
            return Err(UploadError::NotWhole);
        }
        let PictureFacts { media_type, width, height, bytes, .. } = facts;
        Ok(Upload { media_type, width, height, bytes })
    }

    const fn broken(has_shape: bool) -> UploadError {
        if has_shape { UploadError::NotWhole } else { UploadError::NotAPicture }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{jpeg, lossless, png, riff},
        *,
    };

    /// Inspects a picture in pieces of that length.
    fn inspect(picture: &[u8], piece: usize) -> Result<Upload, UploadError> {
        let mut inspector = UploadInspector::new(picture.len() as u64)?;
        picture.chunks(piece).try_for_each(|piece| inspector.feed(piece))?;
        inspector.finish()
    }

    fn pictures() -> [(Vec<u8>, MediaType); 3] {
        [
            (png(&[]), MediaType::Png),
            (jpeg(&[]), MediaType::Jpeg),
            (riff(&lossless()), MediaType::Webp),
        ]
    }

    #[test]
    fn a_whole_picture_is_taken_by_its_own_bytes() {
        for (picture, media_type) in pictures() {
            let upload =
                Upload { media_type, width: 1024, height: 1536, bytes: picture.len() as u64 };
            for piece in [1, 7, 64 * 1024] {
                assert_eq!(inspect(&picture, piece), Ok(upload), "{piece} of {media_type:?}");
            }
        }
    }

    #[test]
    fn a_head_without_its_picture_and_a_picture_with_something_behind_it_are_refused() {
        for (picture, media_type) in pictures() {
            for length in 1..picture.len() {
                let cut = inspect(&picture[..length], 7);
                let refused = matches!(cut, Err(UploadError::NotWhole | UploadError::NotAPicture));
                assert!(refused, "{length} of {media_type:?}: {cut:?}");
            }
            let shaped = &picture[..30];
            assert_eq!(inspect(shaped, 64 * 1024), Err(UploadError::NotWhole), "{media_type:?}");
            for behind in [&b"\0"[..], b"<html><script>alert(1)</script>", b"PK\x03\x04"] {
                let more = [&picture, behind].concat();
                assert_eq!(inspect(&more, 64 * 1024), Err(UploadError::NotWhole), "{media_type:?}");
            }
        }
        let head_then_zeros = [&png(&[])[..40], &[0; 100]].concat();
        assert_eq!(inspect(&head_then_zeros, 7), Err(UploadError::NotWhole));
    }

    #[test]
    fn a_file_of_another_length_than_was_said_is_refused() {
        let picture = png(&[]);
        let mut inspector = UploadInspector::new(picture.len() as u64 + 1).unwrap();
        inspector.feed(&picture).unwrap();
        assert_eq!(inspector.finish(), Err(UploadError::NotWhole));
    }

    #[test]
    fn a_head_of_any_length_is_passed_over() {
        let exif = [&[0xFF, 0xE1, 0xFF, 0xFF][..], &vec![0; 0xFFFD]].concat();
        assert!(inspect(&jpeg(&exif.repeat(3)), 64 * 1024).is_ok());
    }

    #[test]
    fn what_is_no_picture_is_refused_at_once() {
        for bytes in
            [&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], b"GIF89a", b"<html>", b"%PDF-1.7"]
        {
            let mut inspector = UploadInspector::new(BYTES).unwrap();
            assert_eq!(inspector.feed(bytes), Err(UploadError::NotAPicture));
        }
        assert_eq!(inspect(b"", 1), Err(UploadError::NotAPicture));
    }

    #[test]
    fn too_many_bytes_or_pixels_are_too_large_before_the_end_is_read() {
        assert_eq!(UploadInspector::new(BYTES + 1).unwrap_err(), UploadError::TooLarge);
        for (side, result) in [
            (0u32, Err(UploadError::NotAPicture)),
            (4_096, Ok(())),
            (4_097, Err(UploadError::TooLarge)),
            (u32::MAX, Err(UploadError::TooLarge)),
        ] {
            let mut bytes = png(&[]);
            bytes[16..20].copy_from_slice(&side.to_be_bytes());
            let mut inspector = UploadInspector::new(BYTES).unwrap();
            assert_eq!(inspector.feed(&bytes[..40]), result, "{side}");
        }
    }
}
