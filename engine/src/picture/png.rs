//! PNG: a signature, then chunks up to `IEND`. C2PA lies in a `caBX` chunk.
//!
//! Owns the walk over chunks. Must not check their sums.

use super::{Next, NotAPicture, Seen, big};
use contract::options::MediaType;

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// The rest of the signature.
    Magic,
    /// Length and type of a chunk.
    Chunk,
    /// Width and height, the first bytes of `IHDR`.
    Header,
}

/// Bytes of `IHDR`'s data.
const HEADER: u32 = 13;
/// Bytes behind a chunk's data.
const SUM: u64 = 4;

impl Step {
    pub(super) fn wants(self) -> usize {
        match self {
            Self::Magic => 6,
            Self::Chunk | Self::Header => 8,
        }
    }

    pub(super) fn advance(self, head: &[u8], seen: &mut Seen) -> Result<Next<Self>, NotAPicture> {
        let (first, second) = head.split_at_checked(4).ok_or(NotAPicture)?;
        match self {
            Self::Magic => {
                if head != b"NG\r\n\x1A\n" {
                    return Err(NotAPicture);
                }
                seen.kind = Some(MediaType::Png);
                Ok(Next::step(Self::Chunk))
            }
            Self::Chunk => {
                let length = big(first);
                match (second, seen.size) {
                    (b"IHDR", None) if length == HEADER => Ok(Next::step(Self::Header)),
                    (_, None) => Err(NotAPicture),
                    (b"IEND", Some(_)) if length == 0 => Ok(Next { skip: SUM, step: None }),
                    (kind, Some(_)) => {
                        seen.credentials |= kind == b"caBX";
                        seen.pixels |= kind == b"IDAT";
                        Ok(Next::after(u64::from(length).saturating_add(SUM), Self::Chunk))
                    }
                }
            }
            Self::Header => {
                seen.is_of((big(first), big(second)))?;
                Ok(Next::after(
                    u64::from(HEADER).saturating_sub(8).saturating_add(SUM),
                    Self::Chunk,
                ))
            }
        }
    }
}
