//! Refused descriptions of a network: the bound, the pause, the challenge in its place, and what the visitor sees.

use anyhow::{Context, Result};
use contract::{
    job::Job,
    problem::{Limit, Problem, ProblemKind},
    route,
    session::{Allowance, Session},
};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    browser::Browser,
    challenge::challenge_token,
    hook::Hook,
    money::order,
    page::composer::Composer,
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client_from, problem},
};
use tokio::time::{Instant, sleep};

const HOME: &str = "203.0.113.80";

/// Limits of which only that on a network's refused pictures is near.
fn bound(pictures: u32) -> Value {
    json!({
        "per_day": 1_000_000, "sessions_per_day": 1_000_000, "share_percent": 100,
        "refusals_per_day": pictures, "rate_limit": false
    })
}

async fn refused(visitor: &Visitor) -> Result<Problem> {
    problem(visitor.ask(&order()).await?).await
}

#[test]
fn a_network_at_its_bound_is_paused_for_an_hour_and_then_runs_one_job_at_a_time() {
    run(async {
        let setup = Setup::default().site("network", bound(4));
        let studio = setup.with_clock().await?.start().await?;
        studio.set_clock("2028-02-26T12:00:00Z".parse().expect("a time")).await?;
        let base = studio.edge.url();
        let open = async |address| Visitor::open_on(base, "demo", client_from(address)?).await;
        let (one, other) = (open(HOME).await?, open(HOME).await?);
        one.make(&json!({ "prompt": "sandbox:refuse", "count": 3 })).await?;
        other.make(&order()).await?;
        other.make(&json!({ "prompt": "sandbox:refuse" })).await?;
        let calls = studio.sandbox.books().asked();
        // A session that is opened now has no other bound.
        for visitor in [&one, &other, &open(HOME).await?] {
            let paused = refused(visitor).await?;
            assert_eq!(
                (paused.kind, paused.limit),
                (ProblemKind::VisitorLimit, Some(Limit::Refusals))
            );
            let seconds = paused.retry_after_seconds.context("within the hour")?;
            assert!((1..=3_601).contains(&seconds), "{seconds} s");
            let left: Allowance = visitor.get(route::ALLOWANCE).await?.json().await?;
            assert_eq!((left.remaining, Some(left.resets_at)), (0, paused.resets_at));
        }
        assert_eq!(studio.sandbox.books().asked(), calls, "nothing goes upstream");
        open("203.0.113.81").await?.make(&order()).await?;

        studio.set_clock("2028-02-26T13:02:00Z".parse().expect("a time")).await?;
        let (one, other) = (open(HOME).await?, open(HOME).await?);
        let trial = one.create(&json!({ "prompt": "sandbox:slow" })).await?;
        let second = refused(&other).await?;
        assert_eq!((second.limit, second.resets_at), (Some(Limit::Refusals), None));
        one.watch(&trial.id).await?;
        other.make(&json!({ "prompt": "sandbox:refuse" })).await?;
        assert!(refused(&one).await?.resets_at.is_some(), "the next hour");
        studio.stop().await
    });
}

/// A token as the widget on our page would get it.
fn token(studio: &Studio) -> String {
    studio.sandbox.challenge_token(challenge_token())
}

/// A visitor behind one address, whose requests are made by hand: a token renews its session.
struct Guest<'a> {
    studio: &'a Studio,
    http: Client,
    session: Session,
}

impl<'a> Guest<'a> {
    async fn open(studio: &'a Studio) -> Result<Self> {
        let http = client_from(HOME)?;
        let body = json!({ "site": "demo", "challenge": token(studio) });
        let request = http.post(format!("{}{}", studio.edge.url(), route::SESSIONS));
        let session = request.json(&body).send().await?.error_for_status()?.json().await?;
        Ok(Self { studio, http, session })
    }

    /// Renews the session with this token of a challenge, and returns the status.
    async fn pass(&mut self, token: &str) -> Result<u16> {
        let request = self.http.post(format!("{}{}", self.studio.edge.url(), route::SESSIONS));
        let body = json!({ "site": "demo", "challenge": token });
        let answer = request.bearer_auth(&self.session.token).json(&body).send().await?;
        let status = answer.status().as_u16();
        if status == 201 {
            self.session = answer.json().await?;
        }
        Ok(status)
    }

    async fn ask(&self, prompt: &str, key: &str) -> Result<reqwest::Response> {
        let url = format!("{}{}", self.studio.edge.url(), route::JOBS);
        let request = self.http.request(Method::POST, url).bearer_auth(&self.session.token);
        let body = json!({ "prompt": prompt });
        Ok(request.header("idempotency-key", key).json(&body).send().await?)
    }

    /// Orders a refused description, and waits until its job has ended: then it is counted.
    async fn is_refused(&self, key: &str) -> Result<()> {
        let mut job: Job =
            self.ask("sandbox:refuse", key).await?.error_for_status()?.json().await?;
        while !job.state.is_final() {
            sleep(Duration::from_millis(50)).await;
            let url = format!("{}{}", self.studio.edge.url(), route::job(&job.id));
            job = self.http.get(url).send().await?.error_for_status()?.json().await?;
        }
        assert_eq!(job.problem.map(|problem| problem.kind), Some(ProblemKind::PromptRefused));
        Ok(())
    }

    async fn is_challenged(&self) -> Result<()> {
        let asked = problem(self.ask("a cat", "key").await?).await?;
        assert_eq!((asked.kind, asked.limit), (ProblemKind::ChallengeFailed, None));
        Ok(())
    }
}

#[test]
fn where_a_site_has_a_challenge_a_network_at_its_bound_takes_it_before_the_next_order() {
    run(async {
        let studio = Setup::default().site("network", bound(1)).start_challenged().await?;
        let (mut one, mut other) = (Guest::open(&studio).await?, Guest::open(&studio).await?);
        one.is_refused("first").await?;
        one.is_challenged().await?;
        other.is_challenged().await?;
        assert_eq!(one.pass("XXXX.DUMMY.TOKEN.XXXX").await?, 403);
        one.is_challenged().await?;
        let used = token(&studio);
        assert_eq!(one.pass(&used).await?, 201);
        assert_eq!(other.pass(&used).await?, 403, "a token is taken once");
        assert_eq!(one.ask("a cat", "key").await?.status(), 201, "the same order under its key");
        assert_eq!(one.ask("a cat", "key").await?.status(), 200);
        other.is_challenged().await?;
        // A visitor who comes now takes one challenge, not two.
        let late = Guest::open(&studio).await?;
        assert_eq!(late.ask("a cat", "key").await?.status(), 201);
        // At twice the bound the pause begins, also for those who passed.
        one.is_refused("second").await?;
        assert_eq!(other.pass(&token(&studio)).await?, 201);
        for guest in [&one, &other] {
            let paused = problem(guest.ask("a cat", "last").await?).await?;
            assert_eq!((paused.status, paused.limit), (429, Some(Limit::Refusals)));
        }
        studio.stop().await
    });
}

#[test]
fn a_challenge_before_an_order_is_shown_and_the_order_goes_on_and_a_pause_says_why() {
    run(async {
        let studio = Setup::default().site("network", bound(1)).start_challenged().await?;
        let browser = Browser::on(&studio, "").await?;
        let ask = async |prompt: &str| {
            Composer(&browser).fill("").await?;
            browser.click("textbox", "Describe a picture").await?;
            browser.type_text(prompt).await?;
            browser.press("Enter").await
        };
        ask("sandbox:refuse").await?;
        browser.click("button", "I am human").await?;
        browser.read("The picture service refused this description").await?;
        ask("A fox who waits").await?;
        browser.read("One short check before your picture").await?;
        assert_eq!(studio.sandbox.books().asked(), 1);
        browser.click("button", "I am human").await?;
        browser.see("image", "A fox who waits").await?;
        assert_eq!(studio.sandbox.siteverify_books().count(), 2);
        ask("sandbox:refuse once more").await?;
        let card = Some("The picture service refused this description");
        let both = async || Ok(browser.count("group", card).await? == 2);
        browser.until_true("a second card", both).await?;
        ask("A hare").await?;
        browser.read("Several descriptions were refused").await?;
        browser.read("New ones from ").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn faults_that_open_the_breaker_are_told_once_with_their_cause() {
    let cause = ["HTTP 500, fault", "status=500 reason=fault"];
    run(told_once(Setup::default(), "sandbox:500", cause));
}

#[test]
fn faults_inside_a_stream_are_told_by_a_word_and_without_its_status() {
    let cause = ["stream-error", "status=0 reason=stream-error"];
    run(told_once(Setup::default().openai(), "sandbox:sse-error", cause));
}

/// A prompt of five networks fails, which opens the breaker: the cause is in the alert and in the log.
async fn told_once(setup: Setup, prompt: &str, [in_alert, in_log]: [&str; 2]) -> Result<()> {
    let hook = Hook::start().await?;
    let setup = Setup { alerts: Some(hook.url().to_owned()), ..setup };
    let studio = setup.start().await?;
    for network in 0..5 {
        let http = client_from(&format!("203.0.113.{}", 100 + network))?;
        let visitor = Visitor::open_on(studio.edge.url(), "demo", http).await?;
        visitor.make(&json!({ "prompt": prompt })).await?;
    }
    let stopped = refused(&studio.visitor().await?).await?;
    assert_eq!(stopped.kind, ProblemKind::Busy);
    let until = Instant::now() + Duration::from_secs(10);
    while hook.received().is_empty() && Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
    }
    let received = hook.received();
    let [alert] = received.as_slice() else { panic!("one alert: {received:?}") };
    assert_eq!(alert["alert"], "gateway-failed");
    let text = alert["text"].as_str().unwrap_or_default();
    assert!(text.contains(&format!("({in_alert}), for visitors of 5 networks")), "{text}");
    let log = studio.edge.log();
    let line = format!("breaker.opened why=faults {in_log} networks=5 site=demo");
    assert!(log.contains(&line), "{log}");
    studio.stop().await
}
