//! Attack 8: 32 uploads of 16 MB at once, by a visitor who has nothing left.
//!
//! Owns the bytes. Must not send a form that would be refused for its pictures.

use super::{
    crowd::{ATTACKER, DAY, Siege, during},
    table::{self, Row},
};
use anyhow::{Context, Result};
use contract::{job::Job, problem::Limit, route};
use futures_util::future::join_all;
use hyper::body::Bytes;
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use tests::{
    canned, memory, run,
    studio::Setup,
    upload,
    visitor::{Visitor, client, problem},
};
use tokio::time::sleep;

/// Uploads at once.
const UPLOADS: usize = 32;
/// Bytes that a picture to edit may have.
const PICTURE: usize = 4 << 20;
/// What memory may grow by.
const GROWTH: u64 = 64_000_000;
/// The pause in which workerd releases what starting took.
const REST: Duration = Duration::from_secs(2);

/// A form with four pictures of the largest kind.
pub(super) fn form() -> Result<Bytes> {
    let pictures = vec![canned::png_of(PICTURE)?; 4];
    Ok(upload::form(&json!({ "prompt": "too many" }), &pictures).into())
}

/// Sends the form at once so many times. How many ended with each status, which says that the hour is used up, or that
/// this is too often; 0 is a connection that the edge closed before it had read the body.
async fn upload_all(visitor: &Visitor, form: &Bytes) -> Result<BTreeMap<u16, usize>> {
    let sent = (0..UPLOADS).map(async |number| {
        let request = visitor.request(Method::POST, route::JOBS);
        let request = request.header("idempotency-key", format!("upload-{number}"));
        let request = request.header("content-type", upload::MEDIA_TYPE);
        // A client that only writes may find its connection closed.
        let Ok(answer) = request.body(form.clone()).send().await else { return Ok(0) };
        let told = problem(answer).await?;
        // Who goes on for minutes meets the platform's rate limit first.
        assert!(matches!(told.limit, Some(Limit::VisitorHour | Limit::Rate)), "{told:?}");
        anyhow::Ok(told.status)
    });
    let mut ended = BTreeMap::new();
    for status in join_all(sent).await {
        *ended.entry(status?).or_default() += 1;
    }
    Ok(ended)
}

#[test]
fn uploads_of_a_visitor_who_has_nothing_left_are_not_read_into_memory() {
    run(async {
        let setup = Setup::default().default_limits(DAY);
        let studio = setup.site("visitor", json!({ "per_hour": 1 })).start().await?;
        let form = form()?;
        let opened = Visitor::open_from(studio.edge.url(), ATTACKER, None, client()?).await?;
        let visitor = opened.ok().context("no session")?;
        let (only, picture) = (json!({ "prompt": "the only one" }), [canned::small_png()?]);
        let job: Job = visitor.edit_under("only", &only, &picture).await?.json().await?;
        visitor.watch(&job.id).await?;
        sleep(REST).await;
        let idle = memory::resident(&studio)?;
        memory::forget_peak(&studio)?;
        let ended = upload_all(&visitor, &form).await?;
        let grown = memory::peak(&studio)?.saturating_sub(idle);
        // The form whose answer was lost finds its job, although nothing is left.
        let again = visitor.edit_under("only", &only, &picture).await?;
        assert_eq!((again.status().as_u16(), again.json::<Job>().await?.id), (200, job.id));

        let siege = Siege::of(&studio)?;
        let attack = async {
            while siege.is_on() {
                upload_all(&visitor, &form).await?;
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
        assert!(ended.contains_key(&429), "nobody was told why: {ended:?}");
        assert!(grown < GROWTH, "{grown} bytes");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}
