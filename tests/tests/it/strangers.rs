//! Requests that no client of ours would send, byte by byte: what they cost, and that nobody else notices.

use anyhow::{Context, Result};
use contract::{
    problem::{Problem, ProblemKind},
    route,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    money::books,
    raw::{Head, Raw},
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client, problem},
};
use tokio::time::{Instant, sleep};

const JSON: &str = "content-type: application/json\r\n";

/// Sends the head of a `POST /v1/jobs`.
async fn post(studio: &Studio, visitor: &Visitor, headers: &str) -> Result<Raw> {
    let mut raw = Raw::connect(studio.edge.url()).await?;
    let token = &visitor.session.token;
    let always = format!("authorization: Bearer {token}\r\nidempotency-key: k\r\n");
    raw.request(&format!("POST {}", route::JOBS), &(always + headers)).await?;
    Ok(raw)
}

fn told((head, body): &(Head, String)) -> Result<ProblemKind> {
    let problem: Problem = serde_json::from_str(body).with_context(|| body.clone())?;
    assert_eq!(problem.status, head.status);
    Ok(problem.kind)
}

#[test]
fn a_body_that_is_too_large_is_refused_and_not_read() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let form = "content-type: multipart/form-data; boundary=b\r\n";
        for (headers, length) in [(JSON, 17_000), (JSON, u64::MAX / 2), (form, 17 << 20)] {
            let asked = Instant::now();
            let length = format!("{headers}content-length: {length}\r\n");
            // Not one byte of the body is sent.
            let answer = post(studio, &visitor, &length).await?.answer().await?;
            assert_eq!(told(&answer)?, ProblemKind::TooLarge, "{length}");
            // Whoever waited for the body would wait for ever: only that is excluded by the time.
            assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
        }
        // One that never ends is read to its limit and not beyond.
        let chunked = format!("{JSON}transfer-encoding: chunked\r\n");
        let mut endless = post(studio, &visitor, &chunked).await?;
        let piece = ["1000\r\n", &"x".repeat(4096), "\r\n"].concat();
        let mut sent = 0;
        let answer = loop {
            match tokio::time::timeout(Duration::from_millis(20), endless.answer()).await {
                Ok(answer) => break answer?,
                Err(_) => endless.send(piece.as_bytes()).await?,
            }
            sent += 4096;
            assert!(sent < 1 << 20, "a megabyte was taken");
        };
        assert_eq!(told(&answer)?, ProblemKind::TooLarge, "after {sent} bytes");
        Ok(())
    });
}

#[test]
fn a_body_that_is_slow_or_cut_holds_up_nobody_and_costs_nothing() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "in pieces" }).to_string();
        let length = format!("{JSON}content-length: {}\r\n", body.len());
        let (first, last) = body.split_at(9);
        let mut slow = post(&studio, &visitor, &length).await?;
        slow.send(first.as_bytes()).await?;
        let mut cut = post(&studio, &visitor, &length).await?;
        cut.send(first.as_bytes()).await?;
        drop(cut);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(studio.sandbox.books().count(), 0);
        assert!(books(studio.edge.url(), "demo").await?.days.is_empty(), "nothing is reserved");
        slow.send(last.as_bytes()).await?;
        assert_eq!(slow.answer().await?.0.status, 201, "its length was told: it is waited for");
        studio.stop().await
    });
}

#[test]
fn what_is_no_request_is_refused_and_the_edge_lives_on() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let marks = format!("{{\"prompt\":\"{}\"}}", "\u{301}".repeat(8_000));
        let deep = "[".repeat(10_000);
        let deeper = format!("{{\"prompt\":{}", "{\"a\":".repeat(3_000));
        let (invalid, large) = (ProblemKind::InvalidRequest, ProblemKind::TooLarge);
        for (body, kind) in [
            (r#"{"prompt":1}"#, invalid),
            (r#"{"prompt":null}"#, invalid),
            (r#"{"prompt":["x"]}"#, invalid),
            (r#"{"prompt":"x","count":NaN}"#, invalid),
            (r#"{"prompt":"x","count":1e999}"#, invalid),
            (r#"{"prompt":"x","count":-1}"#, invalid),
            (r#"{"prompt":"x","count":1.5}"#, invalid),
            (r#"{"prompt":"x","count":18446744073709551617}"#, invalid),
            (r#"{"prompt":"x","prompt":"y"}"#, invalid),
            (r#"{"prompt":"\ud800"}"#, invalid),
            (r#"{"prompt":"\udc00\ud800"}"#, invalid),
            ("{\"prompt\":\"a\u{0}b\"}", invalid),
            ("\u{feff}{\"prompt\":\"x\"}", invalid),
            ("{'prompt':'x'}", invalid),
            (&deep, invalid),
            (&deeper, invalid),
            (&marks, invalid),
            (&format!("{marks}{}", " ".repeat(1 << 20)), large),
        ] {
            let sent = visitor.request(Method::POST, route::JOBS).header("idempotency-key", "n");
            let sent = sent.header("content-type", "application/json").body(body.to_owned());
            let start: String = body.chars().take(40).collect();
            assert_eq!(problem(sent.send().await?).await?.kind, kind, "{start}");
        }
        let bytes = visitor.request(Method::POST, route::JOBS).header("idempotency-key", "n");
        let bytes =
            bytes.header("content-type", "application/json").body(&b"{\"prompt\":\"\xff\"}"[..]);
        assert_eq!(problem(bytes.send().await?).await?.kind, invalid, "no UTF-8");
        // What is text is taken as it is, whichever way it runs.
        let prompt = "\u{202e}desrever\u{202c} \u{0} e\u{301}\u{301} 👩‍🎨";
        let job = visitor.make(&json!({ "prompt": prompt })).await?;
        assert_eq!((job.request.prompt.as_str(), job.problem), (prompt, None));
        let wanted = json!(format!("PREFIX {prompt} SUFFIX"));
        let asks = |call: &sandbox::Call| call.json().is_some_and(|body| body["prompt"] == wanted);
        assert!(studio.sandbox.books().calls().iter().any(asks), "it reaches the gateway whole");
        Ok(())
    });
}

#[test]
fn no_other_origin_is_ever_let_in_however_it_asks_first() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        for path in [route::JOBS, route::SESSIONS, "/v1/jobs/x", "/healthz", "/studio/demo"] {
            for (origin, private) in [("https://acme.example", "true"), ("null", ""), ("", "true")]
            {
                let asked = http.request(Method::OPTIONS, format!("{base}{path}"));
                let asked = asked
                    .header("origin", origin)
                    .header("access-control-request-method", "POST")
                    .header("Access-Control-Request-Headers", "authorization, IDEMPOTENCY-KEY, x-y")
                    .header("access-control-request-private-network", private);
                let answer = asked.send().await?;
                let names = answer.headers().keys().map(ToString::to_string);
                let allows = names.filter(|name| name.starts_with("access-control")).count();
                assert_eq!(allows, 0, "{path} {origin}");
                assert_eq!(problem(answer).await?.kind, ProblemKind::MethodNotAllowed);
            }
        }
        // Whoever asks without asking first is not let in either, nor told why by another header.
        let visitor = Studio::shared().await?.visitor().await?;
        for (name, value) in [
            ("origin", "https://acme.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let asked = visitor.request(Method::POST, route::JOBS).header("idempotency-key", "o");
            let answer = asked.header(name, value).json(&json!({ "prompt": "x" })).send().await?;
            assert!(!answer.headers().contains_key("access-control-allow-origin"));
            let refused = problem(answer).await?;
            assert_eq!(refused.kind, ProblemKind::OriginNotAllowed, "{name}: {value}");
        }
        Ok(())
    });
}

#[test]
fn a_session_of_one_site_is_none_on_another_and_no_token_is_mended() {
    run(async {
        let studio = Setup { more: vec!["other".to_owned()], ..Setup::default() }.start().await?;
        let visitor = studio.visitor().await?;
        let token = &visitor.session.token;
        let post = |path: &str, authorization: &str, body: &Value| {
            let request = client()?.post(format!("{}{path}", studio.edge.url()));
            anyhow::Ok(request.header("authorization", authorization).json(body))
        };
        let renewed =
            post(route::SESSIONS, &format!("Bearer {token}"), &json!({ "site": "other" }));
        let renewed = problem(renewed?.send().await?).await?;
        assert_eq!(renewed.kind, ProblemKind::SessionRequired, "another tenant's");
        let parts: Vec<_> = token.split('.').collect();
        let unsigned = parts[..parts.len() - 1].join(".");
        for forged in [
            format!("Basic {token}"),
            format!("Bearer {unsigned}"),
            format!("Bearer {unsigned}."),
            format!("Bearer {token}x"),
            format!("Bearer {}", token.to_uppercase()),
            format!("Bearer {token}, Bearer {token}"),
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.".to_owned(),
            format!("Bearer {}", "x".repeat(8_000)),
        ] {
            let asked = post(route::JOBS, &forged, &json!({ "prompt": "x" }))?;
            let asked = asked.header("idempotency-key", "f").send().await?;
            assert_eq!(problem(asked).await?.kind, ProblemKind::SessionRequired, "{forged:.60}");
        }
        assert_eq!(studio.sandbox.books().count(), 0);
        studio.stop().await
    });
}
