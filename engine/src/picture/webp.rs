//! WebP: a RIFF file whose header states its length. A C2PA manifest is in a `C2PA` chunk.
//!
//! Owns the steps from chunk to chunk. Must not decode any.

use super::{NextStep, NotAPicture, Observed, little_endian};
use contract::options::MediaType;

#[derive(Debug, Clone, Copy)]
pub(super) enum WebpStep {
    /// The rest of `RIFF`, the length, and `WEBP`.
    Riff,
    /// The type and length of a chunk.
    Chunk,
    /// The first ten bytes of a chunk that states the size.
    Size { kind: SizeChunk, rest: u64 },
}

/// The kind of a chunk that states the size.
#[derive(Debug, Clone, Copy)]
pub(super) enum SizeChunk {
    /// Lossy.
    Vp8,
    /// Lossless.
    Vp8l,
    /// Extended format: states it before the picture's own chunk does.
    Vp8x,
}

impl WebpStep {
    pub(super) fn bytes_needed(self) -> usize {
        match self {
            Self::Riff | Self::Size { .. } => 10,
            Self::Chunk => 8,
        }
    }

    pub(super) fn advance(
        self,
        head: &[u8],
        observed: &mut Observed,
    ) -> Result<NextStep<Self>, NotAPicture> {
        match (self, head) {
            (Self::Riff, &[b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P']) => {
                observed.kind = Some(MediaType::Webp);
                observed.end = Some(u64::from(little_endian(&[a, b, c, d])).saturating_add(8));
                Ok(NextStep::step(Self::Chunk))
            }
            (Self::Chunk, &[k0, k1, k2, k3, a, b, c, d]) => {
                // A chunk of odd length is followed by a byte of padding.
                let length = u64::from(little_endian(&[a, b, c, d]));
                let padded = length.saturating_add(length & 1);
                // `ANMF` is a frame of an animation and contains the frame's own chunks.
                observed.pixels |= matches!(&[k0, k1, k2, k3], b"VP8 " | b"VP8L" | b"ANMF");
                let kind = match &[k0, k1, k2, k3] {
                    b"VP8 " => SizeChunk::Vp8,
                    b"VP8L" => SizeChunk::Vp8l,
                    b"VP8X" => SizeChunk::Vp8x,
                    other => {
                        observed.credentials |= other == b"C2PA";
                        return Ok(NextStep::after(padded, Self::Chunk));
                    }
                };
                let rest = padded.checked_sub(10).ok_or(NotAPicture)?;
                Ok(NextStep::step(Self::Size { kind, rest }))
            }
            (Self::Size { kind, rest }, &[b0, b1, b2, b3, b4, b5, b6, b7, b8, b9]) => {
                let next = |number: u32| number.saturating_add(1);
                let size = match kind {
                    SizeChunk::Vp8 if [b3, b4, b5] == [0x9D, 0x01, 0x2A] => {
                        (little_endian(&[b6, b7]) & 0x3FFF, little_endian(&[b8, b9]) & 0x3FFF)
                    }
                    SizeChunk::Vp8l if b0 == 0x2F => {
                        let bits = little_endian(&[b1, b2, b3, b4]);
                        (next(bits & 0x3FFF), next((bits >> 14) & 0x3FFF))
                    }
                    SizeChunk::Vp8x => {
                        (next(little_endian(&[b4, b5, b6])), next(little_endian(&[b7, b8, b9])))
                    }
                    _ => return Err(NotAPicture),
                };
                observed.set_size(size)?;
                Ok(NextStep::after(rest, Self::Chunk))
            }
            _ => Err(NotAPicture),
        }
    }
}
