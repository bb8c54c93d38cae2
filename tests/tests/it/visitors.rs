//! Visitors without accounts: networks, pauses, the challenge.

use anyhow::Result;
use contract::{problem::ProblemKind, route, session::Session};
use futures_util::future::join_all;
use reqwest::Client;
use sandbox::{ChallengeToken, SiteverifyFault};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    challenge::{SITE_KEY, challenge_token},
    money::order,
    run,
    studio::{Setup, Studio, open_network},
    visitor::{Visitor, client, client_from, problem},
};
use tokio::time::Instant;

async fn refused(visitor: &Visitor, body: &Value) -> Result<contract::problem::Problem> {
    problem(visitor.ask(body).await?).await
}

#[test]
fn a_network_is_an_address_or_a_56_and_has_its_own_limits() {
    run(async {
        let studio = Setup::default().site("network", open_network(3, 2)).start().await?;
        let from = async |address: &str| {
            Visitor::open_on(studio.edge.url(), "demo", client_from(address)?).await
        };
        let (home, also_home) =
            (from("2001:db8:0:ff00::1").await?, from("2001:db8:0:ffff::2").await?);
        let full = from("2001:db8:0:ff01::3").await.err().expect("the third session").to_string();
        assert!(full.contains("visitor-limit"), "{full}");
        let elsewhere = from("2001:db8:1::1").await?;
        home.make(&order()).await?;
        also_home.make(&json!({ "prompt": "a cat", "count": 2 })).await?;
        for visitor in [&home, &also_home] {
            let limited = refused(visitor, &order()).await?;
            assert_eq!(limited.kind, ProblemKind::VisitorLimit);
            let resets_at = limited.resets_at.expect("tomorrow");
            assert_eq!(resets_at, resets_at.day().start());
        }
        let left: contract::session::Allowance = home.get(route::ALLOWANCE).await?.json().await?;
        assert_eq!((left.remaining, left.limit), (0, 3));
        elsewhere.make(&order()).await?;
        // A header that a client can set does not move it to another network.
        let spoofed =
            home.request(reqwest::Method::POST, route::JOBS).header("idempotency-key", "x");
        let spoofed = spoofed
            .header("x-forwarded-for", "203.0.113.9")
            .header("true-client-ip", "203.0.113.9");
        let answer = problem(spoofed.json(&order()).send().await?).await?;
        assert_eq!(answer.kind, ProblemKind::VisitorLimit);
        // A renewal is not a new session.
        let again =
            home.request(reqwest::Method::POST, route::SESSIONS).json(&json!({ "site": "demo" }));
        assert_eq!(again.send().await?.status(), 201);
        assert!(!studio.edge.log().contains("2001:db8"), "no address is logged");
        studio.stop().await
    });
}

#[test]
fn who_is_refused_again_and_again_is_paused() {
    run(async {
        let limits =
            json!({ "per_hour": 100, "per_day": 100, "concurrent": 9, "refusals_per_hour": 2 });
        let studio = Setup::default().site("visitor", limits).start().await?;
        let visitor = studio.visitor().await?;
        visitor.make(&json!({ "prompt": "sandbox:refuse", "count": 4 })).await?;
        visitor.make(&json!({ "prompt": "sandbox:cut" })).await?;
        let last = visitor.make(&json!({ "prompt": "sandbox:refuse-older" })).await?;
        assert_eq!(last.allowance.map(|left| left.remaining), Some(0));
        let paused = refused(&visitor, &order()).await?;
        assert_eq!(paused.kind, ProblemKind::VisitorLimit);
        let seconds = paused.retry_after_seconds.expect("within the hour");
        // A refusal counts from the end of its second, so the pause may be up to a second longer than an hour.
        assert!((3_500..=3_601).contains(&seconds), "{seconds} s");
        studio.visitor().await?.make(&order()).await?;
        studio.stop().await
    });
}

#[test]
fn the_models_maker_is_told_networks_apart_and_new_sessions_change_nothing() {
    run(async {
        let studio = Studio::shared().await?;
        let open = async |address: &str| {
            Visitor::open_on(studio.edge.url(), "demo", client_from(address)?).await
        };
        let (one, again) = (open("203.0.113.71").await?, open("203.0.113.71").await?);
        let other = open("203.0.113.72").await?;
        for visitor in [&one, &again, &other] {
            visitor.make(&json!({ "prompt": "told apart" })).await?;
        }
        let calls = studio.sandbox.books().calls();
        let told: Vec<String> = calls
            .iter()
            .filter_map(sandbox::Call::json)
            .filter(|body| body["prompt"] == "PREFIX told apart SUFFIX")
            .map(|body| body["providerOptions"]["openai"]["safetyIdentifier"].to_string())
            .collect();
        assert_eq!(told.len(), 3);
        assert!(told[0] == told[1] && told[0] != told[2] && told[0].len() == 66, "{told:?}");
        Ok(())
    });
}

async fn open(studio: &Studio, http: &Client, token: Option<&str>) -> Result<reqwest::Response> {
    let body = json!({ "site": "demo", "challenge": token });
    let request = http.post(format!("{}{}", studio.edge.url(), route::SESSIONS));
    let body = if token.is_some() { body } else { json!({ "site": "demo" }) };
    Ok(request.json(&body).send().await?)
}

#[test]
fn one_token_opens_one_session_however_many_race() {
    run(async {
        let (studio, http) = (Setup::default().start_challenged().await?, client()?);
        let token = studio.sandbox.challenge_token(challenge_token());
        let asked = (0..100).map(|_| open(&studio, &http, Some(&token)));
        let mut opened = Vec::new();
        for response in join_all(asked).await {
            let response = response?;
            if response.status() == 201 {
                opened.push(response.json::<Session>().await?);
            } else {
                assert_eq!(problem(response).await?.kind, ProblemKind::ChallengeFailed);
            }
        }
        assert_eq!(opened.len(), 1);
        assert_eq!(
            studio.sandbox.siteverify_books().count(),
            1,
            "nobody else was even asked about"
        );
        // A renewal needs no challenge.
        let renewal = http.post(format!("{}{}", studio.edge.url(), route::SESSIONS));
        let renewal = renewal.bearer_auth(&opened[0].token).json(&json!({ "site": "demo" }));
        assert_eq!(renewal.send().await?.status(), 201);
        let site: Value =
            http.get(format!("{}/v1/sites/demo", studio.edge.url())).send().await?.json().await?;
        let script = format!("{}/turnstile/v0/api.js?render=explicit", studio.sandbox.origin());
        assert_eq!(
            site["challenge"],
            json!({ "provider": "turnstile", "site_key": SITE_KEY, "script": script })
        );
        let document = http.get(format!("{}/studio/demo", studio.edge.url())).send().await?;
        let csp = document.headers()["content-security-policy"].to_str()?.to_owned();
        // An isolated document could not show the challenge's frame.
        assert!(!document.headers().contains_key("cross-origin-embedder-policy"));
        let scripts =
            csp.split("; ").find(|it| it.starts_with("script-src 'self' 'wasm-unsafe-eval' "));
        let own = studio.sandbox.origin();
        assert!(scripts.is_some_and(|sources| sources.split(' ').any(|it| it == own)), "{csp}");
        assert!(csp.contains(&format!("frame-src {}", studio.sandbox.origin())), "{csp}");
        let told = format!(
            "{:?}{}{}",
            document.headers().clone(),
            document.text().await?,
            studio.edge.log()
        );
        assert!(!told.contains("CANARY"), "the secret stays here");
        studio.stop().await
    });
}

#[test]
fn what_is_not_our_fresh_token_opens_nothing() {
    run(async {
        let (studio, http) = (Setup::default().start_challenged().await?, client()?);
        let mint = |token| studio.sandbox.challenge_token(token);
        let long = "x".repeat(2049);
        for (what, token) in [
            ("none", None),
            ("an empty one", Some(String::new())),
            ("a long one", Some(long)),
            ("a forged one", Some("XXXX.DUMMY.TOKEN.XXXX".to_owned())),
            (
                "another host's",
                Some(mint(ChallengeToken {
                    hostname: "evil.example".to_owned(),
                    ..challenge_token()
                })),
            ),
            (
                "another action's",
                Some(mint(ChallengeToken { action: "login".to_owned(), ..challenge_token() })),
            ),
            (
                "an old one",
                Some(mint(ChallengeToken { age: Duration::from_secs(301), ..challenge_token() })),
            ),
        ] {
            let answer = problem(open(&studio, &http, token.as_deref()).await?).await?;
            assert_eq!(answer.kind, ProblemKind::ChallengeFailed, "{what}");
        }
        let good = mint(ChallengeToken { age: Duration::from_secs(290), ..challenge_token() });
        assert_eq!(open(&studio, &http, Some(&good)).await?.status(), 201);
        studio.stop().await
    });
}

#[test]
fn a_verifier_that_is_away_lets_nobody_in_and_one_that_stumbles_is_asked_again() {
    run(async {
        let (studio, http) = (Setup::default().start_challenged().await?, client()?);
        let mint = || studio.sandbox.challenge_token(challenge_token());
        studio.sandbox.fail_siteverify(Some(SiteverifyFault::InternalErrorOnce));
        assert_eq!(open(&studio, &http, Some(&mint())).await?.status(), 201);
        let calls = studio.sandbox.siteverify_books().calls();
        let key = |call: &sandbox::Call| call.json().map(|body| body["idempotency_key"].clone());
        assert!(calls.len() == 2 && key(&calls[0]) == key(&calls[1]), "the same question twice");
        for (fault, kind) in [
            (SiteverifyFault::ServerError, ProblemKind::Busy),
            (SiteverifyFault::Html, ProblemKind::ChallengeFailed),
            (SiteverifyFault::Slow(Duration::from_secs(20)), ProblemKind::Busy),
        ] {
            studio.sandbox.fail_siteverify(Some(fault));
            let began = Instant::now();
            let answer = problem(open(&studio, &http, Some(&mint())).await?).await?;
            assert_eq!(answer.kind, kind, "{fault:?}");
            assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
        }
        studio.sandbox.fail_siteverify(None);
        assert_eq!(open(&studio, &http, Some(&mint())).await?.status(), 201);
        studio.stop().await
    });
}

#[test]
fn a_challenge_without_its_secret_or_with_a_test_key_in_the_world_closes_the_edge() {
    run(async {
        let site = |verify_url: Option<&str>| json!({ "provider": "turnstile", "site_key": "0x4AAA", "verify_url": verify_url });
        for (challenge, secret) in [
            (site(Some("http://127.0.0.1:9/siteverify")), None),
            (site(None), Some("1x0000000000000000000000000000000AA")),
            (
                json!({ "provider": "turnstile", "site_key": "1x00000000000000000000AA" }),
                Some("0x4AAA"),
            ),
        ] {
            let mut setup = Setup::default().site("challenge", challenge);
            if let Some(secret) = secret {
                setup = setup.secret("TURNSTILE_SECRET_KEY", secret);
            }
            let studio = setup.start().await?;
            let answer = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
            assert_eq!(problem(answer).await?.kind, ProblemKind::Misconfigured);
            // The log comes by another way than the answer.
            while !studio.edge.log().contains("configuration.invalid") {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            studio.stop().await?;
        }
        Ok(())
    });
}
