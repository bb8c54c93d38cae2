//! A picture as it stands in an answer: text in base64.
//!
//! Owns the bound on its bytes, and that the first one counts. Must not judge the bytes (`picture`).

use super::{base64::Decoder, json::Unreadable};
use contract::limits::PICTURE_BYTES;

/// How far the picture's text has come.
#[derive(Debug, Default)]
pub(super) enum Encoded {
    #[default]
    Awaited,
    Open {
        decoder: Decoder,
        bytes: u64,
    },
    Closed,
}

impl Encoded {
    /// Opens a text; false if there was one already.
    pub(super) fn open(&mut self) -> bool {
        let first = matches!(self, Self::Awaited);
        if first {
            *self = Self::Open { decoder: Decoder::default(), bytes: 0 };
        }
        first
    }

    /// Appends what the text decodes to.
    pub(super) fn push(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), Unreadable> {
        let Self::Open { decoder, bytes } = self else { return Ok(()) };
        let before = out.len();
        decoder.push(text, out).map_err(|_| Unreadable::NotBase64)?;
        *bytes = bytes.saturating_add(out.len().saturating_sub(before) as u64);
        if *bytes > PICTURE_BYTES { Err(Unreadable::TooLarge) } else { Ok(()) }
    }

    pub(super) fn close(&mut self) -> Result<(), Unreadable> {
        if let Self::Open { decoder, .. } = self {
            decoder.finish().map_err(|_| Unreadable::NotBase64)?;
        }
        *self = Self::Closed;
        Ok(())
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }

    /// Whether a text was opened at all.
    pub(super) fn has_begun(&self) -> bool {
        !matches!(self, Self::Awaited)
    }
}
