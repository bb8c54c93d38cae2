//! Reads a successful response in JSON as it arrives: finds the picture, decodes it chunk by chunk, and finds the cost.
//!
//! Owns which members of the response matter. Keeps less than a kilobyte, whatever the response holds. Must not check
//! the picture's bytes (`picture`) or compute a price (`price`).

pub use super::json::ResponseError;
use super::{
    base64_picture::Base64Picture,
    json::{Frame, JsonReader, JsonVisitor, Key, StringRole},
    usage,
};
use crate::price::Usage;
use contract::limits::PICTURE_BYTES;

/// The most bytes of a response: the longest picture in base64, and a megabyte for everything else.
pub(super) const RESPONSE_BYTES: u64 = PICTURE_BYTES / 3 * 4 + 1024 * 1024;

/// Reads a response in pieces of any length.
#[derive(Debug, Default)]
pub struct JsonResponse {
    reader: JsonReader,
    bytes_read: u64,
    picture: Base64Picture,
    usage: Usage,
    /// An error after the picture's end, in the piece that held that end; the next call of `feed` returns it.
    pending_error: Option<ResponseError>,
}

const _: () = assert!(
    size_of::<JsonResponse>() <= 1024,
    "the reader allocates nothing, so that this is all its memory"
);

impl JsonResponse {
    /// Reads the next piece, and appends the decoded bytes of the picture to `out`: at most 3 bytes for 4 of `piece`, and 2
    /// more. An error is final. If it lies after the picture's end in the same piece, the next call returns it, so that the
    /// picture's last bytes are not lost.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ResponseError> {
        if let Some(error) = self.pending_error {
            return Err(error);
        }
        self.bytes_read = self.bytes_read.saturating_add(piece.len() as u64);
        if self.bytes_read > RESPONSE_BYTES {
            return Err(ResponseError::TooLarge);
        }
        let was_closed = self.picture_is_closed();
        let (picture, usage) = (&mut self.picture, &mut self.usage);
        let fed = self.reader.feed(piece, &mut ResponseVisitor { picture, usage, out });
        if was_closed || !self.picture_is_closed() {
            return fed;
        }
        self.pending_error = fed.err();
        Ok(())
    }

    /// Whether the end of the picture's base64 was read. All its bytes have then been decoded, whatever follows.
    pub fn picture_is_closed(&self) -> bool {
        self.picture.is_closed()
    }

    /// The usage and cost, if the response is complete.
    pub fn finish(&self) -> Result<Usage, ResponseError> {
        match self.pending_error {
            Some(error) => Err(error),
            None if self.reader.is_complete() => Ok(self.usage),
            None => Err(ResponseError::Truncated),
        }
    }
}

/// Collects the usage of a response, and decodes its picture into `out`.
struct ResponseVisitor<'a> {
    picture: &'a mut Base64Picture,
    usage: &'a mut Usage,
    out: &'a mut Vec<u8>,
}

impl JsonVisitor for ResponseVisitor<'_> {
    fn string_starts(&mut self, place: &[Frame]) -> StringRole {
        match place {
            // One picture was requested, so that only the first one counts.
            [Frame::Object(Key::Data), Frame::Array, Frame::Object(Key::B64Json)]
                if self.picture.open() =>
            {
                StringRole::Stream
            }
            _ if usage::is_wanted(place) => StringRole::Short,
            _ => StringRole::Ignored,
        }
    }

    fn string_chunk(&mut self, text: &[u8]) -> Result<(), ResponseError> {
        self.picture.push(text, self.out)
    }

    fn string_ends(&mut self) -> Result<(), ResponseError> {
        self.picture.close()
    }

    fn value(&mut self, place: &[Frame], value: &[u8]) {
        usage::record(self.usage, place, value);
    }
}

#[cfg(test)]
mod tests;
