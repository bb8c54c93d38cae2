//! WebP: a RIFF file whose header says where it ends. C2PA lies in a `C2PA` chunk.
//!
//! Owns the walk over chunks. Must not decode any.

use super::{Next, NotAPicture, Seen, little};
use contract::options::MediaType;

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// The rest of `RIFF`, the length, and `WEBP`.
    Riff,
    /// Type and length of a chunk.
    Chunk,
    /// The first ten bytes of a chunk that says the size.
    Size { kind: Kind, rest: u64 },
}

/// How a chunk says the size.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Lossy.
    Vp8,
    /// Lossless.
    Vp8l,
    /// Extended: says it before the picture's own chunk does.
    Vp8x,
}

impl Step {
    pub(super) fn wants(self) -> usize {
        match self {
            Self::Riff | Self::Size { .. } => 10,
            Self::Chunk => 8,
        }
    }

    pub(super) fn advance(self, head: &[u8], seen: &mut Seen) -> Result<Next<Self>, NotAPicture> {
        match (self, head) {
            (Self::Riff, &[b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P']) => {
                seen.kind = Some(MediaType::Webp);
                seen.end = Some(u64::from(little(&[a, b, c, d])).saturating_add(8));
                Ok(Next::step(Self::Chunk))
            }
            (Self::Chunk, &[k0, k1, k2, k3, a, b, c, d]) => {
                // A chunk of odd length is followed by a byte of padding.
                let length = u64::from(little(&[a, b, c, d]));
                let padded = length.saturating_add(length & 1);
                // `ANMF` is a frame of a moving picture; its own chunks lie within it.
                seen.pixels |= matches!(&[k0, k1, k2, k3], b"VP8 " | b"VP8L" | b"ANMF");
                let kind = match &[k0, k1, k2, k3] {
                    b"VP8 " => Kind::Vp8,
                    b"VP8L" => Kind::Vp8l,
                    b"VP8X" => Kind::Vp8x,
                    other => {
                        seen.credentials |= other == b"C2PA";
                        return Ok(Next::after(padded, Self::Chunk));
                    }
                };
                let rest = padded.checked_sub(10).ok_or(NotAPicture)?;
                Ok(Next::step(Self::Size { kind, rest }))
            }
            (Self::Size { kind, rest }, &[b0, b1, b2, b3, b4, b5, b6, b7, b8, b9]) => {
                let next = |number: u32| number.saturating_add(1);
                let size = match kind {
                    Kind::Vp8 if [b3, b4, b5] == [0x9D, 0x01, 0x2A] => {
                        (little(&[b6, b7]) & 0x3FFF, little(&[b8, b9]) & 0x3FFF)
                    }
                    Kind::Vp8l if b0 == 0x2F => {
                        let bits = little(&[b1, b2, b3, b4]);
                        (next(bits & 0x3FFF), next((bits >> 14) & 0x3FFF))
                    }
                    Kind::Vp8x => (next(little(&[b4, b5, b6])), next(little(&[b7, b8, b9]))),
                    _ => return Err(NotAPicture),
                };
                seen.is_of(size)?;
                Ok(Next::after(rest, Self::Chunk))
            }
            _ => Err(NotAPicture),
        }
    }
}
