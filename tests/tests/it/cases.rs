//! The cases of the engine's property tests on the real Ledger, which is put out of memory in between.

use anyhow::Result;
use contract::{money::Nano, time::Day};
use engine::{
    config::site::{Budget, Network, Visitor},
    ledger::{
        Book, Limits,
        cases::{Case, cases},
        memory::Memory,
    },
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use tests::{
    models::model,
    money::books,
    run,
    studio::{Setup, open_network},
};
use xtask::clock;

/// Sites, and so empty books, that see cases, under each of the limits.
const BOOKS: usize = 6;
/// What each picture of the sites' only model costs at most: little, so that a few fit into a cap.
const LEAST: Nano = Nano(7);

/// The limits of the engine's own tests, as its configuration would have them.
fn limits() -> Limits {
    Limits {
        budget: Budget {
            day_usd: Nano(150),
            month_usd: Nano(400),
            hour_percent: 100,
            spare_percent: 0,
        },
        visitor: Visitor { per_hour: 8, per_day: 12, concurrent: 3, refusals_per_hour: 2 },
        network: Network {
            per_day: 14,
            sessions_per_day: 3,
            share_percent: 100,
            refusals_per_day: 1_000_000,
            rate_limit: false,
        },
        least: LEAST,
        challenged: false,
    }
}

/// The same with shares, a pace and a spared part.
fn shares() -> Limits {
    let open = limits();
    Limits {
        budget: Budget { hour_percent: 60, spare_percent: 20, ..open.budget },
        network: Network { share_percent: 30, ..open.network },
        ..open
    }
}

/// An answer without its times: the real Ledger has a clock of its own.
fn timeless(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        if let Value::Object(members) = value {
            members.retain(|name, _| name != "resets_at" && name != "lease_ends");
            members.values_mut().for_each(strip);
        }
    }
    strip(&mut answer);
    answer
}

/// Runs cases on sites with these limits, and returns how many orders were granted.
async fn compare(limits: Limits, runner: &mut TestRunner) -> Result<usize> {
    let Limits { budget, visitor, network, .. } = limits;
    let sites: Vec<_> = (0..BOOKS).map(|book| format!("book-{book}")).collect();
    let visitor = json!({ "per_hour": visitor.per_hour, "per_day": visitor.per_day,
        "concurrent": visitor.concurrent, "refusals_per_hour": visitor.refusals_per_hour });
    let mut of_network = open_network(network.per_day, network.sessions_per_day);
    of_network["share_percent"] = network.share_percent.into();
    let budget = json!({ "day_usd": budget.day_usd, "month_usd": budget.month_usd,
        "hour_percent": budget.hour_percent, "spare_percent": budget.spare_percent });
    let models = vec![model("openai/gpt-image-1-mini", &LEAST.to_string())];
    let setup = Setup { more: sites.clone(), models, ..Setup::default() };
    let setup = setup.site("budget", budget).site("visitor", visitor).site("network", of_network);
    let studio = setup.start().await?;
    let mut granted = 0;
    for site in &sites {
        let all: Vec<Case> = cases().new_tree(runner).expect("cases").current();
        let mut book = Memory::default();
        for (at, case) in all.iter().enumerate() {
            if at % 7 == 3 {
                studio.edge.evict_named("Ledger", site).await?;
            }
            let (call, body) = case.call();
            let real = studio.edge.ledger(site, call, &body).await?;
            let now = clock::now();
            let ours = case.happen(&mut book, limits, 360_000, now).expect("small numbers");
            granted += usize::from(ours.get("Granted").is_some());
            assert_eq!(timeless(real), timeless(ours), "case {at} of {all:#?}");
        }
        let told = books(studio.edge.url(), site).await?.days;
        let real = told
            .iter()
            .map(|day| [day.charged_usd, day.reserved_usd, day.refunded_usd, day.unknown_usd]);
        let (first, last) = (Day::from_number(0), Day::from_number(u32::MAX));
        let ours = book
            .days(first, last)
            .expect("small numbers")
            .into_iter()
            .map(|(_, day)| [day.charged, day.reserved, day.refunded, day.unknown]);
        assert_eq!(real.collect::<Vec<_>>(), ours.collect::<Vec<_>>());
    }
    studio.stop().await?;
    Ok(granted)
}

#[test]
fn the_real_ledger_answers_as_the_engine_does_whatever_happens() {
    run(async {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        for limits in [limits(), shares()] {
            let granted = compare(limits, &mut runner).await?;
            assert!(granted > BOOKS, "only {granted} grants: these cases show little");
        }
        Ok(())
    });
}
