//! A stream of partial pictures and the whole one, as OpenAI sends it, read as it streams by.
//!
//! Owns what an event means and when a stream is over. Keeps a few kilobytes whatever comes: the beginning of an error. Must not judge the
//! pictures' bytes (`picture`) or the money (`price`).

mod event;

use super::{answer::ANSWER_BYTES, json::Unreadable, refusal::Refusal, sse};
use crate::price::Usage;
use event::Event;

/// All of a stream: two partial pictures and the whole one.
const STREAM_BYTES: u64 = ANSWER_BYTES * 3;

/// What has become of the bytes that were decoded since the last mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// They are a partial picture.
    Preview,
    /// They are the picture: all of it is there, whatever comes after.
    Picture,
    /// They are of no use.
    Dropped,
    /// Upstream gave up; so are they.
    Failed(Refusal),
}

/// Reads a stream in pieces of any length.
#[derive(Debug, Default)]
pub struct Events {
    lines: sse::Lines,
    event: Event,
    read: u64,
    /// Whether any picture, partial or whole, has begun to come: work was done.
    saw_picture: bool,
    /// What it cost, once the event that completes the stream has ended.
    usage: Option<Usage>,
}

const _: () =
    assert!(size_of::<Events>() <= 1024, "but for the beginning of an error, this is all it keeps");

impl Events {
    /// Reads on up to the next mark and moves `piece` past what was read; nothing when the piece is used up. Appends what
    /// it decodes to `out`: at most 3 bytes for 4 of what was read, and 2 more. An error is final.
    pub fn feed(
        &mut self,
        piece: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, Unreadable> {
        let before = piece.len();
        let mark = self.step(piece, out);
        self.read = self.read.saturating_add(before.saturating_sub(piece.len()) as u64);
        if self.read > STREAM_BYTES && !self.is_over() { Err(Unreadable::TooLarge) } else { mark }
    }

    fn step(&mut self, piece: &mut &[u8], out: &mut Vec<u8>) -> Result<Option<Mark>, Unreadable> {
        while !self.is_over()
            && let Some(bit) = self.lines.next(piece)
        {
            let mark = match bit {
                sse::SseItem::Name(name) => self.event.is_named(name.text()),
                sse::SseItem::DataLine => self.event.data_line(out)?,
                sse::SseItem::Data(data) => self.event.data(data, out)?,
                sse::SseItem::Over => {
                    let over = std::mem::take(&mut self.event).over(self.saw_picture)?;
                    self.usage = over.usage;
                    over.mark
                }
            };
            self.saw_picture |= matches!(mark, Some(Mark::Preview | Mark::Picture | Mark::Dropped));
            if mark.is_some() {
                return Ok(mark);
            }
        }
        // What comes after the end does not matter.
        *piece = &[];
        Ok(None)
    }

    /// Whether the picture and its price are known: there is nothing left to wait for.
    pub fn is_over(&self) -> bool {
        self.usage.is_some()
    }

    /// What it cost, if the stream came to its end.
    pub fn finish(&self) -> Result<Usage, Unreadable> {
        self.usage.ok_or(self.event.fault().unwrap_or(Unreadable::Truncated))
    }
}

#[cfg(test)]
mod tests;
