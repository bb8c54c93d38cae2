//! A gateway's 200, read as it streams by: finds the picture, decodes it in a window, and learns what it cost.
//!
//! Owns the reading of JSON that nobody promised to be sane: any size, any depth, any order, cut anywhere. Keeps a few
//! hundred bytes whatever comes. Must not judge the picture's bytes (`picture`) or the money (`price`).

mod syntax;

use super::base64::Decoder;
use crate::price::Usage;
use contract::{limits::PICTURE_BYTES, money::Nano};
use syntax::{Escape, Expect, Frame, Key, Role, Token};

/// Nesting beyond this is no answer of a gateway.
const DEPTH: usize = 32;
/// Keys and numbers that mean anything to us are shorter.
const WORD: usize = 64;
/// All of an answer: the longest picture in base64, and a megabyte for what stands round it.
const ANSWER_BYTES: u64 = PICTURE_BYTES / 3 * 4 + 1024 * 1024;

/// Why an answer cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No JSON, or nested too deep.
    NotJson,
    /// The picture's text is no base64.
    NotBase64,
    /// More bytes than a picture may have.
    TooLarge,
    /// It ended in the middle.
    Truncated,
}

/// Reads an answer in pieces of any length.
#[derive(Debug, Default)]
pub struct Answer {
    stack: Vec<Frame>,
    expect: Expect,
    token: Token,
    word: Vec<u8>,
    read: u64,
    picture: Picture,
    usage: Usage,
}

/// How far the picture has come.
#[derive(Debug, Default)]
enum Picture {
    #[default]
    Awaited,
    Open {
        decoder: Decoder,
        bytes: u64,
    },
    Closed,
}

impl Answer {
    /// Reads on, and appends what it decodes of the picture to `out`: at most 3 bytes for 4 of `piece`.
    pub fn feed(&mut self, mut piece: &[u8], out: &mut Vec<u8>) -> Result<(), Unreadable> {
        self.read = self.read.saturating_add(piece.len() as u64);
        if self.read > ANSWER_BYTES {
            return Err(Unreadable::TooLarge);
        }
        while let Some((&byte, rest)) = piece.split_first() {
            match self.token {
                Token::None => {
                    self.structure(byte)?;
                    piece = rest;
                }
                Token::Bare if matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.') =>
                {
                    self.keep(byte);
                    piece = rest;
                }
                Token::Bare => self.close_bare()?,
                Token::Text { role, escape: Escape::No } => {
                    let plain = piece
                        .iter()
                        .position(|&b| matches!(b, b'"' | b'\\' | 0..0x20))
                        .unwrap_or(piece.len());
                    let (text, rest) = piece.split_at(plain);
                    self.text(role, text, out)?;
                    piece = rest;
                    if let Some((&special, rest)) = rest.split_first() {
                        match special {
                            b'"' => self.close_text(role)?,
                            b'\\' => self.token = Token::Text { role, escape: Escape::Begun },
                            _ => return Err(Unreadable::NotJson),
                        }
                        piece = rest;
                    }
                }
                Token::Text { role, escape } => {
                    self.escaped(role, escape, byte, out)?;
                    piece = rest;
                }
            }
        }
        Ok(())
    }

    /// Whether the picture's text is closed: its bytes are all there, whatever comes after.
    pub fn picture_is_closed(&self) -> bool {
        matches!(self.picture, Picture::Closed)
    }

    /// What it cost, if the answer came to its end.
    pub fn finish(&self) -> Result<Usage, Unreadable> {
        if self.expect == Expect::End { Ok(self.usage) } else { Err(Unreadable::Truncated) }
    }

    /// A byte outside of every string and number.
    fn structure(&mut self, byte: u8) -> Result<(), Unreadable> {
        use Expect::{Colon, Comma, FirstKey, FirstValue, Key as NextKey, Value};
        match (byte, self.expect) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'{', Value | FirstValue) => self.open(Frame::Object(Key::Other), FirstKey)?,
            (b'[', Value | FirstValue) => self.open(Frame::Array(0), FirstValue)?,
            (b'"', Value | FirstValue) => {
                self.token = Token::Text { role: self.role(), escape: Escape::No }
            }
            (b'-' | b'0'..=b'9' | b't' | b'f' | b'n', Value | FirstValue) => {
                self.token = Token::Bare;
                self.keep(byte);
            }
            (b'"', FirstKey | NextKey) => {
                self.token = Token::Text { role: Role::Key, escape: Escape::No }
            }
            (b':', Colon) => self.expect = Value,
            (b',', Comma) => match self.stack.last_mut() {
                Some(Frame::Object(_)) => self.expect = NextKey,
                Some(Frame::Array(index)) => {
                    *index = index.saturating_add(1);
                    self.expect = Value;
                }
                None => return Err(Unreadable::NotJson),
            },
            (b'}', FirstKey | Comma) => self.shut(|frame| matches!(frame, Frame::Object(_)))?,
            (b']', FirstValue | Comma) => self.shut(|frame| matches!(frame, Frame::Array(_)))?,
            _ => return Err(Unreadable::NotJson),
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame, expect: Expect) -> Result<(), Unreadable> {
        if self.stack.len() >= DEPTH {
            return Err(Unreadable::NotJson);
        }
        self.stack.push(frame);
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
        self.expect = if self.stack.is_empty() { Expect::End } else { Expect::Comma };
    }

    /// What becomes of the string that begins here.
    fn role(&mut self) -> Role {
        match self.stack.as_slice() {
            [Frame::Object(Key::Data), Frame::Array(0), Frame::Object(Key::B64Json)]
                if matches!(self.picture, Picture::Awaited) =>
            {
                self.picture = Picture::Open { decoder: Decoder::default(), bytes: 0 };
                Role::Picture
            }
            [.., Frame::Object(Key::Cost)] => Role::Word,
            _ => Role::Passed,
        }
    }

    /// Keeps a byte of a short word; one that is too long to mean anything stays too long.
    fn keep(&mut self, byte: u8) {
        if self.word.len() <= WORD {
            self.word.push(byte);
        }
    }

    /// A run of a string without anything special in it.
    fn text(&mut self, role: Role, text: &[u8], out: &mut Vec<u8>) -> Result<(), Unreadable> {
        match role {
            Role::Passed => Ok(()),
            Role::Key | Role::Word => {
                text.iter().take(WORD.saturating_add(1)).for_each(|&byte| self.keep(byte));
                Ok(())
            }
            Role::Picture => {
                let Picture::Open { decoder, bytes } = &mut self.picture else { return Ok(()) };
                let before = out.len();
                decoder.push(text, out).map_err(|_| Unreadable::NotBase64)?;
                *bytes = bytes.saturating_add(out.len().saturating_sub(before) as u64);
                if *bytes > PICTURE_BYTES { Err(Unreadable::TooLarge) } else { Ok(()) }
            }
        }
    }

    /// A byte within an escape sequence. What is not ASCII becomes a byte that no key and no base64 holds.
    fn escaped(
        &mut self,
        role: Role,
        escape: Escape,
        byte: u8,
        out: &mut Vec<u8>,
    ) -> Result<(), Unreadable> {
        let plain = match (escape, byte) {
            (Escape::Unicode { digits, value }, _) => {
                let digit = char::from(byte)
                    .to_digit(16)
                    .and_then(|d| u16::try_from(d).ok())
                    .ok_or(Unreadable::NotJson)?;
                let value = (value << 4) | digit;
                if digits < 3 {
                    self.token = Token::Text {
                        role,
                        escape: Escape::Unicode { digits: digits.saturating_add(1), value },
                    };
                    return Ok(());
                }
                u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(0x80)
            }
            (_, b'u') => {
                self.token = Token::Text { role, escape: Escape::Unicode { digits: 0, value: 0 } };
                return Ok(());
            }
            (_, b'"' | b'\\' | b'/') => byte,
            (_, b'b' | b'f' | b'n' | b'r' | b't') => b'\n',
            _ => return Err(Unreadable::NotJson),
        };
        self.token = Token::Text { role, escape: Escape::No };
        self.text(role, &[plain], out)
    }

    fn close_text(&mut self, role: Role) -> Result<(), Unreadable> {
        self.token = Token::None;
        match role {
            Role::Key => {
                let key = Key::of(&self.word);
                if let Some(Frame::Object(current)) = self.stack.last_mut() {
                    *current = key;
                }
                self.expect = Expect::Colon;
                self.word.clear();
                return Ok(());
            }
            Role::Word => self.learn(),
            Role::Picture => {
                if let Picture::Open { decoder, .. } = &self.picture {
                    decoder.finish().map_err(|_| Unreadable::NotBase64)?;
                }
                self.picture = Picture::Closed;
            }
            Role::Passed => {}
        }
        self.value_ended();
        Ok(())
    }

    fn close_bare(&mut self) -> Result<(), Unreadable> {
        self.token = Token::None;
        let number = self.word.first().is_some_and(|b| matches!(b, b'-' | b'0'..=b'9'));
        if !number && !matches!(self.word.as_slice(), b"true" | b"false" | b"null") {
            return Err(Unreadable::NotJson);
        }
        self.learn();
        self.value_ended();
        Ok(())
    }

    /// Takes the word at hand for what its place says; what does not read as that is as good as missing.
    fn learn(&mut self) {
        let text = str::from_utf8(&self.word).ok().filter(|text| text.len() <= WORD);
        let tokens = text.and_then(|text| text.parse().ok());
        let cost = text.and_then(|text| text.parse::<Nano>().ok());
        let usage = &mut self.usage;
        match self.stack.as_slice() {
            // The gateway's own word comes first, wherever it stands in the answer.
            [
                Frame::Object(Key::Metadata),
                Frame::Object(Key::Gateway),
                Frame::Object(Key::Cost),
            ] => usage.cost = cost.or(usage.cost),
            [Frame::Object(Key::Usage), Frame::Object(Key::Cost)] => {
                usage.cost = usage.cost.or(cost);
            }
            [Frame::Object(Key::Usage), Frame::Object(Key::OutputTokens)] => {
                usage.output_tokens = tokens;
            }
            [Frame::Object(Key::Usage), Frame::Object(Key::InputTokens)] => {
                usage.text_tokens = usage.text_tokens.or(tokens);
            }
            [
                Frame::Object(Key::Usage),
                Frame::Object(Key::InputTokensDetails),
                Frame::Object(Key::TextTokens),
            ] => {
                usage.text_tokens = tokens.or(usage.text_tokens);
            }
            [
                Frame::Object(Key::Usage),
                Frame::Object(Key::InputTokensDetails),
                Frame::Object(Key::ImageTokens),
            ] => {
                usage.picture_tokens = tokens;
            }
            _ => {}
        }
        self.word.clear();
    }
}

#[cfg(test)]
mod tests;
