//! Money that cannot be lost, on the real Ledger: races, evictions, power cuts, leases.

use anyhow::Result;
use contract::{job::Job, money::Nano, operator::DayOfSite, problem::ProblemKind};
use futures_util::future::join_all;
use reqwest::Client;
use sandbox::Settings;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, books, client},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// What each job of these tests asks for, and what it may cost at most: 0.005 $ and 2,000 nano-dollars for each byte.
const PROMPT: &str = "a cat";
const WORST: u64 = 5_000_000 + ("PREFIX a cat SUFFIX".len() as u64) * 2_000;

fn order() -> Value {
    json!({ "prompt": PROMPT })
}

/// A site's only day.
async fn day(studio: &Studio, site: &str) -> Result<DayOfSite> {
    let mut books = books(studio.edge.url(), site).await?;
    assert_eq!(books.days.len(), 1, "midnight has passed: run it again");
    Ok(books.days.remove(0))
}

/// Asks under a key until there is an answer: a Ledger that is put out of memory drops what it was asked.
async fn insist(visitor: &Visitor, key: &str) -> Result<Option<Job>> {
    loop {
        let Ok(response) = visitor.ask_under(key, &order()).await else { continue };
        if matches!(response.status().as_u16(), 200 | 201) {
            return Ok(Some(response.json().await?));
        }
        match tests::visitor::problem(response).await?.kind {
            ProblemKind::Busy => {}
            ProblemKind::BudgetSpent => return Ok(None),
            other => panic!("refused as {other}"),
        }
    }
}

/// Opens sessions, twenty at a time.
async fn visitors(
    studio: &Studio,
    site: &str,
    count: usize,
    http: &Client,
) -> Result<Vec<Visitor>> {
    let mut all = Vec::new();
    while all.len() < count {
        let mut set = JoinSet::new();
        for _ in 0..20 {
            let (base, site, http) = (studio.edge.url().to_owned(), site.to_owned(), http.clone());
            set.spawn(async move { Visitor::open_on(&base, &site, http).await });
        }
        while let Some(opened) = set.join_next().await {
            all.push(opened??);
        }
    }
    Ok(all)
}

#[test]
fn a_cap_of_a_hundred_meets_a_thousand_requests_twenty_times() {
    run(async {
        let sites: Vec<_> = (1..=20).map(|round| format!("round-{round}")).collect();
        let budget = json!({ "day_usd": Nano(100 * WORST).to_string(), "month_usd": "1000" });
        let sandbox = Settings { charge: Some(|_, _, _| Nano(WORST)), ..Settings::for_tests() };
        let setup = Setup { more: sites.clone(), sandbox, ..Setup::default() };
        let studio = setup.site("budget", budget).start().await?;
        let http = client()?;
        let upstream = studio.sandbox.books();
        for (round, site) in (1u64..).zip(&sites) {
            let visitors = visitors(&studio, site, 200, &http).await?;
            studio.edge.evict_named("Ledger", site).await?;
            studio.sandbox.hold();
            let mut asked = JoinSet::new();
            for (at, visitor) in visitors.into_iter().enumerate() {
                asked.spawn(async move {
                    let keys = [0, 1, 2, 3, 4].map(|n| format!("{at}-{n}"));
                    let asked = join_all(keys.iter().map(|key| insist(&visitor, key))).await;
                    let jobs: Result<Vec<_>> = asked.into_iter().collect();
                    let jobs: Vec<_> = jobs?.into_iter().flatten().map(|job| job.id).collect();
                    Ok::<_, anyhow::Error>((visitor, jobs))
                });
            }
            let mut granted = Vec::new();
            while let Some(answer) = asked.join_next().await {
                granted.push(answer??);
            }
            let ids: std::collections::HashSet<_> =
                granted.iter().flat_map(|(_, ids)| ids).collect();
            assert_eq!(ids.len(), 100, "grants in round {round}");
            studio.edge.evict_named("Ledger", site).await?;
            studio.sandbox.release();
            let booked = settled(&studio, site).await?;
            assert_eq!(upstream.count(), round * 100, "calls after round {round}");
            assert_eq!((booked.charged_usd, booked.reserved_usd), (Nano(100 * WORST), Nano::ZERO));
            assert_eq!(
                (booked.pictures, booked.refunded_usd, booked.unknown_usd),
                (100, Nano::ZERO, Nano::ZERO)
            );
        }
        assert_eq!(upstream.charged(), Nano(20 * 100 * WORST), "both sides' books");
        studio.stop().await
    });
}

/// A site's day once nothing is open.
async fn settled(studio: &Studio, site: &str) -> Result<DayOfSite> {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let day = day(studio, site).await?;
        if day.reserved_usd == Nano::ZERO || Instant::now() > until {
            return Ok(day);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn power_cuts_lose_no_money_and_every_lease_ends() {
    run(async {
        let mut studio = Setup::default().gateway("total_seconds", json!(10)).start().await?;
        let mut asked = Vec::new();
        for cut in 0..5u64 {
            let visitor = studio.visitor().await?;
            for prompt in ["a cat", "a cat sandbox:slow", "a cat sandbox:cut"] {
                // The cut comes before, in the middle of, or after the answer: all of it may be lost.
                let key = format!("{cut}-{}", prompt.replace(' ', "-"));
                let body = json!({ "prompt": prompt });
                let request = visitor.ask_under(&key, &body);
                if let Ok(Ok(response)) =
                    tokio::time::timeout(Duration::from_millis(20 + cut * 37), request).await
                {
                    let (status, text) = (response.status(), response.text().await?);
                    assert_eq!(status, 201, "{text}; {}", studio.edge.log());
                    asked.push(serde_json::from_str::<Job>(&text)?.id);
                }
            }
            sleep(Duration::from_millis(cut * 61)).await;
            studio = studio.restart().await?;
        }
        let last = Instant::now();
        let upstream = studio.sandbox.books();
        let in_flight = upstream.count() * 5_100_000;
        while last.elapsed() < Duration::from_secs(75)
            && day(&studio, "demo").await?.reserved_usd != Nano::ZERO
        {
            sleep(Duration::from_secs(1)).await;
        }
        let booked = day(&studio, "demo").await?;
        assert_eq!(
            booked.reserved_usd,
            Nano::ZERO,
            "every lease is gone total time + 65 s after its reserve"
        );
        assert!(
            booked.charged_usd >= upstream.charged(),
            "{} of {}",
            booked.charged_usd,
            upstream.charged()
        );
        assert!(
            booked.charged_usd.0 <= upstream.charged().0 + in_flight,
            "over by more than was in flight"
        );
        assert!(upstream.count() > 0, "nothing was ever in flight: this shows nothing");
        let visitor = studio.visitor().await?;
        for id in asked {
            let job = visitor.job(&id).await?;
            assert!(job.state.is_final(), "{job:?}");
        }
        studio.stop().await
    });
}

#[test]
fn the_operator_sees_the_books_and_holds_the_switch() {
    run(async {
        let studio = Setup { more: vec!["other".to_owned()], ..Setup::default() }.start().await?;
        let (base, http) = (studio.edge.url(), client()?);
        let visitor = studio.visitor().await?;
        visitor.make(&order()).await?;
        visitor.make(&json!({ "prompt": "sandbox:refuse", "count": 2 })).await?;
        let booked = day(&studio, "demo").await?;
        assert_eq!(
            (booked.pictures, booked.refusals, booked.charged_usd),
            (1, 2, studio.sandbox.books().charged())
        );
        assert!(booked.refunded_usd > Nano::ZERO && booked.unknown_usd == Nano::ZERO);
        assert!(books(base, "other").await?.days.is_empty());
        for (token, path) in
            [("", "ledger"), ("operator", "ledger"), (&*visitor.session.token, "ledger")]
        {
            let refused =
                http.get(format!("{base}/v1/operator/{path}")).bearer_auth(token).send().await?;
            assert_eq!(tests::visitor::problem(refused).await?.kind, ProblemKind::OperatorOnly);
        }
        let operator = tests::studio::OPERATOR;
        let switch = |body: Value| {
            http.put(format!("{base}/v1/operator/switch")).bearer_auth(operator).json(&body).send()
        };
        let health = async || {
            Ok::<Value, anyhow::Error>(
                http.get(format!("{base}/healthz")).send().await?.json().await?,
            )
        };
        let closed: Value = switch(json!({ "site": "demo", "open": false })).await?.json().await?;
        assert_eq!(closed, json!({ "site": "demo", "open": false }));
        assert_eq!(
            tests::visitor::problem(visitor.ask(&order()).await?).await?.kind,
            ProblemKind::SiteClosed
        );
        assert_eq!(health().await?["status"], "ok", "another site is open");
        switch(json!({ "site": null, "open": false })).await?.error_for_status()?;
        assert_eq!(health().await?["status"], "closed");
        studio.edge.evict_named("Ledger", "demo").await?;
        assert_eq!(
            tests::visitor::problem(visitor.ask(&order()).await?).await?.kind,
            ProblemKind::SiteClosed
        );
        switch(json!({ "site": null, "open": true })).await?.error_for_status()?;
        visitor.make(&order()).await?;
        for body in [
            json!({ "open": true }),
            json!({ "site": "nobody", "open": true }),
            json!({ "site": null }),
        ] {
            assert!(matches!(switch(body).await?.status().as_u16(), 400 | 404));
        }
        studio.stop().await
    });
}
