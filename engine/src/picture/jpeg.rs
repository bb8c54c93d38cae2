//! JPEG: segments up to `EOI`, with scans of coded data between them. C2PA lies in `APP11` segments.
//!
//! Owns the walk over segments and scans. Must not decode either.

use super::{Next, NotAPicture, Seen, big};

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// `FF` and a marker.
    Marker,
    /// A marker whose `FF` was filled up with further ones.
    Filled,
    /// A segment's length.
    Length { marker: u8 },
    /// Precision, height and width, the first bytes of a frame header.
    Frame { rest: u64 },
    /// The first bytes of an `APP11` segment, where a JUMBF box would name itself.
    Box { wants: u8, rest: u64 },
    /// Coded data; `after_ff` when the last byte was `FF`.
    Scan { after_ff: bool },
}

/// Enough of an `APP11` segment to see the label of its first box.
const BOX: u64 = 64;

impl Step {
    pub(super) fn wants(self) -> usize {
        match self {
            Self::Marker | Self::Length { .. } => 2,
            Self::Frame { .. } => 5,
            Self::Box { wants, .. } => usize::from(wants),
            Self::Filled | Self::Scan { .. } => 1,
        }
    }

    pub(super) fn advance(self, head: &[u8], seen: &mut Seen) -> Result<Next<Self>, NotAPicture> {
        match (self, head) {
            (Self::Marker, &[0xFF, marker]) | (Self::Filled, &[marker]) => segment(marker),
            (Self::Length { marker }, _) => {
                let rest = u64::from(big(head)).checked_sub(2).ok_or(NotAPicture)?;
                Ok(match marker {
                    0xC4 | 0xC8 | 0xCC => Next::after(rest, Self::Marker),
                    0xC0..=0xCF => {
                        Next::step(Self::Frame { rest: rest.checked_sub(5).ok_or(NotAPicture)? })
                    }
                    0xDA => {
                        seen.pixels |= seen.size.is_some();
                        Next::after(rest, Self::Scan { after_ff: false })
                    }
                    0xEB if rest > 0 => {
                        let wants = rest.min(BOX);
                        Next::step(Self::Box {
                            wants: u8::try_from(wants).unwrap_or(0),
                            rest: rest.saturating_sub(wants),
                        })
                    }
                    _ => Next::after(rest, Self::Marker),
                })
            }
            (Self::Frame { rest }, &[_precision, h1, h0, w1, w0]) => {
                seen.is_of((big(&[w1, w0]), big(&[h1, h0])))?;
                Ok(Next::after(rest, Self::Marker))
            }
            (Self::Box { rest, .. }, _) => {
                let has = |label: &[u8]| head.windows(label.len()).any(|window| window == label);
                seen.credentials |= has(b"jumb") && has(b"c2pa");
                Ok(Next::after(rest, Self::Marker))
            }
            _ => Err(NotAPicture),
        }
    }
}

/// What follows a marker.
fn segment(marker: u8) -> Result<Next<Step>, NotAPicture> {
    match marker {
        0xD9 => Ok(Next::done()),
        0xFF => Ok(Next::step(Step::Filled)),
        0x01 | 0xD0..=0xD7 => Ok(Next::step(Step::Marker)),
        0xC0..=0xCF | 0xDA..=0xFE => Ok(Next::step(Step::Length { marker })),
        _ => Err(NotAPicture),
    }
}

/// Passes over coded data. Returns what is left, and what follows.
pub(super) fn scan(bytes: &[u8], mut after_ff: bool) -> Result<(&[u8], Next<Step>), NotAPicture> {
    for (at, &byte) in bytes.iter().enumerate() {
        match (after_ff, byte) {
            // A zero is stuffing, D0 to D7 restart the coder: both stay within the scan.
            (true, 0x00 | 0xD0..=0xD7) => after_ff = false,
            (true, 0xFF) => {}
            (true, marker) => {
                let rest = bytes.get(at.saturating_add(1)..).unwrap_or_default();
                return Ok((rest, segment(marker)?));
            }
            (false, byte) => after_ff = byte == 0xFF,
        }
    }
    Ok((&[], Next::step(Step::Scan { after_ff })))
}
