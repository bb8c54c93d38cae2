//! Streams of events as OpenAI sends them, complete and damaged.

use super::{
    super::refusal::{Blame, Reason},
    *,
};
use crate::price::ModelName;
use contract::problem::ProblemKind;

/// The marks of a stream, each with the bytes before it.
type Marks = Vec<(Mark, Vec<u8>)>;

fn read(stream: &str, cut: usize) -> (Marks, Result<Usage, ResponseError>) {
    let (mut events, mut out, mut marks) = (EventStream::default(), Vec::new(), Vec::new());
    for mut piece in stream.as_bytes().chunks(cut.max(1)) {
        loop {
            match events.feed(&mut piece, &mut out) {
                Ok(Some(mark)) => marks.push((mark, std::mem::take(&mut out))),
                Ok(None) => break,
                Err(error) => return (marks, Err(error)),
            }
        }
        assert!(piece.is_empty());
    }
    (marks, events.finish())
}

#[track_caller]
fn check(stream: &str, expected: &[(Mark, &str)], end: Result<Usage, ResponseError>) {
    let expected: Marks = expected.iter().map(|(m, b)| (*m, b.as_bytes().to_vec())).collect();
    for cut in 1..=stream.len().max(1) {
        assert_eq!(read(stream, cut), (expected.clone(), end), "by {cut}: {stream}");
    }
}

const TOKENS: Usage = Usage {
    cost: None,
    text_tokens: Some(17),
    picture_tokens: Some(0),
    output_tokens: Some(372),
    made_by: ModelName::UNKNOWN,
};

const PARTIAL: &str = "event: image_generation.partial_image\n\
    data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"b25l\",\"partial_image_index\":0}\n\n";
const COMPLETED: &str = "event: image_generation.completed\n\
    data: {\"type\":\"image_generation.completed\",\"b64_json\":\"d2hvbGU=\",\"usage\":{\"total_tokens\":389,\"input_tokens\":17,\"output_tokens\":372,\"input_tokens_details\":{\"text_tokens\":17,\"image_tokens\":0}}}\n\n";

#[test]
fn partial_pictures_then_the_whole_one() {
    let stream = [PARTIAL, &PARTIAL.replace("b25l", "dHdv"), COMPLETED].concat();
    let marks = [(Mark::Preview, "one"), (Mark::Preview, "two"), (Mark::Picture, "whole")];
    check(&stream, &marks, Ok(TOKENS));
    check(&stream.replace("image_generation", "image_edit"), &marks, Ok(TOKENS));
    check(&stream.replace('\n', "\r\n"), &marks, Ok(TOKENS));
    check(&["\u{feff}: hello\n", &stream, "data: [DONE]\n\n"].concat(), &marks, Ok(TOKENS));
}

#[test]
fn the_name_or_the_data_says_what_an_event_is_in_any_order() {
    let picture = |lines: &str| check(lines, &[(Mark::Picture, "foo")], Ok(Usage::default()));
    picture("data: {\"b64_json\":\"Zm9v\",\"type\":\"image_generation.completed\"}\n\n");
    picture("data: {\"b64_json\":\"Zm9v\"}\nevent: image_generation.completed\n\n");
    picture(
        "event: message\ndata: {\"b64_json\":\"Zm9v\",\ndata: \"type\":\"image_edit.completed\"}\n\n",
    );
    check(
        "data: {\"b64_json\":\"Zm9v\",\"type\":\"image_generation.sketch\"}\n\ndata: {\"b64_json\":\"Zm9v\"}\n\n",
        &[(Mark::Dropped, "foo"), (Mark::Dropped, "foo")],
        Err(ResponseError::Truncated),
    );
    check(
        "data: {\"type\":\"image_generation.sketch\",\"b64_json\":\"Zm9v\"}\n\n",
        &[],
        Err(ResponseError::Truncated),
    );
}

#[test]
fn a_stream_that_is_cut_before_its_end_has_no_price_and_before_its_picture_has_none() {
    let stream = [PARTIAL, COMPLETED].concat();
    let closed_at = stream.find("d2hvbGU=").unwrap() + "d2hvbGU=\"".len();
    for end in 0..stream.len() {
        let (marks, result) = read(&stream[..end], 7);
        assert_eq!(result, Err(ResponseError::Truncated), "ended at {end}");
        let whole = marks.iter().any(|(mark, _)| *mark == Mark::Picture);
        assert_eq!(whole, end >= closed_at, "ended at {end}");
    }
}

#[test]
fn a_broken_partial_picture_is_lost_and_nothing_else() {
    for broken in [
        "{\"type\":\"image_generation.partial_image\",\"b64_json\":\"b25l!\"}",
        "{\"type\":\"image_generation.partial_image\",\"b64_json\":\"b25l",
        "{\"b64_json\":\"b25l\" oops",
    ] {
        let stream = ["data: ", broken, "\n\n", COMPLETED].concat();
        check(&stream, &[(Mark::Dropped, "one"), (Mark::Picture, "whole")], Ok(TOKENS));
    }
    for passed in [
        "data: hello\n\n",
        "data: [DONE]\n\n",
        "data: [DO\n\n",
        "data: [1]\n\n",
        "data\n\n",
        "event: image_generation.completed\n\n",
    ] {
        check(&[passed, COMPLETED].concat(), &[(Mark::Picture, "whole")], Ok(TOKENS));
    }
}

#[test]
fn a_broken_whole_picture_is_a_failure() {
    for (data, error) in [
        ("{\"b64_json\":\"Zm9v", ResponseError::Truncated),
        ("{\"b64_json\":\"Zm9\"}", ResponseError::NotBase64),
        ("{\"b64_json\":\"Zm 9\"}", ResponseError::NotBase64),
        ("<html>", ResponseError::NotJson),
        ("[DONE]", ResponseError::Truncated),
        ("{\"b64_json\":\"Zm\ndata: 9v\"}", ResponseError::NotJson),
    ] {
        let stream = format!("event: image_generation.completed\ndata: {data}\n\n");
        assert_eq!(read(&stream, 3).1, Err(error), "{data}");
        let stream = format!("data: {data}\nevent: image_generation.completed\n\n");
        assert_eq!(read(&stream, 3).1, Err(error), "{data}");
    }
}

#[test]
fn what_breaks_behind_the_picture_does_not_touch_it() {
    let stream = "event: image_edit.completed\ndata: {\"b64_json\":\"Zm9v\" oops";
    check(stream, &[(Mark::Picture, "foo")], Err(ResponseError::NotJson));
    check(&format!("{stream}\n\n"), &[(Mark::Picture, "foo")], Err(ResponseError::NotJson));
}

#[test]
fn a_stream_without_a_picture_ends_without_one() {
    check("", &[], Err(ResponseError::Truncated));
    check("<!doctype html>\n\n", &[], Err(ResponseError::Truncated));
    check("data: {\"type\":\"image_generation.completed\"}\n\n", &[], Ok(Usage::default()));
}

#[test]
fn an_error_in_between_says_why() {
    let failed = |kind, refund| {
        let (blame, reason) = match kind {
            ProblemKind::PromptRefused => (Blame::Description, Reason::Moderation),
            ProblemKind::GatewayRefused => (Blame::Nobody, Reason::Credits),
            _ => (Blame::Upstream, Reason::Fault),
        };
        let (again, model_gone, undecided) = (false, false, false);
        Mark::Failed(Refusal { kind, refund, again, blame, model_gone, undecided, reason })
    };
    let moderation = "{\"type\":\"image_generation_user_error\",\"code\":\"moderation_blocked\",\"message\":\"…\",\"param\":null}";
    for data in [
        format!("{{\"type\":\"error\",\"error\":{moderation}}}"),
        format!("{{\"error\":{moderation}}}"),
        "{\"type\":\"error\",\"code\":\"moderation_blocked\",\"message\":\"x\"}".to_owned(),
        "{\"error\":{\"message\":\"By our safety system.\"}}".to_owned(),
        "{\"error\":\"By our safety system.\"}".to_owned(),
    ] {
        let error = format!("event: error\ndata: {data}\n\n");
        let first = failed(ProblemKind::PromptRefused, true);
        check(&error, &[(first, "")], Err(ResponseError::Truncated));
        check(&error["event: error\n".len()..], &[(first, "")], Err(ResponseError::Truncated));
        let later = failed(ProblemKind::PromptRefused, false);
        let stream = [PARTIAL, &error].concat();
        check(&stream, &[(Mark::Preview, "one"), (later, "")], Err(ResponseError::Truncated));
    }
    for (data, kind) in [
        ("{\"error\":{\"code\":\"server_error\"}}", ProblemKind::GatewayFailed),
        ("{\"error\":{\"code\":500}}", ProblemKind::GatewayFailed),
        ("{\"error\":{\"code\":\"insufficient_quota\"}}", ProblemKind::GatewayRefused),
        ("{\"type\":\"error\"}", ProblemKind::GatewayFailed),
    ] {
        check(
            &format!("data: {data}\n\n"),
            &[(failed(kind, false), "")],
            Err(ResponseError::Truncated),
        );
    }
    check(
        "event: error\ndata: oops\n\n",
        &[(failed(ProblemKind::GatewayFailed, false), "")],
        Err(ResponseError::Truncated),
    );
    check("data: {\"type\":\"ping\",\"error\":null}\n\n", &[], Err(ResponseError::Truncated));
}

#[test]
fn what_comes_after_the_end_does_not_matter() {
    let stream = [COMPLETED, "event: error\ndata: {}\n\n", COMPLETED].concat();
    check(&stream, &[(Mark::Picture, "whole")], Ok(TOKENS));
}

#[test]
fn a_stream_that_never_ends_is_too_large() {
    let filler = ": waiting\n".repeat(100_000);
    let (mut events, mut out) = (EventStream::default(), Vec::new());
    let ended = (0..1000).find_map(|_| events.feed(&mut filler.as_bytes(), &mut out).err());
    assert_eq!((ended, out.len()), (Some(ResponseError::TooLarge), 0));
}
