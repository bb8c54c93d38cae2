//! What a picture costs on the platform, by counters: the figures of `docs/operations.md`.
//!
//! A visitor in Chromium opens the studio, makes one picture that takes 40 seconds upstream, and looks at it until the edge
//! has deleted its bytes. The Worker is the real one; `counting.mjs` behind it counts what the platform bills.

use anyhow::{Context, Result, ensure};
use contract::route;
use serde_json::{Value, json};
use std::{fs, path::PathBuf, time::Duration};
use tests::{
    browser::Browser,
    run,
    studio::{Setup, open_budget},
    utc_day,
    visitor::client,
};
use tokio::time::{Instant, sleep};
use xtask::{repo, settings};

/// How long the gateway takes.
const UPSTREAM: Duration = Duration::from_secs(40);
/// After the picture: the retention of a minute, and a pause.
const AFTER: Duration = Duration::from_secs(75);
/// By how much a measured figure may exceed the documented one: the event stream and the alarms meet at other times.
const SLACK: f64 = 1.15;
const SECONDS: &str = "object seconds";
const FORMATS: [&str; 2] = ["webp", "png"];

/// The figures of one picture, in the order of the document's table.
#[derive(Debug)]
struct Figures {
    requests: f64,
    object_requests: f64,
    object_seconds: f64,
    rows_read: f64,
    rows_written: f64,
}

/// The built Worker with the counters behind it, in a folder of its own.
fn counting_worker(name: &str) -> Result<PathBuf> {
    let built = repo::path("edge/build");
    let script = fs::read_to_string(built.join("index.js"))?;
    let (before, exports) = script.rsplit_once("export{").context("the script exports nothing")?;
    let own = |name: &str| {
        exports
            .split([',', '}'])
            .find_map(|one| one.trim().strip_suffix(&format!(" as {name}")))
            .with_context(|| format!("the script does not export {name}"))
    };
    let (job, ledger, entry) = (own("Job")?, own("Ledger")?, own("default")?);
    let counting = fs::read_to_string(repo::path("tests/counting.mjs"))?;
    let text = format!(
        "{before}\n{counting}\nconst CountedJob = counted({job}, counts.job);\n\
         const CountedLedger = counted({ledger}, counts.ledger);\n\
         const entry = countedEntry({entry});\n\
         export {{ CountedJob as Job, CountedLedger as Ledger, entry as default }};\n"
    );
    let folder = repo::path("target/xtask").join(format!("counting-{name}"));
    fs::create_dir_all(&folder)?;
    fs::copy(built.join("index_bg.wasm"), folder.join("index_bg.wasm"))?;
    fs::write(folder.join("index.js"), text)?;
    Ok(folder.join("index.js"))
}

/// Makes one picture and returns what it took.
async fn measure(format: &str) -> Result<Figures> {
    let setup = Setup {
        main: Some(counting_worker(format)?),
        sandbox: sandbox::Settings { slow: UPSTREAM, ..sandbox::Settings::for_tests() },
        runs_for: utc_day::USUAL + UPSTREAM + AFTER,
        ..Setup::default()
    };
    // The shipped site, with its examples on the empty wall.
    let changes = [
        ("formats", json!([format])),
        ("retention_minutes", json!(1)),
        ("budget", open_budget("100", "100")),
    ];
    let studio = setup.configured(&settings::load(None)?, &changes).start().await?;
    let url = studio.edge.url().to_owned();
    client()?.get(format!("{url}/easel.js")).send().await?;
    let browser = Browser::on(&studio, "").await?;
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text("A fox, sandbox:slow").await?;
    browser.click("button", "Create").await?;
    let begun = Instant::now();
    while browser.count("image", Some("A fox, sandbox:slow")).await? == 0 {
        ensure!(begun.elapsed() < UPSTREAM * 3, "no picture came");
        sleep(Duration::from_secs(1)).await;
    }
    sleep(AFTER).await;
    let counts: Value = client()?.get(format!("{url}/counts")).send().await?.json().await?;
    eprintln!("{format}: {counts}");
    browser.stop().await?;
    studio.stop().await?;
    let number = |pointer: &str| counts.pointer(pointer).and_then(Value::as_f64);
    let both = |name: &str| {
        let job = number(&format!("/job/{name}")).context("no count")?;
        Ok::<f64, anyhow::Error>(job + number(&format!("/ledger/{name}")).context("no count")?)
    };
    Ok(Figures {
        requests: number("/requests").context("no count")?,
        object_requests: both("calls")? + both("alarms")?,
        object_seconds: both("busy_ms")? / 1000.0,
        rows_read: both("rows_read")?,
        rows_written: both("rows_written")?,
    })
}

/// The documented figures of one picture, by the column of its format.
fn documented(column: usize) -> Result<Vec<f64>> {
    let text = fs::read_to_string(repo::path("docs/operations.md"))?;
    let (_, table) = text.split_once("| one picture |").context("the table is missing")?;
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cell = line.split('|').nth(column + 2).context("a row is too short")?;
            cell.trim().parse::<f64>().with_context(|| format!("{line} has no figure"))
        })
        .collect()
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn a_picture_costs_on_the_platform_what_the_document_says() {
    run(async {
        let [webp, png] = FORMATS;
        for (column, measured) in [measure(webp).await?, measure(png).await?].iter().enumerate() {
            eprintln!("{}: {measured:#?}", FORMATS[column]);
            let all = [
                ("requests", measured.requests),
                ("object requests", measured.object_requests),
                (SECONDS, measured.object_seconds),
                ("rows read", measured.rows_read),
                ("rows written", measured.rows_written),
            ];
            let documented = documented(column)?;
            assert_eq!(documented.len(), all.len());
            for ((name, measured), documented) in all.into_iter().zip(documented) {
                // A busy machine makes an object work longer, and an idle one not shorter than the gateway takes.
                let least = documented / SLACK;
                let least = if name == SECONDS { UPSTREAM.as_secs_f64().min(least) } else { least };
                assert!(
                    measured <= documented * SLACK && measured >= least,
                    "{}, {name}: {measured} measured, {documented} documented",
                    FORMATS[column]
                );
            }
        }
        Ok(())
    });
}

#[test]
fn the_counters_stand_behind_the_real_worker() {
    run(async {
        let studio =
            Setup { main: Some(counting_worker("check")?), ..Setup::default() }.start().await?;
        let url = studio.edge.url();
        let visitor = studio.visitor().await?;
        visitor.make(&json!({ "prompt": "counted" })).await?;
        let counts: Value = client()?.get(format!("{url}/counts")).send().await?.json().await?;
        assert!(counts["requests"].as_u64() >= Some(3), "{}: {counts}", route::JOBS);
        for object in ["job", "ledger"] {
            for name in ["calls", "rows_read", "rows_written"] {
                assert!(counts[object][name].as_u64() > Some(0), "{object}.{name}: {counts}");
            }
        }
        studio.stop().await
    });
}
