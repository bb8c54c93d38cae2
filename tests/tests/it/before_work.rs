//! Limits that hold before any work is done: before a body is read, before the Ledger is asked, before a verifier is.

use anyhow::{Context, Result, ensure};
use contract::{
    job::{Job, JobState},
    problem::{Limit, Problem, ProblemKind},
    route,
};
use futures_util::future::join_all;
use hyper::body::Bytes;
use painter::{Subject, encode, paint};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    canned, memory,
    raw::{Head, Raw},
    run,
    studio::{Setup, Studio},
    upload::{MEDIA_TYPE, form},
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
         content-type: {MEDIA_TYPE}\r\ncontent-length: {bytes}\r\n"
    );
    raw.request("POST /v1/jobs", &headers).await?;
    Ok(raw)
}

async fn visitor_from(studio: &Studio, address: &str) -> Result<Visitor> {
    Visitor::open_on(studio.edge.url(), "demo", client_from(address)?).await
}

/// How long it takes until a form of this network is read again, after the others were broken off.
async fn until_room(visitor: &Visitor, json: &Value, pictures: &[Vec<u8>]) -> Result<Duration> {
    let broken = Instant::now();
    while visitor.edit(json, pictures).await?.status() != 201 {
        ensure!(broken.elapsed() < Duration::from_secs(10), "the slot is never given back");
        sleep(Duration::from_millis(200)).await;
    }
    Ok(broken.elapsed())
}

#[test]
fn an_instance_reads_few_uploads_at_once_and_a_broken_one_makes_room() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let (home, school) = ("203.0.113.1", "203.0.113.2");
        let (at_home, at_school) =
            (visitor_from(&studio, home).await?, visitor_from(&studio, school).await?);
        // A picture that does not fit beside the largest form, as far as one network goes.
        let (json, small) = (json!({ "prompt": "a cat" }), vec![canned::png_of(2 * MB)?]);
        let full = 16 * MB + 1024;
        let began = Instant::now();
        let (half_sent, busy) = loop {
            ensure!(began.elapsed() < Duration::from_secs(10), "both are read");
            // The edge takes the slot when it has the head. A form beside it that was quicker leaves it no room: it is
            // then refused, and begun again.
            let mut half_sent = begin_upload(&studio, &at_home, home, full).await?;
            half_sent.send(&form(&json, &small)[..1024]).await?;
            sleep(Duration::from_millis(200)).await;
            let answer = at_home.edit_under("beside", &json, &small).await?;
            if answer.status() != 201 && answer.status() != 200 {
                break (half_sent, problem(answer).await?);
            }
        };
        assert_eq!((busy.kind, busy.retry_after_seconds), (ProblemKind::Busy, Some(3)));
        // Only that network's part is full.
        assert_eq!(at_school.edit(&json, &small).await?.status(), 201);
        drop(half_sent);
        eprintln!("room again after {:?}", until_room(&at_home, &json, &small).await?);
        for _ in 0..5 {
            drop(begin_upload(&studio, &at_home, home, full).await?);
        }
        eprintln!("and after five: {:?}", until_room(&at_home, &json, &small).await?);
        // The largest forms, from as many networks as there are forms.
        let body = Bytes::from(form(&json, &vec![canned::png_of(4 * MB)?; 4]));
        let mut visitors = Vec::new();
        for number in 1..=8 {
            visitors.push(visitor_from(&studio, &format!("203.0.113.{number}")).await?);
        }
        memory::forget_peak(&studio)?;
        let idle = memory::resident(&studio)? / MB as u64;
        let uploads = visitors.iter().map(|visitor| {
            let request = visitor.request(Method::POST, route::JOBS);
            let request = request.header("idempotency-key", "large");
            let request = request.header("content-type", MEDIA_TYPE);
            request.body(body.clone()).send()
        });
        let mut statuses = Vec::new();
        for answer in join_all(uploads).await {
            statuses.push(answer.map_or(0, |answer| answer.status().as_u16()));
        }
        let peak = memory::peak(&studio)? / MB as u64;
        eprintln!("8 of the largest forms: {idle} MB idle, {peak} MB at most, {statuses:?}");
        assert!(statuses.contains(&201), "{statuses:?}");
        assert!(statuses.iter().all(|status| [0, 201, 503].contains(status)), "{statuses:?}");
        let log = studio.edge.log();
        assert!(!log.contains("request.failed") && !log.contains("uncaught"), "{log}");
        studio.stop().await
    });
}

/// Sends a form at an even pace, with one pause, and reads the answer.
async fn send_evenly(mut raw: Raw, form: &[u8], a_second: usize, pause: Duration) -> Result<Head> {
    const TICK: Duration = Duration::from_millis(250);
    for (number, piece) in form.chunks(a_second / 4).enumerate() {
        raw.send(piece).await?;
        sleep(if number == 10 { pause } else { TICK }).await;
    }
    raw.head().await
}

#[test]
fn uploads_that_are_slow_do_not_keep_the_room_of_an_instance() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let addresses = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"];
        let mut visitors = Vec::new();
        for address in addresses {
            visitors.push(visitor_from(&studio, address).await?);
        }
        let [trickling, silent, phone, office] = visitors.as_slice() else { unreachable!() };
        let json = json!({ "prompt": "a cat" });
        // Together these leave less than a megabyte.
        let full = 16 * MB + 1024;
        let mut trickling = begin_upload(&studio, trickling, addresses[0], full).await?;
        let mut silent = begin_upload(&studio, silent, addresses[1], MB / 4).await?;
        silent.send(b"--b\r\n").await?;
        // A phone with 1.3 megabits per second and a pause takes half a minute, and gets through.
        let from_phone = form(&json, &[canned::png_of(7 * MB / 2)?]);
        let raw = begin_upload(&studio, phone, addresses[2], from_phone.len()).await?;
        let sent = send_evenly(raw, &from_phone, 160 * 1024, Duration::from_secs(8));
        let began = Instant::now();
        let waits = async {
            let (mut refused, picture) = (0, [canned::png_of(MB)?]);
            loop {
                // Nothing is sent any more once the connection is closed.
                let _ = trickling.send(&[b'x'; 64]).await;
                // What is refused is not read, so a client that only writes may find its connection closed.
                if let Ok(answer) = office.edit_under("beside", &json, &picture).await {
                    if answer.status() == 201 {
                        break;
                    }
                    assert_eq!(problem(answer).await?.kind, ProblemKind::Busy);
                }
                refused += 1;
                ensure!(began.elapsed() < Duration::from_mins(1), "the slow keep their room");
                sleep(Duration::from_secs(1)).await;
            }
            eprintln!("room after {:?}, {refused} refused", began.elapsed());
            assert!(refused > 3, "the slow had no room: {refused}");
            anyhow::Ok(())
        };
        let (sent, ()) = tokio::try_join!(sent, waits)?;
        assert_eq!(sent.status, 201, "the phone's");
        let (head, body) = silent.answer().await?;
        let told: Problem = serde_json::from_str(&body)?;
        assert_eq!((head.status, told.kind), (503, ProblemKind::Busy), "{body}");
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
        // The upload is given up when nothing of it has come for a while, JSON when its time is over.
        for (mut raw, within) in raws.into_iter().rev().zip([12..28, 28..60, 28..60]) {
            let (head, body) = raw.answer().await?;
            let waited = began.elapsed();
            assert!(within.contains(&waited.as_secs()), "{waited:?}");
            let told: Problem = serde_json::from_str(&body)?;
            let seen = (head.status, told.kind, told.retry_after_seconds);
            assert_eq!(seen, (503, ProblemKind::Busy, Some(2)), "{body}");
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

#[test]
fn forged_challenge_tokens_are_verified_a_hundred_times_and_leave_no_row() {
    const ROWS: &str = "SELECT COUNT(*) FROM tally";
    run(async {
        let setup = Setup::default().quick().with_clock().await?;
        let studio = setup.start_challenged().await?;
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
