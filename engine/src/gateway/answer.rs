//! A gateway's 200, read as it streams by: finds the picture, decodes it in a window, and learns what it cost.
//!
//! Owns the places of an answer that mean something. Keeps less than a kilobyte whatever comes. Must not judge the
//! picture's bytes (`picture`) or the money (`price`).

pub use super::json::Unreadable;
use super::{
    encoded::Encoded,
    json::{Frame, Key, Listener, Reader, Role},
    usage,
};
use crate::price::Usage;
use contract::limits::PICTURE_BYTES;

/// All of an answer: the longest picture in base64, and a megabyte for what stands round it.
pub(super) const ANSWER_BYTES: u64 = PICTURE_BYTES / 3 * 4 + 1024 * 1024;

/// Reads an answer in pieces of any length.
#[derive(Debug, Default)]
pub struct Answer {
    reader: Reader,
    read: u64,
    picture: Encoded,
    usage: Usage,
}

const _: () = assert!(size_of::<Answer>() <= 1024, "nothing is allocated: this is all it keeps");

impl Answer {
    /// Reads on, and appends what it decodes of the picture to `out`: at most 3 bytes for 4 of `piece`, and 2 more.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), Unreadable> {
        self.read = self.read.saturating_add(piece.len() as u64);
        if self.read > ANSWER_BYTES {
            return Err(Unreadable::TooLarge);
        }
        let picture = &mut self.picture;
        self.reader.feed(piece, &mut Places { picture, usage: &mut self.usage, out })
    }

    /// Whether the picture's text is closed: its bytes are all there, whatever comes after.
    pub fn picture_is_closed(&self) -> bool {
        self.picture.is_closed()
    }

    /// What it cost, if the answer came to its end.
    pub fn finish(&self) -> Result<Usage, Unreadable> {
        if self.reader.is_whole() { Ok(self.usage) } else { Err(Unreadable::Truncated) }
    }
}

/// What is learnt of an answer, and where its picture goes.
struct Places<'a> {
    picture: &'a mut Encoded,
    usage: &'a mut Usage,
    out: &'a mut Vec<u8>,
}

impl Listener for Places<'_> {
    fn begins(&mut self, place: &[Frame]) -> Role {
        match place {
            // One picture was asked for: the first that comes is it.
            [Frame::Object(Key::Data), Frame::Array, Frame::Object(Key::B64Json)]
                if self.picture.open() =>
            {
                Role::Stream
            }
            _ if usage::wants(place) => Role::Word,
            _ => Role::Passed,
        }
    }

    fn text(&mut self, text: &[u8]) -> Result<(), Unreadable> {
        self.picture.push(text, self.out)
    }

    fn text_ends(&mut self) -> Result<(), Unreadable> {
        self.picture.close()
    }

    fn word(&mut self, place: &[Frame], word: &[u8]) {
        usage::learn(self.usage, place, word);
    }
}

#[cfg(test)]
mod tests;
