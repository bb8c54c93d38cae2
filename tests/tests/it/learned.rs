//! What the Ledger learns of prices above the configured worst case: reserved from then on, listed, told, and reset.

use anyhow::{Context, Result};
use contract::{
    money::Nano,
    operator::{Forgotten, LearnedExcess},
    options::{Format, Quality, Size},
    problem::ProblemKind,
    site::Site,
    time::DAY_MS,
};
use painter::{Subject, encode, paint};
use reqwest::Method;
use sandbox::Settings;
use serde_json::json;
use std::time::Duration;
use tests::{
    hook::Hook,
    money::{PROMPT, WORST, books, day, order},
    run,
    studio::{OPERATOR, Setup, Studio},
    visitor::{Visitor, client, header, problem},
};
use tokio::time::sleep;
use xtask::clock;

/// What every picture costs in these tests: three worst cases.
const PRICE: u64 = 3 * WORST;

fn dear(setup: Setup) -> Setup {
    let sandbox = Settings { charge: Some(|_, _, _| Nano(PRICE)), ..Settings::for_tests() };
    Setup { sandbox, ..setup }
}

/// What was reserved for a job of one picture, and what it cost.
async fn cost(visitor: &Visitor) -> Result<(u64, u64)> {
    let cost = visitor.make(&order()).await?.cost.context("shown")?;
    Ok((cost.reserved_usd.0, cost.charged_usd.context("settled")?.0))
}

/// Resets what was learned, with that token and query.
async fn forget(studio: &Studio, token: &str, query: &str) -> Result<reqwest::Response> {
    let url = format!("{}/v1/operator/learned{query}", studio.edge.url());
    Ok(client()?.delete(url).bearer_auth(token).send().await?)
}

#[test]
fn a_price_above_the_worst_case_is_reserved_from_then_on_until_the_operator_resets_it() {
    run(async {
        let hook = Hook::start().await?;
        let alerts = Some(hook.url().to_owned());
        let more = vec!["other".to_owned()];
        let studio = dear(Setup { alerts, more, ..Setup::default() }).start().await?;
        let visitor = studio.visitor().await?;
        assert_eq!(cost(&visitor).await?, (WORST, PRICE));
        assert_eq!(cost(&visitor).await?, (PRICE, PRICE));
        studio.edge.evict_named("Ledger", "demo").await?;
        assert_eq!(cost(&visitor).await?, (PRICE, PRICE), "it is stored");

        let learned = books(studio.edge.url(), "demo").await?.learned;
        let [LearnedExcess { site, model, quality, size, inputs: 0, excess_usd, until }] =
            &learned[..]
        else {
            panic!("{learned:?}")
        };
        assert_eq!((&**site, &**model), ("demo", "openai/gpt-image-1-mini"));
        assert_eq!((*quality, size.to_string()), (Quality::Low, "1024x1024".to_owned()));
        assert_eq!(*excess_usd, Nano(2 * WORST));
        let days = until.since(clock::now()).div_ceil(DAY_MS);
        assert_eq!(days, 30);
        assert!(books(studio.edge.url(), "other").await?.learned.is_empty());
        let public = format!("{}/v1/sites/demo", studio.edge.url());
        let public: Site = client()?.get(public).send().await?.json().await?;
        let shown = public.estimates.context("estimates")?;
        let usd = shown.iter().find(|it| (it.size, it.quality) == (*size, *quality));
        let usd = usd.and_then(|it| it.usd).context("a price")?;
        assert_eq!(usd, Nano(5_000_000 + 2 * WORST), "what is shown is what is reserved");

        sleep(Duration::from_millis(300)).await;
        let told = hook.received();
        assert_eq!(told.len(), 1, "once a day: {told:?}");
        assert_eq!(told[0]["alert"], "above-reservation");
        let text = told[0]["text"].as_str().unwrap_or_default();
        let low = format!("worst_usd is too low by {} USD", Nano(2 * WORST));
        assert!(text.contains(&low) && text.contains(&until.day().to_string()), "{text}");
        assert!(!text.contains(PROMPT));

        // Only the operator resets it, for one site or for all.
        for (token, query, kind) in [
            ("", "", ProblemKind::OperatorOnly),
            (&*visitor.session.token, "?site=demo", ProblemKind::OperatorOnly),
            (OPERATOR, "?site=nobody", ProblemKind::UnknownSite),
            (OPERATOR, "?site=demo&from=2026-11-22", ProblemKind::InvalidRequest),
            (OPERATOR, "?model=x", ProblemKind::InvalidRequest),
        ] {
            assert_eq!(problem(forget(&studio, token, query).await?).await?.kind, kind, "{query}");
        }
        let url = format!("{}/v1/operator/learned", studio.edge.url());
        let get = client()?.request(Method::GET, url).bearer_auth(OPERATOR).send().await?;
        assert_eq!((get.status().as_u16(), header(&get, "allow")), (405, "DELETE"));
        for (query, count) in [("?site=other", 0), ("?site=demo", 1), ("?site=demo", 0), ("", 0)] {
            let answer = forget(&studio, OPERATOR, query).await?.error_for_status()?;
            assert_eq!(answer.json::<Forgotten>().await?.forgotten, count, "{query}");
        }
        assert!(books(studio.edge.url(), "demo").await?.learned.is_empty());
        assert_eq!(cost(&visitor).await?, (WORST, PRICE), "as it is configured");
        studio.stop().await
    });
}

#[test]
fn pictures_to_edit_have_an_excess_of_their_own() {
    run(async {
        let studio = dear(Setup::default()).start().await?;
        let visitor = studio.visitor().await?;
        let size = Size { width: 64, height: 64 };
        let picture = encode(&paint(&Subject { size, ..Subject::default() }), Format::Png, 80)?;
        let edit = async |count: usize| -> Result<(u64, u64)> {
            let pictures = vec![picture.clone(); count];
            let response = visitor.edit(&order(), &pictures).await?.error_for_status()?;
            let id = response.json::<contract::job::Job>().await?.id;
            let job = visitor.watch(&id).await?.pop().context("no state")?;
            let cost = job.cost.context("shown")?;
            Ok((cost.reserved_usd.0, cost.charged_usd.context("settled")?.0))
        };
        // One picture to edit has at most 2,000 tokens at 2,500 nano-dollars.
        let one = WORST + 5_000_000;
        assert_eq!(edit(1).await?, (one, PRICE));
        assert_eq!(edit(1).await?, (PRICE, PRICE));
        assert_eq!(cost(&visitor).await?, (WORST, PRICE), "an order without pictures to edit");
        assert_eq!(edit(3).await?.0, WORST + 15_000_000, "three have not cost too much");
        let learned = books(studio.edge.url(), "demo").await?.learned;
        let excess: Vec<_> = learned.iter().map(|it| (it.inputs, it.excess_usd.0)).collect();
        assert_eq!(excess, [(0, PRICE - WORST), (1, PRICE - one)]);
        studio.stop().await
    });
}

#[test]
fn a_worst_case_that_is_too_low_passes_the_cap_by_the_first_jobs_alone() {
    run(async {
        let cap = 10 * WORST;
        let budget = json!({ "day_usd": Nano(cap), "month_usd": "1000",
            "hour_percent": 100, "spare_percent": 0 });
        let studio = dear(Setup::default().site("budget", budget)).start().await?;
        let visitor = studio.visitor().await?;
        let mut made = 0;
        let refused = loop {
            let response = visitor.ask(&order()).await?;
            if response.status() != 201 {
                break problem(response).await?;
            }
            let job = response.json::<contract::job::Job>().await?;
            visitor.watch(&job.id).await?;
            made += 1;
        };
        assert_eq!((made, refused.kind), (3, ProblemKind::BudgetSpent));
        // A fourth would fit with what is configured, and would cost 12 worst cases together.
        assert_eq!(day(&studio, "demo").await?.charged_usd, Nano(3 * PRICE));
        studio.stop().await
    });
}
