//! Every attack at once, while honest visitors order; and the same rate of requests to a path that does not exist.
//!
//! Owns the mixture and its rate. A request is sent when its time has come, whether or not earlier ones were answered,
//! so that a slow edge cannot slow the attack down.

use super::{crowd::ATTACKER, table, uploads};
use anyhow::{Context, Result};
use contract::{
    job::{Job, JobState},
    money::Nano,
    route,
};
use hyper::body::Bytes;
use reqwest::{Client, RequestBuilder};
use sandbox::Settings;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tests::{
    money::settled,
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// A cap of a day whose half, for an hour, holds all that the honest order in ten minutes, and an attacker's share.
const DAY: Nano = Nano(40_000_000_000);
/// From one honest visitor to the next.
const HONEST: Duration = Duration::from_millis(500);
/// From one step of the attack to the next.
const ATTACK: Duration = Duration::from_millis(250);
/// How long upstream takes for a slow refusal.
const SLOW: Duration = Duration::from_secs(5);
/// How much longer the honest may wait than without an attack.
const FACTOR: u32 = 3;
/// Where the control run sends the attack.
const NOWHERE: &str = "/v1/nowhere";

/// Steps of the attack, in turn.
#[derive(Clone, Copy)]
enum Step {
    /// A session, and an order of so many pictures of the dearest kind.
    Order(&'static str, u8),
    /// A session, and an upload of 16 MB.
    Upload,
    /// So many sessions.
    Sessions(u8),
}

const STEPS: [Step; 8] = [
    Step::Order("sandbox:terms", 1),
    Step::Order("gold", 4),
    Step::Sessions(8),
    Step::Order("sandbox:500", 2),
    Step::Order("sandbox:refuse", 4),
    Step::Order("sandbox:refuse-slow", 4),
    Step::Upload,
    Step::Sessions(8),
];

/// What all tasks of a run share.
struct Load {
    base: String,
    http: Client,
    form: Bytes,
    /// Whether the attack goes to a path that does not exist.
    control: bool,
}

impl Load {
    fn post(&self, path: &str) -> RequestBuilder {
        let path = if self.control { NOWHERE } else { path };
        self.http.post(format!("{}{path}", self.base)).header("cf-connecting-ip", ATTACKER)
    }

    /// A session's token, or a text of the same length where none is given.
    async fn token(&self) -> Result<String> {
        let answer = self.post(route::SESSIONS).json(&json!({ "site": "demo" })).send().await?;
        let answer = answer.json::<Value>().await.unwrap_or_default();
        Ok(answer["token"].as_str().map_or_else(|| "x".repeat(150), str::to_owned))
    }

    /// One step of the attack, and the job that it was granted.
    async fn attack(&self, number: usize) -> Result<Option<String>> {
        let ordered = match STEPS[number % STEPS.len()] {
            Step::Sessions(count) => {
                for _ in 0..count {
                    self.token().await?;
                }
                return Ok(None);
            }
            Step::Order(prompt, count) => self.post(route::JOBS).json(&json!({
                "prompt": prompt, "count": count, "size": "1024x1536", "quality": "high"
            })),
            Step::Upload => {
                let form = self.post(route::JOBS).body(self.form.clone());
                form.header("content-type", "multipart/form-data; boundary=b")
            }
        };
        let ordered = ordered.bearer_auth(self.token().await?);
        // An upload that is not read ends with its connection.
        let Ok(answer) = ordered.header("idempotency-key", number.to_string()).send().await else {
            return Ok(None);
        };
        let granted = answer.status() == 201;
        Ok(if granted { Some(answer.json::<Job>().await?.id) } else { None })
    }

    /// An honest visitor: the job, and the time from the order to its end.
    async fn honest(&self, number: usize) -> Result<(Job, Duration)> {
        let address = format!("198.18.{}.{}", number / 250, number % 250);
        let opened = Visitor::open_from(&self.base, &address, None, self.http.clone()).await?;
        let visitor = opened.map_err(|problem| anyhow::anyhow!("{number}: {problem:?}"))?;
        let ordered = Instant::now();
        let job = visitor.make(&json!({ "prompt": "a lighthouse" })).await;
        Ok((job.with_context(|| format!("honest visitor {number}"))?, ordered.elapsed()))
    }
}

/// What a run came to.
struct Ran {
    /// Times of the honest, sorted.
    times: Vec<Duration>,
    jobs: Vec<String>,
}

impl Ran {
    fn p95(&self) -> Result<Duration> {
        let at = self.times.len() * 95 / 100;
        self.times.get(at).copied().context("nobody was served")
    }
}

/// Starts a task whenever its time has come, until the end, and waits for all of them.
async fn every<T, F>(pace: Duration, end: Instant, task: impl Fn(usize) -> F) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let (mut running, mut at) = (JoinSet::new(), Instant::now());
    for number in 0.. {
        if at >= end {
            break;
        }
        sleep_until(at).await;
        running.spawn(task(number));
        at += pace;
    }
    running.join_all().await.into_iter().collect()
}

/// Sends both loads for that long. One of the honest was there before.
async fn load(studio: &Studio, time: Duration, control: bool) -> Result<Ran> {
    let (base, http, form) = (studio.edge.url().to_owned(), client()?, uploads::form()?);
    let load = Arc::new(Load { base, http, form, control });
    let (first, _) = load.honest(0).await?;
    let end = Instant::now() + time;
    let attack = every(ATTACK, end, |number| {
        let load = Arc::clone(&load);
        async move { load.attack(number).await }
    });
    let honest = every(HONEST, end, |number| {
        let load = Arc::clone(&load);
        async move { load.honest(number + 1).await }
    });
    let (attacked, honest) = tokio::try_join!(attack, honest)?;
    let (mut times, mut jobs) = (Vec::new(), vec![first.id]);
    for (job, took) in honest {
        assert_eq!(job.state, JobState::Succeeded, "an honest visitor's: {job:?}");
        times.push(took);
        jobs.push(job.id);
    }
    jobs.extend(attacked.into_iter().flatten());
    times.sort();
    Ok(Ran { times, jobs })
}

/// A studio for that long, and some minutes in which its jobs end, whose sandbox keeps the bodies of few calls.
fn setup(time: Duration) -> Setup {
    let sandbox = Settings { slow: SLOW, remembered: 16, ..Settings::for_tests() };
    let runs_for = time + Duration::from_mins(5);
    Setup { sandbox, runs_for, ..Setup::default() }.default_limits(DAY)
}

/// The attacked run: nobody honest is refused, every job ends, and the books are the sandbox's.
async fn attacked(time: Duration) -> Result<Ran> {
    let studio = setup(time).start().await?;
    let ran = load(&studio, time, false).await?;
    let day = settled(&studio, "demo", Duration::from_mins(2)).await?;
    assert_eq!(day.reserved_usd, Nano::ZERO, "a reservation stays open");
    // What is booked without a price is what upstream's faults spent: the sandbox charges nothing for those.
    let priced = day.charged_usd.checked_sub(day.unknown_usd);
    assert_eq!(priced, Some(studio.sandbox.books().charged()), "{day:?}");
    let visitor = studio.visitor().await?;
    for id in &ran.jobs {
        let job = visitor.job(id).await?;
        assert!(job.state.is_final(), "{job:?}");
    }
    let attacker = ran.jobs.len() - ran.times.len() - 1;
    eprintln!("{} honest jobs, {attacker} of the attacker; {day:?}", ran.times.len() + 1);
    studio.stop().await?;
    Ok(ran)
}

#[test]
fn attacks_of_every_kind_at_once_leave_the_honest_and_the_books_alone() {
    run(async {
        let ran = attacked(Duration::from_secs(16)).await?;
        eprintln!("p95 of the honest {:?}", ran.p95()?);
        Ok(())
    });
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn ten_minutes_of_attacks_make_the_honest_wait_three_times_as_long_at_most() {
    run(async {
        let seconds = std::env::var("EASEL_SOAK_SECONDS").ok().and_then(|it| it.parse().ok());
        let time = Duration::from_secs(seconds.unwrap_or(600));
        let studio = setup(time / 3).start().await?;
        let control = load(&studio, time / 3, true).await?.p95()?;
        studio.stop().await?;
        let ran = attacked(time).await?;
        let p95 = ran.p95()?;
        let told = "p95 of the honest under every attack";
        table::print(&format!("{told}: {p95:?} in {time:?}, {control:?} in the control run\n"));
        assert!(p95 <= control * FACTOR, "{p95:?}, and {control:?} without the attack");
        Ok(())
    });
}
