//! JPEG: segments up to `EOI`, with scans of coded data between them. A C2PA manifest is in `APP11` segments.
//!
//! Owns the steps from segment to segment and over scans. Must not decode either.

use super::{NextStep, NotAPicture, Observed, big_endian};

#[derive(Debug, Clone, Copy)]
pub(super) enum JpegStep {
    /// `FF` and a marker.
    Marker,
    /// The marker after fill bytes (more than one `FF`).
    FillByte,
    /// A segment's length.
    Length { marker: u8 },
    /// Precision, height and width: the first bytes of a frame header.
    Frame { rest: u64 },
    /// The first bytes of an `APP11` segment, which would hold the label of a JUMBF box.
    Box { needed: u8, rest: u64 },
    /// Coded data; `after_ff` if the last byte was `FF`.
    Scan { after_ff: bool },
}

/// How many bytes of an `APP11` segment are read: enough for the label of its first box.
const MAX_BOX_BYTES: u64 = 64;

impl JpegStep {
    pub(super) fn bytes_needed(self) -> usize {
        match self {
            Self::Marker | Self::Length { .. } => 2,
            Self::Frame { .. } => 5,
            Self::Box { needed, .. } => usize::from(needed),
            Self::FillByte | Self::Scan { .. } => 1,
        }
    }

    pub(super) fn advance(
        self,
        head: &[u8],
        observed: &mut Observed,
    ) -> Result<NextStep<Self>, NotAPicture> {
        match (self, head) {
            (Self::Marker, &[0xFF, marker]) | (Self::FillByte, &[marker]) => after_marker(marker),
            (Self::Length { marker }, _) => {
                let rest = u64::from(big_endian(head)).checked_sub(2).ok_or(NotAPicture)?;
                Ok(match marker {
                    0xC4 | 0xC8 | 0xCC => NextStep::after(rest, Self::Marker),
                    0xC0..=0xCF => NextStep::step(Self::Frame {
                        rest: rest.checked_sub(5).ok_or(NotAPicture)?,
                    }),
                    0xDA => {
                        observed.pixels |= observed.size.is_some();
                        NextStep::after(rest, Self::Scan { after_ff: false })
                    }
                    0xEB if rest > 0 => {
                        let needed = rest.min(MAX_BOX_BYTES);
                        NextStep::step(Self::Box {
                            needed: u8::try_from(needed).unwrap_or(0),
                            rest: rest.saturating_sub(needed),
                        })
                    }
                    _ => NextStep::after(rest, Self::Marker),
                })
            }
            (Self::Frame { rest }, &[_precision, h1, h0, w1, w0]) => {
                observed.set_size((big_endian(&[w1, w0]), big_endian(&[h1, h0])))?;
                Ok(NextStep::after(rest, Self::Marker))
            }
            (Self::Box { rest, .. }, _) => {
                let has = |label: &[u8]| head.windows(label.len()).any(|window| window == label);
                observed.credentials |= has(b"jumb") && has(b"c2pa");
                Ok(NextStep::after(rest, Self::Marker))
            }
            _ => Err(NotAPicture),
        }
    }
}

/// The step after a marker.
fn after_marker(marker: u8) -> Result<NextStep<JpegStep>, NotAPicture> {
    match marker {
        0xD9 => Ok(NextStep::done()),
        0xFF => Ok(NextStep::step(JpegStep::FillByte)),
        0x01 | 0xD0..=0xD7 => Ok(NextStep::step(JpegStep::Marker)),
        0xC0..=0xCF | 0xDA..=0xFE => Ok(NextStep::step(JpegStep::Length { marker })),
        _ => Err(NotAPicture),
    }
}

/// Skips coded data. Returns the remaining bytes and the next step.
pub(super) fn skip_scan(
    bytes: &[u8],
    mut after_ff: bool,
) -> Result<(&[u8], NextStep<JpegStep>), NotAPicture> {
    for (at, &byte) in bytes.iter().enumerate() {
        match (after_ff, byte) {
            // 00 is a stuffed byte, and D0 to D7 restart the decoder: the scan continues after both.
            (true, 0x00 | 0xD0..=0xD7) => after_ff = false,
            (true, 0xFF) => {}
            (true, marker) => {
                let rest = bytes.get(at.saturating_add(1)..).unwrap_or_default();
                return Ok((rest, after_marker(marker)?));
            }
            (false, byte) => after_ff = byte == 0xFF,
        }
    }
    Ok((&[], NextStep::step(JpegStep::Scan { after_ff })))
}
