//! `cargo xtask smoke` against a real edge, and against edges that lie: each lie is found by the check whose promise it
//! breaks.

mod job_lies;
mod lies;

use anyhow::{Context, Result};
use contract::money::Nano;
use engine::config::Config;
use preflight::smoke::Check;
use sandbox::Pace;
use serde_json::json;
use tests::{
    liar::{Honest, Liar, Lie},
    run,
    studio::{KEY, OPERATOR, Setup, Studio},
    utc_day,
    visitor::client,
};
use tokio::sync::OnceCell;
use xtask::{
    command::Smoke,
    deploy::address::Address,
    repo, settings,
    smoke::{Outcome, State, check},
};

static STUDIO: OnceCell<Studio> = OnceCell::const_new();

/// A picture takes two seconds: time to cancel it.
fn setup() -> Setup {
    let mut setup = Setup::default();
    setup.sandbox.pace = Pace::Human;
    setup
}

async fn studio() -> Result<&'static Studio> {
    utc_day::has_left(utc_day::USUAL).await;
    STUDIO.get_or_try_init(|| setup().start()).await
}

fn options(url: &str) -> Result<Smoke> {
    let url = Address::read(url).map_err(anyhow::Error::msg)?;
    Ok(Smoke { url, site: None, origin: None, max_usd: None })
}

/// The secrets of the tests' edge.
fn secrets() -> Vec<(&'static str, String)> {
    vec![
        ("AI_GATEWAY_API_KEY", KEY.to_owned()),
        ("EASEL_SIGNING_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
        ("EASEL_OPERATOR_TOKEN", OPERATOR.to_owned()),
    ]
}

/// What the command finds at an edge behind this lie.
async fn found(lie: impl Lie) -> Result<Outcome> {
    let liar = Liar::start(studio().await?.edge.url(), lie).await?;
    check(options(liar.url())?, &secrets(), None).await
}

#[test]
fn an_edge_that_keeps_its_promises_passes_every_check() {
    run(async {
        let liar = Liar::start(studio().await?.edge.url(), Honest).await?;
        let options = Smoke { origin: Some("https://acme.example".into()), ..options(liar.url())? };
        let outcome = check(options, &secrets(), None).await?;
        let expected: Vec<_> = Check::ALL.map(|check| (check, State::Passed)).into();
        assert_eq!(outcome.results, expected);
        let asked = liar.asked();
        // Every file of the build was found by the names in others.
        for file in std::fs::read_dir(repo::path("dist/assets"))? {
            let name = file?.file_name().to_string_lossy().into_owned();
            let path = format!("GET /assets/{}", name.trim_end_matches(".br"));
            assert!(asked.contains(&path), "{path} was not searched");
        }
        // The two orders, the first one again after the reload, and one without a session.
        assert_eq!(asked.iter().filter(|line| *line == "POST /v1/jobs").count(), 4);
        // Between its order and the first look nobody asks about the first job.
        let first = asked.iter().position(|line| line == "POST /v1/jobs").context("no order")?;
        let is_look = |line: &String| {
            line.starts_with("GET /v1/jobs/") && !line.starts_with("GET /v1/jobs/00000000")
        };
        let looked = asked.iter().position(is_look).context("no look")?;
        let between = &asked[first + 1..looked];
        assert!(between.len() > 40, "{between:?}");
        Ok(())
    });
}

/// Why the command ordered nothing.
async fn refusal(studio: &Studio, max: Option<&str>, config: Option<&Config>) -> Result<String> {
    let max_usd: Option<Nano> = max.and_then(|it| it.parse().ok());
    let options = Smoke { max_usd, ..options(studio.edge.url())? };
    let refused = check(options, &[], config).await.err().context("it ordered")?;
    assert_eq!(studio.sandbox.books().asked(), 0, "something was ordered");
    Ok(refused.to_string())
}

#[test]
fn on_a_real_gateway_nothing_is_ordered_without_a_sum_that_suffices() {
    run(async {
        let shows = Setup { samples: false, ..setup() }.start().await?;
        assert!(refusal(&shows, None, None).await?.contains("allow it with --max-usd 0.018"));
        assert!(refusal(&shows, Some("0.017"), None).await?.contains("--max-usd is 0.017"));
        let max_usd = "0.018".parse().ok();
        let outcome = check(Smoke { max_usd, ..options(shows.edge.url())? }, &[], None).await?;
        assert!(outcome.failed().is_empty(), "{outcome:?}");
        // The second one may be cancelled before it is sent upstream.
        assert!((1..=2).contains(&shows.sandbox.books().asked()));
        shows.stop().await?;

        let hides =
            Setup { samples: false, ..setup() }.site("show_cost", json!(false)).start().await?;
        assert!(refusal(&hides, Some("100"), None).await?.contains("shows no prices"));
        let config = settings::load(None)?.check()?;
        assert!(refusal(&hides, Some("0.001"), Some(&config)).await?.contains("may cost"));
        hides.stop().await
    });
}

#[test]
fn a_site_is_named_and_an_origin_is_checked() {
    run(async {
        let studio = Setup { more: vec!["other".to_owned()], ..setup() }.start().await?;
        let named = |site: &str, origin: &str| -> Result<Smoke> {
            let (site, origin) = (Some(site.to_owned()), Some(origin.to_owned()));
            Ok(Smoke { site, origin, ..options(studio.edge.url())? })
        };
        let outcome = check(named("other", "https://evil.example")?, &[], None).await?;
        assert_eq!(outcome.failed(), [Check::Embedding], "{outcome:?}");
        assert!(outcome.findings(Check::Embedding).contains("https://evil.example is not one of"));
        let secrets = outcome.results.last().context("no result")?;
        assert!(matches!(secrets, (Check::Secrets, State::NotChecked(_))), "{secrets:?}");
        let outcome = check(named("nobody", "https://acme.example")?, &[], None).await?;
        assert_eq!(outcome.failed(), [Check::Site], "{outcome:?}");
        // What nobody can order at is said with what to do.
        let url = format!("{}/v1/operator/switch", studio.edge.url());
        let body = json!({ "site": null, "open": false });
        let closed = client()?.put(url).bearer_auth(OPERATOR).json(&body).send().await?;
        closed.error_for_status()?;
        let outcome = check(options(studio.edge.url())?, &[], None).await?;
        assert_eq!(outcome.failed(), [Check::Edge], "{outcome:?}");
        studio.stop().await
    });
}
