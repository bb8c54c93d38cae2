//! PNG: a signature, then chunks up to `IEND`. A C2PA manifest is in a `caBX` chunk.
//!
//! Owns the steps from chunk to chunk. Must not verify their checksums.

use super::{NextStep, NotAPicture, Observed, big_endian};
use contract::options::MediaType;

#[derive(Debug, Clone, Copy)]
pub(super) enum PngStep {
    /// The rest of the signature.
    Magic,
    /// The length and type of a chunk.
    Chunk,
    /// Width and height: the first bytes of `IHDR`.
    Header,
}

/// The length of `IHDR`'s data.
const IHDR_BYTES: u32 = 13;
/// The length of the checksum after a chunk's data.
const CRC_BYTES: u64 = 4;

impl PngStep {
    pub(super) fn bytes_needed(self) -> usize {
        match self {
            Self::Magic => 6,
            Self::Chunk | Self::Header => 8,
        }
    }

    pub(super) fn advance(
        self,
        head: &[u8],
        observed: &mut Observed,
    ) -> Result<NextStep<Self>, NotAPicture> {
        let (first, second) = head.split_at_checked(4).ok_or(NotAPicture)?;
        match self {
            Self::Magic => {
                if head != b"NG\r\n\x1A\n" {
                    return Err(NotAPicture);
                }
                observed.kind = Some(MediaType::Png);
                Ok(NextStep::step(Self::Chunk))
            }
            Self::Chunk => {
                let length = big_endian(first);
                match (second, observed.size) {
                    (b"IHDR", None) if length == IHDR_BYTES => Ok(NextStep::step(Self::Header)),
                    (_, None) => Err(NotAPicture),
                    (b"IEND", Some(_)) if length == 0 => {
                        Ok(NextStep { skip: CRC_BYTES, step: None })
                    }
                    (kind, Some(_)) => {
                        observed.credentials |= kind == b"caBX";
                        observed.pixels |= kind == b"IDAT";
                        Ok(NextStep::after(
                            u64::from(length).saturating_add(CRC_BYTES),
                            Self::Chunk,
                        ))
                    }
                }
            }
            Self::Header => {
                observed.set_size((big_endian(first), big_endian(second)))?;
                Ok(NextStep::after(
                    u64::from(IHDR_BYTES).saturating_sub(8).saturating_add(CRC_BYTES),
                    Self::Chunk,
                ))
            }
        }
    }
}
