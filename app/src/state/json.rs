//! JSON as the edge writes it, read without serde: that would be 25 KB of the studio's 60.
//!
//! Owns reading a text into a tree, and writing a string. Must not know what any member means.

use std::iter::Peekable;
use std::str::Bytes;

/// Arrays and objects in one another; what the edge says has four.
const DEPTH: u8 = 16;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    /// `null`, a member that is not there, or a number that is not whole: the edge sends none that matters.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object, in the order of the text.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// The value that a text holds, if it is JSON.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut bytes = text.bytes().peekable();
        let json = value(&mut bytes, DEPTH)?;
        space(&mut bytes);
        bytes.next().is_none().then_some(json)
    }

    /// The member of that name.
    pub(crate) fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(members) => {
                members.iter().find(|(own, _)| own == name).map_or(&Self::Null, |(_, json)| json)
            }
            _ => &Self::Null,
        }
    }

    /// The string that this is.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number that this is.
    pub(crate) const fn whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// The whole number that this is, if it is a small one.
    pub(crate) fn small(&self) -> Option<u32> {
        self.whole().and_then(|number| number.try_into().ok())
    }

    /// The values of the array that this is.
    pub(crate) fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }
}

/// Writes a string with its quotes.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            // Other control characters mean nothing in a prompt, but JSON forbids them.
            '\0'..='\x1f' => out.push(' '),
            _ => out.push(char),
        }
    }
    out.push('"');
}

type Reader<'a> = Peekable<Bytes<'a>>;

fn space(bytes: &mut Reader) {
    while bytes.next_if(u8::is_ascii_whitespace).is_some() {}
}

fn value(bytes: &mut Reader, depth: u8) -> Option<Json> {
    space(bytes);
    match bytes.next()? {
        b'{' => {
            let mut members = Vec::new();
            list(bytes, b'}', |bytes| {
                space(bytes);
                bytes.next_if_eq(&b'"')?;
                let name = string(bytes)?;
                space(bytes);
                bytes.next_if_eq(&b':')?;
                members.push((name, value(bytes, depth.checked_sub(1)?)?));
                Some(())
            })?;
            Some(Json::Object(members))
        }
        b'[' => {
            let mut values = Vec::new();
            list(bytes, b']', |bytes| {
                values.push(value(bytes, depth.checked_sub(1)?)?);
                Some(())
            })?;
            Some(Json::List(values))
        }
        b'"' => string(bytes).map(Json::Text),
        b't' => word(bytes, b"rue", Json::Bool(true)),
        b'f' => word(bytes, b"alse", Json::Bool(false)),
        b'n' => word(bytes, b"ull", Json::Null),
        digit @ (b'0'..=b'9' | b'-') => Some(number(bytes, digit)),
        _ => None,
    }
}

/// What lies between brackets, with commas between.
fn list(bytes: &mut Reader, end: u8, mut one: impl FnMut(&mut Reader) -> Option<()>) -> Option<()> {
    space(bytes);
    if bytes.next_if_eq(&end).is_some() {
        return Some(());
    }
    loop {
        one(bytes)?;
        space(bytes);
        match bytes.next()? {
            b',' => {}
            byte => return (byte == end).then_some(()),
        }
    }
}

fn word(bytes: &mut Reader, rest: &[u8], json: Json) -> Option<Json> {
    rest.iter().all(|byte| bytes.next() == Some(*byte)).then_some(json)
}

fn number(bytes: &mut Reader, first: u8) -> Json {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let mut whole = digit(first);
    while let Some(byte) =
        bytes.next_if(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        whole = whole
            .zip(digit(byte))
            .and_then(|(number, digit)| number.checked_mul(10)?.checked_add(digit));
    }
    whole.map_or(Json::Null, Json::Whole)
}

/// The rest of a string, after its first quote.
fn string(bytes: &mut Reader) -> Option<String> {
    let mut out = Vec::new();
    loop {
        match bytes.next()? {
            b'"' => return String::from_utf8(out).ok(),
            b'\\' => {
                let char = match bytes.next()? {
                    b'n' => '\n',
                    b't' => '\t',
                    b'r' => '\r',
                    b'b' => '\x08',
                    b'f' => '\x0c',
                    b'u' => unicode(bytes)?,
                    byte @ (b'"' | b'\\' | b'/') => char::from(byte),
                    _ => return None,
                };
                out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
            byte => out.push(byte),
        }
    }
}

/// A character by its number, in two halves where it has more than 16 bits.
fn unicode(bytes: &mut Reader) -> Option<char> {
    let high = hex(bytes)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high);
    }
    bytes.next_if_eq(&b'\\')?;
    bytes.next_if_eq(&b'u')?;
    let low = hex(bytes)?.checked_sub(0xdc00)?;
    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
}

fn hex(bytes: &mut Reader) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + char::from(bytes.next()?).to_digit(16)?))
}

#[cfg(test)]
mod tests;
