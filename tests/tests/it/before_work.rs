//! Limits that hold before any work is done: before a body is read, before the Ledger is asked, before a verifier is.

use anyhow::{Context, Result, ensure};
use contract::{
    job::{Job, JobState},
    problem::{Limit, Problem, ProblemKind},
    route,
};
use futures_util::future::join_all;
use hyper::body::Bytes;
use reqwest::{Method, Response};
use sandbox::{Pace, Sandbox, Settings, Subject, encode, paint};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tests::{
    raw::Raw,
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client, client_from, problem},
};
use tokio::time::{Instant, sleep};
use xtask::clock;

const MB: usize = 1024 * 1024;

/// A small picture of the sandbox's.
fn picture() -> Vec<u8> {
    let size = "1024x1024".parse().expect("a size");
    let subject = Subject { prompt: "a cat".to_owned(), size, ..Subject::default() };
    encode(&paint(&subject), contract::options::Format::Webp, 80).expect("a picture")
}

/// A picture of exactly that many bytes: a PNG with a chunk of its own, which every reader skips.
fn picture_of(bytes: usize) -> Vec<u8> {
    let size = "1024x1024".parse().expect("a size");
    let subject = Subject { prompt: "a cat".to_owned(), size, ..Subject::default() };
    let png = encode(&paint(&subject), contract::options::Format::Png, 80).expect("a picture");
    let filler = bytes - png.len() - 12;
    // The chunk stands behind the signature and IHDR; nobody compares its checksum.
    let (head, rest) = png.split_at(33);
    let length = u32::try_from(filler).expect("a small number").to_be_bytes();
    [head, &length, b"fiLl", &vec![7; filler], &[0; 4], rest].concat()
}

/// A form with this JSON and these pictures, with the boundary `b`.
fn form(json: &Value, pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut form = Vec::new();
    let mut part = |head: &str, body: &[u8]| {
        form.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        form.extend_from_slice(body);
        form.extend_from_slice(b"\r\n");
    };
    part("name=\"request\"", json.to_string().as_bytes());
    for picture in pictures {
        part("name=\"picture\"; filename=\"p\"", picture);
    }
    form.extend_from_slice(b"--b--\r\n");
    form
}

/// The head of an upload of that length, whose body the caller sends, or not.
async fn begin_upload(
    studio: &Studio,
    visitor: &Visitor,
    address: &str,
    bytes: usize,
) -> Result<Raw> {
    let mut raw = Raw::connect(studio.edge.url()).await?;
    let token = &visitor.session.token;
    let headers = format!(
        "authorization: Bearer {token}\r\nidempotency-key: half-sent\r\ncf-connecting-ip: {address}\r\n\
         content-type: multipart/form-data; boundary=b\r\ncontent-length: {bytes}\r\n"
    );
    raw.request("POST /v1/jobs", &headers).await?;
    Ok(raw)
}

async fn visitor_from(studio: &Studio, address: &str) -> Result<Visitor> {
    Visitor::open_on(studio.edge.url(), "demo", client_from(address)?).await
}

/// A field of the status of workerd's process, in MB.
fn memory(studio: &Studio, field: &str) -> Result<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", studio.edge.pid()))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field")?;
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024)
}

/// Forgets the highest memory so far.
fn forget_peak(studio: &Studio) -> Result<()> {
    Ok(std::fs::write(format!("/proc/{}/clear_refs", studio.edge.pid()), "5")?)
}

#[test]
fn uploads_of_a_visitor_without_allowance_are_not_read() {
    run(async {
        let limits = json!({ "per_hour": 1, "per_day": 9, "concurrent": 9 });
        let studio = Setup::default().quick().site("visitor", limits).start().await?;
        let visitor = Arc::new(studio.visitor().await?);
        let (json, small) = (json!({ "prompt": "a cat" }), picture());
        let job: Job =
            visitor.edit_under("first", &json, std::slice::from_ref(&small)).await?.json().await?;
        visitor.watch(&job.id).await?;
        let mut large = small.clone();
        large.resize(4 * MB, 0);
        let body = Bytes::from(form(&json, &vec![large; 4]));
        forget_peak(&studio)?;
        let idle = memory(&studio, "VmRSS:")?;
        let uploads = (0..32).map(|number| {
            let request = visitor.request(Method::POST, route::JOBS);
            let request = request.header("idempotency-key", format!("upload-{number}"));
            let request = request.header("content-type", "multipart/form-data; boundary=b");
            request.body(body.clone()).send()
        });
        let mut told = 0;
        // The edge does not read the body, so a client that only writes may find its connection closed.
        for answer in join_all(uploads).await.into_iter().flatten() {
            assert_eq!(problem(answer).await?.limit, Some(Limit::VisitorHour));
            told += 1;
        }
        let peak = memory(&studio, "VmHWM:")?;
        eprintln!("32 uploads of 16 MB: {idle} MB idle, {peak} MB at most, {told} answers read");
        assert!(peak < idle + 64, "{idle} MB idle, {peak} MB at most");
        assert!(told > 0, "nobody was told why");
        // The form whose answer was lost finds its job, although nothing is left.
        let again = visitor.edit_under("first", &json, &[small]).await?;
        assert_eq!(again.status(), 200);
        assert_eq!(again.json::<Job>().await?.id, job.id);
        studio.stop().await
    });
}

#[test]
fn an_instance_reads_few_uploads_at_once_and_a_broken_one_makes_room() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let (home, school) = ("203.0.113.1", "203.0.113.2");
        let (at_home, at_school) =
            (visitor_from(&studio, home).await?, visitor_from(&studio, school).await?);
        // A picture that does not fit beside the largest form, as far as one network goes.
        let (json, small) = (json!({ "prompt": "a cat" }), vec![picture_of(2 * MB)]);
        let full = 16 * MB + 1024;
        let mut half_sent = begin_upload(&studio, &at_home, home, full).await?;
        half_sent.send(&form(&json, &small)[..1024]).await?;
        // The edge takes the slot when it has the head.
        let began = Instant::now();
        let busy = loop {
            ensure!(began.elapsed() < Duration::from_secs(10), "both are read");
            let answer = at_home.edit_under("beside", &json, &small).await?;
            if answer.status() != 201 && answer.status() != 200 {
                break problem(answer).await?;
            }
            sleep(Duration::from_millis(50)).await;
        };
        assert_eq!((busy.kind, busy.retry_after_seconds), (ProblemKind::Busy, Some(3)));
        // Only that network's part is full.
        assert_eq!(at_school.edit(&json, &small).await?.status(), 201);
        drop(half_sent);
        let broken = Instant::now();
        while at_home.edit(&json, &small).await?.status() != 201 {
            ensure!(broken.elapsed() < Duration::from_secs(10), "the slot is never given back");
            sleep(Duration::from_millis(200)).await;
        }
        eprintln!("room again after {:?}", broken.elapsed());
        for _ in 0..5 {
            drop(begin_upload(&studio, &at_home, home, full).await?);
        }
        sleep(Duration::from_secs(1)).await;
        assert_eq!(at_home.edit(&json, &small).await?.status(), 201);
        // The largest forms, from as many networks as there are forms.
        let body = Bytes::from(form(&json, &vec![picture_of(4 * MB); 4]));
        let mut visitors = Vec::new();
        for number in 1..=8 {
            visitors.push(visitor_from(&studio, &format!("203.0.113.{number}")).await?);
        }
        forget_peak(&studio)?;
        let idle = memory(&studio, "VmRSS:")?;
        let uploads = visitors.iter().map(|visitor| {
            let request = visitor.request(Method::POST, route::JOBS);
            let request = request.header("idempotency-key", "large");
            let request = request.header("content-type", "multipart/form-data; boundary=b");
            request.body(body.clone()).send()
        });
        let mut statuses = Vec::new();
        for answer in join_all(uploads).await {
            statuses.push(answer.map_or(0, |answer| answer.status().as_u16()));
        }
        let peak = memory(&studio, "VmHWM:")?;
        eprintln!("8 of the largest forms: {idle} MB idle, {peak} MB at most, {statuses:?}");
        assert!(statuses.contains(&201), "{statuses:?}");
        assert!(statuses.iter().all(|status| [0, 201, 503].contains(status)), "{statuses:?}");
        let log = studio.edge.log();
        assert!(!log.contains("request.failed") && !log.contains("uncaught"), "{log}");
        studio.stop().await
    });
}

#[test]
fn a_body_that_is_half_sent_is_let_go() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let visitor = studio.visitor().await?;
        let token = &visitor.session.token;
        let mut raws = Vec::new();
        let began = Instant::now();
        for path in ["/v1/sessions", "/v1/jobs"] {
            let mut raw = Raw::connect(studio.edge.url()).await?;
            let headers = format!(
                "authorization: Bearer {token}\r\nidempotency-key: k\r\ncontent-type: application/json\r\n\
                 content-length: 1000\r\n"
            );
            raw.request(&format!("POST {path}"), &headers).await?;
            raw.send(b"{\"prompt\":").await?;
            raws.push(raw);
        }
        let mut upload = begin_upload(&studio, &visitor, "127.0.0.1", 64 * 1024).await?;
        upload.send(b"--b\r\n").await?;
        raws.push(upload);
        sleep(Duration::from_secs(25)).await;
        for mut raw in raws {
            let (head, body) = raw.answer().await?;
            let waited = began.elapsed();
            assert!((28..60).contains(&waited.as_secs()), "{waited:?}");
            let told: Problem = serde_json::from_str(&body)?;
            assert_eq!((head.status, told.kind), (504, ProblemKind::Interrupted), "{body}");
            let (_, closed) = raw.rest(Duration::from_secs(5)).await;
            assert!(closed, "the connection is kept for the rest of the body");
        }
        // One that breaks off by itself is nobody's fault here either.
        let mut raw = Raw::connect(studio.edge.url()).await?;
        let headers = "content-type: application/json\r\ncontent-length: 1000\r\n";
        raw.request("POST /v1/sessions", headers).await?;
        raw.send(b"{").await?;
        sleep(Duration::from_millis(300)).await;
        drop(raw);
        sleep(Duration::from_secs(1)).await;
        let log = studio.edge.log();
        assert!(!log.contains("request.failed") && !log.contains("uncaught"), "{log}");
        studio.stop().await
    });
}

#[test]
fn a_picture_is_sent_to_the_gateway_only_if_it_is_whole() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let visitor = studio.visitor().await?;
        let json = json!({ "prompt": "whole or not" });
        let whole = picture();
        let head = whole[..64].to_vec();
        let behind = [whole.as_slice(), b"<html><script>alert(1)</script>"].concat();
        for (what, bytes) in [("a head", head), ("something behind", behind)] {
            let told = problem(visitor.edit(&json, &[whole.clone(), bytes]).await?).await?;
            assert_eq!(told.kind, ProblemKind::InvalidRequest, "{what}");
            assert!(told.detail.contains("complete"), "{}", told.detail);
        }
        assert_eq!(studio.sandbox.books().asked(), 0);
        let job: Job = visitor.edit(&json, &[whole]).await?.json().await?;
        let last = visitor.watch(&job.id).await?.pop().context("a state")?;
        assert_eq!(last.state, JobState::Succeeded);
        studio.stop().await
    });
}

/// Waits until the present minute has so much left: the platform counts by the minute.
async fn within_a_minute() {
    let left = 60_000 - clock::now().0 % 60_000;
    if left < 25_000 {
        sleep(Duration::from_millis(left + 100)).await;
    }
}

async fn rate(answer: Response) -> Result<()> {
    let told = problem(answer).await?;
    let seen = (told.kind, told.limit, told.retry_after_seconds, told.resets_at);
    assert_eq!(seen, (ProblemKind::VisitorLimit, Some(Limit::Rate), Some(60), None));
    Ok(())
}

#[test]
fn the_platform_counts_the_requests_of_a_network_before_the_ledger_does() {
    run(async {
        let network =
            json!({ "rate_limit": true, "per_day": 1_000_000, "sessions_per_day": 1_000_000 });
        let studio = Setup::default().quick().site("network", network).start().await?;
        let (near, far) = (client_from("203.0.113.1")?, client_from("203.0.113.2")?);
        let url = |path: &str| format!("{}{path}", studio.edge.url());
        let open = |http: &reqwest::Client| {
            http.post(url(route::SESSIONS)).json(&json!({ "site": "demo" })).send()
        };
        within_a_minute().await;
        let visitor = visitor_from(&studio, "203.0.113.1").await?;
        for _ in 1..60 {
            assert_eq!(open(&near).await?.status(), 201);
        }
        rate(open(&near).await?).await?;
        assert_eq!(open(&far).await?.status(), 201, "another network");
        // Orders are counted for themselves, whatever becomes of them.
        within_a_minute().await;
        let job: Job = visitor.ask_under("k", &json!({ "prompt": "a cat" })).await?.json().await?;
        for _ in 1..120 {
            let answer = visitor.ask_under("k", &json!({})).await?;
            assert_eq!(problem(answer).await?.kind, ProblemKind::InvalidRequest);
        }
        rate(visitor.ask_under("k", &json!({ "prompt": "a cat" })).await?).await?;
        // What only looks is not counted.
        for path in ["/healthz", "/v1/sites/demo", &route::job(&job.id), route::ALLOWANCE] {
            let answers = join_all((0..70).map(|_| visitor.get(path))).await;
            for answer in answers {
                assert_eq!(answer?.status(), 200, "{path}");
            }
        }
        assert!(!studio.edge.log().contains("rate_limit.missing"));
        studio.stop().await
    });
}

/// A studio whose site has a challenge that the sandbox verifies.
async fn challenged() -> Result<Studio> {
    let gate = Sandbox::start(Settings { pace: Pace::Instant, ..Settings::for_tests() }).await?;
    let challenge = json!({ "provider": "turnstile", "site_key": "1x00000000000000000000AA", "verify_url": gate.siteverify_url() });
    let setup = Setup::default().site("challenge", challenge).with_clock().await?;
    setup.secret("TURNSTILE_SECRET_KEY", "0x4AAAAAAACANARYsecret").start_on(gate).await
}

#[test]
fn forged_challenge_tokens_are_verified_a_hundred_times_and_leave_no_row() {
    const ROWS: &str = "SELECT COUNT(*) FROM tally";
    run(async {
        let studio = challenged().await?;
        let http = client()?;
        let open = |token: String| {
            let body = json!({ "site": "demo", "challenge": token });
            http.post(format!("{}{}", studio.edge.url(), route::SESSIONS)).json(&body).send()
        };
        let mut kinds = Vec::new();
        for hundred in 0..5 {
            let forged = (0..100).map(|number| open(format!("forged-{hundred}-{number}")));
            for answer in join_all(forged).await {
                kinds.push(problem(answer?).await?.kind);
            }
        }
        let refused = kinds.iter().filter(|kind| **kind == ProblemKind::VisitorLimit).count();
        assert_eq!(refused, 400, "{kinds:?}");
        assert_eq!(studio.sandbox.siteverify_books().count(), 100);
        let rows = studio.edge.stored("Ledger", ROWS).await?;
        assert!(rows[0][0].as_u64() > Some(100), "{rows:?}");
        // The alarm is set, although nobody ever ordered.
        let alarm = studio
            .edge
            .stored("Ledger", "SELECT CAST(value AS TEXT) FROM _cf_METADATA WHERE key = 1")
            .await?;
        assert!(!alarm.is_empty(), "no alarm");
        studio.pass(Duration::from_mins(13)).await?;
        studio.edge.ledger("demo", "alarm", &Value::Null).await?;
        assert_eq!(studio.edge.stored("Ledger", ROWS).await?, [json!([0])]);
        studio.stop().await
    });
}
