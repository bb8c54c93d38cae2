//! A provider's 200, whichever of the two forms it has: one JSON text, or a stream of events.
//!
//! Owns the choice, by the first byte that tells: a provider that was asked to stream may not, and headers lie. Must not
//! read either form itself.

use super::{
    answer::Answer,
    dialect::Dialect,
    events::{Events, Mark},
    json::Unreadable,
};
use crate::price::Usage;

/// Ends of lines before anything else; more is no answer.
const BLANK: usize = 1024;

/// Reads an answer in pieces of any length.
#[derive(Debug)]
pub struct Reading(Form);

#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for a request, and it stays where it is"
)]
enum Form {
    /// Nothing has told yet; so many ends of lines have come.
    Unknown(usize),
    Json {
        answer: Answer,
        marked: bool,
    },
    Events(Events),
}

impl Form {
    fn json() -> Self {
        Self::Json { answer: Answer::default(), marked: false }
    }
}

impl Reading {
    /// Begins with the answer of a provider.
    pub fn new(dialect: &Dialect) -> Self {
        Self(if dialect.streams() { Form::Unknown(0) } else { Form::json() })
    }

    /// Reads on up to the next mark and moves `piece` past what was read; nothing when the piece is used up. Appends what
    /// it decodes to `out`: at most 3 bytes for 4 of what was read, and 2 more. An error is final.
    pub fn feed(
        &mut self,
        piece: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, Unreadable> {
        if let Form::Unknown(blank) = &mut self.0 {
            // Ends of lines may open either form and mean nothing in both.
            let told = piece.iter().position(|b| !matches!(b, b'\r' | b'\n'));
            let (ends, rest) = piece.split_at(told.unwrap_or(piece.len()));
            *piece = rest;
            *blank = blank.saturating_add(ends.len());
            if *blank > BLANK {
                return Err(Unreadable::TooLarge);
            }
            self.0 = match piece.first() {
                None => return Ok(None),
                Some(b'{' | b' ' | b'\t') => Form::json(),
                Some(_) => Form::Events(Events::default()),
            };
        }
        match &mut self.0 {
            Form::Unknown(_) => Ok(None),
            Form::Json { answer, marked } => {
                answer.feed(std::mem::take(piece), out)?;
                let closed = answer.picture_is_closed();
                let first = closed && !*marked;
                *marked = closed;
                Ok(first.then_some(Mark::Picture))
            }
            Form::Events(events) => events.feed(piece, out),
        }
    }

    /// Whether the picture and its price are known: there is nothing left to wait for but the end.
    pub fn is_over(&self) -> bool {
        matches!(&self.0, Form::Events(events) if events.is_over())
    }

    /// What it cost, if the answer came to its end.
    pub fn finish(&self) -> Result<Usage, Unreadable> {
        match &self.0 {
            Form::Unknown(_) => Err(Unreadable::Truncated),
            Form::Json { answer, .. } => answer.finish(),
            Form::Events(events) => events.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::dialect::{OPENAI, VERCEL},
        *,
    };

    const JSON: &str = r#"{"data":[{"b64_json":"Zm9v"}],"usage":{"output_tokens":7}}"#;
    const EVENTS: &str = "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"Zm9v\",\"usage\":{\"output_tokens\":7}}\n\n";

    /// The picture, if there is one, and tokens out.
    fn read(dialect: &Dialect, text: &str, cut: usize) -> Result<(String, u64), Unreadable> {
        let (mut reading, mut out) = (Reading::new(dialect), Vec::new());
        let mut picture = String::new();
        for mut piece in text.as_bytes().chunks(cut) {
            while let Some(mark) = reading.feed(&mut piece, &mut out)? {
                assert_eq!((mark, picture.as_str()), (Mark::Picture, ""));
                picture = String::from_utf8(std::mem::take(&mut out)).unwrap();
            }
        }
        reading.finish().map(|usage| (picture, usage.output_tokens.unwrap_or(0)))
    }

    #[test]
    fn whoever_was_asked_to_stream_may_answer_in_one_piece() {
        for text in [JSON, &format!("\r\n\n {JSON}"), EVENTS, &format!("\n\r\n{EVENTS}")] {
            for cut in 1..text.len() {
                assert_eq!(read(&OPENAI, text, cut), Ok(("foo".to_owned(), 7)), "{text} by {cut}");
            }
        }
    }

    #[test]
    fn the_gateway_never_streams() {
        assert_eq!(read(&VERCEL, JSON, 3), Ok(("foo".to_owned(), 7)));
        assert_eq!(read(&VERCEL, EVENTS, 3), Err(Unreadable::NotJson));
    }

    #[test]
    fn nothing_is_no_answer() {
        for text in ["", "\n", "<html>", "x"] {
            assert_eq!(read(&OPENAI, text, 3), Err(Unreadable::Truncated), "{text}");
        }
        assert_eq!(read(&OPENAI, &"\n".repeat(2_000), 3), Err(Unreadable::TooLarge));
        assert!(!Reading::new(&OPENAI).is_over());
    }
}
