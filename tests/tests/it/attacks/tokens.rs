//! Attack 9: thousands of forged challenge tokens, each a row in the Ledger and a call to the verifier.
//!
//! Owns the forged tokens and the count of what they leave. Must not wait for midnight: the edge's clock is set.

use super::{
    crowd::{ATTACKER, DAY, Siege, during},
    table::{self, Row},
};
use anyhow::{Context, Result};
use contract::time::Day;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use std::time::Duration;
use tests::{
    run,
    studio::{Setup, Studio},
    visitor::Visitor,
};
use tokio::time::Instant;
use xtask::clock;

/// Forged tokens.
const FORGED: usize = 4_000;
/// Connections that send them.
const AT_ONCE: usize = 64;
/// The rate limit on sessions of a network, for each minute that has begun.
const A_MINUTE: u64 = 60;
/// A claim of a token is kept for its day and the next.
const FORGOTTEN: Duration = Duration::from_hours(49);

/// Verifier's calls about forged tokens.
fn verified(studio: &Studio) -> u64 {
    let calls = studio.sandbox.siteverify_books().calls();
    let is_forged =
        |body: Value| body["response"].as_str().is_some_and(|it| it.starts_with("forged"));
    calls.iter().filter(|call| call.json().is_some_and(is_forged)).count() as u64
}

/// Rows of the days before one in the Ledger's tallies, which hold sessions and tokens.
async fn rows(studio: &Studio, before: Day) -> Result<u64> {
    let query = format!("SELECT count(*) FROM tally WHERE day < {}", before.number());
    let rows = studio.edge.stored("Ledger", &query).await?;
    rows.first().and_then(|row| row[0].as_u64()).context("no count")
}

#[test]
fn forged_tokens_meet_the_rate_limit_and_leave_nothing() {
    run(async {
        let setup = Setup::default().default_limits(DAY).with_clock().await?;
        let studio = setup.start_challenged().await?;
        let siege = Siege::of(&studio)?.challenged();
        let forge = async |number: usize, address: &str| {
            let token = format!("forged.{number:04}");
            let asked =
                Visitor::open_from(studio.edge.url(), address, Some(&token), siege.http.clone());
            anyhow::Ok(asked.await?.err().map(|problem| problem.kind.to_string()))
        };
        let began = Instant::now();
        let attack = async {
            let all = stream::iter(0..FORGED).map(|number| forge(number, ATTACKER));
            let all: Vec<_> = all.buffer_unordered(AT_ONCE).collect().await;
            let opened = all.into_iter().collect::<Result<Vec<_>>>()?;
            Ok((opened.iter().filter(|kind| kind.is_none()).count(), began.elapsed()))
        };
        let ((opened, took), honest) = during(&siege, attack).await?;
        let calls = verified(&studio);
        let tomorrow = Day::from_number(clock::today().number() + 1);
        let kept = rows(&studio, tomorrow).await?;

        // The alarm comes by the runtime's clock; the tests' Worker has a call that does the same.
        studio.pass(FORGOTTEN).await?;
        let alarm = studio.edge.ledger("demo", "alarm", &Value::Null).await;
        let left = rows(&studio, tomorrow).await?;
        table::add(Row {
            number: "9",
            attack: "4,000 forged challenge tokens over 64 connections",
            before: "9205868: 4,000 calls to the verifier in 24 s; 4,220 rows, deleted only after somebody orders",
            now: format!(
                "{calls} calls to the verifier in {} s, {kept} rows, {left} after the next alarm; {}",
                took.as_secs(),
                honest.told()
            ),
            bound: format!(
                "{A_MINUTE} calls for each minute begun; 0 rows after the next alarm; 0 of other networks refused"
            ),
        });
        alarm.context("the alarm")?;
        // The minutes of the platform begin when they like: one more may have begun.
        let minutes = took.as_secs() / 60 + 2;
        assert_eq!(opened, 0, "a forged token opened a session");
        assert!(calls <= A_MINUTE * minutes, "{calls} calls in {minutes} minutes");
        assert_eq!(left, 0, "rows of days that are over");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}
