//! Server-sent events as they stream by, told line by line without keeping any line.
//!
//! Owns the grammar of `text/event-stream` as WHATWG's HTML has it. Must not know what the data means, and keeps no data:
//! one line of it may be megabytes.

/// What the stream says next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SseItem<'a> {
    /// A line of data begins. Between two lines of an event stands a line feed.
    DataLine,
    /// Bytes of that line.
    Data(&'a [u8]),
    /// The event's name, whole; one that is too long to mean anything is empty.
    Name(Name),
    /// The event is over. An event without a line of data is none.
    Over,
}

/// Bytes that a name has at most.
const NAME: usize = 64;

/// An event's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; NAME],
    length: usize,
}

impl Name {
    const EMPTY: Self = Self { bytes: [0; NAME], length: 0 };

    /// The name; empty if it was too long.
    pub fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Appends; past its end it stays too long.
    fn push(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        match self.bytes.get_mut(self.length..end) {
            Some(free) => {
                free.copy_from_slice(text);
                self.length = end;
            }
            None => self.length = NAME.saturating_add(1),
        }
    }
}

/// Reads a stream in pieces of any length.
#[derive(Debug)]
pub struct Lines {
    at: At,
    /// The last line ended with a carriage return: a line feed now would belong to it.
    after_return: bool,
    name: Name,
}

/// Where in a line the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// In the byte order mark that may open the stream, after so many bytes of it.
    Mark(usize),
    /// In a field's name; how much of which fields it is so far.
    Field(Field),
    /// Behind the colon, where one space is dropped.
    Space(Value),
    Value(Value),
}

/// The name of a field as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Nothing of it.
    Nothing,
    /// So many letters of `data`, from 1.
    Data(usize),
    /// So many letters of `event`, from 1.
    Event(usize),
    /// One that does not matter.
    Other,
}

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Data,
    Event,
    Other,
}

const MARK: &[u8; 3] = b"\xEF\xBB\xBF";

impl Default for Lines {
    fn default() -> Self {
        Self { at: At::Mark(0), after_return: false, name: Name::EMPTY }
    }
}

impl Lines {
    /// The next bit in `piece`, which is moved past it; nothing when the piece is used up.
    pub fn next<'a>(&mut self, piece: &mut &'a [u8]) -> Option<SseItem<'a>> {
        while let Some((&byte, rest)) = piece.split_first() {
            if self.after_return {
                self.after_return = false;
                if byte == b'\n' {
                    *piece = rest;
                    continue;
                }
            }
            if let At::Space(value) = self.at {
                self.at = At::Value(value);
                if byte == b' ' {
                    *piece = rest;
                    continue;
                }
            }
            if let At::Value(value) = self.at {
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
            let bit = if matches!(byte, b'\r' | b'\n') { self.end(byte) } else { self.step(byte) };
            if bit.is_some() {
                return bit;
            }
        }
        None
    }

    /// The end of a line.
    fn end<'a>(&mut self, byte: u8) -> Option<SseItem<'a>> {
        self.after_return = byte == b'\r';
        let at = std::mem::replace(&mut self.at, At::Field(Field::Nothing));
        match at {
            At::Mark(0) | At::Field(Field::Nothing) => Some(SseItem::Over),
            // A name without a colon has an empty value.
            At::Field(Field::Data(4)) => Some(SseItem::DataLine),
            At::Field(Field::Event(5)) => Some(SseItem::Name(Name::EMPTY)),
            At::Value(Value::Event) => {
                Some(SseItem::Name(std::mem::replace(&mut self.name, Name::EMPTY)))
            }
            _ => None,
        }
    }

    /// A byte before a field's value.
    fn step<'a>(&mut self, byte: u8) -> Option<SseItem<'a>> {
        match self.at {
            At::Mark(seen) => match (MARK.get(seen) == Some(&byte), seen) {
                (true, 2) => self.at = At::Field(Field::Nothing),
                (true, _) => self.at = At::Mark(seen.saturating_add(1)),
                (false, 0) => return self.field(Field::Nothing, byte),
                // Half a mark is the beginning of a name that nobody knows.
                (false, _) => return self.field(Field::Other, byte),
            },
            At::Field(field) => return self.field(field, byte),
            At::Space(_) | At::Value(_) => {}
        }
        None
    }

    /// A byte of a field's name, or the colon behind it.
    fn field<'a>(&mut self, field: Field, byte: u8) -> Option<SseItem<'a>> {
        let letter = |word: &[u8], at: usize| word.get(at) == Some(&byte);
        self.at = match (field, byte) {
            (Field::Data(4), b':') => {
                self.at = At::Space(Value::Data);
                return Some(SseItem::DataLine);
            }
            (Field::Event(5), b':') => At::Space(Value::Event),
            (_, b':') => At::Space(Value::Other),
            (Field::Nothing, b'd') => At::Field(Field::Data(1)),
            (Field::Nothing, b'e') => At::Field(Field::Event(1)),
            (Field::Data(seen), _) if letter(b"data", seen) => {
                At::Field(Field::Data(seen.saturating_add(1)))
            }
            (Field::Event(seen), _) if letter(b"event", seen) => {
                At::Field(Field::Event(seen.saturating_add(1)))
            }
            _ => At::Field(Field::Other),
        };
        None
    }
}

#[cfg(test)]
mod tests;
