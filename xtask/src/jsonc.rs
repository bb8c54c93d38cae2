//! JSON with comments, as `edge/wrangler.jsonc` and `--config FILE` are written.
//!
//! Comments and trailing commas become blanks, so that an error still names the right line and column.

/// The same text as plain JSON, character for character.
pub fn strip(text: &str) -> String {
    without_trailing_commas(&without_comments(text))
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['"', '/']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let (end, comment) = match rest.as_bytes() {
            [b'"', ..] => (end_of_string(rest), false),
            [b'/', b'/', ..] => (rest.find('\n').unwrap_or(rest.len()), true),
            [b'/', b'*', ..] => (rest[2..].find("*/").map_or(rest.len(), |at| at + 4), true),
            _ => (1, false),
        };
        let token = &rest[..end];
        if comment {
            out.extend(token.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            out.push_str(token);
        }
        rest = &rest[end..];
    }
    out + rest
}

fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['"', ',']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = if rest.starts_with('"') { end_of_string(rest) } else { 1 };
        let trailing = rest.starts_with(',') && rest[1..].trim_start().starts_with(['}', ']']);
        out.push_str(if trailing { " " } else { &rest[..end] });
        rest = &rest[end..];
    }
    out + rest
}

/// Where the string that the text opens with ends, its closing quote included.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(strip(text), expected);
        assert_eq!(strip(text).chars().count(), text.chars().count());
    }

    #[test]
    fn comments_become_blanks() {
        check("{ \"a\": 1, // one\n \"b\": 2 }", "{ \"a\": 1,       \n \"b\": 2 }");
        check("{/* é\n */\"a\":1}", "{    \n   \"a\":1}");
        check("1 // open", "1        ");
        check("1 /* open", "1        ");
    }

    #[test]
    fn strings_stay() {
        check(r#"{"u": "https://x/*y*/"}"#, r#"{"u": "https://x/*y*/"}"#);
        check(r#"["\"// no", "\\", "a,]"]"#, r#"["\"// no", "\\", "a,]"]"#);
    }

    #[test]
    fn trailing_commas_go() {
        check("[1, 2, ]", "[1, 2  ]");
        check("{\"a\": [1,],\n}", "{\"a\": [1 ] \n}");
        check("{\"a\": 1, // last\n}", "{\"a\": 1         \n}");
    }
}
