//! A school: many honest visitors behind one address, of whom some are refused now and then.
//!
//! Owns the proof that limits on networks do not hit those who share one. Must not raise a limit but the day's cap.

use super::{
    crowd::DAY,
    table::{self, Row},
};
use anyhow::Context;
use contract::job::JobState;
use futures_util::future::try_join_all;
use serde_json::json;
use std::time::Duration;
use tests::{
    run,
    studio::Setup,
    visitor::{Visitor, client},
};
use tokio::time::Instant;

/// Pupils, and the pictures that each of them makes: together what a network may have on a day.
const PUPILS: usize = 30;
const EACH: usize = 2;
/// The most that one may be later than another.
const APART: Duration = Duration::from_mins(1);
const ADDRESS: &str = "203.0.113.30";

/// The pupil's descriptions. Two of the pupils are refused now and then; their last one is good, since an open order
/// counts towards the day's pictures until it is refused.
fn descriptions(pupil: usize) -> Vec<&'static str> {
    let good = std::iter::repeat_n("a volcano", EACH);
    match pupil {
        7 => vec!["sandbox:refuse", "a volcano", "sandbox:refuse", "a volcano"],
        19 => std::iter::once("sandbox:terms").chain(good).collect(),
        _ => good.collect(),
    }
}

#[test]
fn a_school_behind_one_address_is_served_within_a_minute() {
    run(async {
        let studio = Setup::default().default_limits(DAY).start().await?;
        let http = client()?;
        let began = Instant::now();
        let pupils = (0..PUPILS).map(async |pupil| {
            let opened = Visitor::open_from(studio.edge.url(), ADDRESS, None, http.clone()).await?;
            let visitor =
                opened.map_err(|problem| anyhow::anyhow!("pupil {pupil}: {problem:?}"))?;
            let mut pictures = 0;
            for prompt in descriptions(pupil) {
                let job = visitor.make(&json!({ "prompt": prompt })).await;
                let job = job.with_context(|| format!("pupil {pupil}, {prompt}"))?;
                pictures += usize::from(job.state == JobState::Succeeded);
            }
            anyhow::Ok((pictures, began.elapsed()))
        });
        let served: Vec<_> = try_join_all(pupils).await?;
        let last = served.iter().map(|(_, at)| *at).max().context("no pupil")?;
        let first = served.iter().map(|(_, at)| *at).min().context("no pupil")?;
        let apart = last.saturating_sub(first);
        let all = served.iter().filter(|(pictures, _)| *pictures == EACH).count();
        table::add(Row {
            number: "S",
            attack: "none: a school of 30 behind one address, two of whom are refused now and then",
            before: "9205868: 30 of 30, 697 ms apart",
            now: format!(
                "{all} of {PUPILS} had their {EACH} pictures, {} ms apart",
                apart.as_millis()
            ),
            bound: "all, within a minute of each other".to_owned(),
        });
        assert_eq!(all, PUPILS);
        assert!(apart < APART, "{apart:?}");
        studio.stop().await
    });
}
