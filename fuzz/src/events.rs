//! The stream of events.
//!
//! Owns the promises: pieces read like the whole, lines are what WHATWG calls lines, and what a stream says of itself is
//! consistent.

use contract::problem::ProblemKind;
use engine::{
    gateway::{
        dialect::OPENAI,
        events::{EventStream, Mark},
        json_response::ResponseError,
        response_reader::ResponseReader,
        sse::{SseItem, SseReader},
    },
    price::Usage,
};

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    let (cut, stream) = super::cut(data);
    assert_eq!(lines(stream, cut), by_the_book(stream), "cut by {cut}");
    let whole = read(stream, usize::MAX, Reader::Events(EventStream::default()));
    assert_eq!(read(stream, cut, Reader::Events(EventStream::default())), whole, "cut by {cut}");
    is_consistent(&whole);
    let either = read(stream, usize::MAX, Reader::Either(ResponseReader::new(&OPENAI)));
    assert_eq!(
        read(stream, cut, Reader::Either(ResponseReader::new(&OPENAI))),
        either,
        "cut by {cut}"
    );
    is_consistent(&either);
}

enum Reader {
    Events(EventStream),
    Either(ResponseReader),
}

#[derive(Debug, PartialEq)]
struct Read {
    /// Each mark, and the bytes before it.
    marks: Vec<(Mark, Vec<u8>)>,
    rest: Vec<u8>,
    end: Result<Usage, ResponseError>,
}

fn read(stream: &[u8], cut: usize, mut reader: Reader) -> Read {
    let (mut marks, mut rest) = (Vec::new(), Vec::new());
    for mut piece in stream.chunks(cut.min(stream.len().max(1))) {
        loop {
            let (left, before) = (piece.len(), rest.len());
            let fed = match &mut reader {
                Reader::Events(events) => events.feed(&mut piece, &mut rest),
                Reader::Either(reading) => reading.feed(&mut piece, &mut rest),
            };
            let used = left - piece.len();
            assert!(rest.len() - before <= super::window(used + 3), "the window is bounded");
            match fed {
                Ok(Some(mark)) => marks.push((mark, std::mem::take(&mut rest))),
                Ok(None) => break,
                Err(error) => return Read { marks, rest, end: Err(error) },
            }
        }
        assert!(piece.is_empty(), "a piece is read to its end");
    }
    let end = match &reader {
        Reader::Events(events) => events.finish(),
        Reader::Either(reading) => reading.finish(),
    };
    Read { marks, rest, end }
}

fn is_consistent(read: &Read) {
    let mut worked = false;
    for (mark, bytes) in &read.marks {
        match mark {
            Mark::Failed(refusal) => {
                assert!(!refusal.again && !refusal.model_gone);
                let proved = refusal.kind == ProblemKind::PromptRefused && !worked;
                assert_eq!(refusal.refund, proved, "only moderation that speaks first is free");
            }
            Mark::Preview | Mark::Picture | Mark::Dropped => worked = true,
        }
        assert!(bytes.len() <= 1 << 20);
    }
}

/// Name and data of each event, as our reader tells them.
fn lines(stream: &[u8], cut: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut lines, mut events) = (SseReader::default(), Vec::new());
    let (mut name, mut data) = (Vec::new(), None::<Vec<u8>>);
    for mut piece in stream.chunks(cut) {
        while let Some(bit) = lines.next(&mut piece) {
            match bit {
                SseItem::DataLine => match &mut data {
                    Some(data) => data.push(b'\n'),
                    None => data = Some(Vec::new()),
                },
                SseItem::Data(run) => {
                    data.as_mut().expect("bytes stand in a line").extend_from_slice(run);
                }
                SseItem::Name(given) => name = given.text().to_vec(),
                SseItem::EventEnd => {
                    let name = std::mem::take(&mut name);
                    if let Some(data) = data.take() {
                        events.push((name, data));
                    }
                }
            }
        }
    }
    events
}

/// The same by the words of the standard, with the whole stream at hand.
fn by_the_book(stream: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let stream = stream.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(stream);
    let (mut events, mut name, mut data) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = stream;
    while let Some(end) = rest.iter().position(|b| matches!(b, b'\r' | b'\n')) {
        let line = &rest[..end];
        let ends = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + ends..];
        if line.is_empty() {
            if data.pop().is_some() {
                events.push((name, data));
            }
            (name, data) = (Vec::new(), Vec::new());
            continue;
        }
        let (field, value) = match line.iter().position(|&b| b == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"event" => name = if value.len() > 64 { Vec::new() } else { value.to_vec() },
            b"data" => {
                data.extend_from_slice(value);
                data.push(b'\n');
            }
            _ => {}
        }
    }
    events
}
