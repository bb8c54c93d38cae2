//! Reads server-sent events as they arrive, without keeping a line.
//!
//! Owns the grammar of `text/event-stream` by WHATWG's HTML standard. Must not know what the data mean, and must not keep
//! them: one line may have megabytes.

/// The next item of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SseItem<'a> {
    /// The beginning of a line of data. The caller joins two lines of an event with a line feed.
    DataLine,
    /// Bytes of that line.
    Data(&'a [u8]),
    /// The event's complete name; empty if it is longer than any known one.
    Name(Name),
    /// The event's end. An event without a line of data does not count.
    EventEnd,
}

/// The longest name that is kept.
const MAX_NAME_BYTES: usize = 64;

/// An event's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; MAX_NAME_BYTES],
    length: usize,
}

impl Name {
    const EMPTY: Self = Self { bytes: [0; MAX_NAME_BYTES], length: 0 };

    /// The name; empty if it was too long.
    pub fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Appends a part of the name. Once it is too long, it stays so.
    fn push(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        match self.bytes.get_mut(self.length..end) {
            Some(free) => {
                free.copy_from_slice(text);
                self.length = end;
            }
            None => self.length = MAX_NAME_BYTES.saturating_add(1),
        }
    }
}

/// Reads a stream of events in pieces of any length.
#[derive(Debug)]
pub struct SseReader {
    at: Position,
    /// The last line ended with a carriage return, so that a line feed as the next byte belongs to it.
    after_return: bool,
    name: Name,
}

/// The reader's position in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// In the optional byte order mark at the stream's beginning, after this many bytes of it.
    ByteOrderMark(usize),
    /// In a field's name.
    Field(Field),
    /// After the colon, where one space is dropped.
    Space(Value),
    Value(Value),
}

/// The part of a field's name that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// No byte yet.
    Nothing,
    /// This many letters of `data`, from 1.
    Data(usize),
    /// This many letters of `event`, from 1.
    Event(usize),
    /// An unknown field.
    Other,
}

/// The field that a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Data,
    Event,
    Other,
}

const BYTE_ORDER_MARK: &[u8; 3] = b"\xEF\xBB\xBF";

impl Default for SseReader {
    fn default() -> Self {
        Self { at: Position::ByteOrderMark(0), after_return: false, name: Name::EMPTY }
    }
}

impl SseReader {
    /// Reads the next item of `piece` and moves `piece` past it; `None` when the piece is used up.
    pub fn next<'a>(&mut self, piece: &mut &'a [u8]) -> Option<SseItem<'a>> {
        while let Some((&byte, rest)) = piece.split_first() {
            if self.after_return {
                self.after_return = false;
                if byte == b'\n' {
                    *piece = rest;
                    continue;
                }
            }
            if let Position::Space(value) = self.at {
                self.at = Position::Value(value);
                if byte == b' ' {
                    *piece = rest;
                    continue;
                }
            }
            if let Position::Value(value) = self.at {
                let end = piece.iter().position(|b| matches!(b, b'\r' | b'\n'));
                let (run, rest) = piece.split_at(end.unwrap_or(piece.len()));
                if !run.is_empty() {
                    *piece = rest;
                    match value {
                        Value::Data => return Some(SseItem::Data(run)),
                        Value::Event => self.name.push(run),
                        Value::Other => {}
                    }
                    continue;
                }
            }
            *piece = rest;
            let item = if matches!(byte, b'\r' | b'\n') { self.end(byte) } else { self.step(byte) };
            if item.is_some() {
                return item;
            }
        }
        None
    }

    /// Reads the end of a line.
    fn end<'a>(&mut self, byte: u8) -> Option<SseItem<'a>> {
        self.after_return = byte == b'\r';
        let at = std::mem::replace(&mut self.at, Position::Field(Field::Nothing));
        match at {
            Position::ByteOrderMark(0) | Position::Field(Field::Nothing) => Some(SseItem::EventEnd),
            // A field without a colon has an empty value.
            Position::Field(Field::Data(4)) => Some(SseItem::DataLine),
            Position::Field(Field::Event(5)) => Some(SseItem::Name(Name::EMPTY)),
            Position::Value(Value::Event) => {
                Some(SseItem::Name(std::mem::replace(&mut self.name, Name::EMPTY)))
            }
            _ => None,
        }
    }

    /// Reads a byte before a field's value.
    fn step<'a>(&mut self, byte: u8) -> Option<SseItem<'a>> {
        match self.at {
            Position::ByteOrderMark(seen) => match (BYTE_ORDER_MARK.get(seen) == Some(&byte), seen)
            {
                (true, 2) => self.at = Position::Field(Field::Nothing),
                (true, _) => self.at = Position::ByteOrderMark(seen.saturating_add(1)),
                (false, 0) => return self.field(Field::Nothing, byte),
                // An incomplete byte order mark is the beginning of an unknown field's name.
                (false, _) => return self.field(Field::Other, byte),
            },
            Position::Field(field) => return self.field(field, byte),
            Position::Space(_) | Position::Value(_) => {}
        }
        None
    }

    /// Reads a byte of a field's name, or the colon after it.
    fn field<'a>(&mut self, field: Field, byte: u8) -> Option<SseItem<'a>> {
        let letter = |word: &[u8], at: usize| word.get(at) == Some(&byte);
        self.at = match (field, byte) {
            (Field::Data(4), b':') => {
                self.at = Position::Space(Value::Data);
                return Some(SseItem::DataLine);
            }
            (Field::Event(5), b':') => Position::Space(Value::Event),
            (_, b':') => Position::Space(Value::Other),
            (Field::Nothing, b'd') => Position::Field(Field::Data(1)),
            (Field::Nothing, b'e') => Position::Field(Field::Event(1)),
            (Field::Data(seen), _) if letter(b"data", seen) => {
                Position::Field(Field::Data(seen.saturating_add(1)))
            }
            (Field::Event(seen), _) if letter(b"event", seen) => {
                Position::Field(Field::Event(seen.saturating_add(1)))
            }
            _ => Position::Field(Field::Other),
        };
        None
    }
}

#[cfg(test)]
mod tests;
