//! What an upstream fault becomes: the plain problem, the ledger's word, and nothing of what upstream said.

use contract::{job::JobState, problem::ProblemKind};
use serde_json::json;
use tests::{run, studio::Studio};

/// The ledger's word.
#[derive(Debug, PartialEq)]
enum Word {
    Refund,
    Spent,
}

/// Asks for a picture that fails, and says how.
#[track_caller]
fn check(fault: &'static str, kind: ProblemKind, word: &Word, upstream_calls: usize) {
    run(async move {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let prompt = format!("fails sandbox:{fault}");
        let job = visitor.make(&json!({ "prompt": prompt })).await?;
        assert_eq!(
            (job.state, job.problem.as_ref().map(|problem| problem.kind)),
            (JobState::Failed, Some(kind))
        );
        assert_eq!(job.pictures[0].problem.as_ref().map(|problem| problem.kind), Some(kind));
        let cost = job.cost.expect("shown");
        let expected =
            if *word == Word::Refund { contract::money::Nano::ZERO } else { cost.reserved_usd };
        assert_eq!(cost.charged_usd, Some(expected), "{word:?}");
        let calls = studio.sandbox.books().calls();
        let asked = calls
            .iter()
            .filter(|call| {
                call.json().is_some_and(|body| {
                    body["prompt"].as_str() == Some(&format!("PREFIX {prompt} SUFFIX"))
                })
            })
            .count();
        assert_eq!(asked, upstream_calls);
        let told = serde_json::to_string(&job)?;
        for word in [
            "safety system",
            "help.openai.com",
            "sexual",
            "BAD_GATEWAY",
            "FUNCTION_INVOCATION",
            "Rate limit",
            "PREFIX",
            "SUFFIX",
        ] {
            assert!(!told.contains(word), "{word} was relayed: {told}");
        }
        Ok(())
    });
}

#[test]
fn a_refusal_is_told_apart_in_every_shape_and_costs_nothing() {
    for fault in ["refuse", "refuse-older", "refuse-message"] {
        check(fault, ProblemKind::PromptRefused, &Word::Refund, 1);
    }
}

#[test]
fn a_busy_gateway_is_asked_twice_more() {
    check("busy", ProblemKind::Busy, &Word::Refund, 3);
}

#[test]
fn a_connection_that_is_cut_is_spent() {
    check("cut", ProblemKind::GatewayFailed, &Word::Spent, 1);
}

#[test]
fn an_answer_that_ends_early_is_spent() {
    check("truncated", ProblemKind::GatewayFailed, &Word::Spent, 1);
}

#[test]
fn a_page_in_place_of_an_answer_is_spent() {
    check("html", ProblemKind::GatewayFailed, &Word::Spent, 1);
    check("plain", ProblemKind::GatewayFailed, &Word::Spent, 1);
}

#[test]
fn while_upstream_asks_for_patience_the_visitor_is_told_until_when() {
    run(async {
        let visitor = Studio::shared().await?.visitor().await?;
        let job = visitor.create(&json!({ "prompt": "patience sandbox:busy" })).await?;
        let states = visitor.watch(&job.id).await?;
        assert!(states.iter().any(|state| state.waiting_until.is_some()));
        Ok(())
    });
}
