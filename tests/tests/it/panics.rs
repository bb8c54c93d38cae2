//! What a panic costs: the work that its instance of the program had in hand, and no money.
//!
//! The Worker of these tests is built with the feature `panics`: a word in a prompt says where it panics.

use anyhow::{Context, Result, bail};
use contract::{
    job::{Job, JobState},
    money::Nano,
    problem::ProblemKind::Interrupted,
};
use sandbox::Settings;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    canned::{self, Canned},
    money::{day, pass_leases, settled},
    raw::Raw,
    run,
    studio::{Setup, Studio},
};
use tokio::time::{Instant, sleep, sleep_until};
use xtask::{build::edge, repo};

/// Milliseconds that a job of these tests may take.
const TOTAL_MS: u64 = 10_000;

/// A setup whose edge panics where a prompt asks for it.
async fn setup() -> Result<Setup> {
    let main = Some(xtask::build::for_tests().await?);
    let sandbox = Settings { slow: Duration::from_mins(1), ..Settings::for_tests() };
    let setup = Setup { main, sandbox, ..Setup::default() };
    Ok(setup.gateway("total_seconds", json!(TOTAL_MS / 1000)))
}

/// An order that lets the edge panic at a place.
fn panics(place: &str) -> Value {
    json!({ "prompt": format!("a cat panic:{place}") })
}

/// Waits until it has.
async fn until_panicked(studio: &Studio, place: &str) -> Result<()> {
    for _ in 0..200 {
        if studio.edge.log().contains(&format!("requested by panic:{place}")) {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("no panic at {place}: {}", studio.edge.log())
}

/// A job's state, prompt and what it cost, once it is over.
fn end(job: &Job) -> (JobState, bool, bool) {
    let cost = job.cost.expect("shown");
    let charged = cost.charged_usd.unwrap_or(cost.reserved_usd);
    let interrupted = job.problem.as_ref().is_some_and(|problem| problem.kind == Interrupted);
    (job.state, interrupted, charged > Nano::ZERO)
}

#[test]
fn the_worker_that_is_served_cannot_be_made_to_panic_nor_its_clock_be_set() {
    run(async {
        let panics = |path| anyhow::Ok(edge::panics_on_demand(&std::fs::read(path)?));
        let clock = |path| anyhow::Ok(edge::has_a_clock_to_set(&std::fs::read(path)?));
        let served = repo::path("edge/build/index_bg.wasm");
        assert!(!panics(served.clone())? && !clock(served)?);
        let other = xtask::build::for_tests().await?.with_file_name("index_bg.wasm");
        assert!(panics(other.clone())? && clock(other)?, "the test looks for the wrong word");
        Ok(())
    });
}

#[test]
fn a_panic_loses_the_work_of_its_instance_and_no_money() {
    run(async {
        let studio = setup().await?.start().await?;
        let (visitor, upstream) = (studio.visitor().await?, studio.sandbox.books());
        let mut jobs = Vec::new();
        // Beside it: nothing has come, bytes come, and upstream has asked for patience.
        for (fault, spent) in [("silent", true), ("trickle", true), ("busy", false)] {
            let order = json!({ "prompt": format!("beside it sandbox:{fault}") });
            jobs.push((visitor.create(&order).await?.id, JobState::Failed, true, spent));
        }
        upstream.until(|calls| calls.iter().any(|call| call.status == Some(429))).await;
        upstream.until(|calls| calls.len() >= 3).await;
        let mut viewer = Raw::connect(studio.edge.url()).await?;
        viewer.request(&format!("GET /v1/jobs/{}/events", jobs[0].0), "").await?;
        assert_eq!(viewer.head().await?.status, 200);
        let viewer = tokio::spawn(async move {
            let began = Instant::now();
            loop {
                let (bytes, ended) = viewer.rest(Duration::from_millis(200)).await;
                if ended || bytes.ends_with(b"0\r\n\r\n") {
                    break began.elapsed();
                }
            }
        });
        for (place, status, end) in [
            ("begun", 201, Some((JobState::Failed, true, false))),
            ("started", 201, Some((JobState::Failed, true, true))),
            // The picture is here: it stays, and as its price is not known it costs what was reserved.
            ("ready", 201, Some((JobState::Succeeded, false, true))),
            // Who asked is answered by the platform. The job runs, or its lease ends.
            ("created", 500, None),
            ("granted", 500, None),
        ] {
            let answer = visitor.ask_under(place, &panics(place)).await?;
            assert_eq!(answer.status(), status, "{place}");
            if let Some((state, interrupted, spent)) = end {
                jobs.push((answer.json::<Job>().await?.id, state, interrupted, spent));
            }
            until_panicked(&studio, place).await?;
            assert_eq!(visitor.get("/healthz").await?.status(), 200, "the next request works");
            let (booked, charged) = (day(&studio, "demo").await?, upstream.charged());
            let held = booked.charged_usd.0 + booked.reserved_usd.0;
            assert!(held >= charged.0, "{place}: {held} of {charged} is on the books");
        }
        // A document is rendered beside jobs that are paid for: should it ever panic, that costs work and no money too.
        let calls = upstream.calls().len();
        let beside = visitor.create(&json!({ "prompt": "beside it sandbox:silent" })).await?.id;
        upstream.until(|all| all.len() > calls).await;
        jobs.push((beside, JobState::Failed, true, true));
        assert_eq!(visitor.get("/studio/demo?panic:document").await?.status(), 500);
        until_panicked(&studio, "document").await?;
        assert_eq!(visitor.get("/studio/demo").await?.status(), 200, "the next document is there");
        let last = Instant::now();
        let next = visitor.make(&json!({ "prompt": "the next one" })).await?;
        assert_eq!(next.state, JobState::Succeeded);
        // Nobody looks until everything has to be over.
        sleep_until(last + Duration::from_millis(TOTAL_MS + 1_000)).await;
        for (id, state, interrupted, spent) in &jobs {
            let job = visitor.job(id).await?;
            assert_eq!(end(&job), (*state, *interrupted, *spent), "{job:?}");
            assert!(job.elapsed_ms <= TOTAL_MS + 1_000, "{job:?}");
        }
        let heard = viewer.await?;
        assert!(heard < Duration::from_secs(24), "the viewer heard nothing for {heard:?}");
        // The one that was granted and never created is asked for at its lease's end, 75 seconds after its grant: what passes
        // must not go beyond it, and the viewer may have taken 24 of them.
        pass_leases(&studio, "demo", Duration::from_secs(45)).await?;
        let booked = settled(&studio, "demo", Duration::from_secs(75)).await?;
        assert_eq!(booked.reserved_usd, Nano::ZERO, "after {:?}", last.elapsed());
        assert!(booked.charged_usd >= upstream.charged(), "{booked:?}");
        studio.stop().await
    });
}

#[test]
fn a_job_whose_alarm_panics_ends_when_somebody_looks_and_what_panicked_once_runs_in_a_good_build() {
    run(async {
        let mut studio = setup().await?.start().await?;
        let visitor = studio.visitor().await?;
        let token = visitor.session.token.clone();
        let stuck = visitor.create(&panics("alarm")).await?;
        until_panicked(&studio, "alarm").await?;
        let key = "granted-and-not-created";
        assert_eq!(visitor.ask_under(key, &panics("granted")).await?.status(), 500);
        let until = Instant::now() + Duration::from_millis(TOTAL_MS + 1_000);
        // Its alarm comes again and again, and each time it takes the whole instance with it.
        let ended = loop {
            if let Ok(job) = visitor.job(&stuck.id).await
                && job.state.is_final()
            {
                break job;
            }
            assert!(Instant::now() < until, "it hangs: {}", studio.edge.log());
            sleep(Duration::from_millis(100)).await;
        };
        assert_eq!(end(&ended), (JobState::Failed, true, false), "{ended:?}");
        assert!(ended.elapsed_ms <= TOTAL_MS + 1_000, "{ended:?}");
        studio = studio.restart_on_the_good_build().await?;
        let mut visitor = studio.visitor().await?;
        visitor.session.token = token;
        let job: Job = visitor.ask_under(key, &panics("granted")).await?.json().await?;
        let job = visitor.watch(&job.id).await?.pop().context("no state")?;
        assert_eq!(job.state, JobState::Succeeded, "its key and its grant were kept: {job:?}");
        let booked = settled(&studio, "demo", Duration::from_secs(5)).await?;
        let charged = studio.sandbox.books().charged();
        assert_eq!((booked.reserved_usd, booked.charged_usd), (Nano::ZERO, charged));
        studio.stop().await
    });
}

#[test]
fn a_picture_that_is_being_served_breaks_off_and_is_there_again() {
    run(async {
        let png = canned::large_png(20_000_000)?;
        let gateway = Canned::picture(&png).await?;
        let studio = setup().await?.gateway("base_url", json!(gateway.url())).start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "large" })).await?;
        let url = job.pictures[0].url.as_deref().context("no picture")?;
        let mut reader = Raw::connect(studio.edge.url()).await?;
        reader.request(&format!("GET {url}"), "").await?;
        assert_eq!(reader.head().await?.status, 200);
        reader.read_bytes(100_000).await?;
        visitor.create(&panics("started")).await?;
        until_panicked(&studio, "started").await?;
        let began = Instant::now();
        let (rest, ended) = reader.rest(Duration::from_secs(40)).await;
        assert!(ended && rest.len() + 100_000 < png.len(), "{} came, {ended}", rest.len());
        assert!(began.elapsed() < Duration::from_secs(35), "after {:?}", began.elapsed());
        assert!(visitor.get(url).await?.bytes().await? == png, "the next reader gets all of it");
        studio.stop().await
    });
}
