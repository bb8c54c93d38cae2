//! The time between closing and opening: sites are closed, jobs end, the new version is uploaded, and the closed sites
//! are opened.
//!
//! Owns the order, and the guarantee that each site that was closed here is opened again, whatever happens in between.
//! Must not open a site that somebody else closed.

use super::{
    edge::{Edge, HealthResult, SwitchResult},
    switches::{Switches, reserved},
    wrangler::Wrangler,
};
use crate::console::{self, ProgressStep, duration};
use anyhow::{Context, Result, anyhow, bail};
use contract::money::Nano;
use std::{future::Future, pin::Pin, time::Duration};
use tokio::time::{Instant, sleep};

/// The waiting times of a deploy.
#[derive(Debug, Clone, Copy)]
pub struct WaitTimes {
    /// The pause between two requests.
    pub pause: Duration,
    /// How long running jobs may take to end.
    pub jobs: Duration,
    /// How long the new version may take to answer everywhere; a new address first gets its certificate.
    pub health: Duration,
}

/// The deploy may have been interrupted before, during or after the upload.
pub const INTERRUPTED: &str = "interrupted; /healthz tells which version runs";

/// Attempts at opening a site again: a new version may need a moment to answer.
const ATTEMPTS: u32 = 5;

/// Runs everything from closing to opening; `stop` ends the steps in between.
pub async fn run(
    edge: &Edge,
    wrangler: &Wrangler,
    switches: &Switches,
    times: WaitTimes,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<()> {
    let mut closed = Vec::new();
    // Closing is not interrupted: a request that is still on its way could arrive after the request that opens the
    // site.
    let outcome = match close(edge, &switches.open, &mut closed).await {
        Ok(()) => tokio::select! {
            biased;
            () = &mut stop => Err(anyhow!(INTERRUPTED)),
            outcome = wait_and_renew(edge, wrangler, times) => outcome,
        },
        Err(error) => Err(error),
    };
    let shut = open(edge, &closed, times.pause).await;
    if shut.is_empty() {
        return outcome;
    }
    let shut = still_closed(edge, &shut);
    match outcome {
        Ok(()) => Err(anyhow!("it is deployed, but {shut}")),
        Err(error) => Err(anyhow!("{error:#}\n\nand {shut}")),
    }
}

async fn wait_and_renew(edge: &Edge, wrangler: &Wrangler, times: WaitTimes) -> Result<()> {
    wait(edge, times).await?;
    renew(Some(edge), wrangler, times).await
}

/// Deploys, and waits for the new version if its address is known.
pub async fn renew(edge: Option<&Edge>, wrangler: &Wrangler, times: WaitTimes) -> Result<()> {
    upload(wrangler).await?;
    match edge {
        Some(edge) => check(edge, times).await,
        None => Ok(()),
    }
}

/// Closes sites. Each is recorded before the request is sent, since the response may be lost.
async fn close(edge: &Edge, sites: &[String], closed: &mut Vec<String>) -> Result<()> {
    if sites.is_empty() {
        return Ok(());
    }
    let step = ProgressStep::short("close");
    for site in sites {
        closed.push(site.clone());
        let switched = edge.switch(site, false).await;
        let unknown =
            || format!("{} does not know {site}, although it serves that site", edge.address());
        match switched.and_then(|it| (it == SwitchResult::Done).then_some(()).with_context(unknown))
        {
            Ok(()) => step.tick(site),
            Err(error) => {
                step.failed();
                return Err(error);
            }
        }
    }
    step.done(&sites.join(", "));
    Ok(())
}

/// Waits until no money is reserved. A request that fails is repeated, since this may take minutes.
async fn wait(edge: &Edge, times: WaitTimes) -> Result<()> {
    let limit = duration(times.jobs);
    let step =
        ProgressStep::long("running jobs", &format!("waiting until they end, at most {limit}"));
    let end = Instant::now() + times.jobs;
    loop {
        let seen = match edge.ledger_report().await.and_then(|report| reserved(&report)) {
            Ok(Nano::ZERO) => {
                step.done("none");
                return Ok(());
            }
            Ok(open) => format!("{open} USD is still reserved"),
            Err(error) => format!("{error:#}"),
        };
        if Instant::now() >= end {
            step.failed();
            bail!(
                "jobs may still run after {limit}, so nothing was deployed: {seen}; \
                 try later, or wait longer with --wait SECONDS"
            );
        }
        step.tick(&seen);
        sleep(times.pause).await;
    }
}

/// Deploys, and prints the addresses at which it is served.
async fn upload(wrangler: &Wrangler) -> Result<()> {
    let step = ProgressStep::long("wrangler deploy", "uploading");
    match wrangler.deploy(false, &step).await {
        Ok(targets) => {
            step.done("deployed");
            for target in &targets {
                console::fact("served at", target);
            }
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

/// Waits until the address answers with the deployed version.
async fn check(edge: &Edge, times: WaitTimes) -> Result<()> {
    let step = ProgressStep::short("/healthz");
    let end = Instant::now() + times.health;
    loop {
        let seen = match edge.health().await {
            HealthResult::Easel(health) if health.version == contract::VERSION => {
                if health.sandbox {
                    step.failed();
                    bail!("{} reports that it runs on a sandbox", edge.address());
                }
                step.done(&format!("answers {}", health.version));
                return Ok(());
            }
            HealthResult::Easel(health) => format!("it still answers {}", health.version),
            HealthResult::Misconfigured => {
                "it is misconfigured; its log says why (`wrangler tail`)".to_owned()
            }
            HealthResult::Other(seen) => seen,
        };
        if Instant::now() >= end {
            step.failed();
            bail!("{} does not answer as {}: {seen}", edge.address(), contract::VERSION);
        }
        step.tick(&seen);
        sleep(times.pause).await;
    }
}

/// Opens sites again. Returns the sites that are still closed.
async fn open(edge: &Edge, sites: &[String], pause: Duration) -> Vec<String> {
    if sites.is_empty() {
        return Vec::new();
    }
    let step = ProgressStep::short("open again");
    let (mut opened, mut gone, mut shut) = (Vec::new(), Vec::new(), Vec::new());
    for site in sites {
        let list = match open_one(edge, site, pause, &step).await {
            Ok(SwitchResult::Done) => &mut opened,
            Ok(SwitchResult::Unknown) => &mut gone,
            Err(_) => &mut shut,
        };
        list.push(site.clone());
    }
    if shut.is_empty() {
        step.done(&opened.join(", "));
    } else {
        step.failed();
    }
    for site in gone {
        console::fact(&site, "is no longer served");
    }
    shut
}

async fn open_one(
    edge: &Edge,
    site: &str,
    pause: Duration,
    step: &ProgressStep,
) -> Result<SwitchResult> {
    let mut attempt = 1;
    loop {
        match edge.switch(site, true).await {
            Err(error) if attempt < ATTEMPTS => step.tick(&format!("{error:#}")),
            outcome => return outcome,
        }
        attempt += 1;
        sleep(pause).await;
    }
}

fn still_closed(edge: &Edge, sites: &[String]) -> String {
    let address = edge.address();
    let command = |site: &String| {
        format!(
            "\n  curl -X PUT {address}/v1/operator/switch -H \"Authorization: Bearer $EASEL_OPERATOR_TOKEN\" \
             -d '{{\"site\": \"{site}\", \"open\": true}}'"
        )
    };
    let (names, commands) = (sites.join(", "), sites.iter().map(command).collect::<String>());
    format!("these sites are still closed: {names}; open them with:{commands}")
}
