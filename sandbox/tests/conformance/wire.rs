//! Faults of the wire, byte by byte.

use crate::{
    client::{ask, body, open},
    faulty::{End, KEY, PATH, ready, strike, wire},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sandbox::{Fault, Sandbox};
use serde_json::json;
use std::{io::Read, time::Duration};
use tokio::{io::AsyncReadExt, time::timeout};

/// More than a local answer needs.
const SOON: Duration = Duration::from_secs(5);
/// Long enough to see that nothing more comes.
const QUIET: Duration = Duration::from_millis(400);

fn head(bytes: &[u8]) -> String {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase()
}

fn body_of(bytes: &[u8]) -> &[u8] {
    &bytes[head(bytes).len() + 4..]
}

/// What comes, as far as it is known how it ends.
async fn ends(sandbox: &Sandbox, name: &str, patience: Duration, end: End) -> Vec<u8> {
    let (bytes, found) = wire(sandbox, name, patience).await;
    assert_eq!(found, end, "{name}");
    bytes
}

#[tokio::test]
async fn f3_f4_f5_nothing_comes_or_too_little() {
    let (sandbox, picture) = ready().await;
    assert_eq!(ends(&sandbox, "silent", QUIET, End::Open).await, b"");
    let stall = ends(&sandbox, "stall", QUIET, End::Open).await;
    assert!(stall.starts_with(b"HTTP/1.1 200 OK") && stall.ends_with(b"\r\n\r\n"));
    let text = STANDARD.encode(picture);
    let late = ends(&sandbox, "stall-late", QUIET, End::Open).await;
    assert!((100_000..text.len()).contains(&late.len()), "{} bytes", late.len());
    let after = ends(&sandbox, "stall-after", QUIET, End::Open).await;
    assert!(after.ends_with(format!("{}\"\r\n", &text[text.len() - 8..]).as_bytes()));
    let trickle = ends(&sandbox, "trickle", Duration::from_millis(1300), End::Open).await;
    assert_eq!(body_of(&trickle), b"1\r\n{\r\n1\r\n\"\r\n");
    let books = sandbox.books();
    let left =
        books.until(|calls| calls.iter().filter(|call| call.closed_after.is_some()).count() == 5);
    timeout(SOON, left).await.expect("each client that left is noticed");
    assert!(books.calls().iter().all(|call| call.charged.0 > 0), "the maker has worked");
}

#[tokio::test]
async fn f6_a_connection_breaks_anywhere() {
    let (sandbox, picture) = ready().await;
    assert_eq!(ends(&sandbox, "reset", SOON, End::Reset).await, b"");
    assert!(ends(&sandbox, "cut", SOON, End::Reset).await.len() > 100_000);
    let text = STANDARD.encode(picture);
    let late = ends(&sandbox, "late-reset", SOON, End::Reset).await;
    assert!(late.ends_with(format!("{}\"\r\n", &text[text.len() - 8..]).as_bytes()));
    let hangup = ends(&sandbox, "hangup", SOON, End::Clean).await;
    let size = body_of(&hangup).split(|byte| *byte == b'\r').next().unwrap();
    let size = usize::from_str_radix(str::from_utf8(size).unwrap(), 16).unwrap();
    assert!(size > body_of(&hangup).len() && body_of(&hangup).len() > 100_000);
    assert_eq!(
        ends(&sandbox, "hangup-head", SOON, End::Clean).await,
        b"HTTP/1.1 200 OK\r\ncontent-ty"
    );
    let calls = sandbox.books().calls();
    assert!(
        calls.iter().all(|call| call.closed_after.is_none()),
        "the sandbox did it, not the client"
    );
}

#[tokio::test]
async fn f26_lengths_lie_and_chunks_are_garbage() {
    let (sandbox, _) = ready().await;
    let whole = ask(&sandbox, json!({})).await.body.len();
    let length = |bytes: &[u8]| -> Vec<usize> {
        let head = head(bytes);
        let lines = head.lines().filter_map(|line| line.strip_prefix("content-length: "));
        lines.map(|length| length.parse().unwrap()).collect()
    };
    // Times of two calls differ by some digits at most.
    let near = |found: usize, expected: usize| found.abs_diff(expected) < 10;
    for name in ["length-short", "length-long", "length-two", "length-none"] {
        let bytes = ends(&sandbox, name, SOON, End::Clean).await;
        let sent = body_of(&bytes).len();
        assert!(near(sent, whole), "{name}: {sent} of {whole}");
        let lengths = length(&bytes);
        let expected = match name {
            "length-short" => vec![sent / 2],
            "length-long" => vec![sent + 1000],
            "length-two" => vec![sent, sent / 2],
            _ => vec![],
        };
        assert_eq!(lengths, expected, "{name}");
        assert!(!head(&bytes).contains("transfer-encoding"));
    }
    let chunks = ends(&sandbox, "chunks", SOON, End::Clean).await;
    assert!(chunks.ends_with(b"\r\nnot a size\r\n{}\r\n0\r\n\r\n"));
    assert!(head(&chunks).contains("transfer-encoding: chunked"));
    assert_eq!(ends(&sandbox, "no-http", SOON, End::Clean).await, b"SSH-2.0-OpenSSH_9.9\r\n");
}

#[tokio::test]
async fn f26_a_body_may_be_compressed_or_say_so() {
    let (sandbox, picture) = ready().await;
    let unpack = |bytes: &[u8]| {
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).map(|_| out)
    };
    for name in ["gzip", "gzip-lie", "gzip-cut"] {
        let reply = strike(&sandbox, name).await.unwrap();
        assert_eq!(reply.header("content-encoding"), Some("gzip"));
        let unpacked = unpack(&reply.body);
        assert_eq!(unpacked.is_ok(), name == "gzip", "{name}");
        if let Ok(body) = unpacked {
            let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(json["data"][0]["b64_json"], STANDARD.encode(&picture));
        }
    }
}

#[tokio::test]
async fn a_raw_answer_is_booked_like_any_other() {
    let (sandbox, _) = ready().await;
    sandbox.fail(Fault::named("length-none"));
    let mut stream = open(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await.unwrap();
    stream.read_exact(&mut [0; 100]).await.unwrap();
    let books = sandbox.books();
    let read = async { stream.read_to_end(&mut Vec::new()).await };
    read.await.unwrap();
    let done = books.until(|calls| calls.last().is_some_and(|call| call.completed_after.is_some()));
    let call = timeout(SOON, done).await.unwrap().pop().unwrap();
    assert_eq!((call.pictures.len(), call.closed_after), (1, None));
}
