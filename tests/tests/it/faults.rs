//! What an upstream fault becomes: the plain problem, the ledger's word, a time, and nothing of what upstream said.

pub(super) mod table;

use ProblemKind::{Busy, GatewayFailed};
use anyhow::{Context, Result};
use contract::{
    job::{Job, JobState, PictureState},
    money::Nano,
    problem::ProblemKind,
};
use futures_util::{StreamExt, stream};
use sandbox::{Fault, Settings};
use serde_json::json;
use std::{fmt::Write as _, time::Duration};
use table::{
    Ends::{Priced, Reserved},
    TOLD, ended, expected,
};
use tests::{
    run, run_measuring,
    studio::Setup,
    visitor::{Visitor, client, problem},
};

/// Milliseconds that a job of this test may take.
const TOTAL_MS: u64 = 40_000;
/// Seconds after which a silent gateway is given up. Some faults send megabytes: on a busy machine, reading them may delay
/// the other jobs by seconds, which must not look like silence.
const STALL_SECONDS: u64 = 5;

#[test]
fn every_fault_becomes_what_the_table_says() {
    run_measuring(async || {
        play(Setup::default(), |name| !name.starts_with("sse-") && name != "storm").await
    });
}

#[test]
fn every_fault_of_a_stream_becomes_what_the_table_says() {
    run_measuring(async || play(Setup::default().openai(), |name| name.starts_with("sse-")).await);
}

/// Plays the faults that are wanted, each on a site of its own.
async fn play(setup: Setup, wanted: fn(&str) -> bool) -> Result<()> {
    let faults: Vec<_> = Fault::all().filter(|fault| wanted(fault.name)).collect();
    let sites: Vec<_> = faults.iter().map(|fault| fault.name.to_owned()).collect();
    let sandbox = Settings { slow: Duration::from_secs(45), ..Settings::for_tests() };
    let studio = Setup { more: sites, sandbox, ..setup }
        .gateway("total_seconds", json!(TOTAL_MS / 1000))
        .gateway("stall_seconds", json!(STALL_SECONDS))
        .start()
        .await?;
    let http = client()?;
    let jobs: Vec<(&Fault, Result<Job>)> = stream::iter(faults)
        .map(async |fault| {
            let visitor = Visitor::open_on(studio.edge.url(), fault.name, http.clone()).await;
            let prompt = format!("fails sandbox:{}", fault.name);
            // The base64 of this PNG ends in padding, which one of the faults leaves out.
            let order = json!({ "prompt": prompt, "format": "png" });
            let job = async { visitor?.make(&order).await };
            (fault, job.await)
        })
        .buffer_unordered(24)
        .collect()
        .await;
    let upstream = studio.sandbox.books();
    let mut table = String::new();
    for (fault, job) in &jobs {
        let job = job.as_ref().map_err(|error| anyhow::anyhow!("{}: {error}", fault.name))?;
        let ends = ended(job).with_context(|| format!("{}: {job:?}", fault.name))?;
        let took = job.elapsed_ms;
        assert!(expected(fault.name).contains(&ends), "{} came to {ends:?}: {job:?}", fault.name);
        assert!(took <= TOTAL_MS + 1_000, "{} took {took} ms", fault.name);
        let state =
            if matches!(ends, Priced | Reserved) { JobState::Succeeded } else { JobState::Failed };
        assert_eq!(job.state, state, "{}", fault.name);
        assert_eq!(job.problem.is_some(), state == JobState::Failed);
        assert_eq!(job.pictures[0].state == PictureState::Ready, state == JobState::Succeeded);
        let told = serde_json::to_string(job)?;
        assert!(!TOLD.iter().any(|word| told.contains(word)), "{} was told on: {told}", fault.name);
        let rows: Vec<_> = fault.rows.iter().map(|row| format!("F{row}")).collect();
        let _ = writeln!(
            table,
            "{:<8}{:<18}{:<26}{took:>6} ms  {}",
            rows.join(" "),
            fault.name,
            format!("{ends:?}"),
            fault.description
        );
    }
    let log = studio.edge.log();
    assert!(!TOLD.iter().any(|word| log.contains(word)), "the log repeats upstream");
    assert_eq!(studio.sandbox.trap_books().count(), 0, "a redirect or an address was followed");
    let mut charged = Nano::ZERO;
    for (fault, _) in &jobs {
        let day = tests::money::day(&studio, fault.name).await?;
        assert_eq!(day.reserved_usd, Nano::ZERO, "{}", fault.name);
        charged = charged.checked_add(day.charged_usd).context("too much")?;
    }
    assert!(charged >= upstream.charged(), "{charged} of {} is booked", upstream.charged());
    eprintln!(
        "rows    fault             comes to                     time  what upstream does\n{table}"
    );
    studio.stop().await
}

#[test]
fn a_storm_opens_the_breaker_and_one_free_probe_closes_it() {
    run(async {
        let studio = Setup::default().with_clock().await?.start().await?;
        let visitor = studio.visitor().await?;
        let upstream = studio.sandbox.books();
        for at in 0..5 {
            let job = visitor.make(&json!({ "prompt": format!("storm {at} sandbox:500") })).await?;
            assert_eq!(job.problem.map(|problem| problem.kind), Some(GatewayFailed));
        }
        let refused = problem(visitor.ask(&json!({ "prompt": "a cat" })).await?).await?;
        assert_eq!(refused.kind, Busy);
        assert!((1..=30).contains(&refused.retry_after_seconds.context("no time")?));
        assert_eq!(upstream.asked(), 5, "nobody is let through");
        studio.pass(Duration::from_secs(31)).await?;
        let job = visitor.make(&json!({ "prompt": "a cat" })).await?;
        assert_eq!(job.state, JobState::Succeeded, "the first request after it succeeds");
        let paths: Vec<_> = upstream.calls().into_iter().skip(5).map(|call| call.path).collect();
        assert_eq!(paths, ["/v1/models", "/v1/images/generations"], "one probe, which is free");
        studio.stop().await
    });
}

#[test]
fn a_model_that_is_gone_gives_way_to_the_next_one() {
    run(async {
        let gone = "openai/gpt-image-1-mini";
        let sandbox = Settings { gone: vec![gone.to_owned()], ..Settings::for_tests() };
        let mut setup = Setup { sandbox, ..Setup::default() };
        setup.models.push(tests::models::model("openai/gpt-image-2", "9"));
        let studio = setup.start().await?;
        let job =
            studio.visitor().await?.make(&json!({ "prompt": "moved on", "count": 2 })).await?;
        assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, "openai/gpt-image-2"));
        // Nine dollars a picture had to be granted before it was asked.
        let reserved = job.cost.context("shown")?.reserved_usd;
        assert!(reserved > Nano(18_000_000_000), "{reserved}");
        studio.stop().await
    });
}

#[test]
fn a_dearer_model_that_the_cap_has_no_room_for_is_not_asked() {
    run(async {
        let gone = "openai/gpt-image-1-mini";
        let sandbox = Settings { gone: vec![gone.to_owned()], ..Settings::for_tests() };
        let mut setup = Setup { sandbox, ..Setup::default() };
        setup.models.push(tests::models::model("openai/gpt-image-2", "9"));
        let budget = tests::studio::open_budget("10", "1000");
        let studio = setup.site("budget", budget).start().await?;
        let job =
            studio.visitor().await?.make(&json!({ "prompt": "too dear", "count": 2 })).await?;
        assert_eq!(job.problem.map(|problem| problem.kind), Some(ProblemKind::BudgetSpent));
        assert_eq!(job.cost.and_then(|cost| cost.charged_usd), Some(Nano::ZERO));
        assert!(studio.sandbox.books().charged() == Nano::ZERO);
        studio.stop().await
    });
}

#[test]
fn while_upstream_asks_for_patience_the_visitor_is_told_until_when() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.create(&json!({ "prompt": "patience sandbox:busy" })).await?;
        let states = visitor.watch(&job.id).await?;
        assert!(states.iter().any(|state| state.waiting_until.is_some()));
        studio.stop().await
    });
}
