//! Reads untrusted JSON as it arrives: of any size, depth and order, cut at any byte.
//!
//! Owns the grammar. Needs a few hundred bytes, whatever arrives: it neither recurses nor allocates. Must not know what
//! a response means: a visitor gets the position of each string and number, and decides.

mod number;
mod stack;
mod syntax;
mod unescaped;

use number::Number;
use stack::{ShortValue, Stack};
use syntax::{Escape, Expect, Token};
pub(super) use syntax::{Frame, Key, StringRole};
use unescaped::unescaped_run;

/// Why a response cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseError {
    /// It is not JSON, or is nested too deep.
    NotJson,
    /// The picture is not valid base64.
    NotBase64,
    /// It has more bytes than a picture or a response may have.
    TooLarge,
    /// It ended before it was complete.
    Truncated,
}

/// Receives the strings and numbers of a JSON text.
pub(super) trait JsonVisitor {
    /// Decides how to handle the string that begins at this position.
    fn string_starts(&mut self, place: &[Frame]) -> StringRole;

    /// Receives the next part of a string whose role is `Stream`.
    fn string_chunk(&mut self, text: &[u8]) -> Result<(), ResponseError>;

    /// Receives the end of that string.
    fn string_ends(&mut self) -> Result<(), ResponseError>;

    /// Receives a number, or a string whose role is `Short`, at this position. Those longer than 64 bytes are skipped.
    fn value(&mut self, place: &[Frame], value: &[u8]);
}

/// Reads one JSON text in pieces of any length.
#[derive(Debug, Default)]
pub(super) struct JsonReader {
    stack: Stack,
    expect: Expect,
    token: Token,
    short: ShortValue,
}

impl JsonReader {
    /// Reads the next piece. An error is final.
    pub(super) fn feed(
        &mut self,
        mut piece: &[u8],
        visitor: &mut dyn JsonVisitor,
    ) -> Result<(), ResponseError> {
        while let Some((&byte, rest)) = piece.split_first() {
            match self.token {
                Token::None => {
                    self.structure(byte, visitor)?;
                    piece = rest;
                }
                Token::Number(number) => match number.next(byte) {
                    Some(number) => {
                        self.token = Token::Number(number);
                        self.short.push(&[byte]);
                        piece = rest;
                    }
                    // This byte does not belong to the number any more.
                    None => self.close_number(number, visitor)?,
                },
                Token::Literal(expected) => {
                    match expected.split_first() {
                        Some((&first, more)) if first == byte => self.token = Token::Literal(more),
                        _ => return Err(ResponseError::NotJson),
                    }
                    if self.token == Token::Literal(&[]) {
                        self.value_ended();
                    }
                    piece = rest;
                }
                Token::Text { role, escape: Escape::No } => {
                    let (text, rest) = unescaped_run(piece);
                    self.text(role, text, visitor)?;
                    piece = rest;
                    if let Some((&special, rest)) = rest.split_first() {
                        match special {
                            b'"' => self.close_text(role, visitor)?,
                            b'\\' => self.token = Token::Text { role, escape: Escape::Begun },
                            _ => return Err(ResponseError::NotJson),
                        }
                        piece = rest;
                    }
                }
                Token::Text { role, escape } => {
                    self.escaped(role, escape, byte, visitor)?;
                    piece = rest;
                }
            }
        }
        Ok(())
    }

    /// Whether the pieces so far form one complete JSON text.
    pub(super) fn is_complete(&self) -> bool {
        match self.token {
            Token::Number(number) => self.stack.place().is_empty() && number.may_end(),
            _ => self.expect == Expect::End,
        }
    }

    /// Reads a byte outside of strings, numbers and literals.
    fn structure(&mut self, byte: u8, visitor: &mut dyn JsonVisitor) -> Result<(), ResponseError> {
        use Expect::{Colon, Comma, FirstKey, FirstValue, Key as NextKey, Value};
        match (byte, self.expect) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'{', Value | FirstValue) => {
                self.open_container(Frame::Object(Key::Other), FirstKey)?;
            }
            (b'[', Value | FirstValue) => self.open_container(Frame::Array, FirstValue)?,
            (b'"', Value | FirstValue) => {
                let role = visitor.string_starts(self.stack.place());
                self.token = Token::Text { role, escape: Escape::No };
            }
            (b'"', FirstKey | NextKey) => {
                self.token = Token::Text { role: StringRole::Key, escape: Escape::No };
            }
            (b't', Value | FirstValue) => self.token = Token::Literal(b"rue"),
            (b'f', Value | FirstValue) => self.token = Token::Literal(b"alse"),
            (b'n', Value | FirstValue) => self.token = Token::Literal(b"ull"),
            (_, Value | FirstValue) if Number::begin(byte).is_some() => {
                self.token = Number::begin(byte).map_or(Token::None, Token::Number);
                self.short.push(&[byte]);
            }
            (b':', Colon) => self.expect = Value,
            (b',', Comma) => match self.stack.place().last() {
                Some(Frame::Object(_)) => self.expect = NextKey,
                Some(Frame::Array) => self.expect = Value,
                None => return Err(ResponseError::NotJson),
            },
            (b'}', FirstKey | Comma) => {
                self.close_container(|frame| matches!(frame, Frame::Object(_)))?;
            }
            (b']', FirstValue | Comma) => self.close_container(|frame| frame == Frame::Array)?,
            _ => return Err(ResponseError::NotJson),
        }
        Ok(())
    }

    fn open_container(&mut self, frame: Frame, expect: Expect) -> Result<(), ResponseError> {
        self.stack.push(frame).map_err(|_| ResponseError::NotJson)?;
        self.expect = expect;
        Ok(())
    }

    fn close_container(&mut self, fits: impl FnOnce(Frame) -> bool) -> Result<(), ResponseError> {
        if !self.stack.pop().is_some_and(fits) {
            return Err(ResponseError::NotJson);
        }
        self.value_ended();
        Ok(())
    }

    fn value_ended(&mut self) {
        self.token = Token::None;
        self.short.clear();
        self.expect = if self.stack.place().is_empty() { Expect::End } else { Expect::Comma };
    }

    /// Handles a part of a string that has no escape sequences.
    fn text(
        &mut self,
        role: StringRole,
        text: &[u8],
        visitor: &mut dyn JsonVisitor,
    ) -> Result<(), ResponseError> {
        match role {
            StringRole::Ignored => {}
            StringRole::Key | StringRole::Short => self.short.push(text),
            StringRole::Stream => visitor.string_chunk(text)?,
        }
        Ok(())
    }

    /// Reads a byte of an escape sequence. An escaped character outside ASCII becomes 0x80, a byte that occurs in no
    /// known key, short value or base64.
    fn escaped(
        &mut self,
        role: StringRole,
        escape: Escape,
        byte: u8,
        visitor: &mut dyn JsonVisitor,
    ) -> Result<(), ResponseError> {
        let plain = match (escape, byte) {
            (Escape::Unicode { digits, value }, _) => {
                let digit = char::from(byte)
                    .to_digit(16)
                    .and_then(|d| u16::try_from(d).ok())
                    .ok_or(ResponseError::NotJson)?;
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
            _ => return Err(ResponseError::NotJson),
        };
        self.token = Token::Text { role, escape: Escape::No };
        self.text(role, &[plain], visitor)
    }

    fn close_text(
        &mut self,
        role: StringRole,
        visitor: &mut dyn JsonVisitor,
    ) -> Result<(), ResponseError> {
        match role {
            StringRole::Key => {
                self.stack.name(self.short.text().map_or(Key::Other, Key::of));
                self.token = Token::None;
                self.short.clear();
                self.expect = Expect::Colon;
                return Ok(());
            }
            StringRole::Short => self.report_value(visitor),
            StringRole::Stream => visitor.string_ends()?,
            StringRole::Ignored => {}
        }
        self.value_ended();
        Ok(())
    }

    fn close_number(
        &mut self,
        number: Number,
        visitor: &mut dyn JsonVisitor,
    ) -> Result<(), ResponseError> {
        if !number.may_end() {
            return Err(ResponseError::NotJson);
        }
        self.report_value(visitor);
        self.value_ended();
        Ok(())
    }

    fn report_value(&self, visitor: &mut dyn JsonVisitor) {
        if let Some(word) = self.short.text() {
            visitor.value(self.stack.place(), word);
        }
    }
}

#[cfg(test)]
mod tests;
