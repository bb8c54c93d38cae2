//! A picture in a response: a string in base64.
//!
//! Owns the limit of its bytes, and the rule that only the first picture counts. Must not check the bytes (`picture`).

use super::{base64::Decoder, json::ResponseError};
use contract::limits::PICTURE_BYTES;

/// How much of the picture's string was read.
#[derive(Debug, Default)]
pub(super) enum Base64Picture {
    #[default]
    NotStarted,
    Open {
        decoder: Decoder,
        bytes: u64,
    },
    Closed,
}

impl Base64Picture {
    /// Begins the picture; `false` if one was begun before, whose successor is ignored.
    pub(super) fn open(&mut self) -> bool {
        let first = matches!(self, Self::NotStarted);
        if first {
            *self = Self::Open { decoder: Decoder::default(), bytes: 0 };
        }
        first
    }

    /// Decodes a part of the string and appends its bytes to `out`.
    pub(super) fn push(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), ResponseError> {
        let Self::Open { decoder, bytes } = self else { return Ok(()) };
        let before = out.len();
        decoder.push(text, out).map_err(|_| ResponseError::NotBase64)?;
        *bytes = bytes.saturating_add(out.len().saturating_sub(before) as u64);
        if *bytes > PICTURE_BYTES { Err(ResponseError::TooLarge) } else { Ok(()) }
    }

    pub(super) fn close(&mut self) -> Result<(), ResponseError> {
        if let Self::Open { decoder, .. } = self {
            decoder.finish().map_err(|_| ResponseError::NotBase64)?;
        }
        *self = Self::Closed;
        Ok(())
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }

    /// Whether the beginning of a picture was read.
    pub(super) fn has_begun(&self) -> bool {
        !matches!(self, Self::NotStarted)
    }
}
