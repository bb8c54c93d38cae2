//! What a 403 does to the visitor whose description met it, to the site, and to everybody else: nothing, unless the key is
//! dead.

use ProblemKind::{GatewayFailed, GatewayRefused, PromptRefused};
use anyhow::{Context, Result};
use contract::{
    job::{Job, JobState, PictureState},
    money::Nano,
    problem::ProblemKind,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use tests::{
    canned::{Canned, ReceivedRequest, answer, picture, small_png},
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client, client_from, problem},
};

/// What upstream answers to the word in a description.
const TERMS: &str = r#"{"error":{"message":"The request is prohibited due to a violation of provider Terms Of Service.","type":"permission_error"}}"#;
const FILTER: &str = "<!doctype html><title>Attention required</title><p>CANARY-FILTER";
const ACCOUNT: &str = r#"{"error":{"message":"Free tier users do not have access to this model.","type":"no_providers_available"}}"#;
const UNKNOWN: &str = r#"{"error":{"message":"CANARY-FORBIDDEN","type":"forbidden"}}"#;

const RICH: (u16, &str) = (200, r#"{"balance":"95.50","total_used":"4.50"}"#);

/// An upstream that answers a picture, but 403 to some descriptions, and this to who asks for the credits.
async fn upstream((status, credits): (u16, &'static str)) -> Result<Canned> {
    let (png, asked) = (small_png()?, AtomicU64::new(0));
    Canned::by(move |request: &ReceivedRequest| match request.path.as_str() {
        // Nothing at all: the connection is closed.
        "/v1/credits" if status == 0 => Vec::new(),
        "/v1/credits" => answer(status, "application/json", credits),
        "/v1/models" => answer(200, "application/json", r#"{"object":"list","data":[]}"#),
        _ => {
            let forbidden = |body| answer(403, "application/json", body);
            let says = |word: &str| request.body.contains(word);
            let every_fourth = || asked.fetch_add(1, Ordering::Relaxed) % 4 == 3;
            if says("a-word-of-terms") || (says("one-of-four") && every_fourth()) {
                forbidden(TERMS)
            } else if says("a-word-of-the-filter") {
                answer(403, "text/html", FILTER)
            } else if says("a-word-of-the-account")
                || (says("one-account-of-four") && every_fourth())
            {
                forbidden(ACCOUNT)
            } else if says("a-word-of-nobody") {
                forbidden(UNKNOWN)
            } else {
                picture(&png)
            }
        }
    })
    .await
}

async fn studio_on(upstream: &Canned) -> Result<Studio> {
    Setup::default().gateway("base_url", upstream.url().into()).start().await
}

/// A visitor of a network of its own.
async fn from(studio: &Studio, network: u8) -> Result<Visitor> {
    Visitor::open_on(studio.edge.url(), "demo", client_from(&format!("203.0.113.{network}"))?).await
}

async fn breaker(studio: &Studio) -> Result<Value> {
    let health = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
    Ok(health.json::<Value>().await?["breaker"].clone())
}

fn kind(job: &Job) -> Option<ProblemKind> {
    job.problem.as_ref().map(|problem| problem.kind)
}

fn looks_at_the_key(upstream: &Canned) -> usize {
    upstream.all().iter().filter(|asked| asked.path == "/v1/credits").count()
}

/// `words`: what the attacker describes, in turn; each time others order so many pictures.
async fn attack(words: &[&str], honest: usize) -> Result<()> {
    let upstream = upstream(RICH).await?;
    let studio = studio_on(&upstream).await?;
    let attacker = from(&studio, 66).await?;
    let others = [from(&studio, 1).await?, from(&studio, 2).await?];
    let mut refused = 0;
    for word in words {
        let count = if word.contains("four") { 4 } else { 1 };
        let job = attacker.make(&json!({ "prompt": word, "count": count })).await?;
        assert_eq!(breaker(&studio).await?, "closed", "{word}");
        let failed: Vec<_> = job.pictures.iter().filter_map(|own| own.problem.as_ref()).collect();
        assert_eq!(failed.len(), 1, "{word}: {job:?}");
        let expected = if word.contains("account") { GatewayRefused } else { PromptRefused };
        assert_eq!(failed[0].kind, expected, "{word}");
        let ready = job.pictures.iter().filter(|own| own.state == PictureState::Ready).count();
        assert_eq!(ready, count - 1, "{word}");
        for at in 0..honest {
            let answer = others[at % 2].ask(&json!({ "prompt": "a cat" })).await?;
            if answer.status() != 201 {
                refused += 1;
                continue;
            }
            let job: Job = answer.json().await?;
            let last = others[at % 2].watch(&job.id).await?.pop().context("no state")?;
            refused += usize::from(last.state != JobState::Succeeded);
        }
    }
    assert_eq!(refused, 0, "of {} honest requests", honest * words.len());
    let log = studio.edge.log();
    assert!(!log.contains("CANARY-F") && !log.contains("prohibited"), "the log repeats upstream");
    assert!(log.contains("gateway.refused job="), "{log}");
    studio.stop().await
}

#[test]
fn a_description_that_a_providers_terms_forbid_closes_the_site_for_nobody() {
    run(attack(&["a-word-of-terms"; 4], 22));
}

#[test]
fn a_mixed_attack_closes_the_site_for_nobody() {
    run(attack(
        &[
            "a-word-of-terms",
            "a-word-of-the-filter",
            "a-word-of-nobody",
            "one-of-four",
            "one-account-of-four",
        ],
        6,
    ));
}

#[test]
fn a_403_is_the_keys_where_the_key_is_dead_and_then_the_site_is_closed_at_once() {
    run(async {
        for credits in [(401, ""), (402, ""), (200, r#"{"balance":"0","total_used":"5"}"#)] {
            let upstream = upstream(credits).await?;
            let studio = studio_on(&upstream).await?;
            let visitor = from(&studio, 1).await?;
            let job = visitor.make(&json!({ "prompt": "a-word-of-the-filter" })).await?;
            assert_eq!(kind(&job), Some(GatewayRefused), "{credits:?}");
            assert_eq!(job.cost.and_then(|cost| cost.charged_usd), Some(Nano::ZERO));
            let other = from(&studio, 2).await?;
            let stopped = problem(other.ask(&json!({ "prompt": "a cat" })).await?).await?;
            assert_eq!(stopped.kind, GatewayRefused, "{credits:?}");
            assert_eq!(breaker(&studio).await?, "open", "{credits:?}");
            assert!(studio.edge.log().contains("reason=key"));
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn a_known_refusal_of_the_account_closes_the_site_without_a_look_at_the_key() {
    run(async {
        let upstream = upstream(RICH).await?;
        let studio = studio_on(&upstream).await?;
        let visitor = from(&studio, 1).await?;
        let job = visitor.make(&json!({ "prompt": "a-word-of-the-account" })).await?;
        assert_eq!(kind(&job), Some(GatewayRefused));
        assert_eq!(looks_at_the_key(&upstream), 0);
        assert_eq!(breaker(&studio).await?, "open");
        studio.stop().await
    });
}

#[test]
fn where_nothing_is_learnt_of_the_key_nobody_is_blamed_and_the_site_stays_open() {
    run(async {
        for credits in [(0, ""), (500, ""), (403, FILTER), (200, "<html>")] {
            let upstream = upstream(credits).await?;
            let studio = studio_on(&upstream).await?;
            let visitor = from(&studio, 1).await?;
            for _ in 0..3 {
                let job = visitor.make(&json!({ "prompt": "a-word-of-the-filter" })).await?;
                assert_eq!(kind(&job), Some(GatewayFailed), "{credits:?}");
                assert_eq!(job.cost.and_then(|cost| cost.charged_usd), Some(Nano::ZERO));
            }
            assert_eq!(looks_at_the_key(&upstream), 1, "{credits:?}: at most one a minute");
            let job = visitor.make(&json!({ "prompt": "a cat" })).await?;
            assert_eq!(job.state, JobState::Succeeded, "{credits:?}");
            assert_eq!(tests::money::day(&studio, "demo").await?.refusals, 0);
            assert_eq!(breaker(&studio).await?, "closed", "{credits:?}");
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn from_the_third_network_in_a_row_on_nobody_is_blamed_until_a_picture_comes() {
    run(async {
        let upstream = upstream(RICH).await?;
        let studio = studio_on(&upstream).await?;
        let word = json!({ "prompt": "a-word-of-the-filter" });
        for (network, expected) in [
            (1, PromptRefused),
            (1, PromptRefused),
            (2, PromptRefused),
            (3, GatewayFailed),
            (1, GatewayFailed),
        ] {
            let job = from(&studio, network).await?.make(&word).await?;
            assert_eq!(kind(&job), Some(expected), "network {network}");
            studio.edge.evict_named("Ledger", "demo").await?;
        }
        let good = from(&studio, 4).await?.make(&json!({ "prompt": "a cat" })).await?;
        assert_eq!(good.state, JobState::Succeeded);
        let job = from(&studio, 3).await?.make(&word).await?;
        assert_eq!(kind(&job), Some(PromptRefused));
        assert_eq!(looks_at_the_key(&upstream), 1, "at most one a minute");
        studio.stop().await
    });
}

#[test]
fn where_no_call_tells_of_credits_another_that_wants_the_key_decides() {
    run(async {
        for (status, expected) in
            [(200, PromptRefused), (401, GatewayRefused), (500, GatewayFailed)]
        {
            let upstream = Canned::by(move |request: &ReceivedRequest| {
                if request.path == "/v1/models" {
                    answer(status, "application/json", "{}")
                } else {
                    answer(403, "text/html", FILTER)
                }
            })
            .await?;
            let setup = Setup::default().openai().gateway("base_url", upstream.url().into());
            let studio = setup.start().await?;
            let ask = json!({ "prompt": "a-word-of-the-filter", "count": 3 });
            let job = from(&studio, 1).await?.make(&ask).await?;
            for own in &job.pictures {
                let kind = own.problem.as_ref().map(|problem| problem.kind);
                assert_eq!(kind, Some(expected), "{status}");
            }
            let looks = upstream.all().iter().filter(|asked| asked.path == "/v1/models").count();
            assert_eq!(looks, 1, "pictures that met it at once share one look");
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn a_model_that_is_gone_by_a_sentence_blames_nobody_and_the_next_one_makes_the_picture() {
    const GONE: &str = r#"{"error":{"message":"The model 'gpt-image-1-mini' does not exist.","type":"image_generation_user_error","param":"model","code":"invalid_value"}}"#;
    run(async {
        for status in [400, 403, 404, 422] {
            let png = small_png()?;
            let upstream = Canned::by(move |request: &ReceivedRequest| {
                if request.body.contains("gpt-image-1-mini") {
                    answer(status, "application/json", GONE)
                } else {
                    picture(&png)
                }
            })
            .await?;
            let mut setup = Setup::default().gateway("base_url", upstream.url().into());
            setup.models.push(tests::models::model("openai/gpt-image-2", "1"));
            let visitor = json!({ "per_hour": 9, "per_day": 9, "refusals_per_hour": 1 });
            let studio = setup.site("visitor", visitor).start().await?;
            let visitor = from(&studio, 1).await?;
            for _ in 0..2 {
                let job = visitor.make(&json!({ "prompt": "a cat" })).await?;
                let made = (job.state, job.model.as_str());
                assert_eq!(made, (JobState::Succeeded, "openai/gpt-image-2"), "{status}");
            }
            assert_eq!(tests::money::day(&studio, "demo").await?.refusals, 0);
            assert_eq!(breaker(&studio).await?, "closed");
            studio.stop().await?;
        }
        Ok(())
    });
}
