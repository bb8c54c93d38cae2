//! The text of a value.
//!
//! Owns quotes, escapes and commas. Must not know any type.

use super::ToJson;

/// A string with its quotes, as serde writes it.
pub(crate) fn text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        let short = match char {
            '"' | '\\' => char,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\x08' => 'b',
            '\x0c' => 'f',
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                for half in [u32::from(char) >> 4, u32::from(char) & 0xf] {
                    out.extend(char::from_digit(half, 16));
                }
                continue;
            }
            _ => {
                out.push(char);
                continue;
            }
        };
        out.push('\\');
        out.push(short);
    }
    out.push('"');
}

/// A member of an object whose bracket is open.
pub(crate) fn member(out: &mut String, name: &str, value: &dyn ToJson) {
    next(out);
    text(out, name);
    out.push(':');
    value.to_json(out);
}

/// A comma, unless the first value is to come: no value ends with an open bracket, and a string not outside of quotes.
pub(super) fn next(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}
