//! Inspects a picture's bytes as they arrive.
//!
//! Owns the check whether bytes are a complete picture: magic bytes, size in pixels, the format's own end, and the
//! presence of a C2PA manifest. Must not decode pixels, verify a manifest, or keep more than a few bytes.

mod jpeg;
mod png;
pub mod upload;
mod webp;

use contract::options::MediaType;
use serde::{Deserialize, Serialize};

/// The longest side in pixels: four times the longest that any model makes.
const MAX_SIDE: u32 = 16_384;
/// The most pixels: twice as many as any model makes, and as many as a phone can hold decoded (64 MB).
const MAX_PIXELS: u64 = 4_096 * 4_096;

/// The facts that a picture's bytes state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// The media type, by the magic bytes.
    pub media_type: MediaType,
    /// The width in pixels, 1 to 16,384; width times height is at most 16,777,216.
    pub width: u32,
    /// The height in pixels, 1 to 16,384.
    pub height: u32,
    /// The length of the file in bytes.
    pub bytes: u64,
    /// Whether the file contains a C2PA manifest at the place that its format defines.
    pub credentials: bool,
}

/// The bytes are not a complete picture in a supported format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPicture;

/// Inspects a picture in pieces of any length.
#[derive(Debug, Default)]
pub struct Inspector {
    /// How many bytes to skip.
    skip: u64,
    /// The bytes that are collected for the next step.
    head: Vec<u8>,
    step: ReadStep,
    observed: Observed,
}

/// The facts found so far.
#[derive(Debug, Default)]
struct Observed {
    kind: Option<MediaType>,
    bytes: u64,
    size: Option<(u32, u32)>,
    /// Whether pixel data were found after the size.
    pixels: bool,
    credentials: bool,
    /// The length of the file, if its header states it.
    end: Option<u64>,
}

impl Observed {
    /// Records the size. A picture that states two different sizes is refused, since programs could show either.
    fn set_size(&mut self, size: (u32, u32)) -> Result<(), NotAPicture> {
        if *self.size.get_or_insert(size) == size { Ok(()) } else { Err(NotAPicture) }
    }
}

/// The current step of the inspection.
#[derive(Debug, Clone, Copy, Default)]
enum ReadStep {
    /// The first two bytes, which distinguish the formats.
    #[default]
    Magic,
    Png(png::PngStep),
    Jpeg(jpeg::JpegStep),
    Webp(webp::WebpStep),
    /// The format's own end was read.
    Done,
}

/// The next step, and how many bytes to skip before it. Without a step the picture is complete.
struct NextStep<S> {
    skip: u64,
    step: Option<S>,
}

impl<S> NextStep<S> {
    fn step(step: S) -> Self {
        Self { skip: 0, step: Some(step) }
    }

    fn after(skip: u64, step: S) -> Self {
        Self { skip, step: Some(step) }
    }

    fn done() -> Self {
        Self { skip: 0, step: None }
    }

    fn map<T>(self, to: impl FnOnce(S) -> T) -> NextStep<T> {
        NextStep { skip: self.skip, step: self.step.map(to) }
    }
}

impl Inspector {
    /// Inspects the next piece. An error is final.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), NotAPicture> {
        self.observed.bytes = self.observed.bytes.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            if self.skip > 0 {
                let skipped = bytes.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
                self.skip = self.skip.saturating_sub(skipped as u64);
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            if let ReadStep::Jpeg(jpeg::JpegStep::Scan { after_ff }) = self.step {
                let (rest, next) = jpeg::skip_scan(bytes, after_ff)?;
                bytes = rest;
                self.step = next.step.map_or(ReadStep::Done, ReadStep::Jpeg);
                continue;
            }
            // Nothing may follow the format's own end: another program could read it as a different kind of file.
            let needed = self.step.bytes_needed().ok_or(NotAPicture)?;
            let missing = needed.saturating_sub(self.head.len()).min(bytes.len());
            let (taken, rest) = bytes.split_at(missing);
            self.head.extend_from_slice(taken);
            bytes = rest;
            if self.head.len() == needed {
                let next = self.advance()?;
                self.head.clear();
                self.skip = next.skip;
                self.step = next.step.unwrap_or(ReadStep::Done);
            }
        }
        Ok(())
    }

    /// The type and size, as soon as they are known.
    fn shape(&self) -> Option<(MediaType, (u32, u32))> {
        self.observed.kind.zip(self.observed.size)
    }

    /// Decides whether all bytes together are a complete picture.
    pub fn finish(&self) -> Result<PictureFacts, NotAPicture> {
        let media_type = self.observed.kind.ok_or(NotAPicture)?;
        let ended = match (self.observed.end, self.step) {
            (Some(end), ReadStep::Webp(webp::WebpStep::Chunk)) => {
                self.observed.bytes == end && self.head.is_empty()
            }
            (None, ReadStep::Done) => true,
            _ => false,
        };
        let (width, height) =
            self.observed.size.filter(|&size| is_displayable(size)).ok_or(NotAPicture)?;
        if !ended || self.skip != 0 || !self.observed.pixels {
            return Err(NotAPicture);
        }
        Ok(PictureFacts {
            media_type,
            width,
            height,
            bytes: self.observed.bytes,
            credentials: self.observed.credentials,
        })
    }

    fn advance(&mut self) -> Result<NextStep<ReadStep>, NotAPicture> {
        let (head, observed) = (self.head.as_slice(), &mut self.observed);
        Ok(match self.step {
            ReadStep::Magic => match head {
                [0x89, b'P'] => NextStep::step(ReadStep::Png(png::PngStep::Magic)),
                [0xFF, 0xD8] => {
                    observed.kind = Some(MediaType::Jpeg);
                    NextStep::step(ReadStep::Jpeg(jpeg::JpegStep::Marker))
                }
                [b'R', b'I'] => NextStep::step(ReadStep::Webp(webp::WebpStep::Riff)),
                _ => return Err(NotAPicture),
            },
            ReadStep::Png(step) => step.advance(head, observed)?.map(ReadStep::Png),
            ReadStep::Jpeg(step) => step.advance(head, observed)?.map(ReadStep::Jpeg),
            ReadStep::Webp(step) => step.advance(head, observed)?.map(ReadStep::Webp),
            ReadStep::Done => NextStep::done(),
        })
    }
}

/// Whether browsers can display a picture of this size.
fn is_displayable((width, height): (u32, u32)) -> bool {
    let sides = 1..=MAX_SIDE;
    sides.contains(&width)
        && sides.contains(&height)
        && u64::from(width).saturating_mul(u64::from(height)) <= MAX_PIXELS
}

impl ReadStep {
    /// How many bytes the step needs at once; `None` after the end.
    fn bytes_needed(self) -> Option<usize> {
        match self {
            Self::Magic => Some(2),
            Self::Png(step) => Some(step.bytes_needed()),
            Self::Jpeg(step) => Some(step.bytes_needed()),
            Self::Webp(step) => Some(step.bytes_needed()),
            Self::Done => None,
        }
    }
}

/// A big-endian number of two or four bytes.
fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, &byte| (number << 8) | u32::from(byte))
}

/// A little-endian number of two, three or four bytes.
fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| (number << 8) | u32::from(byte))
}

#[cfg(test)]
mod tests;
