//! Attack 5: descriptions that upstream refuses cost nothing, but reach the operator's account there.
//!
//! Owns the count of refused calls. Must not know how a network is stopped.

use super::{
    crowd::{DAY, Siege, during},
    table::{self, Row},
};
use anyhow::Result;
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};
use tests::{
    run,
    studio::{Setup, Studio},
};
use tokio::time::sleep;

/// Pictures of a network that may be refused on a day.
const REFUSALS: usize = 20;
/// The attacker's jobs at the same time, and the pictures of each.
const AT_ONCE: u8 = 4;
const PICTURES: u8 = 4;
/// What was in flight when the bound was met.
const IN_FLIGHT: usize = AT_ONCE as usize * PICTURES as usize;

/// Refused calls so far, and the codes under which upstream was told their visitors.
fn refused(studio: &Studio) -> (usize, usize) {
    let calls = studio.sandbox.books().calls();
    let calls = calls.iter().filter(|call| call.fault.is_some());
    let codes = calls
        .clone()
        .filter_map(sandbox::Call::json)
        .map(|body| body["providerOptions"]["openai"]["safetyIdentifier"].to_string());
    (calls.count(), codes.collect::<BTreeSet<_>>().len())
}

const NOON: &str = "2028-02-26T12:00:00Z";
const AN_HOUR_LATER: &str = "2028-02-26T13:02:00Z";

#[test]
fn refused_descriptions_of_a_network_end_at_its_bound_whatever_sessions_it_opens() {
    run(async {
        // The platform's rate limit follows no test clock, and would stop the attacks of an hour later, as the limit on
        // sessions would.
        let network = json!({ "rate_limit": false, "sessions_per_day": 1_000_000 });
        let setup = Setup::default().default_limits(DAY).site("network", network);
        let setup = setup.with_clock().await?;
        let studio = setup.start().await?;
        studio.set_clock(NOON.parse().expect("a time")).await?;
        let siege = Siege::of(&studio)?;
        let orders = [json!({ "prompt": "sandbox:refuse", "count": PICTURES })];
        let (granted, honest) = during(&siege, siege.orders(AT_ONCE, true, &orders)).await?;
        let (calls, codes) = refused(&studio);
        let later = an_hour_later(&studio).await?;
        table::add(Row {
            number: "5",
            attack: "descriptions that upstream refuses, with ever new sessions",
            before: "95711d5: 284 refused calls in 75 s under 24 codes; 9205868: 192 in 15 s under one, no end",
            now: format!(
                "{calls} refused calls by {} jobs under {codes} code(s), {later} more after an hour; {}",
                granted.len(),
                honest.told()
            ),
            bound: format!(
                "{REFUSALS} calls, and {IN_FLIGHT} in flight; {PICTURES} after an hour; one code; 0 of other networks refused"
            ),
        });
        assert!(calls >= REFUSALS, "{calls} calls do not reach the bound: this shows nothing");
        assert!(calls <= REFUSALS + IN_FLIGHT, "{calls} calls");
        assert_eq!(codes, 1, "new sessions must not look like new visitors to the model's maker");
        let one_job = 1..=PICTURES.into();
        assert!(one_job.contains(&later), "the pause is over, and {later} calls follow");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}

/// Refused calls of the next attempts, once a pause of an hour is over.
async fn an_hour_later(studio: &Studio) -> Result<usize> {
    let (before, _) = refused(studio);
    studio.set_clock(AN_HOUR_LATER.parse().expect("a time")).await?;
    let siege = Siege::of(studio)?;
    let orders = [json!({ "prompt": "sandbox:refuse", "count": PICTURES })];
    let stop = async {
        sleep(Duration::from_secs(4)).await;
        siege.stop();
        Ok(())
    };
    tokio::try_join!(siege.orders(AT_ONCE, true, &orders), stop)?;
    Ok(refused(studio).0 - before)
}
