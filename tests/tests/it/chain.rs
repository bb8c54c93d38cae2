//! The chain of models: which one is asked, on which day, at which price, and what happens when one is gone.
//!
//! The edge's clock is set here: no test waits for a day, and none depends on today's.

use anyhow::{Context, Result};
use contract::{
    document::StudioData,
    job::{Job, JobState},
    money::Nano,
    options::{Format, Quality, Size},
    problem::ProblemKind,
    site::Site,
    time::Timestamp,
};
use painter::{Subject, encode, paint};
use sandbox::Settings as Gateway;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    run,
    studio::{Setup, Studio, open_budget, open_network},
    visitor::{client, problem},
};
use tokio::time::sleep;
use xtask::settings;

const MINI: &str = "openai/gpt-image-1-mini";
const FLARE: &str = "openai/gpt-image-2.5-flare";
const LAST_MINUTE: &str = "2026-11-30T23:59:00Z";
const SHUT_DOWN: &str = "2026-12-01T00:00:00Z";

fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

/// The shipped configuration, with prices to be seen.
async fn shipped() -> Result<Setup> {
    let changes = [
        ("show_cost", json!(true)),
        ("origins", json!(["https://acme.example"])),
        ("budget", open_budget("100", "1000")),
        ("visitor", json!({ "per_hour": 1000, "per_day": 1000, "concurrent": 100 })),
        ("network", open_network(1000, 200)),
    ];
    Setup::default().configured(&settings::load(None)?, &changes).with_clock().await
}

/// The site's facts in the frame's document.
async fn site(studio: &Studio) -> Result<Site> {
    let url = format!("{}/studio/demo", studio.edge.url());
    let page = client()?.get(url).send().await?.error_for_status()?.text().await?;
    let block = page.split("application/json").nth(1).and_then(|rest| rest.split_once('>'));
    let block = block.and_then(|(_, rest)| rest.split("</script>").next());
    let data: StudioData = serde_json::from_str(block.context("the document holds no data")?)?;
    Ok(data.site)
}

/// What the frame's document says that a square draft costs.
async fn told(studio: &Studio) -> Result<Option<Nano>> {
    let site = site(studio).await?;
    let square = "1024x1024".parse().ok();
    let estimates = site.estimates.context("no estimates")?;
    let draft = estimates.iter().find(|it| Some(it.size) == square && it.quality == Quality::Low);
    Ok(draft.and_then(|draft| draft.usd))
}

/// How often upstream was asked for a picture by a model's name.
fn asked(studio: &Studio, model: &str) -> usize {
    let calls = studio.sandbox.books().calls();
    calls.iter().filter(|call| call.json().is_some_and(|body| body["model"] == model)).count()
}

fn draft(prompt: &str) -> Value {
    json!({ "prompt": prompt, "size": "1024x1024", "quality": "low" })
}

/// What is reserved for a square draft at a price for the picture and one for each byte of the prompt.
fn worst(picture: u64, byte: u64, prompt: &str) -> Nano {
    Nano(picture + prompt.len() as u64 * byte)
}

fn reserved(job: &Job) -> Result<Nano> {
    Ok(job.cost.context("shown")?.reserved_usd)
}

#[test]
fn the_shipped_chain_moves_on_with_the_day_and_the_price_is_told_before() {
    run(async {
        let studio = shipped().await?.start().await?;
        studio.set_clock(at(LAST_MINUTE)).await?;
        let prompt = "the last minute";
        assert_eq!(told(&studio).await?, Some(Nano(5_000_000)));
        let visitor = studio.visitor().await?;
        let job = visitor.make(&draft(prompt)).await?;
        assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, MINI));
        assert_eq!(reserved(&job)?, worst(5_000_000, 2_000, prompt));
        let minis = asked(&studio, MINI);
        assert_eq!(minis, 1);

        studio.set_clock(at(SHUT_DOWN)).await?;
        assert_eq!(told(&studio).await?, Some(Nano(7_000_000)), "before anything is ordered");
        let visitor = studio.visitor().await?;
        let job = visitor.make(&draft(prompt)).await?;
        assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, FLARE));
        assert_eq!(reserved(&job)?, worst(7_000_000, 5_000, prompt));
        assert_eq!((asked(&studio, MINI), asked(&studio, FLARE)), (minis, 1));
        let charged = job.cost.and_then(|cost| cost.charged_usd).context("charged")?;
        assert!(charged > Nano::ZERO && charged <= reserved(&job)?, "{charged}");
        studio.stop().await
    });
}

/// A picture of so many pixels a side, as a visitor's browser could send it.
fn wide(width: u16) -> Vec<u8> {
    let size = Size { width, height: 16 };
    encode(&paint(&Subject { size, ..Subject::default() }), Format::Png, 90).expect("a picture")
}

#[test]
fn pictures_to_edit_are_bounded_by_the_models_that_live() {
    run(async {
        let studio = shipped().await?.start().await?;
        for (time, largest) in [(LAST_MINUTE, 2048), (SHUT_DOWN, 1536)] {
            studio.set_clock(at(time)).await?;
            // What the studio scales to is what every model that lives takes.
            let site = site(&studio).await?;
            assert_eq!((site.max_inputs, site.max_input_side), (4, 1536));
            let visitor = studio.visitor().await?;
            let refused = visitor.edit(&draft("too large"), &[wide(largest + 16)]).await?;
            assert_eq!(problem(refused).await?.kind, ProblemKind::TooLarge, "{time}");
            let taken = visitor.edit(&draft("as large as it may be"), &[wide(largest)]).await?;
            assert_eq!(taken.status(), 201, "{time}");
        }
        studio.stop().await
    });
}

/// Two models at different prices, of which the first is gone by surprise.
async fn dying(first_of: &[&str], gone: &[&str]) -> Result<Setup> {
    let gone = gone.iter().map(|id| (*id).to_owned()).collect();
    let sandbox = Gateway { gone, ..Gateway::for_tests() };
    let prices = ["0.005", "0.007", "0.009"];
    let models =
        first_of.iter().zip(prices).map(|(id, usd)| tests::models::model(id, usd)).collect();
    Setup { sandbox, models, ..Setup::default() }.with_clock().await
}

/// Waits until the Ledger has marked a model.
async fn marked(studio: &Studio, model: &str) -> Result<()> {
    let line = format!("gateway.model_marked model={model}");
    tokio::time::timeout(Duration::from_secs(20), async {
        while !studio.edge.log().contains(&line) {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .with_context(|| format!("no mark: {}", studio.edge.log()))
}

#[test]
fn a_model_that_dies_by_surprise_is_asked_by_those_who_were_granted_it_and_then_by_nobody_for_an_hour()
 {
    run(async {
        let studio = dying(&[MINI, FLARE], &[MINI]).await?.start().await?;
        studio.set_clock(at("2026-07-01T12:00:00Z")).await?;
        let visitor = studio.visitor().await?;
        studio.sandbox.hold();
        let mut jobs = Vec::new();
        for number in 0..3 {
            jobs.push(visitor.create(&draft(&format!("granted before {number}"))).await?);
        }
        assert!(jobs.iter().all(|job| job.model == MINI), "nobody knows yet");
        studio.sandbox.release();
        for job in jobs {
            let last = visitor.watch(&job.id).await?.pop().context("no state")?;
            assert_eq!((last.state, last.model.as_str()), (JobState::Succeeded, FLARE));
        }
        assert_eq!((asked(&studio, MINI), asked(&studio, FLARE)), (3, 3));
        marked(&studio, MINI).await?;

        for number in 0..3 {
            let job = visitor.create(&draft(&format!("granted after {number}"))).await?;
            assert_eq!(job.model, FLARE, "the Ledger has chosen it");
            let last = visitor.watch(&job.id).await?.pop().context("no state")?;
            assert_eq!(last.state, JobState::Succeeded);
        }
        assert_eq!(
            told(&studio).await?,
            Some(Nano(7_000_000)),
            "the price of the one that is asked"
        );
        assert_eq!((asked(&studio, MINI), asked(&studio, FLARE)), (3, 6));

        // An hour later it gets another chance. A session lives as long, so this is a new one.
        studio.set_clock(at("2026-07-01T12:59:00Z")).await?;
        let late = studio.visitor().await?;
        assert_eq!(late.make(&draft("within the hour")).await?.model, FLARE);
        assert_eq!(asked(&studio, MINI), 3);
        studio.set_clock(at("2026-07-01T13:01:00Z")).await?;
        assert_eq!(late.make(&draft("after the hour")).await?.model, FLARE);
        assert_eq!(asked(&studio, MINI), 4);
        studio.stop().await
    });
}

#[test]
fn with_every_model_gone_or_past_its_day_the_first_is_asked_all_the_same() {
    run(async {
        let studio = dying(&[MINI, FLARE], &[MINI, FLARE]).await?.start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&draft("both are gone")).await?;
        assert_eq!(job.problem.map(|it| it.kind), Some(ProblemKind::Misconfigured));
        assert_eq!(job.cost.and_then(|cost| cost.charged_usd), Some(Nano::ZERO));
        marked(&studio, MINI).await?;
        marked(&studio, FLARE).await?;
        let asked_before = asked(&studio, MINI);
        let job = visitor.create(&draft("and yet")).await?;
        assert_eq!(job.model, MINI);
        visitor.watch(&job.id).await?;
        assert_eq!(asked(&studio, MINI), asked_before + 1);
        studio.stop().await?;

        let mut setup = dying(&[MINI, FLARE], &[]).await?;
        for model in &mut setup.models {
            model["shuts_down"] = "2026-12-01".into();
        }
        let studio = setup.start().await?;
        studio.set_clock(at("2027-03-01T00:00:00Z")).await?;
        let job = studio.visitor().await?.make(&draft("long past its day")).await?;
        assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, MINI));
        studio.stop().await
    });
}

/// How often upstream's list of models has been read to its end.
fn looked(calls: &[sandbox::Call]) -> usize {
    let list = |call: &&sandbox::Call| call.path == "/v1/models" && call.completed_after.is_some();
    calls.iter().filter(list).count()
}

#[test]
fn a_model_that_is_refused_while_the_list_has_it_is_left_by_that_job_alone_and_is_no_visitors_fault()
 {
    use sandbox::Gone;
    run(async {
        let pause = json!({ "per_hour": 100, "per_day": 100, "refusals_per_hour": 1 });
        let studio = dying(&[MINI, FLARE], &[]).await?.site("visitor", pause).start().await?;
        studio.set_clock(at("2026-07-01T12:00:00Z")).await?;
        let visitor = studio.visitor().await?;
        let shapes = [
            Gone::UserError,
            Gone::NotFound,
            Gone::MessageOnly,
            Gone::Wrapped,
            Gone::NoAccess,
            Gone::Unprocessable,
        ];
        for (number, gone) in shapes.into_iter().enumerate() {
            // Each meets a Ledger that may look at the list again: it does once a minute.
            studio.set_clock(at(&format!("2026-07-01T12:{:02}:00Z", 2 * number + 2))).await?;
            studio.sandbox.refuse_model(MINI, gone);
            let looks = looked(&studio.sandbox.books().calls());
            let job = visitor.create(&draft(&format!("refused as {gone:?}"))).await?;
            assert_eq!(job.model, MINI, "{gone:?}: it is asked first, whatever it said before");
            let job = visitor.watch(&job.id).await?.pop().context("no state")?;
            assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, FLARE), "{gone:?}");
            let books = studio.sandbox.books();
            let looking = books.until(|calls| looked(calls) > looks);
            tokio::time::timeout(Duration::from_secs(20), looking).await.context("no look")?;
            // The edge needs a moment to read what it was sent.
            sleep(Duration::from_millis(300)).await;
            assert_eq!((asked(&studio, MINI), asked(&studio, FLARE)), (number + 1, number + 1));
        }
        assert_eq!(told(&studio).await?, Some(Nano(5_000_000)), "the price of the first one");
        // With nobody behind it the job fails, and that is no visitor's fault either.
        studio.sandbox.refuse_model(MINI, Gone::UserError);
        studio.sandbox.refuse_model(FLARE, Gone::UserError);
        let job = visitor.make(&draft("nobody makes it")).await?;
        assert_eq!(job.problem.map(|it| it.kind), Some(ProblemKind::Misconfigured));
        assert_eq!(job.cost.and_then(|cost| cost.charged_usd), Some(Nano::ZERO));
        studio.sandbox.restore_model(MINI);
        let job = visitor.make(&draft("it is back")).await?;
        assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, MINI));
        // And one strike is a pause.
        visitor.make(&draft("sandbox:refuse")).await?;
        assert_eq!(visitor.ask(&draft("one too many")).await?.status(), 429);
        assert!(!studio.edge.log().contains("gateway.model_marked"), "{}", studio.edge.log());
        studio.stop().await
    });
}
