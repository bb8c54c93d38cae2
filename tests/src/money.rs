//! Money as the tests of it count: one order, its worst case, and what the operator is told of a day.
//!
//! Owns what its order costs at most. Must not assert.

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

/// What each job of these tests asks for.
pub const PROMPT: &str = "a cat";
/// What it may cost at most: 0.005 $ and 2,000 nano-dollars for each byte.
pub const WORST: u64 = 5_000_000 + ("PREFIX a cat SUFFIX".len() as u64) * 2_000;

/// The order.
pub fn order() -> Value {
    json!({ "prompt": PROMPT })
}

/// What the operator is told of a site's books.
pub async fn books(base: &str, site: &str) -> Result<LedgerReport> {
    let url = format!("{base}/v1/operator/ledger?site={site}");
    Ok(client()?.get(url).bearer_auth(OPERATOR).send().await?.error_for_status()?.json().await?)
}

/// A site's only day.
pub async fn day(studio: &Studio, site: &str) -> Result<SiteDay> {
    let mut books = books(studio.edge.url(), site).await?;
    ensure!(books.days.len() == 1, "not one day but {}: {books:?}", books.days.len());
    Ok(books.days.remove(0))
}

/// Lets so much time pass on the edge's clock, in place of most of a lease. Its end is an alarm in the runtime's storage, which
/// no clock of ours moves: the Ledger is put out of memory, and with its next order it sets the alarm anew by the clock.
pub async fn pass_leases(studio: &Studio, site: &str, time: Duration) -> Result<()> {
    studio.pass(time).await?;
    studio.edge.evict_named("Ledger", site).await?;
    studio.visitor().await?.make(&order()).await.map(drop)
}

/// A site's day once nothing is open, or after that time.
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
