//! Money that a power cut cannot lose, on the real Ledger.

use contract::{job::Job, money::Nano};
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};
use tests::{
    money::{books, pass_leases, settled},
    run,
    studio::Setup,
};
use tokio::time::{Instant, sleep};

/// What a job of these tests may cost at most.
const MOST: u64 = 5_100_000;

#[test]
fn power_cuts_lose_no_money_and_every_lease_ends() {
    cut_power(5);
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn a_hundred_power_cuts_lose_no_money_and_every_lease_ends() {
    cut_power(100);
}

/// Kills workerd so many times, each time at another moment.
fn cut_power(cuts: u64) {
    run(async move {
        let setup = Setup::default().gateway("total_seconds", json!(10));
        let mut studio = setup.with_clock().await?.start().await?;
        let upstream = studio.sandbox.books();
        let (mut asked, mut over) = (BTreeSet::new(), 0);
        // A walk through all moments from before the answer to after the settlement, in steps that never repeat.
        for cut in 0..cuts {
            let visitor = studio.visitor().await?;
            for prompt in ["a cat", "a cat sandbox:slow", "a cat sandbox:late-fault"] {
                // The cut comes before, in the middle of, or after the answer: all of it may be lost.
                let key = format!("{cut}-{}", prompt.replace(' ', "-"));
                let body = json!({ "prompt": prompt });
                let request = visitor.ask_under(&key, &body);
                let patience = Duration::from_millis(5 + cut * 37 % 200);
                if let Ok(Ok(response)) = tokio::time::timeout(patience, request).await {
                    let (status, text) = (response.status(), response.text().await?);
                    assert_eq!(status, 201, "{text}; {}", studio.edge.log());
                    asked.insert(serde_json::from_str::<Job>(&text)?.id);
                }
            }
            sleep(Duration::from_millis(cut * 61 % 300)).await;
            studio = studio.restart().await?;
            // What was in flight may be booked above what upstream charged, and nothing else.
            over += 3 * MOST;
            // The first cut may come before anything is booked.
            let days = books(studio.edge.url(), "demo").await?.days;
            let held: u64 = days.iter().map(|day| day.charged_usd.0 + day.reserved_usd.0).sum();
            let charged = upstream.charged().0;
            assert!(held >= charged, "cut {cut}: {held} of {charged} is on the books");
        }
        let last = Instant::now();
        pass_leases(&studio, "demo", Duration::from_secs(65)).await?;
        let booked = settled(&studio, "demo", Duration::from_secs(75)).await?;
        assert_eq!(
            booked.reserved_usd,
            Nano::ZERO,
            "every lease is gone total time + 65 s after its reserve, here {:?} after the last cut",
            last.elapsed()
        );
        let (ours, theirs) = (booked.charged_usd, upstream.charged());
        assert!(ours >= theirs, "{ours} of {theirs}");
        assert!(ours.0 <= theirs.0 + over, "over by more than was in flight: {ours} of {theirs}");
        assert!(upstream.asked() > 0, "nothing was ever in flight: this shows nothing");
        let visitor = studio.visitor().await?;
        for id in &asked {
            let job = visitor.job(id).await?;
            assert!(job.state.is_final(), "{job:?}");
        }
        eprintln!(
            "{cuts} cuts: {} calls, {theirs} USD charged upstream, {ours} USD booked, {} jobs answered",
            upstream.asked(),
            asked.len()
        );
        studio.stop().await
    });
}
