//! `cargo xtask smoke URL`: whether a deployed edge keeps its promises, with two pictures ordered there.
//!
//! Owns the order of the checks, and their lines. Says what it will spend before it orders. Must not judge a response,
//! which is `preflight::smoke`'s part, and must not print a secret.

mod client;
mod documents;
mod orders;

use self::client::Client;
use crate::{
    clock, command,
    console::{self, ProgressStep},
    secrets, settings,
};
use anyhow::{Result, bail};
use contract::{problem::ProblemKind, route, site::Site};
use engine::{config::Config, origin};
use preflight::{
    edge_answer::{EdgeResponse, Health, HealthResult, recognise},
    smoke::{Check, answer::Answer, links, scan::Secrets, spend},
};

/// What the checks found, in the order in which they ran.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Each check that ran or could not run.
    pub results: Vec<(Check, State)>,
}

/// How a check ended.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// The promise is kept.
    Passed,
    /// It is not; a sentence for each finding.
    Failed(Vec<String>),
    /// It could not run, for this reason.
    NotChecked(&'static str),
}

/// Why a check fails: a sentence for each finding.
struct Findings(Vec<String>);

/// What a check comes to: its words for the line, and what later checks need.
type Checked<T> = Result<(String, T), Findings>;

impl From<anyhow::Error> for Findings {
    fn from(error: anyhow::Error) -> Self {
        Self(vec![format!("{error:#}")])
    }
}

impl From<String> for Findings {
    fn from(sentence: String) -> Self {
        Self(vec![sentence])
    }
}

/// Ends a check that has findings.
fn none(found: Vec<String>) -> Result<(), Findings> {
    if found.is_empty() { Ok(()) } else { Err(Findings(found)) }
}

/// Checks the edge, and fails if a check does. The secrets to search for come from the environment alone.
pub async fn run(options: command::Smoke) -> Result<()> {
    let given = secrets::NAMES.iter().filter_map(|&name| Some((name, std::env::var(name).ok()?)));
    let given: Vec<_> = given.collect();
    // The file that was deployed has the prices of a site that does not show them.
    let config = settings::load(None).and_then(|settings| settings.check()).ok();
    let outcome = check(options, &given, config.as_ref()).await?;
    let failed = outcome.failed();
    if failed.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = failed.iter().map(|check| check.label()).collect();
    bail!("{} of {} checks failed: {}", failed.len(), outcome.results.len(), names.join(", "))
}

/// Runs every check and prints a line for each. The error is why nothing was ordered.
pub async fn check(
    options: command::Smoke,
    secrets: &[(&'static str, String)],
    config: Option<&Config>,
) -> Result<Outcome> {
    let given = secrets.iter().map(|(name, value)| (*name, value.as_str()));
    let (secrets, short) = Secrets::new(given);
    console::heading(&format!("Smoke: {}", options.url));
    for name in short {
        console::warning(&format!("{name} is too short to be searched for."));
    }
    let client = Client::new(options.url.clone(), secrets);
    let mut outcome = Outcome::default();
    let ran = promises(&client, &options, config, &mut outcome).await;
    // Whatever was received has been searched, also where a check ended early.
    if client.has_secrets() {
        outcome.add(&client, Check::Secrets, async { secrets_in(&client) }).await;
    } else {
        outcome.skip(
            Check::Secrets,
            "AI_GATEWAY_API_KEY is not in the environment, so it was not searched for",
        );
    }
    ran.map(|()| outcome)
}

/// Every check but the last one.
async fn promises(
    client: &Client,
    options: &command::Smoke,
    config: Option<&Config>,
    outcome: &mut Outcome,
) -> Result<()> {
    let command::Smoke { site, origin, max_usd, .. } = options;
    let Some(health) = outcome.add(client, Check::Edge, edge(client)).await else {
        outcome.skip_the_rest("no edge can be used");
        return Ok(());
    };
    if health.version != contract::VERSION {
        console::warning(&format!(
            "the edge is {} and this command {}: a header that changed between them is a finding.",
            health.version,
            contract::VERSION
        ));
    }
    let Some(site) = outcome.add(client, Check::Site, facts(client, site.as_deref())).await else {
        outcome.skip_the_rest("there is no such site");
        return Ok(());
    };
    let order = spend::Order::cheapest(&site, config, clock::today());
    match spend::statement(&site.id, &order, health.sandbox, *max_usd) {
        Ok(sentence) => console::fact("will order", &sentence),
        Err(reason) => bail!(reason),
    }
    let visit = orders::Visit { client, site: &site, order: &order, sandbox: health.sandbox };
    let ordered = outcome.add(client, Check::Order, visit.order()).await;
    // The job is left alone for as long as these take.
    let embedding = documents::embedding(client, &site, origin.as_deref());
    outcome.add(client, Check::Embedding, embedding).await;
    let documents = documents::documents(client, &site);
    let named = outcome.add(client, Check::Documents, documents).await;
    let files = documents::files(client, &site, named.unwrap_or_default());
    outcome.add(client, Check::Files, files).await;
    outcome.add(client, Check::Errors, documents::errors(client, &site)).await;
    let Some(ordered) = ordered else {
        outcome.skip_the_rest("there is no job to look at");
        return Ok(());
    };
    let ended = outcome.add(client, Check::Unwatched, visit.unwatched(&ordered)).await;
    match &ended {
        Some(ended) => {
            outcome.add(client, Check::Reload, visit.reload(&ordered, ended)).await;
        }
        None => outcome.skip(Check::Reload, "no job has ended"),
    }
    let took_ms = ended.map(|ended| ended.job.elapsed_ms);
    let cancel = async {
        spend::second(health.sandbox, ordered.reserved(), *max_usd)?;
        visit.cancel(&ordered, took_ms).await
    };
    outcome.add(client, Check::Cancel, cancel).await;
    Ok(())
}

/// Which service answers.
async fn edge(client: &Client) -> Checked<Health> {
    let answer = client.get("/healthz").await?;
    let body = answer.json().unwrap_or_default();
    match recognise(&EdgeResponse { status: answer.status, body }) {
        HealthResult::Easel(health) if health.all_closed => {
            Err("every site is closed: nothing can be ordered".to_owned().into())
        }
        HealthResult::Easel(health) => {
            let kind = if health.sandbox { ", samples" } else { "" };
            Ok((format!("Easel {}{kind}", health.version), health))
        }
        HealthResult::Misconfigured => {
            Err("the edge is closed by its configuration (misconfigured)".to_owned().into())
        }
        HealthResult::Other(reason) => Err(reason.into()),
    }
}

/// The public facts of the named site; without a name, of the site that the edge's own pages show.
async fn facts(client: &Client, named: Option<&str>) -> Checked<Site> {
    let read = async |id: &str| client.get(&route::site(id)).await;
    let mut id = named.unwrap_or("demo").to_owned();
    let mut answer = read(&id).await?;
    if named.is_none() && answer.problem() == Some(ProblemKind::UnknownSite) {
        let page = client.get("/").await?.text();
        if let Some(shown) = links::site(&page) {
            shown.clone_into(&mut id);
            answer = read(&id).await?;
        }
    }
    match (answer.status, answer.json::<Site>()) {
        (200, Some(site)) if site.id == id => Ok((id, site)),
        (200, _) => Err(format!("the facts of the site {id} cannot be read").into()),
        _ => Err(format!("the facts of the site {id}: {}", answer.describe()).into()),
    }
}

/// The origin of the site's challenge, which the studio's policy allows.
fn challenge(site: &Site) -> Option<&str> {
    site.challenge.as_ref().and_then(|it| origin::origin_of(&it.script))
}

fn secrets_in(client: &Client) -> Checked<()> {
    none(client.leaks())?;
    Ok((client.searched(), ()))
}

/// A finding with the response that it is about.
fn about(what: &str, found: Vec<String>) -> impl Iterator<Item = String> {
    found.into_iter().map(move |it| format!("{what}: {it}"))
}

/// A finding about the status of a response, if it has another one.
fn status(what: &str, expected: u16, answer: &Answer) -> Option<String> {
    let reason = || format!("{what}: {}, and not {expected}", answer.describe());
    (answer.status != expected).then(reason)
}

impl Outcome {
    /// The checks that failed.
    pub fn failed(&self) -> Vec<Check> {
        let failed = self.results.iter().filter(|(_, state)| matches!(state, State::Failed(_)));
        failed.map(|(check, _)| *check).collect()
    }

    /// What a check found, as one text.
    pub fn findings(&self, check: Check) -> String {
        let found = self.results.iter().filter(|(own, _)| *own == check);
        let found = found.filter_map(|(_, state)| match state {
            State::Failed(found) => Some(found.join("\n")),
            _ => None,
        });
        found.collect()
    }

    /// Runs a check and prints its line, its findings, and what to do.
    async fn add<T>(
        &mut self,
        client: &Client,
        check: Check,
        work: impl Future<Output = Checked<T>>,
    ) -> Option<T> {
        let step = ProgressStep::short(check.label());
        match work.await {
            Ok((said, value)) => {
                step.done(&client.printable(said));
                self.results.push((check, State::Passed));
                Some(value)
            }
            Err(Findings(found)) => {
                step.failed();
                let found: Vec<_> = found.into_iter().map(|it| client.printable(it)).collect();
                for sentence in &found {
                    console::text(&format!("    - {sentence}"));
                }
                console::text(&format!("    next: {}", check.next_step()));
                self.results.push((check, State::Failed(found)));
                None
            }
        }
    }

    fn skip(&mut self, check: Check, reason: &'static str) {
        console::fact(check.label(), &format!("not checked: {reason}"));
        self.results.push((check, State::NotChecked(reason)));
    }

    /// Every check that did not run, but for the search of what was received.
    fn skip_the_rest(&mut self, reason: &'static str) {
        let ran: Vec<Check> = self.results.iter().map(|(check, _)| *check).collect();
        let rest = Check::ALL.into_iter().filter(|it| *it != Check::Secrets && !ran.contains(it));
        rest.for_each(|check| self.skip(check, reason));
    }
}
