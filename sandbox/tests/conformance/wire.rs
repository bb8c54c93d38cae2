//! Faults of the transport, byte by byte.

use crate::{
    client::{ask, body, send_request},
    faulty::{
        ConnectionEnd, KEY, PATH, read_raw, read_raw_until, request_with_fault,
        sandbox_with_picture, send_default_request,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sandbox::{Fault, Sandbox};
use serde_json::json;
use std::{io::Read, time::Duration};
use tokio::{
    io::AsyncReadExt,
    time::{Instant, timeout},
};

/// An upper limit for what should come at once: generous, since the machine may be busy.
const SOON: Duration = Duration::from_secs(30);
/// How long nothing must arrive to count as silence.
const QUIET: Duration = Duration::from_millis(400);

fn head(bytes: &[u8]) -> String {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase()
}

fn body_bytes(bytes: &[u8]) -> &[u8] {
    &bytes[head(bytes).len() + 4..]
}

/// Reads the raw response and asserts how the connection ended.
async fn ends(sandbox: &Sandbox, name: &str, limit: Duration, expected: ConnectionEnd) -> Vec<u8> {
    let (bytes, end) = read_raw(sandbox, name, limit).await;
    assert_eq!(end, expected, "{name}");
    bytes
}

#[tokio::test]
async fn f3_f4_f5_nothing_comes_or_too_little() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let books = sandbox.books();
    let mut silent = send_default_request(&sandbox, "silent").await;
    // The silence is measured from when the work was charged, however long that took.
    let charged = books.until(|calls| calls.get(1).is_some_and(|call| call.charged.0 > 0));
    timeout(SOON, charged).await.expect("the work is charged");
    assert!(timeout(QUIET, silent.read_u8()).await.is_err(), "a byte came");
    drop(silent);
    let stall =
        read_raw_until(&sandbox, "stall", QUIET, |bytes| bytes.ends_with(b"\r\n\r\n")).await;
    assert!(stall.starts_with(b"HTTP/1.1 200 OK") && stall.ends_with(b"\r\n\r\n"));
    let text = STANDARD.encode(picture);
    let late = read_raw_until(&sandbox, "stall-late", QUIET, |bytes| bytes.len() > 100_000).await;
    assert!((100_000..text.len()).contains(&late.len()), "{} bytes", late.len());
    let end = format!("{}\"\r\n", &text[text.len() - 8..]).into_bytes();
    let after = read_raw_until(&sandbox, "stall-after", QUIET, |bytes| bytes.ends_with(&end)).await;
    assert!(after.ends_with(&end), "something came after the last picture");
    let (began, two) = (Instant::now(), b"1\r\n{\r\n1\r\n\"\r\n");
    let has_two = |bytes: &[u8]| bytes.windows(two.len()).any(|window| window == two);
    let trickle = read_raw_until(&sandbox, "trickle", Duration::ZERO, has_two).await;
    assert!(body_bytes(&trickle).starts_with(two));
    assert!(began.elapsed() >= Duration::from_secs(1), "a second lies between two bytes");
    let left =
        books.until(|calls| calls.iter().filter(|call| call.closed_after.is_some()).count() == 5);
    timeout(SOON, left).await.expect("each client that left is noticed");
    assert!(books.calls().iter().all(|call| call.charged.0 > 0), "the maker has worked");
}

#[tokio::test]
async fn f6_a_connection_breaks_anywhere() {
    let (sandbox, picture) = sandbox_with_picture().await;
    assert_eq!(ends(&sandbox, "reset", SOON, ConnectionEnd::Reset).await, b"");
    assert!(ends(&sandbox, "cut", SOON, ConnectionEnd::Reset).await.len() > 100_000);
    let text = STANDARD.encode(picture);
    let late = ends(&sandbox, "late-reset", SOON, ConnectionEnd::Reset).await;
    assert!(late.ends_with(format!("{}\"\r\n", &text[text.len() - 8..]).as_bytes()));
    let hangup = ends(&sandbox, "hangup", SOON, ConnectionEnd::Closed).await;
    let size = body_bytes(&hangup).split(|byte| *byte == b'\r').next().unwrap();
    let size = usize::from_str_radix(str::from_utf8(size).unwrap(), 16).unwrap();
    assert!(size > body_bytes(&hangup).len() && body_bytes(&hangup).len() > 100_000);
    assert_eq!(
        ends(&sandbox, "hangup-head", SOON, ConnectionEnd::Closed).await,
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
    let (sandbox, _) = sandbox_with_picture().await;
    let whole = ask(&sandbox, json!({})).await.body.len();
    let length = |bytes: &[u8]| -> Vec<usize> {
        let head = head(bytes);
        let lines = head.lines().filter_map(|line| line.strip_prefix("content-length: "));
        lines.map(|length| length.parse().unwrap()).collect()
    };
    // The bodies of two calls differ in length by a few digits of their timestamps.
    let near = |found: usize, expected: usize| found.abs_diff(expected) < 10;
    for name in ["length-short", "length-long", "length-two", "length-none"] {
        let bytes = ends(&sandbox, name, SOON, ConnectionEnd::Closed).await;
        let sent = body_bytes(&bytes).len();
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
    let chunks = ends(&sandbox, "chunks", SOON, ConnectionEnd::Closed).await;
    assert!(chunks.ends_with(b"\r\nnot a size\r\n{}\r\n0\r\n\r\n"));
    assert!(head(&chunks).contains("transfer-encoding: chunked"));
    assert_eq!(
        ends(&sandbox, "no-http", SOON, ConnectionEnd::Closed).await,
        b"SSH-2.0-OpenSSH_9.9\r\n"
    );
}

#[tokio::test]
async fn f26_a_body_may_be_compressed_or_say_so() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let unpack = |bytes: &[u8]| {
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).map(|_| out)
    };
    for name in ["gzip", "gzip-lie", "gzip-cut"] {
        let reply = request_with_fault(&sandbox, name).await.unwrap();
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
    let (sandbox, _) = sandbox_with_picture().await;
    sandbox.fail(Fault::named("length-none"));
    let mut stream =
        send_request(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await.unwrap();
    stream.read_exact(&mut [0; 100]).await.unwrap();
    let books = sandbox.books();
    let read = async { stream.read_to_end(&mut Vec::new()).await };
    read.await.unwrap();
    let done = books.until(|calls| calls.last().is_some_and(|call| call.completed_after.is_some()));
    let call = timeout(SOON, done).await.unwrap().pop().unwrap();
    assert_eq!((call.pictures.len(), call.closed_after), (1, None));
}
