//! JSON as it streams by, read without trust: any size, any depth, any order, cut anywhere.
//!
//! Owns the grammar, and a few hundred bytes whatever comes: no recursion, no allocation. Must not know what an answer
//! means: a listener is told where strings and numbers stand, and decides.

mod number;
mod plain;
mod stack;
mod syntax;

use number::Number;
use plain::plain;
use stack::{Stack, Word};
use syntax::{Escape, Expect, Token};
pub(super) use syntax::{Frame, Key, Role};

/// Why an answer cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No JSON, or nested too deep.
    NotJson,
    /// The picture's text is no base64.
    NotBase64,
    /// More bytes than a picture or an answer may have.
    TooLarge,
    /// It ended in the middle.
    Truncated,
}

/// Who wants to know what a JSON text says.
pub(super) trait Listener {
    /// What becomes of the string that begins at this place.
    fn begins(&mut self, place: &[Frame]) -> Role;

    /// The next run of a string whose role is `Stream`.
    fn text(&mut self, text: &[u8]) -> Result<(), Unreadable>;

    /// The end of that string.
    fn text_ends(&mut self) -> Result<(), Unreadable>;

    /// A whole number, or a whole string whose role is `Word`, at this place; not one that is longer than 64 bytes.
    fn word(&mut self, place: &[Frame], word: &[u8]);
}

/// Reads one JSON text in pieces of any length.
#[derive(Debug, Default)]
pub(super) struct Reader {
    stack: Stack,
    expect: Expect,
    token: Token,
    word: Word,
}

impl Reader {
    /// Reads on. An error is final.
    pub(super) fn feed(
        &mut self,
        mut piece: &[u8],
        listener: &mut dyn Listener,
    ) -> Result<(), Unreadable> {
        while let Some((&byte, rest)) = piece.split_first() {
            match self.token {
                Token::None => {
                    self.structure(byte, listener)?;
                    piece = rest;
                }
                Token::Number(number) => match number.next(byte) {
                    Some(number) => {
                        self.token = Token::Number(number);
                        self.word.push(&[byte]);
                        piece = rest;
                    }
                    // The number ended before this byte.
                    None => self.close_number(number, listener)?,
                },
                Token::Literal(expected) => {
                    match expected.split_first() {
                        Some((&first, more)) if first == byte => self.token = Token::Literal(more),
                        _ => return Err(Unreadable::NotJson),
                    }
                    if self.token == Token::Literal(&[]) {
                        self.value_ended();
                    }
                    piece = rest;
                }
                Token::Text { role, escape: Escape::No } => {
                    let (text, rest) = plain(piece);
                    self.text(role, text, listener)?;
                    piece = rest;
                    if let Some((&special, rest)) = rest.split_first() {
                        match special {
                            b'"' => self.close_text(role, listener)?,
                            b'\\' => self.token = Token::Text { role, escape: Escape::Begun },
                            _ => return Err(Unreadable::NotJson),
                        }
                        piece = rest;
                    }
                }
                Token::Text { role, escape } => {
                    self.escaped(role, escape, byte, listener)?;
                    piece = rest;
                }
            }
        }
        Ok(())
    }

    /// Whether what was fed is a whole JSON text.
    pub(super) fn is_whole(&self) -> bool {
        match self.token {
            Token::Number(number) => self.stack.place().is_empty() && number.may_end(),
            _ => self.expect == Expect::End,
        }
    }

    /// A byte outside of every string, number and literal.
    fn structure(&mut self, byte: u8, listener: &mut dyn Listener) -> Result<(), Unreadable> {
        use Expect::{Colon, Comma, FirstKey, FirstValue, Key as NextKey, Value};
        match (byte, self.expect) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'{', Value | FirstValue) => self.open(Frame::Object(Key::Other), FirstKey)?,
            (b'[', Value | FirstValue) => self.open(Frame::Array, FirstValue)?,
            (b'"', Value | FirstValue) => {
                let role = listener.begins(self.stack.place());
                self.token = Token::Text { role, escape: Escape::No };
            }
            (b'"', FirstKey | NextKey) => {
                self.token = Token::Text { role: Role::Key, escape: Escape::No };
            }
            (b't', Value | FirstValue) => self.token = Token::Literal(b"rue"),
            (b'f', Value | FirstValue) => self.token = Token::Literal(b"alse"),
            (b'n', Value | FirstValue) => self.token = Token::Literal(b"ull"),
            (_, Value | FirstValue) if Number::begin(byte).is_some() => {
                self.token = Number::begin(byte).map_or(Token::None, Token::Number);
                self.word.push(&[byte]);
            }
            (b':', Colon) => self.expect = Value,
            (b',', Comma) => match self.stack.place().last() {
                Some(Frame::Object(_)) => self.expect = NextKey,
                Some(Frame::Array) => self.expect = Value,
                None => return Err(Unreadable::NotJson),
            },
            (b'}', FirstKey | Comma) => self.shut(|frame| matches!(frame, Frame::Object(_)))?,
            (b']', FirstValue | Comma) => self.shut(|frame| frame == Frame::Array)?,
            _ => return Err(Unreadable::NotJson),
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame, expect: Expect) -> Result<(), Unreadable> {
        self.stack.push(frame).map_err(|_| Unreadable::NotJson)?;
        self.expect = expect;
        Ok(())
    }

    fn shut(&mut self, fits: impl FnOnce(Frame) -> bool) -> Result<(), Unreadable> {
        if !self.stack.pop().is_some_and(fits) {
            return Err(Unreadable::NotJson);
        }
        self.value_ended();
        Ok(())
    }

    fn value_ended(&mut self) {
        self.token = Token::None;
        self.word.clear();
        self.expect = if self.stack.place().is_empty() { Expect::End } else { Expect::Comma };
    }

    /// A run of a string without anything special in it.
    fn text(
        &mut self,
        role: Role,
        text: &[u8],
        listener: &mut dyn Listener,
    ) -> Result<(), Unreadable> {
        match role {
            Role::Passed => {}
            Role::Key | Role::Word => self.word.push(text),
            Role::Stream => listener.text(text)?,
        }
        Ok(())
    }

    /// A byte within an escape sequence. What is not ASCII becomes a byte that no word and no base64 holds.
    fn escaped(
        &mut self,
        role: Role,
        escape: Escape,
        byte: u8,
        listener: &mut dyn Listener,
    ) -> Result<(), Unreadable> {
        let plain = match (escape, byte) {
            (Escape::Unicode { digits, value }, _) => {
                let digit = char::from(byte)
                    .to_digit(16)
                    .and_then(|d| u16::try_from(d).ok())
                    .ok_or(Unreadable::NotJson)?;
                let value = (value << 4) | digit;
                if digits < 3 {
                    let digits = digits.saturating_add(1);
                    let escape = Escape::Unicode { digits, value };
                    self.token = Token::Text { role, escape };
                    return Ok(());
                }
                u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(0x80)
            }
            (_, b'u') => {
                let escape = Escape::Unicode { digits: 0, value: 0 };
                self.token = Token::Text { role, escape };
                return Ok(());
            }
            (_, b'"' | b'\\' | b'/') => byte,
            (_, b'b' | b'f' | b'n' | b'r' | b't') => b'\n',
            _ => return Err(Unreadable::NotJson),
        };
        self.token = Token::Text { role, escape: Escape::No };
        self.text(role, &[plain], listener)
    }

    fn close_text(&mut self, role: Role, listener: &mut dyn Listener) -> Result<(), Unreadable> {
        match role {
            Role::Key => {
                self.stack.name(self.word.text().map_or(Key::Other, Key::of));
                self.token = Token::None;
                self.word.clear();
                self.expect = Expect::Colon;
                return Ok(());
            }
            Role::Word => self.tell(listener),
            Role::Stream => listener.text_ends()?,
            Role::Passed => {}
        }
        self.value_ended();
        Ok(())
    }

    fn close_number(
        &mut self,
        number: Number,
        listener: &mut dyn Listener,
    ) -> Result<(), Unreadable> {
        if !number.may_end() {
            return Err(Unreadable::NotJson);
        }
        self.tell(listener);
        self.value_ended();
        Ok(())
    }

    fn tell(&self, listener: &mut dyn Listener) {
        if let Some(word) = self.word.text() {
            listener.word(self.stack.place(), word);
        }
    }
}

#[cfg(test)]
mod tests;
