//! Tests of a deploy as its operator runs it: against a small edge over real HTTP, with a wrangler that only records
//! its calls.

mod fake_services;

use self::fake_services::{BEFORE, Stage, TOKEN};
use super::{address::Address, *};
use serde_json::json;
use std::future::{pending, ready};

/// A file that may be deployed.
pub(crate) const GOOD: &str = include_str!("../../../preflight/src/safety/good.jsonc");

const RUNS: [&str; 3] = ["GET /healthz", "GET /v1/operator/ledger", "build"];

/// A deploy to the edge that the stage runs.
fn input(stage: &Stage) -> DeployInput {
    let url = Some(Address::read(stage.address()).unwrap());
    DeployInput {
        options: Deploy { url, first: false, wait: None, dry_run: false },
        file: GOOD.to_owned(),
        token: Some(TOKEN.to_owned()),
        environment: None,
        today: "2026-10-01".parse().unwrap(),
        unreleased: false,
    }
}

async fn succeed(stage: &Stage, given: DeployInput) {
    deploy(given, &mut &*stage, pending()).await.unwrap();
}

/// The reason why a deploy failed; asserts that it does not contain the token.
async fn fail(stage: &Stage, given: DeployInput, stop: impl Future<Output = ()>) -> String {
    let reason = deploy(given, &mut &*stage, stop).await.unwrap_err();
    let reason = format!("{reason:#}");
    assert!(!reason.contains(TOKEN), "{reason}");
    reason
}

#[tokio::test]
async fn it_closes_waits_deploys_checks_and_opens() {
    let stage = Stage::set("order", &[("demo", true)]).await;
    stage.world().reserved = vec!["0", "0", "0.005", "0.005", "0"];
    succeed(&stage, input(&stage)).await;
    let expected = [
        "set-up",
        "wrangler secret list --format json",
        "GET /healthz",
        "GET /v1/operator/ledger",
        "build",
        "GET /healthz",
        "GET /v1/operator/ledger",
        "PUT demo closed",
        "GET /v1/operator/ledger",
        "GET /v1/operator/ledger",
        "GET /v1/operator/ledger",
        "wrangler deploy",
        "GET /healthz",
        "PUT demo open",
    ];
    assert_eq!(stage.calls(), expected);
    assert_eq!(stage.open(), ["demo"]);
}

#[tokio::test]
async fn an_unsafe_file_is_refused_before_anything_is_asked() {
    let stage = Stage::set("unsafe", &[("demo", true)]).await;
    let file = GOOD
        .replace("https://www.example.com", "http://localhost:8787")
        .replace("2026-11-01", "2025-01-01");
    let reason = fail(&stage, DeployInput { file, ..input(&stage) }, pending()).await;
    // The error lists all reasons at once.
    assert!(reason.contains("origins") && reason.contains("compatibility_date"), "{reason}");
    let file = GOOD.replace(r#""day_usd""#, r#""dai_usd""#);
    let reason = fail(&stage, DeployInput { file, ..input(&stage) }, pending()).await;
    assert!(reason.contains("dai_usd"), "{reason}");
    // wrangler would deploy another part of the file than the one that is checked.
    let environment = Some("staging".to_owned());
    let reason = fail(&stage, DeployInput { environment, ..input(&stage) }, pending()).await;
    assert!(reason.contains("CLOUDFLARE_ENV"), "{reason}");
    assert!(stage.calls().is_empty());
}

#[tokio::test]
async fn a_version_that_is_not_released_is_rehearsed_and_not_deployed() {
    let stage = Stage::set("development", &[("demo", true)]).await;
    let given = || DeployInput { unreleased: true, ..input(&stage) };
    let reason = fail(&stage, given(), pending()).await;
    assert!(reason.contains("whose loader is not released"), "{reason}");
    assert!(stage.calls().is_empty());
    let mut dry = given();
    dry.options.dry_run = true;
    succeed(&stage, dry).await;
    assert!(stage.saw("wrangler deploy --dry-run"));
}

#[tokio::test]
async fn a_missing_secret_is_refused_before_anything_is_built() {
    let stage = Stage::set("secret", &[("demo", true)]).await;
    stage.secrets(&["EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN", "TURNSTILE_SECRET_KEY"]);
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains("secret put AI_GATEWAY_API_KEY"), "{reason}");
    assert_eq!(stage.calls(), ["set-up", "wrangler secret list --format json"]);
}

#[tokio::test]
async fn a_missing_or_wrong_token_is_refused_before_anything_closes() {
    let stage = Stage::set("token", &[("demo", true)]).await;
    for token in [None, Some(String::new()), Some("hush".to_owned())] {
        let reason = fail(&stage, DeployInput { token, ..input(&stage) }, pending()).await;
        assert!(reason.contains("EASEL_OPERATOR_TOKEN"), "{reason}");
    }
    assert!(stage.calls().is_empty());
    let token = Some("another-token-another-token-another".to_owned());
    let reason = fail(&stage, DeployInput { token, ..input(&stage) }, pending()).await;
    assert!(reason.contains("EASEL_OPERATOR_TOKEN") && !reason.contains("another"), "{reason}");
    assert!(!stage.saw("PUT") && !stage.saw("build"));
}

#[tokio::test]
async fn a_site_that_was_closed_stays_closed() {
    let mut stage = Stage::set("closed", &[("demo", true), ("shut", false), ("late", true)]).await;
    // Somebody closes a site while the build runs.
    stage.on_build = |world| world.sites.extend([("late".into(), false)]);
    succeed(&stage, input(&stage)).await;
    assert_eq!(stage.open(), ["demo"]);
    assert!(!stage.saw("PUT shut") && !stage.saw("PUT late"), "{:?}", stage.calls());
}

#[tokio::test]
async fn a_failed_upload_opens_again() {
    let stage = Stage::set("upload", &[("a", true), ("b", true), ("shut", false)]).await;
    // wrangler's real output for a failure: an object of 150 lines stands between its two sentences.
    let dump = "    _events: [Object: null prototype] {},\n".repeat(150);
    stage.refuse_uploads(&format!(
        "[custom build] Running: cargo xtask build edge\n\u{1b}[31m✘ [ERROR]\u{1b}[0m k [Error]: exited\n\n{dump}\n\n\
         \u{1b}[31m✘ [ERROR]\u{1b}[0m the upload was refused\n\n🪵  Logs were written to \"x\"\n"
    ));
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.ends_with("\n\nthe upload was refused"), "{reason}");
    assert!(reason.starts_with("`wrangler deploy` failed (exit status: 1)"), "{reason}");
    assert_eq!(stage.open(), ["a", "b"]);
    assert!(stage.saw("PUT a closed") && stage.saw("PUT b closed"));
}

#[tokio::test]
async fn jobs_that_do_not_end_in_time_are_not_cut() {
    let stage = Stage::set("limit", &[("demo", true)]).await;
    stage.world().reserved = vec!["0.036"];
    let mut given = input(&stage);
    given.options.wait = Some(0);
    let reason = fail(&stage, given, pending()).await;
    assert!(reason.contains("0.036 USD") && reason.contains("--wait"), "{reason}");
    assert!(stage.saw("PUT demo closed") && !stage.saw("wrangler deploy"));
    assert_eq!(stage.open(), ["demo"]);
}

#[tokio::test]
async fn an_interruption_opens_again() {
    let stage = Stage::set("interrupted", &[("demo", true)]).await;
    // The money stays reserved, so the jobs never end.
    stage.world().reserved = vec!["0.036"];
    let closed = async {
        while !stage.saw("PUT demo closed") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let reason = fail(&stage, input(&stage), closed).await;
    assert!(reason.contains("interrupted"), "{reason}");
    assert_eq!(stage.open(), ["demo"]);
    assert!(!stage.saw("wrangler deploy"));
    let reason = fail(&stage, input(&stage), ready(())).await;
    assert!(reason.contains("before anything changed"), "{reason}");
}

#[tokio::test]
async fn a_site_that_does_not_close_stops_it() {
    let stage = Stage::set("stuck", &[("a", true), ("b", true)]).await;
    stage.world().stuck = vec![("b", false)];
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains("did not change the switch of b: 503 busy"), "{reason}");
    assert_eq!(stage.open(), ["a", "b"]);
    // The response to closing `b` may have been lost, so `b` is opened too.
    assert!(stage.saw("PUT b open") && !stage.saw("wrangler deploy"));
}

#[tokio::test]
async fn a_site_that_cannot_be_opened_is_named_with_the_command_that_opens_it() {
    let stage = Stage::set("shut", &[("a", true), ("b", true)]).await;
    stage.world().stuck = vec![("a", true)];
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains("deployed, but these sites are still closed: a;"), "{reason}");
    assert!(reason.contains("Bearer $EASEL_OPERATOR_TOKEN"), "{reason}");
    assert_eq!(stage.open(), ["b"]);
    let tries = stage.calls().iter().filter(|call| *call == "PUT a open").count();
    assert_eq!(tries, 5);
}

#[tokio::test]
async fn a_version_that_does_not_answer_is_an_error_and_opens_again() {
    let stage = Stage::set("version", &[("demo", true)]).await;
    stage.world().after = BEFORE;
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains(&format!("still answers {BEFORE}")), "{reason}");
    assert_eq!(stage.open(), ["demo"]);
}

#[tokio::test]
async fn a_site_that_is_no_longer_served_needs_no_opening() {
    let stage = Stage::set("gone", &[("demo", true), ("old", true)]).await;
    stage.world().gone = vec!["old"];
    succeed(&stage, input(&stage)).await;
    assert!(stage.saw("PUT old closed"));
}

#[tokio::test]
async fn a_dry_run_touches_nothing() {
    let stage = Stage::set("dry", &[("demo", true), ("shut", false)]).await;
    let mut dry = input(&stage);
    dry.options.dry_run = true;
    succeed(&stage, dry).await;
    let expected = [
        &["set-up", "wrangler secret list --format json"],
        &RUNS[..],
        &["wrangler deploy --dry-run"],
    ];
    assert_eq!(stage.calls(), expected.concat());
    assert_eq!(stage.open(), ["demo"]);
}

#[tokio::test]
async fn a_first_deploy_closes_nothing() {
    let stage = Stage::set("first", &[("demo", true)]).await;
    stage.world().health = Some((404, json!({})));
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains("no Easel was found") && reason.contains("--first"), "{reason}");
    let mut dry = input(&stage);
    dry.options.dry_run = true;
    succeed(&stage, dry).await;
    assert!(stage.saw("wrangler deploy --dry-run"), "a rehearsal needs no edge that runs");
    let mut first = input(&stage);
    first.options.first = true;
    first.token = None;
    succeed(&stage, first).await;
    assert!(!stage.saw("PUT") && !stage.saw("GET /v1/operator"));
    assert_eq!(stage.calls()[stage.calls().len() - 2..], ["wrangler deploy", "GET /healthz"]);
}

#[tokio::test]
async fn an_edge_that_its_configuration_closed_can_be_replaced() {
    let stage = Stage::set("misconfigured", &[("demo", true)]).await;
    stage.world().health = Some((503, json!({ "kind": "misconfigured" })));
    succeed(&stage, input(&stage)).await;
    assert!(stage.saw("wrangler deploy") && !stage.saw("PUT"));
}

#[tokio::test]
async fn an_edge_that_does_not_report_its_switches_is_not_guessed_at() {
    let stage = Stage::set("silent", &[("demo", true)]).await;
    stage.world().reports_switches = false;
    succeed(&stage, input(&stage)).await;
    assert_eq!(stage.open(), ["demo"]);

    let stage = Stage::set("doubt", &[("another", false), ("demo", true)]).await;
    stage.world().reports_switches = false;
    let reason = fail(&stage, input(&stage), pending()).await;
    assert!(reason.contains("does not report which of its sites"), "{reason}");
    assert!(!stage.saw("PUT") && !stage.saw("build"));
}
