//! Reads OpenAI's stream of events with partial pictures and the final one, as it arrives.
//!
//! Owns what an event means and when a stream is complete. Keeps a few kilobytes, whatever arrives: the beginning of an
//! error. Must not check the pictures' bytes (`picture`) or compute a price (`price`).

mod event;

use super::{json::ResponseError, json_response::RESPONSE_BYTES, refusal::Refusal, sse};
use crate::price::Usage;
use event::Event;

/// The most bytes of a stream: two partial pictures and the final one.
const STREAM_BYTES: u64 = RESPONSE_BYTES * 3;

/// What the bytes are that were decoded since the last mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A partial picture, complete.
    Preview,
    /// The final picture, complete, whatever follows.
    Picture,
    /// To be discarded: they belong to no picture that can be used.
    Dropped,
    /// To be discarded: upstream reported an error.
    Failed(Refusal),
}

/// Reads a stream of events in pieces of any length.
#[derive(Debug, Default)]
pub struct EventStream {
    sse: sse::SseReader,
    event: Event,
    read: u64,
    /// Whether any picture, partial or final, has begun to arrive, which proves that work was done.
    saw_picture: bool,
    /// The usage and cost, once the event with the final picture has ended.
    usage: Option<Usage>,
}

const _: () = assert!(
    size_of::<EventStream>() <= 1024,
    "apart from the beginning of an error, this is all its memory"
);

impl EventStream {
    /// Reads up to the next mark and moves `piece` past what was read; `None` when the piece is used up. Appends the
    /// decoded bytes to `out`: at most 3 bytes for 4 that were read, and 2 more. An error is final.
    pub fn feed(
        &mut self,
        piece: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, ResponseError> {
        let before = piece.len();
        let mark = self.step(piece, out);
        self.read = self.read.saturating_add(before.saturating_sub(piece.len()) as u64);
        if self.read > STREAM_BYTES && !self.is_over() {
            Err(ResponseError::TooLarge)
        } else {
            mark
        }
    }

    fn step(
        &mut self,
        piece: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, ResponseError> {
        while !self.is_over()
            && let Some(item) = self.sse.next(piece)
        {
            let mark = match item {
                sse::SseItem::Name(name) => self.event.is_named(name.text()),
                sse::SseItem::DataLine => self.event.data_line(out)?,
                sse::SseItem::Data(data) => self.event.data(data, out)?,
                sse::SseItem::EventEnd => {
                    let end = std::mem::take(&mut self.event).finish(self.saw_picture)?;
                    self.usage = end.usage;
                    end.mark
                }
            };
            self.saw_picture |= matches!(mark, Some(Mark::Preview | Mark::Picture | Mark::Dropped));
            if mark.is_some() {
                return Ok(mark);
            }
        }
        // Everything after the final event is ignored.
        *piece = &[];
        Ok(None)
    }

    /// Whether the final picture and its cost were read, so that the rest of the stream does not matter.
    pub fn is_over(&self) -> bool {
        self.usage.is_some()
    }

    /// The usage and cost, if the stream is complete.
    pub fn finish(&self) -> Result<Usage, ResponseError> {
        self.usage.ok_or(self.event.fault().unwrap_or(ResponseError::Truncated))
    }
}

#[cfg(test)]
mod tests;
