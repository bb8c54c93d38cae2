//! From a text to its tree.
//!
//! Owns the grammar (RFC 8259), and how deep it may go. Must not accept anything else: no comment, no comma at the end.

use super::{Json, Wrong};
use std::borrow::Cow;

/// Arrays and objects in one another.
const DEPTH: u8 = 64;

/// The value that a whole text is.
pub(super) fn parse(text: &str) -> Result<Json<'_>, Wrong> {
    let mut reader = Reader { rest: text };
    let json = reader.value(DEPTH).filter(|_| reader.after_space().is_empty());
    json.ok_or_else(|| {
        let at = text.len().saturating_sub(reader.rest.len());
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1).to_string();
        let column = before.rsplit('\n').next().map_or(0, |own| own.chars().count()).to_string();
        Wrong::new(["it is not JSON, at line ", &line, " column ", &column].concat())
    })
}

/// What is still to be read. Nothing, wherever it is returned: no JSON.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// What comes after white space.
    fn after_space(&mut self) -> &'a str {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest
    }

    /// The next byte, if it is a character of its own.
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_at_checked(1)?;
        self.rest = rest;
        first.bytes().next()
    }

    /// Takes what is known to come.
    fn skip(&mut self, known: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(known)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (piece, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(piece)
    }

    fn value(&mut self, depth: u8) -> Option<Json<'a>> {
        match self.after_space().bytes().next()? {
            b'{' => {
                let mut members = Vec::new();
                self.list(b'}', |reader| {
                    reader.after_space();
                    reader.skip("\"")?;
                    let name = reader.string()?;
                    reader.after_space();
                    reader.skip(":")?;
                    members.push((name, reader.value(depth.checked_sub(1)?)?));
                    Some(())
                })?;
                Some(Json::Object(members))
            }
            b'[' => {
                let mut values = Vec::new();
                self.list(b']', |reader| {
                    values.push(reader.value(depth.checked_sub(1)?)?);
                    Some(())
                })?;
                Some(Json::List(values))
            }
            b'"' => {
                self.skip("\"")?;
                self.string().map(Json::Text)
            }
            b't' => self.skip("true").map(|()| Json::Flag(true)),
            b'f' => self.skip("false").map(|()| Json::Flag(false)),
            b'n' => self.skip("null").map(|()| Json::Null),
            _ => self.number(),
        }
    }

    /// What lies between brackets, with commas between.
    fn list(&mut self, end: u8, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.next()?;
        if self.after_space().bytes().next()? == end {
            self.next()?;
            return Some(());
        }
        loop {
            one(self)?;
            self.after_space();
            match self.next()? {
                b',' => {}
                byte => return (byte == end).then_some(()),
            }
        }
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let part = |byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = self.rest.bytes().take_while(|&byte| part(byte)).count();
        let text = self.rest.get(..length).filter(|text| is_number(text))?;
        self.take(length)?;
        Some(Json::Number(text))
    }

    /// The rest of a string, after its first quote.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let mut out = Cow::Borrowed("");
        loop {
            let end = |byte| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let piece = self.take(self.rest.bytes().position(end)?)?;
            if out.is_empty() {
                out = Cow::Borrowed(piece);
            } else {
                out.to_mut().push_str(piece);
            }
            match self.next()? {
                b'"' => return Some(out),
                b'\\' => out.to_mut().push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// A character by its number, in two halves where it has more than 16 bits.
    fn unicode(&mut self) -> Option<char> {
        let high = self.half()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        self.skip("\\u")?;
        let low = self.half().filter(|low| (0xdc00..0xe000).contains(low))?;
        let above = ((high & 0x3ff) << 10) | (low & 0x3ff);
        char::from_u32(above.saturating_add(0x1_0000))
    }

    fn half(&mut self) -> Option<u32> {
        let digits = self.take(4)?;
        digits.chars().try_fold(0u32, |sum, char| Some((sum << 4) | char.to_digit(16)?))
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        }
        None => (text, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let plain = whole == "0" || !whole.starts_with('0');
    plain && digits(whole) && digits(fraction) && digits(exponent)
}
