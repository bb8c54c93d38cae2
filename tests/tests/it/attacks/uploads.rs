//! Attack 8: 32 uploads of 16 MB at once, by a visitor who has nothing left.
//!
//! Owns the bytes, and reading workerd's memory. Must not send a form that would be refused for its pictures.

use super::{
    crowd::{ATTACKER, DAY, Siege, during},
    table::{self, Row},
};
use anyhow::{Context, Result};
use contract::route;
use futures_util::future::join_all;
use hyper::body::Bytes;
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use tests::{
    canned, run,
    studio::{Setup, Studio},
    visitor::{Visitor, client},
};
use tokio::time::sleep;

/// Uploads at once.
const UPLOADS: usize = 32;
/// Bytes that a picture to edit may have.
const PICTURE: usize = 4 << 20;
/// Bytes of the chunk that fills a picture up, beside its data.
const CHUNK: usize = 12;
/// What memory may grow by.
const GROWTH: u64 = 64_000_000;
/// The pause in which workerd releases what starting took.
const REST: Duration = Duration::from_secs(2);

/// A form with four pictures, under the boundary `b`.
pub(super) fn form() -> Result<Bytes> {
    let fill = PICTURE - CHUNK - canned::small_png()?.len();
    let picture = canned::large_png(u32::try_from(fill)?)?;
    let part = |rest: &str| format!("--b\r\nContent-Disposition: form-data; name={rest}\r\n\r\n");
    let mut form = part("\"request\"").into_bytes();
    form.extend_from_slice(br#"{"prompt":"too many"}"#);
    for _ in 0..4 {
        form.extend_from_slice(b"\r\n");
        let head = "\"picture\"; filename=\"p\"\r\nContent-Type: image/png";
        form.extend_from_slice(part(head).as_bytes());
        form.extend_from_slice(&picture);
    }
    form.extend_from_slice(b"\r\n--b--\r\n");
    Ok(form.into())
}

/// A field of workerd's `/proc/PID/status`, in bytes.
fn memory(studio: &Studio, field: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", studio.edge.pid()))?;
    let line = status.lines().find(|line| line.starts_with(field)).context("no such field")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kilobytes * 1024)
}

/// Sends the form at once so many times. How many ended with each status; 0 is a connection that the edge closed before
/// it had read the body.
async fn upload(visitor: &Visitor, form: &Bytes) -> BTreeMap<u16, usize> {
    let sent = (0..UPLOADS).map(async |number| {
        let request = visitor.request(Method::POST, route::JOBS);
        let request = request.header("idempotency-key", format!("upload-{number}"));
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        match request.body(form.clone()).send().await {
            Ok(response) => response.status().as_u16(),
            Err(_) => 0,
        }
    });
    let mut ended = BTreeMap::new();
    for status in join_all(sent).await {
        *ended.entry(status).or_default() += 1;
    }
    ended
}

#[test]
fn uploads_of_a_visitor_who_has_nothing_left_are_not_read_into_memory() {
    run(async {
        let setup = Setup::default().default_limits(DAY);
        let studio = setup.site("visitor", json!({ "per_hour": 1 })).start().await?;
        let form = form()?;
        let opened = Visitor::open_from(studio.edge.url(), ATTACKER, None, client()?).await?;
        let visitor = opened.ok().context("no session")?;
        visitor.make(&json!({ "prompt": "the only one" })).await?;
        sleep(REST).await;
        let idle = memory(&studio, "VmRSS:")?;
        // The kernel's word for: forget the peak.
        std::fs::write(format!("/proc/{}/clear_refs", studio.edge.pid()), "5")?;
        let ended = upload(&visitor, &form).await;
        let grown = memory(&studio, "VmHWM:")?.saturating_sub(idle);

        let siege = Siege::of(&studio)?;
        let attack = async {
            while siege.is_on() {
                upload(&visitor, &form).await;
                sleep(Duration::from_millis(500)).await;
            }
            Ok(())
        };
        let ((), honest) = during(&siege, attack).await?;
        table::add(Row {
            number: "8",
            attack: "32 uploads of 16 MB at once by a visitor who has nothing left",
            before: "95711d5: 862 MB above idle; 9205868: 754 MB; every upload read to its end and then refused",
            now: format!(
                "{} MB above idle; ended with {ended:?} (0: closed unread); {}",
                grown / 1_000_000,
                honest.told()
            ),
            bound: "64 MB above idle; 0 of other networks refused".to_owned(),
        });
        let known = ended.keys().all(|status| matches!(status, 0 | 429));
        assert!(known, "an upload came to something else: {ended:?}");
        assert!(grown < GROWTH, "{grown} bytes");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}
