//! Reads a provider's successful response in either format: one JSON text, or a stream of events.
//!
//! Owns the choice of the format, by the first significant byte: a provider that was asked to stream may not do it, and
//! headers are not reliable. Must not read either format itself.

use super::{
    dialect::Dialect,
    events::{EventStream, Mark},
    json::ResponseError,
    json_response::JsonResponse,
};
use crate::price::Usage;

/// The most line ends before the first significant byte.
const MAX_LINE_ENDS: usize = 1024;

/// Reads a response in pieces of any length.
#[derive(Debug)]
pub struct ResponseReader(ResponseFormat);

#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one value per request, and it is not moved"
)]
enum ResponseFormat {
    /// Not known yet; this many line ends were read.
    Unknown(usize),
    Json {
        response: JsonResponse,
        marked: bool,
    },
    Events(EventStream),
}

impl ResponseFormat {
    fn json() -> Self {
        Self::Json { response: JsonResponse::default(), marked: false }
    }
}

impl ResponseReader {
    /// Begins to read a response of this provider.
    pub fn new(dialect: &Dialect) -> Self {
        Self(if dialect.streams() { ResponseFormat::Unknown(0) } else { ResponseFormat::json() })
    }

    /// Reads up to the next mark and moves `piece` past what was read; `None` when the piece is used up. Appends the
    /// decoded bytes to `out`: at most 3 bytes for 4 that were read, and 2 more. An error is final.
    pub fn feed(
        &mut self,
        piece: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Mark>, ResponseError> {
        if let ResponseFormat::Unknown(line_ends) = &mut self.0 {
            // Line ends may precede both formats, and have no meaning in either.
            let first = piece.iter().position(|b| !matches!(b, b'\r' | b'\n'));
            let (ends, rest) = piece.split_at(first.unwrap_or(piece.len()));
            *piece = rest;
            *line_ends = line_ends.saturating_add(ends.len());
            if *line_ends > MAX_LINE_ENDS {
                return Err(ResponseError::TooLarge);
            }
            self.0 = match piece.first() {
                None => return Ok(None),
                Some(b'{' | b' ' | b'\t') => ResponseFormat::json(),
                Some(_) => ResponseFormat::Events(EventStream::default()),
            };
        }
        match &mut self.0 {
            ResponseFormat::Unknown(_) => Ok(None),
            ResponseFormat::Json { response, marked } => {
                response.feed(std::mem::take(piece), out)?;
                let closed = response.picture_is_closed();
                let first = closed && !*marked;
                *marked = closed;
                Ok(first.then_some(Mark::Picture))
            }
            ResponseFormat::Events(events) => events.feed(piece, out),
        }
    }

    /// Whether the final picture and its cost were read from a stream of events, so that the rest does not matter.
    pub fn is_over(&self) -> bool {
        matches!(&self.0, ResponseFormat::Events(events) if events.is_over())
    }

    /// The usage and cost, if the response is complete.
    pub fn finish(&self) -> Result<Usage, ResponseError> {
        match &self.0 {
            ResponseFormat::Unknown(_) => Err(ResponseError::Truncated),
            ResponseFormat::Json { response, .. } => response.finish(),
            ResponseFormat::Events(events) => events.finish(),
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
    fn read(dialect: &Dialect, text: &str, cut: usize) -> Result<(String, u64), ResponseError> {
        let (mut reading, mut out) = (ResponseReader::new(dialect), Vec::new());
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
        assert_eq!(read(&VERCEL, EVENTS, 3), Err(ResponseError::NotJson));
    }

    #[test]
    fn nothing_is_no_answer() {
        for text in ["", "\n", "<html>", "x"] {
            assert_eq!(read(&OPENAI, text, 3), Err(ResponseError::Truncated), "{text}");
        }
        assert_eq!(read(&OPENAI, &"\n".repeat(2_000), 3), Err(ResponseError::TooLarge));
        assert!(!ResponseReader::new(&OPENAI).is_over());
    }
}
