//! Compares the reader's verdict on valid and invalid JSON with that of `serde_json`.

use super::*;

/// Records everything that the reader reports.
#[derive(Default)]
struct Notes {
    words: Vec<(usize, String)>,
    streamed: String,
    ends: u32,
}

impl JsonVisitor for Notes {
    fn string_starts(&mut self, place: &[Frame]) -> StringRole {
        match place.last() {
            Some(Frame::Object(Key::B64Json)) => StringRole::Stream,
            Some(Frame::Object(Key::Cost)) => StringRole::Short,
            _ => StringRole::Ignored,
        }
    }

    fn string_chunk(&mut self, text: &[u8]) -> Result<(), ResponseError> {
        self.streamed.push_str(&String::from_utf8_lossy(text));
        Ok(())
    }

    fn string_ends(&mut self) -> Result<(), ResponseError> {
        self.ends += 1;
        Ok(())
    }

    fn value(&mut self, place: &[Frame], value: &[u8]) {
        self.words.push((place.len(), String::from_utf8_lossy(value).into_owned()));
    }
}

fn read(text: &str, cut: usize) -> Result<Notes, ResponseError> {
    let (mut reader, mut notes) = (JsonReader::default(), Notes::default());
    for piece in text.as_bytes().chunks(cut) {
        reader.feed(piece, &mut notes)?;
    }
    if reader.is_complete() { Ok(notes) } else { Err(ResponseError::Truncated) }
}

const TEXTS: [&str; 56] = [
    "{}",
    "[]",
    "\"\"",
    "0",
    "-0",
    "1.5e+10",
    "true",
    "false",
    "null",
    " [ 1 , 2 ] ",
    "[[],{}]",
    "{\"a\":{\"b\":[null]}}",
    "\"\\u00e9\\ud83d\\n\\/\"",
    "[1E9,1e-9,10.25]",
    "",
    " ",
    "<html>",
    "{]",
    "[}",
    "{\"a\" 1}",
    "{\"a\":1,}",
    "[1,]",
    "{,}",
    "[1 2]",
    "tru",
    "tru e",
    "nul ",
    "truetrue",
    "{}{}",
    "{} x",
    "\"a\nb\"",
    "\"\\x\"",
    "\"\\u12g4\"",
    "{1:2}",
    "[+1]",
    "undefined",
    "01",
    "-",
    "-a",
    "1.",
    ".5",
    "1.e5",
    "1e",
    "1e+",
    "[1.2.3]",
    "[1-2]",
    "[00]",
    "[1e5e5]",
    "[-]",
    "\"a",
    "\"a\\",
    "{\"a\":",
    "[1",
    "[,1]",
    "{\"a\"}",
    "\u{feff}{}",
];

#[test]
fn it_takes_what_is_json_and_nothing_else() {
    for text in TEXTS {
        let trusted = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        for cut in 1..=4 {
            assert_eq!(read(text, cut).is_ok(), trusted, "{text} by {cut}");
        }
    }
}

#[test]
fn the_listener_hears_words_and_streams_at_their_places() {
    let text = r#"{"cost":"1","x":[{"cost":-2.5e3}],"b64_json":"a\/\u0062c","cost":{"cost":null}}"#;
    for cut in 1..text.len() {
        let notes = read(text, cut).unwrap();
        assert_eq!(notes.words, [(1, "1".to_owned()), (3, "-2.5e3".to_owned())], "by {cut}");
        assert_eq!((notes.streamed.as_str(), notes.ends), ("a/bc", 1), "by {cut}");
    }
}

#[test]
fn what_is_longer_than_a_word_is_no_word() {
    for (length, heard) in [(64, 1), (65, 0), (1_000_000, 0)] {
        let digits = "1".repeat(length);
        assert_eq!(read(&format!("[{digits}]"), 7).unwrap().words.len(), heard, "{length}");
        let text = format!(r#"{{"cost":"{digits}","{digits}":[]}}"#);
        assert_eq!(read(&text, 7).unwrap().words.len(), heard, "{length}");
    }
}

#[test]
fn nesting_of_32_is_the_deepest_and_ten_thousand_break_nothing() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(read(&nested(32), 9).is_ok());
    assert_eq!(read(&nested(33), 9).err(), Some(ResponseError::NotJson));
    assert_eq!(read(&"{\"a\":".repeat(10_000), 9).err(), Some(ResponseError::NotJson));
}

/// The reader allocates nothing, so that its size is its memory for a text of any length.
#[test]
fn it_remembers_a_few_hundred_bytes() {
    assert!(size_of::<JsonReader>() <= 512, "{}", size_of::<JsonReader>());
}
