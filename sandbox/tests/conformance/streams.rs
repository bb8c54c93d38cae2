//! F25: damaged event streams, and streams that are unusual but valid.

use crate::{
    client::{Reply, sandbox, send},
    events::{Event, events},
    openai::ask,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::money::Nano;
use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// The usual stream of two partial pictures and a whole one, with a fault.
async fn request_with_fault(sandbox: &Sandbox, name: &str) -> Reply {
    sandbox.fail(Some(Fault::named(name).unwrap_or_else(|| panic!("no fault {name}"))));
    let reply = ask(sandbox, json!({ "stream": true, "partial_images": 2 })).await;
    sandbox.fail(None);
    reply
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.data["type"].as_str().unwrap_or("?")).collect()
}

const PARTIAL: &str = "image_generation.partial_image";
const COMPLETED: &str = "image_generation.completed";

#[tokio::test]
async fn what_is_no_fault_reads_the_same() {
    let sandbox = sandbox().await;
    let plain = ask(&sandbox, json!({ "stream": true, "partial_images": 2 })).await;
    let picture = |event: &Event| event.data["b64_json"].as_str().map(str::to_owned);
    let pictures: Vec<_> = events(&plain.body).iter().map(picture).collect();
    for name in [
        "sse-split",
        "sse-crlf",
        "sse-cr",
        "sse-mix",
        "sse-comments",
        "sse-lines",
        "sse-tight",
        "sse-untyped",
        "bom",
    ] {
        let reply = request_with_fault(&sandbox, name).await;
        assert_ne!(reply.body, plain.body, "{name}");
        let found = events(&reply.body);
        let found: Vec<_> = found.iter().filter_map(picture).map(Some).collect();
        assert_eq!(found, pictures, "{name}");
        assert_eq!(sandbox.books().calls().last().unwrap().pictures.len(), 1, "{name}");
    }
    let count =
        |body: &[u8], what: &[u8]| body.windows(what.len()).filter(|at| *at == what).count();
    let ends = |body: &[u8]| {
        let (cr, lf, both) = (count(body, b"\r"), count(body, b"\n"), count(body, b"\r\n"));
        (cr - both, lf - both, both)
    };
    assert_eq!(ends(&plain.body), (0, 9, 0));
    assert_eq!(ends(&request_with_fault(&sandbox, "sse-crlf").await.body), (0, 0, 9));
    assert_eq!(ends(&request_with_fault(&sandbox, "sse-cr").await.body), (9, 0, 0));
    assert_eq!(ends(&request_with_fault(&sandbox, "sse-mix").await.body), (3, 3, 3));
}

#[tokio::test]
async fn a_letter_of_several_bytes_comes_in_pieces() {
    let sandbox = sandbox().await;
    sandbox.fail(Fault::named("sse-split"));
    let body =
        json!({ "model": "gpt-image-1-mini", "prompt": "a fox", "quality": "low", "stream": true })
            .to_string();
    let headers = [("authorization", "Bearer sk-test")];
    let path = "/openai/v1/images/generations";
    let mut stream =
        crate::client::send_request(sandbox.address(), "POST", path, &headers, body.as_bytes())
            .await
            .unwrap();
    let mut raw = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut raw).await.unwrap();
    // Chunks of one byte each: the first letter of the note has two bytes in UTF-8.
    let snow = b"1\r\n\xC3\r\n1\r\n\xA9\r\n";
    assert!(raw.windows(snow.len()).any(|window| window == snow));
    let reply = send(sandbox.address(), "POST", path, &headers, body.as_bytes()).await.unwrap();
    assert_eq!(events(&reply.body)[0].data["note"], "é☃𝄞");
}

#[tokio::test]
async fn more_or_less_than_expected_comes() {
    let sandbox = sandbox().await;
    for (name, expected) in [
        ("sse-done", vec![PARTIAL, PARTIAL, COMPLETED, "?"]),
        ("sse-early", vec![COMPLETED]),
        ("sse-twice", vec![PARTIAL, PARTIAL, COMPLETED, COMPLETED]),
        ("sse-garbage", vec![PARTIAL, PARTIAL, "?", COMPLETED]),
        ("sse-big", vec![PARTIAL, PARTIAL, "debug", COMPLETED]),
        ("sse-no-blank", vec![PARTIAL, PARTIAL]),
        ("sse-no-end", vec![PARTIAL, PARTIAL]),
        ("sse-error", vec![PARTIAL, PARTIAL, "error"]),
        ("sse-error-between", vec![PARTIAL, PARTIAL, "error", COMPLETED]),
        ("sse-error-late", vec![PARTIAL, PARTIAL, COMPLETED, "error"]),
    ] {
        let reply = request_with_fault(&sandbox, name).await;
        assert_eq!(reply.status, 200);
        let events = events(&reply.body);
        assert_eq!(kinds(&events), expected, "{name}");
        let fault = Fault::named(name).unwrap();
        let call = sandbox.books().calls().pop().unwrap();
        assert_eq!(
            (call.pictures.len(), call.charged.0 > 0),
            (usize::from(fault.whole), true),
            "{name}"
        );
        if name == "sse-big" {
            assert!(reply.body.len() > 11 << 20);
        }
        let errors = events.iter().filter(|event| event.name == "error");
        for error in errors {
            assert_eq!(error.data["error"]["type"], "image_generation_server_error");
        }
    }
    let done = request_with_fault(&sandbox, "sse-done").await.body;
    assert!(done.ends_with(b"}\n\ndata: [DONE]\n\n"));
}

#[tokio::test]
async fn g23_a_refusal_is_an_event_and_costs_nothing() {
    let sandbox = sandbox().await;
    for (name, partials, stage) in [
        ("sse-refuse", 0, json!("input")),
        ("sse-refuse-output", 2, json!("output")),
        ("sse-refuse-flat", 0, Value::Null),
    ] {
        let events = events(&request_with_fault(&sandbox, name).await.body);
        let (error, before) = events.split_last().unwrap();
        assert_eq!(
            (before.len(), &*error.name, &error.data["type"]),
            (partials, "error", &json!("error"))
        );
        let inner = if stage.is_null() { &error.data } else { &error.data["error"] };
        assert_eq!(inner["code"], "moderation_blocked");
        assert_eq!(inner["moderation_details"]["moderation_stage"], stage);
        assert!(inner["message"].as_str().unwrap().contains("safety system"));
    }
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
}

#[tokio::test]
async fn a_stream_stalls_after_its_partial_pictures() {
    let sandbox = sandbox().await;
    let never = timeout(Duration::from_secs(2), request_with_fault(&sandbox, "sse-stall")).await;
    assert!(never.is_err());
    let call = sandbox.books().calls().pop().unwrap();
    assert_eq!((call.status, call.completed_after), (Some(200), None));
}

#[tokio::test]
async fn faults_of_pictures_and_json_strike_the_last_event() {
    let sandbox = sandbox().await;
    let last = |reply: Reply| events(&reply.body).pop().unwrap();
    let text = last(request_with_fault(&sandbox, "b64-char").await).data["b64_json"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(STANDARD.decode(text).is_err());
    let url = last(request_with_fault(&sandbox, "url").await).data;
    assert_eq!(url["url"], format!("{}/trap/picture.png", sandbox.origin()));
    assert_eq!((url.get("b64_json"), &url["type"]), (None, &json!(COMPLETED)));
    for name in ["deep", "numbers"] {
        let body = request_with_fault(&sandbox, name).await.body;
        let text = String::from_utf8(body).unwrap();
        let member = if name == "deep" { "{\"deep\":[[" } else { "{\"large\":1e999999" };
        let at = text.find(member).unwrap();
        assert!(text[..at].ends_with("event: image_generation.completed\ndata: "), "{name}");
    }
    let body = request_with_fault(&sandbox, "late-fault").await.body;
    assert!(body.ends_with(b"\"") && kinds(&events(&body)) == [PARTIAL, PARTIAL]);
    let cut = request_with_fault(&sandbox, "truncated").await.body;
    assert!(kinds(&events(&cut)).iter().all(|kind| *kind == PARTIAL));
}
