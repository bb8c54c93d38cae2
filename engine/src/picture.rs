//! What a picture's bytes say of themselves, read as they stream by.
//!
//! Owns the check that decides whether bytes are a whole picture: magic, size in pixels, the format's own end, and
//! whether a C2PA manifest is there. Must not decode pixels, verify a manifest, or keep more than a few bytes.

mod jpeg;
mod png;
pub mod upload;
mod webp;

use contract::options::MediaType;
use serde::{Deserialize, Serialize};

/// Pixels of a side at most: four times what any model makes.
const SIDE: u32 = 16_384;
/// Pixels at most: twice what any model makes, and what a phone can still hold decoded (64 MB).
const AREA: u64 = 4_096 * 4_096;

/// What a picture's bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// From the magic.
    pub media_type: MediaType,
    /// Pixels, 1–16,384; both sides multiplied at most 16,777,216.
    pub width: u32,
    /// Pixels, 1–16,384.
    pub height: u32,
    /// Length of it all.
    pub bytes: u64,
    /// Whether a C2PA manifest is there, as the format places it.
    pub credentials: bool,
}

/// These bytes are no whole picture of a type that we serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPicture;

/// Reads a picture in pieces of any length.
#[derive(Debug, Default)]
pub struct Inspector {
    /// Bytes to pass over.
    skip: u64,
    /// What is being gathered.
    head: Vec<u8>,
    step: Step,
    seen: Seen,
}

/// What has been learnt so far.
#[derive(Debug, Default)]
struct Seen {
    kind: Option<MediaType>,
    bytes: u64,
    size: Option<(u32, u32)>,
    /// Whether there is anything to show, behind the size.
    pixels: bool,
    credentials: bool,
    /// Where the picture ends, if its header says so.
    end: Option<u64>,
}

impl Seen {
    /// Notes the size. A picture that says two hides one of them.
    fn is_of(&mut self, size: (u32, u32)) -> Result<(), NotAPicture> {
        if *self.size.get_or_insert(size) == size { Ok(()) } else { Err(NotAPicture) }
    }
}

/// Where the reader stands.
#[derive(Debug, Clone, Copy, Default)]
enum Step {
    /// Two bytes tell the formats apart.
    #[default]
    Magic,
    Png(png::Step),
    Jpeg(jpeg::Step),
    Webp(webp::Step),
    /// The format's own end is behind us.
    Done,
}

/// What a step wants next.
struct Next<S> {
    skip: u64,
    step: Option<S>,
}

impl<S> Next<S> {
    fn step(step: S) -> Self {
        Self { skip: 0, step: Some(step) }
    }

    fn after(skip: u64, step: S) -> Self {
        Self { skip, step: Some(step) }
    }

    fn done() -> Self {
        Self { skip: 0, step: None }
    }

    fn map<T>(self, to: impl FnOnce(S) -> T) -> Next<T> {
        Next { skip: self.skip, step: self.step.map(to) }
    }
}

impl Inspector {
    /// Reads on. An error is final: what comes after it does not matter.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), NotAPicture> {
        self.seen.bytes = self.seen.bytes.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            if self.skip > 0 {
                let skipped = bytes.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
                self.skip = self.skip.saturating_sub(skipped as u64);
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            if let Step::Jpeg(jpeg::Step::Scan { after_ff }) = self.step {
                let (rest, next) = jpeg::scan(bytes, after_ff)?;
                bytes = rest;
                self.step = next.step.map_or(Step::Done, Step::Jpeg);
                continue;
            }
            // Nothing may follow the format's own end: whoever reads on there would see something else.
            let wanted = self.step.wants().ok_or(NotAPicture)?;
            let missing = wanted.saturating_sub(self.head.len()).min(bytes.len());
            let (taken, rest) = bytes.split_at(missing);
            self.head.extend_from_slice(taken);
            bytes = rest;
            if self.head.len() == wanted {
                let next = self.advance()?;
                self.head.clear();
                self.skip = next.skip;
                self.step = next.step.unwrap_or(Step::Done);
            }
        }
        Ok(())
    }

    /// Type and size, as soon as the head has told them.
    fn shape(&self) -> Option<(MediaType, (u32, u32))> {
        self.seen.kind.zip(self.seen.size)
    }

    /// Decides, once every byte was fed.
    pub fn finish(&self) -> Result<Facts, NotAPicture> {
        let media_type = self.seen.kind.ok_or(NotAPicture)?;
        let ended = match (self.seen.end, self.step) {
            (Some(end), Step::Webp(webp::Step::Chunk)) => {
                self.seen.bytes == end && self.head.is_empty()
            }
            (None, Step::Done) => true,
            _ => false,
        };
        let (width, height) = self.seen.size.filter(|&size| is_sane(size)).ok_or(NotAPicture)?;
        if !ended || self.skip != 0 || !self.seen.pixels {
            return Err(NotAPicture);
        }
        Ok(Facts {
            media_type,
            width,
            height,
            bytes: self.seen.bytes,
            credentials: self.seen.credentials,
        })
    }

    fn advance(&mut self) -> Result<Next<Step>, NotAPicture> {
        let (head, seen) = (self.head.as_slice(), &mut self.seen);
        Ok(match self.step {
            Step::Magic => match head {
                [0x89, b'P'] => Next::step(Step::Png(png::Step::Magic)),
                [0xFF, 0xD8] => {
                    seen.kind = Some(MediaType::Jpeg);
                    Next::step(Step::Jpeg(jpeg::Step::Marker))
                }
                [b'R', b'I'] => Next::step(Step::Webp(webp::Step::Riff)),
                _ => return Err(NotAPicture),
            },
            Step::Png(step) => step.advance(head, seen)?.map(Step::Png),
            Step::Jpeg(step) => step.advance(head, seen)?.map(Step::Jpeg),
            Step::Webp(step) => step.advance(head, seen)?.map(Step::Webp),
            Step::Done => Next::done(),
        })
    }
}

/// Whether a picture of this size can be shown.
fn is_sane((width, height): (u32, u32)) -> bool {
    let sides = 1..=SIDE;
    sides.contains(&width)
        && sides.contains(&height)
        && u64::from(width).saturating_mul(u64::from(height)) <= AREA
}

impl Step {
    /// How many bytes it must see at once.
    fn wants(self) -> Option<usize> {
        match self {
            Self::Magic => Some(2),
            Self::Png(step) => Some(step.wants()),
            Self::Jpeg(step) => Some(step.wants()),
            Self::Webp(step) => Some(step.wants()),
            Self::Done => None,
        }
    }
}

/// A big-endian number of two or four bytes.
fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, &byte| (number << 8) | u32::from(byte))
}

/// A little-endian number of two, three or four bytes.
fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| (number << 8) | u32::from(byte))
}

#[cfg(test)]
mod tests;
