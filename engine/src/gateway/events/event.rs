//! One event of a stream of pictures: its kind, its picture, its price, or why upstream gave up.
//!
//! Owns the names of events and what breaks one: a partial picture may be lost, the whole one may not.

use super::{
    super::{
        encoded::Encoded,
        json::{Frame, Key, Listener, Reader, Role, Unreadable},
        refusal, usage,
    },
    Mark,
};
use crate::price::Usage;

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Preview,
    Completed,
    Error,
    /// One that its data names, and that we do not know.
    Other,
}

impl Kind {
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"image_generation.partial_image" | b"image_edit.partial_image" => Some(Self::Preview),
            b"image_generation.completed" | b"image_edit.completed" => Some(Self::Completed),
            b"error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// Reads the data of one event.
#[derive(Debug, Default)]
pub(super) struct Event {
    facts: Facts,
    reader: Reader,
    /// Bytes of `[DONE]` that were seen: some streams end with that instead of JSON.
    done: usize,
    lines: bool,
    broken: Option<Unreadable>,
    /// Whether the picture's bytes have been spoken for.
    marked: bool,
    /// The beginning of what may be an error.
    text: Vec<u8>,
}

/// What is learnt of it.
#[derive(Debug, Default)]
struct Facts {
    /// Whoever says it first counts: the event's name or its data.
    kind: Option<Kind>,
    picture: Encoded,
    usage: Usage,
}

impl Facts {
    /// What holds an `error` is one, whatever its name.
    fn is_error_at(&mut self, place: &[Frame]) {
        if place.first() == Some(&Frame::Object(Key::Error)) {
            self.kind = self.kind.or(Some(Kind::Error));
        }
    }
}

/// How an event ended.
pub(super) struct Over {
    pub(super) mark: Option<Mark>,
    /// Only of the event that completes the stream.
    pub(super) usage: Option<Usage>,
}

const DONE: &[u8; 6] = b"[DONE]";

/// Bytes of an error that are kept until it is whole.
const ERROR_BYTES: usize = 4 * 1024;

impl Event {
    /// The event's own name.
    pub(super) fn is_named(&mut self, name: &[u8]) -> Option<Mark> {
        self.facts.kind = self.facts.kind.or(Kind::of(name));
        self.closed()
    }

    /// A line of data begins.
    pub(super) fn data_line(&mut self, out: &mut Vec<u8>) -> Result<Option<Mark>, Unreadable> {
        if std::mem::replace(&mut self.lines, true) { self.data(b"\n", out) } else { Ok(None) }
    }

    /// Reads on.
    pub(super) fn data(
        &mut self,
        mut data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, Unreadable> {
        while let (Some(expected), Some((byte, rest))) = (DONE.get(self.done), data.split_first()) {
            if byte != expected {
                // It was JSON all along; so little of it holds no picture.
                let held = DONE.get(..self.done).unwrap_or_default();
                self.done = usize::MAX;
                self.json(held, out)?;
                break;
            }
            self.done = self.done.saturating_add(1);
            data = rest;
        }
        if data.is_empty() { Ok(None) } else { self.json(data, out) }
    }

    fn json(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<Option<Mark>, Unreadable> {
        if matches!(self.facts.kind, None | Some(Kind::Error)) {
            let free = ERROR_BYTES.saturating_sub(self.text.len());
            self.text.extend_from_slice(data.get(..free).unwrap_or(data));
        }
        if self.broken.is_some() {
            return self.fault().map_or(Ok(None), Err);
        }
        let facts = &mut self.facts;
        let Err(error) = self.reader.feed(data, &mut Places { facts, out }) else {
            return Ok(self.closed());
        };
        // What breaks behind the picture does not touch it: the next call tells.
        let mark = self.closed();
        self.broken = Some(error);
        match (mark, self.fault()) {
            (Some(mark), _) => Ok(Some(mark)),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(self.dropped()),
        }
    }

    /// Why the whole picture's event cannot be read further; any other may be lost.
    pub(super) fn fault(&self) -> Option<Unreadable> {
        self.broken.filter(|_| self.facts.kind == Some(Kind::Completed))
    }

    /// The picture's bytes, once they are all there and it is known what they are.
    fn closed(&mut self) -> Option<Mark> {
        let mark = match self.facts.kind {
            Some(Kind::Preview) => Mark::Preview,
            Some(Kind::Completed) => Mark::Picture,
            _ => return None,
        };
        let free = self.facts.picture.is_closed() && self.broken.is_none() && !self.marked;
        self.marked |= free;
        free.then_some(mark)
    }

    /// The picture's bytes, if some came that are of no use.
    fn dropped(&mut self) -> Option<Mark> {
        let free = self.facts.picture.has_begun() && !self.marked;
        self.marked |= free;
        free.then_some(Mark::Dropped)
    }

    /// The event's end.
    pub(super) fn over(mut self, saw_picture: bool) -> Result<Over, Unreadable> {
        let whole = self.broken.is_none() && self.reader.is_whole();
        if !self.lines {
            return Ok(Over { mark: None, usage: None });
        }
        match self.facts.kind {
            Some(Kind::Completed) if !whole => Err(self.fault().unwrap_or(Unreadable::Truncated)),
            Some(Kind::Completed) => {
                Ok(Over { mark: self.closed(), usage: Some(self.facts.usage) })
            }
            Some(Kind::Error) => {
                let worked = saw_picture || self.facts.picture.has_begun();
                let refusal = refusal::in_stream(&self.text, worked);
                Ok(Over { mark: Some(Mark::Failed(refusal)), usage: None })
            }
            _ => Ok(Over { mark: self.dropped(), usage: None }),
        }
    }
}

/// What is learnt of an event's data, and where its picture goes.
struct Places<'a> {
    facts: &'a mut Facts,
    out: &'a mut Vec<u8>,
}

impl Listener for Places<'_> {
    fn begins(&mut self, place: &[Frame]) -> Role {
        let facts = &mut *self.facts;
        facts.is_error_at(place);
        let wanted = matches!(facts.kind, None | Some(Kind::Preview | Kind::Completed));
        match place {
            [Frame::Object(Key::B64Json)] if wanted && facts.picture.open() => Role::Stream,
            _ if usage::wants(place) => Role::Word,
            _ if place == [Frame::Object(Key::Type)] => Role::Word,
            _ => Role::Passed,
        }
    }

    fn text(&mut self, text: &[u8]) -> Result<(), Unreadable> {
        self.facts.picture.push(text, self.out)
    }

    fn text_ends(&mut self) -> Result<(), Unreadable> {
        self.facts.picture.close()
    }

    fn word(&mut self, place: &[Frame], word: &[u8]) {
        let facts = &mut *self.facts;
        facts.is_error_at(place);
        if place == [Frame::Object(Key::Type)] {
            facts.kind = facts.kind.or(Kind::of(word)).or(Some(Kind::Other));
        }
        usage::learn(&mut facts.usage, place, word);
    }
}
