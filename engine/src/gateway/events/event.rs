//! Reads one event of a stream of pictures: its kind, picture and usage, or upstream's error.
//!
//! Owns the names of events, and the rule that an invalid event is ignored unless it holds the final picture. Must not
//! read the format of server-sent events (`sse`).

use super::{
    super::{
        base64_picture::Base64Picture,
        json::{Frame, JsonReader, JsonVisitor, Key, ResponseError, StringRole},
        refusal, usage,
    },
    Mark,
};
use crate::price::Usage;

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EventKind {
    Preview,
    Completed,
    Error,
    /// An unknown kind, named by the event's data.
    Other,
}

impl EventKind {
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
    facts: EventFacts,
    reader: JsonReader,
    /// How many bytes of `[DONE]` matched: some streams end with an event that holds this in place of JSON.
    done_matched: usize,
    has_data: bool,
    pending_error: Option<ResponseError>,
    /// Whether a mark was returned for the picture's bytes.
    marked: bool,
    /// The beginning of the data, in case the event is an error.
    text: Vec<u8>,
}

/// The facts found in an event.
#[derive(Debug, Default)]
struct EventFacts {
    /// The event's name and its data can both state the kind; the first one counts.
    kind: Option<EventKind>,
    picture: Base64Picture,
    usage: Usage,
}

impl EventFacts {
    /// An event whose data have a member `error` is an error, unless its kind is known already.
    fn is_error_at(&mut self, place: &[Frame]) {
        if place.first() == Some(&Frame::Object(Key::Error)) {
            self.kind = self.kind.or(Some(EventKind::Error));
        }
    }
}

/// The result of an event's end.
pub(super) struct EventEnd {
    pub(super) mark: Option<Mark>,
    /// The usage; only of the event with the final picture.
    pub(super) usage: Option<Usage>,
}

const DONE_MARKER: &[u8; 6] = b"[DONE]";

/// The most bytes of an error that are kept until the event ends.
const MAX_ERROR_BYTES: usize = 4 * 1024;

impl Event {
    /// Reads the field `event`, the event's name.
    pub(super) fn is_named(&mut self, name: &[u8]) -> Option<Mark> {
        self.facts.kind = self.facts.kind.or(EventKind::of(name));
        self.closed()
    }

    /// Reads the beginning of a line of data.
    pub(super) fn data_line(&mut self, out: &mut Vec<u8>) -> Result<Option<Mark>, ResponseError> {
        if std::mem::replace(&mut self.has_data, true) { self.data(b"\n", out) } else { Ok(None) }
    }

    /// Reads bytes of a line of data.
    pub(super) fn data(
        &mut self,
        mut data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, ResponseError> {
        while let (Some(expected), Some((byte, rest))) =
            (DONE_MARKER.get(self.done_matched), data.split_first())
        {
            if byte != expected {
                // The data are not `[DONE]`: the withheld bytes are JSON. So few bytes cannot hold a picture, and the
                // result is dropped.
                let held = DONE_MARKER.get(..self.done_matched).unwrap_or_default();
                self.done_matched = usize::MAX;
                self.json(held, out)?;
                break;
            }
            self.done_matched = self.done_matched.saturating_add(1);
            data = rest;
        }
        if data.is_empty() { Ok(None) } else { self.json(data, out) }
    }

    fn json(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<Option<Mark>, ResponseError> {
        if matches!(self.facts.kind, None | Some(EventKind::Error)) {
            let available = MAX_ERROR_BYTES.saturating_sub(self.text.len());
            self.text.extend_from_slice(data.get(..available).unwrap_or(data));
        }
        if self.pending_error.is_some() {
            return self.fault().map_or(Ok(None), Err);
        }
        let facts = &mut self.facts;
        let Err(error) = self.reader.feed(data, &mut EventVisitor { facts, out }) else {
            return Ok(self.closed());
        };
        // An error after the picture's end does not affect the picture: the next call returns the error.
        let mark = self.closed();
        self.pending_error = Some(error);
        match (mark, self.fault()) {
            (Some(mark), _) => Ok(Some(mark)),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(self.dropped()),
        }
    }

    /// The error of an event with the final picture. Errors of other events are ignored.
    pub(super) fn fault(&self) -> Option<ResponseError> {
        self.pending_error.filter(|_| self.facts.kind == Some(EventKind::Completed))
    }

    /// The mark for the picture's bytes, once all of them were read and the event's kind is known.
    fn closed(&mut self) -> Option<Mark> {
        let mark = match self.facts.kind {
            Some(EventKind::Preview) => Mark::Preview,
            Some(EventKind::Completed) => Mark::Picture,
            _ => return None,
        };
        let available =
            self.facts.picture.is_closed() && self.pending_error.is_none() && !self.marked;
        self.marked |= available;
        available.then_some(mark)
    }

    /// The mark to discard the picture's bytes, if any were decoded.
    fn dropped(&mut self) -> Option<Mark> {
        let available = self.facts.picture.has_begun() && !self.marked;
        self.marked |= available;
        available.then_some(Mark::Dropped)
    }

    /// Handles the event's end.
    pub(super) fn finish(mut self, saw_picture: bool) -> Result<EventEnd, ResponseError> {
        let whole = self.pending_error.is_none() && self.reader.is_complete();
        if !self.has_data {
            return Ok(EventEnd { mark: None, usage: None });
        }
        match self.facts.kind {
            Some(EventKind::Completed) if !whole => {
                Err(self.fault().unwrap_or(ResponseError::Truncated))
            }
            Some(EventKind::Completed) => {
                Ok(EventEnd { mark: self.closed(), usage: Some(self.facts.usage) })
            }
            Some(EventKind::Error) => {
                let worked = saw_picture || self.facts.picture.has_begun();
                let refusal = refusal::in_stream(&self.text, worked);
                Ok(EventEnd { mark: Some(Mark::Failed(refusal)), usage: None })
            }
            _ => Ok(EventEnd { mark: self.dropped(), usage: None }),
        }
    }
}

/// Collects the facts of an event's data, and decodes its picture into `out`.
struct EventVisitor<'a> {
    facts: &'a mut EventFacts,
    out: &'a mut Vec<u8>,
}

impl JsonVisitor for EventVisitor<'_> {
    fn string_starts(&mut self, place: &[Frame]) -> StringRole {
        let facts = &mut *self.facts;
        facts.is_error_at(place);
        let wanted = matches!(facts.kind, None | Some(EventKind::Preview | EventKind::Completed));
        match place {
            [Frame::Object(Key::B64Json)] if wanted && facts.picture.open() => StringRole::Stream,
            _ if usage::is_wanted(place) => StringRole::Short,
            _ if place == [Frame::Object(Key::Type)] => StringRole::Short,
            _ => StringRole::Ignored,
        }
    }

    fn string_chunk(&mut self, text: &[u8]) -> Result<(), ResponseError> {
        self.facts.picture.push(text, self.out)
    }

    fn string_ends(&mut self) -> Result<(), ResponseError> {
        self.facts.picture.close()
    }

    fn value(&mut self, place: &[Frame], value: &[u8]) {
        let facts = &mut *self.facts;
        facts.is_error_at(place);
        if place == [Frame::Object(Key::Type)] {
            facts.kind = facts.kind.or(EventKind::of(value)).or(Some(EventKind::Other));
        }
        usage::record(&mut facts.usage, place, value);
    }
}
