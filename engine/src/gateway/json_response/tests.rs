//! Responses in JSON as gateways send them, complete and damaged.

use super::{super::base64::Decoder, *};
use crate::price::ModelName;
use contract::money::Nano;

const WHOLE: &str = r#"{"created":1795305600,"data":[{"b64_json":"aGVsbG8gd29ybGQ=","x":[[],{},"\u00e9\"\\"]}],
 "usage":{"input_tokens":17,"output_tokens":272,"total_tokens":289,"input_tokens_details":{"text_tokens":17,"image_tokens":0}},
 "providerMetadata":{"openai":{"images":[{"cost":"9"}]},"gateway":{"routing":{"canonicalSlug":"openai/gpt-image-1-mini","cost":"8"},"cost":"0.00221","generationId":"gen_01"}}}
"#;

fn read(text: &str, cut: usize) -> Result<(Vec<u8>, Usage), ResponseError> {
    let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
    for piece in text.as_bytes().chunks(cut.max(1)) {
        answer.feed(piece, &mut out)?;
    }
    answer.finish().map(|usage| (out, usage))
}

#[track_caller]
fn cost(text: &str) -> Option<Nano> {
    read(text, 7).expect("is JSON").1.cost
}

#[test]
fn an_answer_reads_the_same_however_it_is_cut() {
    let usage = Usage {
        cost: Some(Nano(2_210_000)),
        text_tokens: Some(17),
        picture_tokens: Some(0),
        output_tokens: Some(272),
        made_by: ModelName::new("openai/gpt-image-1-mini"),
    };
    for cut in 1..WHOLE.len() {
        assert_eq!(read(WHOLE, cut), Ok((b"hello world".to_vec(), usage)), "cut by {cut}");
    }
}

#[test]
fn an_answer_that_ends_early_is_truncated_but_its_picture_may_be_closed() {
    let closed_at = WHOLE.find(r#"=","x"#).unwrap() + 2;
    for end in 0..WHOLE.trim_end().len() {
        let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
        answer.feed(&WHOLE.as_bytes()[..end], &mut out).unwrap();
        assert_eq!(answer.finish(), Err(ResponseError::Truncated), "ended at {end}");
        assert_eq!(answer.picture_is_closed(), end >= closed_at, "ended at {end}");
    }
}

#[test]
fn what_breaks_behind_a_picture_does_not_touch_it_however_it_is_cut() {
    let text = r#"{"data":[{"b64_json":"Zm9v"} oops"#;
    for cut in 1..=text.len() {
        let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
        let closed = text.as_bytes().chunks(cut).any(|piece| {
            answer.feed(piece, &mut out).expect("the picture comes first");
            answer.picture_is_closed()
        });
        assert!(closed && out == b"foo", "cut by {cut}");
        assert_eq!(read(text, cut), Err(ResponseError::NotJson), "cut by {cut}");
    }
}

#[test]
fn metadata_comes_in_either_casing_as_text_or_number_or_not_at_all() {
    assert_eq!(
        cost(r#"{"provider_metadata":{"gateway":{"cost":0.00221}}}"#),
        Some(Nano(2_210_000))
    );
    assert_eq!(cost(r#"{"providerMetadata":{"gateway":{"cost":2.21e-3}}}"#), Some(Nano(2_210_000)));
    assert_eq!(
        cost(r#"{"usage":{"cost":0.1},"providerMetadata":{"gateway":{"cost":"0.2"}}}"#),
        Some(Nano(200_000_000))
    );
    assert_eq!(
        cost(r#"{"providerMetadata":{"gateway":{"cost":"0.2"}},"usage":{"cost":0.1}}"#),
        Some(Nano(200_000_000))
    );
    assert_eq!(cost(r#"{"usage":{"cost":0.1}}"#), Some(Nano(100_000_000)));
    assert_eq!(cost(r#"{"providerMetadata":{"gateway":{"cost":null}}}"#), None);
    assert_eq!(cost(r#"{"providerMetadata":{"gateway":{"cost":"-1"}}}"#), None);
    assert_eq!(cost(&format!(r#"{{"usage":{{"cost":"1{}"}}}}"#, "0".repeat(100))), None);
    assert_eq!(cost(r#"{"providerMetadata":{"gateway":{"cost":"1e-400"}}}"#), Some(Nano(1)));
    assert_eq!(cost(r#"{"providermetadata":{"gateway":{"cost":1}}}"#), None);
    assert_eq!(cost(r#"{"providerMetadata":{"openai":{"cost":1}}}"#), None);
    assert_eq!(cost("[]"), None);
}

#[test]
fn only_the_first_picture_counts() {
    let more = r#"{"data":[{"b64_json":"Zm9v","b64_json":"YmFy"},{"b64_json":"YmF6"}],"b64_json":"Zm9v","x":{"data":[{"b64_json":"Zm9v"}]}}"#;
    assert_eq!(read(more, 5).unwrap().0, b"foo");
    assert_eq!(read(r#"{"data":[{"b64_json":null}]}"#, 5).unwrap().0, b"");
    assert_eq!(read(r#"{"data":[{"b64_json":null},{"b64_json":"Zm9v"}]}"#, 5).unwrap().0, b"foo");
    assert_eq!(
        read(r#"{"data":[{"b64\u005fjson":"Zm\/v"}]}"#, 3).unwrap().0,
        [0x66, 0x6F | 0x0F, 0xEF][..].to_vec()
    );
}

/// F17, F18, F19: other contents in place of a picture.
#[test]
fn html_and_nothing_and_half_an_answer_are_no_picture() {
    for (text, result) in [
        ("<!doctype html><html>", Err(ResponseError::NotJson)),
        ("\u{feff}{}", Err(ResponseError::NotJson)),
        ("", Err(ResponseError::Truncated)),
        (" \n", Err(ResponseError::Truncated)),
        (r#"{"data":[{"b64_json":"Zm9v"#, Err(ResponseError::Truncated)),
        ("{}", Ok(())),
        (r#"{"data":[]}"#, Ok(())),
        (r#"{"data":[{"url":"https://example.com/a.png"}]}"#, Ok(())),
        (r#"{"data":{"b64_json":"Zm9v"}}"#, Ok(())),
        (r#"[{"b64_json":"Zm9v"}]"#, Ok(())),
    ] {
        let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
        let read = answer.feed(text.as_bytes(), &mut out).and_then(|()| answer.finish());
        assert_eq!(read.map(|_| ()), result, "{text}");
        assert!(!answer.picture_is_closed(), "{text}");
    }
}

/// F21: the reader's memory does not grow with them.
#[test]
fn numbers_of_any_length_and_keys_that_come_twice_break_nothing() {
    let digits = "9".repeat(100_000);
    for number in [digits.clone(), format!("-{digits}.{digits}"), format!("1e{digits}")] {
        let text =
            format!(r#"{{"usage":{{"cost":{number},"output_tokens":{number}}},"x":{number}}}"#);
        assert_eq!(read(&text, 1000).unwrap().1, Usage::default());
    }
    let twice =
        r#"{"usage":{"output_tokens":272,"output_tokens":null},"usage":{"output_tokens":7}}"#;
    assert_eq!(read(twice, 5).unwrap().1.output_tokens, Some(7));
}

#[test]
fn base64_that_is_none_is_told_apart() {
    for bad in
        ["Zm9", "Zm9v YmFy", "data:image/png;base64,Zm9v", "Zm9v\\nYmFy", "Zm9v\\u0041", "_-_-"]
    {
        let result = read(&format!(r#"{{"data":[{{"b64_json":"{bad}"}}]}}"#), 4);
        assert_eq!(result, Err(ResponseError::NotBase64), "{bad}");
    }
}

#[test]
fn depth_and_size_have_an_end() {
    assert_eq!(read(&r#"{"data":["#.repeat(5_000), 9), Err(ResponseError::NotJson));
    let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
    let spaces = vec![b' '; 1024 * 1024];
    let fed = (0..100).find_map(|_| answer.feed(&spaces, &mut out).err());
    assert_eq!((fed, out.len()), (Some(ResponseError::TooLarge), 0));
}

#[test]
fn a_picture_of_32_megabytes_is_the_longest() {
    let (mut answer, mut out) = (JsonResponse::default(), Vec::new());
    answer.feed(br#"{"data":[{"b64_json":""#, &mut out).unwrap();
    // The state after all but three of the allowed bytes.
    answer.picture = Base64Picture::Open { decoder: Decoder::default(), bytes: PICTURE_BYTES - 3 };
    assert_eq!(answer.feed(b"AAAA", &mut out), Ok(()));
    assert_eq!(answer.feed(b"AAAA", &mut out), Err(ResponseError::TooLarge));
}
