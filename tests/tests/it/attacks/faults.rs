//! Attacks by descriptions that make upstream fail: with 403 as if the key were dead (1), with 500 that is spent (3).
//!
//! Owns the two descriptions. Must not know when a breaker opens.

use super::{
    crowd::{ATTACKER, DAY, SHARE, Siege, during},
    table::{self, Row},
};
use contract::{health::Health, money::Nano};
use serde_json::json;
use tests::{run, studio::Setup, visitor::client};

#[test]
fn a_description_that_upstream_answers_with_403_closes_the_site_for_nobody() {
    run(async {
        let studio = Setup::default().default_limits(DAY).start().await?;
        let siege = Siege::of(&studio)?;
        let orders = [json!({ "prompt": "sandbox:terms" })];
        let (granted, honest) = during(&siege, siege.orders(1, true, &orders)).await?;
        let health = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
        let health: Health = health.error_for_status()?.json().await?;
        let taken = siege.taken(&honest).await?;
        table::add(Row {
            number: "1",
            attack: "a description that upstream answers with 403 permission_error",
            before: "95711d5: 4 requests in 100 s, breaker open, 88 of 88 of other networks refused; 9205868: 0 of 100",
            now: format!(
                "{} such jobs; breaker {:?}; {}",
                granted.len(),
                health.breaker,
                honest.told()
            ),
            bound: "breaker closed; 0 of other networks refused".to_owned(),
        });
        assert!(!granted.is_empty(), "{ATTACKER} ordered nothing: this shows nothing");
        assert_eq!(health.breaker, contract::health::Breaker::Closed);
        assert!(taken.0 <= SHARE, "{taken}");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}

#[test]
fn faults_of_upstream_spend_a_networks_share_and_stop_nobody_else() {
    run(async {
        let studio = Setup::default().default_limits(DAY).start().await?;
        let siege = Siege::of(&studio)?;
        let order = |count: u32| json!({ "prompt": "sandbox:500", "count": count, "size": "1024x1536", "quality": "high" });
        let orders = [order(4), order(1)];
        let (granted, honest) = during(&siege, siege.orders(2, true, &orders)).await?;
        let taken = siege.taken(&honest).await?;
        table::add(Row {
            number: "3",
            attack: "a description that upstream answers with 500, which is spent",
            before: "95711d5: $0.83 of $1 by 4 requests, breaker open; 9205868: $2.41 of $2.5 by 19 jobs, 61 of 100 refused until midnight",
            now: format!("${taken} of ${DAY} taken by {} jobs; {}", granted.len(), honest.told()),
            bound: format!("${} taken; 0 of other networks refused", Nano(SHARE)),
        });
        assert!(taken.0 >= SHARE / 2, "{taken}: it took little, so that this shows nothing");
        assert!(taken.0 <= SHARE, "{taken}");
        assert_eq!(honest.others.problems, []);
        studio.stop().await
    });
}
