//! Upstream's JSON and the base64 in it.
//!
//! Owns the promises: pieces read like the whole, JSON is what everybody calls JSON, base64 likewise.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use engine::{
    gateway::json_response::{JsonResponse, ResponseError},
    price::Usage,
};
use serde::de::IgnoredAny;

/// Nesting that is read.
const DEPTH: usize = 32;

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    let (cut, text) = super::cut(data);
    let whole = read(text, usize::MAX);
    assert_eq!(read(text, cut), whole, "cut by {cut}");
    let json = serde_json::from_slice::<IgnoredAny>(text).is_ok() && depth(text) <= DEPTH;
    match whole.end {
        Ok(_) => assert!(json, "taken, and no JSON"),
        Err(ResponseError::NotJson | ResponseError::Truncated) => {
            assert!(!json, "valid JSON was refused");
        }
        // There is a picture, which does not decode.
        Err(ResponseError::NotBase64 | ResponseError::TooLarge) => {}
    }
    decodes(text, cut);
}

#[derive(Debug, PartialEq)]
struct Read {
    end: Result<Usage, ResponseError>,
    picture: Vec<u8>,
    closed: bool,
}

fn read(text: &[u8], cut: usize) -> Read {
    let (mut answer, mut picture) = (JsonResponse::default(), Vec::new());
    let mut end = Ok(());
    for piece in text.chunks(cut.min(text.len().max(1))) {
        let before = picture.len();
        end = answer.feed(piece, &mut picture);
        assert!(picture.len() - before <= super::window(piece.len() + 3), "the window is bounded");
        if end.is_err() {
            break;
        }
    }
    let closed = answer.picture_is_closed();
    Read { end: end.and_then(|()| answer.finish()), picture, closed }
}

/// How deep brackets nest, outside of strings.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut inside, mut escaped) = (0usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => depth += 1,
            b']' | b'}' if !inside => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A picture's text decodes to what the crate makes of it, or to nothing.
fn decodes(text: &[u8], cut: usize) {
    let plain: Vec<u8> =
        text.iter().copied().filter(|&b| b >= 0x20 && b != b'"' && b != b'\\').collect();
    let json = [br#"{"data":[{"b64_json":""#, &plain[..], br#""}]}"#].concat();
    let ours = read(&json, cut);
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let theirs = GeneralPurpose::new(&STANDARD, config).decode(&plain);
    assert_eq!(ours.closed, theirs.is_ok());
    assert_eq!(ours.end.ok(), theirs.is_ok().then_some(Usage::default()));
    if let Ok(theirs) = theirs {
        assert_eq!(ours.picture, theirs);
    }
}
