//! Helpers of the tests of money: one order, its worst case, and the operator's report of a day.
//!
//! Owns the order's worst case. Must not assert.

use crate::{
    studio::{OPERATOR, Studio},
    visitor::client,
};
use anyhow::{Result, ensure};
use contract::{
    money::Nano,
    operator::{LedgerReport, SiteDay},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The prompt of each job in these tests.
pub const PROMPT: &str = "a cat";
/// The order's worst case: 0.005 $ and 2,000 nano-dollars for each byte of the prompt.
pub const WORST: u64 = 5_000_000 + ("PREFIX a cat SUFFIX".len() as u64) * 2_000;

/// The order.
pub fn order() -> Value {
    json!({ "prompt": PROMPT })
}

/// The operator's report of a site's ledger.
pub async fn books(base: &str, site: &str) -> Result<LedgerReport> {
    let url = format!("{base}/v1/operator/ledger?site={site}");
    Ok(client()?.get(url).bearer_auth(OPERATOR).send().await?.error_for_status()?.json().await?)
}

/// The report of the site's only day.
pub async fn day(studio: &Studio, site: &str) -> Result<SiteDay> {
    let mut books = books(studio.edge.url(), site).await?;
    ensure!(books.days.len() == 1, "not one day but {}: {books:?}", books.days.len());
    Ok(books.days.remove(0))
}

/// Advances the edge's clock, in place of waiting for most of a lease. The end of a lease is an alarm in the runtime's
/// storage, which does not follow that clock, so the Ledger is evicted: with its next order it sets the alarm anew by
/// the clock.
pub async fn pass_leases(studio: &Studio, site: &str, time: Duration) -> Result<()> {
    studio.pass(time).await?;
    studio.edge.evict_named("Ledger", site).await?;
    studio.visitor().await?.make(&order()).await.map(drop)
}

/// A site's day once no reservation is open, or after the time limit.
pub async fn settled(studio: &Studio, site: &str, within: Duration) -> Result<SiteDay> {
    let until = Instant::now() + within;
    loop {
        let day = day(studio, site).await?;
        if day.reserved_usd == Nano::ZERO || Instant::now() > until {
            return Ok(day);
        }
        sleep(Duration::from_millis(100)).await;
    }
}
