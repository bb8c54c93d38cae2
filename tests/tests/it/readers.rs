//! Viewers who are slow, and visitors who leave.

use anyhow::Context;
use contract::{
    job::{Job, JobState},
    route,
};
use serde_json::json;
use std::time::Duration;
use tests::{
    canned::{self, Canned},
    memory,
    money::settled,
    raw::Raw,
    run,
    studio::Setup,
};
use tokio::time::{Instant, sleep, timeout};

/// Bytes of the picture that is read slowly: more than the sockets of this machine take by themselves.
const BYTES: u32 = 24 << 20;

#[test]
fn slow_readers_of_a_picture_are_waited_for_and_it_is_not_held_in_memory_for_them() {
    run(async {
        let png = canned::large_png(BYTES)?;
        let gateway = Canned::picture(&png).await?;
        let studio = Setup::default().gateway("base_url", json!(gateway.url())).start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "large" })).await?;
        let url = job.pictures[0].url.as_deref().context("no picture")?;
        let before = memory::resident(&studio)?;
        let mut readers = Vec::new();
        for _ in 0..6 {
            let mut reader = Raw::connect(studio.edge.url()).await?;
            reader.request(&format!("GET {url}"), "").await?;
            assert_eq!(reader.head().await?.status, 200);
            readers.push(reader);
        }
        sleep(Duration::from_secs(3)).await;
        let grown = memory::resident(&studio)?.saturating_sub(before);
        assert!(grown < u64::from(BYTES), "six readers who wait cost {grown} bytes");
        // Nobody waits for them, who read nothing until they leave: only that is excluded by the time.
        let asked = Instant::now();
        assert_eq!(visitor.job(&job.id).await?.state, JobState::Succeeded);
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
        // One gets all of it in the end; the others leave.
        let mut patient = readers.pop().context("a reader")?;
        drop(readers);
        assert!(patient.read_bytes(png.len()).await? == png, "not the bytes that were sent");
        studio.stop().await
    });
}

#[test]
fn a_visitor_who_leaves_before_the_answer_finds_one_job_under_the_same_key() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let token = &visitor.session.token;
        let mut found = Vec::new();
        for at in 0..10u64 {
            let body = json!({ "prompt": format!("left {at}") });
            let text = body.to_string();
            let mut raw = Raw::connect(studio.edge.url()).await?;
            let headers = format!(
                "authorization: Bearer {token}\r\nidempotency-key: left-{at}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
                text.len()
            );
            raw.request(&format!("POST {}", route::JOBS), &headers).await?;
            raw.send(text.as_bytes()).await?;
            sleep(Duration::from_millis(at * 2)).await;
            drop(raw);
            let answer = visitor.ask_under(&format!("left-{at}"), &body).await?;
            assert!(matches!(answer.status().as_u16(), 200 | 201), "{}", answer.status());
            found.push(answer.json::<Job>().await?.id);
        }
        for id in &found {
            let job = visitor.watch(id).await?.pop().context("no state")?;
            assert_eq!(job.state, JobState::Succeeded);
        }
        assert_eq!(studio.sandbox.books().count(), 10, "each was made once");
        let booked = settled(&studio, "demo", Duration::from_secs(5)).await?;
        assert_eq!(booked.charged_usd, studio.sandbox.books().charged());
        studio.stop().await
    });
}

#[test]
fn a_viewer_who_leaves_ends_nothing_and_the_picture_is_there_for_the_next() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        studio.sandbox.hold();
        let job = visitor.create(&json!({ "prompt": "watched for a moment" })).await?;
        for _ in 0..5 {
            let mut viewer = Raw::connect(studio.edge.url()).await?;
            viewer.request(&format!("GET {}", route::events(&job.id)), "").await?;
            assert_eq!(viewer.head().await?.status, 200);
            viewer.read_bytes(100).await?;
        }
        let books = studio.sandbox.books();
        timeout(Duration::from_secs(5), books.until(|calls| !calls.is_empty())).await?;
        studio.sandbox.release();
        let last = visitor.watch(&job.id).await?.pop().context("no state")?;
        assert_eq!((last.state, books.count()), (JobState::Succeeded, 1));
        assert_eq!(books.calls()[0].closed_after, None, "nobody hung up");
        let bytes = visitor.get(&route::picture(&job.id, 0)).await?.bytes().await?;
        assert_eq!(Some(bytes.len() as u64), last.pictures[0].bytes);
        studio.stop().await
    });
}
