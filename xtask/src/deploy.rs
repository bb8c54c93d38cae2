//! `cargo xtask deploy`: deploys this clone without interrupting a job and without opening a site that somebody closed.
//!
//! Owns the order of the steps: every step that can refuse comes before the first one that changes anything. Must not
//! print a secret.

pub mod call;
pub mod edge;
pub mod interrupt;
pub mod window;
pub mod wrangler;

pub use preflight::{account, address, safety, switches};

use self::{
    account::ByHand,
    call::Token,
    edge::{Edge, Health, HealthResult},
    interrupt::Interrupt,
    safety::{Deployed, Findings},
    switches::Switches,
    window::WaitTimes,
    wrangler::Wrangler,
};
use crate::{
    build::{self, Part, released},
    clock,
    command::Deploy,
    console::{self, ProgressStep},
    exposure, repo, secrets,
    setup::{self, SetupPurpose},
    tools::Tools,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use contract::time::Day;
use engine::ledger::LEASE_SLACK_MS;
use std::{future::Future, pin::pin, time::Duration};

/// The input of a deploy: options, files and environment.
struct DeployInput {
    options: Deploy,
    /// The text of `edge/wrangler.jsonc`.
    file: String,
    /// The operator's token in the environment.
    token: Option<String>,
    /// The value of `CLOUDFLARE_ENV`: wrangler would deploy that part of the file.
    environment: Option<String>,
    today: Day,
    /// Whether this version's loader is missing from the released ones.
    unreleased: bool,
}

/// The tools and waiting times of a deploy; the tests have their own.
struct DeployTools {
    wrangler: Wrangler,
    /// The pause between two requests to an edge.
    pause: Duration,
    /// How long the new version may take to answer.
    health: Duration,
}

/// Set-up and build, which take minutes on a new machine, so the tests replace them.
trait Machine {
    /// Sets up the machine.
    async fn set_up(&mut self) -> Result<DeployTools>;
    /// Builds the deployed files.
    async fn build(&mut self) -> Result<()>;
}

/// Deploys, or fails with the reason. Ctrl-C and SIGTERM open the closed sites again.
pub async fn run(options: Deploy) -> Result<()> {
    let stop = Interrupt::listen()?.received();
    let given = DeployInput {
        options,
        file: file()?,
        token: std::env::var(secrets::OPERATOR_TOKEN).ok(),
        environment: std::env::var("CLOUDFLARE_ENV").ok(),
        today: clock::today(),
        unreleased: !released::has(contract::VERSION)?,
    };
    deploy(given, &mut LocalMachine::default(), stop).await
}

/// The text of the deployed configuration.
pub fn file() -> Result<String> {
    let file = std::fs::read_to_string(repo::path("edge/wrangler.jsonc"));
    file.context("cannot read edge/wrangler.jsonc")
}

/// A dry run for the tests, complete and with this clone's wrangler. `file` is checked in place of the committed file,
/// and wrangler gets `account` in its environment in place of this machine's login.
pub async fn rehearse(file: String, today: Day, account: &[(&'static str, String)]) -> Result<()> {
    let options = Deploy { url: None, first: false, wait: None, dry_run: true };
    let unreleased = !released::has(contract::VERSION)?;
    let given = DeployInput { options, file, token: None, environment: None, today, unreleased };
    let mut machine = LocalMachine { account: account.to_vec(), ..LocalMachine::default() };
    deploy(given, &mut machine, std::future::pending()).await
}

/// This machine, with the tools that set-up finds.
#[derive(Default)]
struct LocalMachine {
    tools: Tools,
    /// Variables for wrangler's environment.
    account: Vec<(&'static str, String)>,
}

impl Machine for LocalMachine {
    async fn set_up(&mut self) -> Result<DeployTools> {
        self.tools = setup::run(SetupPurpose::Building).await?;
        Ok(DeployTools {
            wrangler: Wrangler::of(&self.tools).with(&self.account),
            pause: Duration::from_secs(2),
            health: Duration::from_mins(2),
        })
    }

    async fn build(&mut self) -> Result<()> {
        build::with(&self.tools, Part::All).await
    }
}

async fn deploy(
    given: DeployInput,
    machine: &mut impl Machine,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let mut stop = pin!(stop);
    let prepared = tokio::select! {
        biased;
        () = &mut stop => bail!("interrupted before anything changed"),
        prepared = prepare(given, machine) => prepared?,
    };
    let Some(Prepared { edge, runs, sites, wrangler, times }) = prepared else {
        console::text("\nNothing was changed.");
        return Ok(());
    };
    console::heading("Deploy");
    // The build takes minutes, so the switches are read again: somebody may have closed a site meanwhile.
    let switches = match &edge {
        Some(edge) if runs => {
            find_running_edge(edge, &sites).await?.map(|(_, switches)| (edge, switches))
        }
        _ => None,
    };
    if let Some((edge, switches)) = switches {
        window::run(edge, &wrangler, &switches, times, stop).await?;
    } else {
        // No edge runs yet, so there is no job to interrupt and no site to open again.
        tokio::select! {
            biased;
            () = stop => bail!("{}", window::INTERRUPTED),
            outcome = window::renew(edge.as_ref(), &wrangler, times) => outcome?,
        }
    }
    console::text("");
    console::fact("deployed", &console::green(contract::VERSION));
    Ok(())
}

/// The checked facts of a deploy that may go ahead.
struct Prepared {
    edge: Option<Edge>,
    /// Whether an edge already runs at the address.
    runs: bool,
    /// The ids of the new version's sites.
    sites: Vec<String>,
    wrangler: Wrangler,
    times: WaitTimes,
}

/// Runs every check that can refuse, and changes nothing in the account or at the edge. Returns nothing after a dry
/// run.
async fn prepare(given: DeployInput, machine: &mut impl Machine) -> Result<Option<Prepared>> {
    let DeployInput { options, file, token, environment, today, unreleased } = given;
    console::heading("Check");
    ensure!(
        environment.is_none_or(|name| name.is_empty()),
        "CLOUDFLARE_ENV is set, and wrangler would deploy that environment; what is checked and deployed here is the \
         top level of edge/wrangler.jsonc"
    );
    if unreleased {
        let sentence = format!(
            "this is {}, whose loader is not released: it may still change, so only a released version is deployed",
            contract::VERSION
        );
        ensure!(options.dry_run, "{sentence}");
        console::warning(&sentence);
    }
    let deployed = check_configuration(&file, today)?;
    let sites: Vec<String> = deployed.config.sites.iter().map(|site| site.id.clone()).collect();
    let token = operator_token(&options, token)?;
    let DeployTools { wrangler, pause, health } = machine.set_up().await?;
    console::heading("Edge");
    check_account_secrets(&deployed, &wrangler, options.dry_run).await?;
    let runs = options.url.is_some() && !options.first;
    let edge = options.url.map(|address| Edge::new(address, token));
    if let Some(edge) = edge.as_ref().filter(|_| runs) {
        match print_running_edge(edge, &sites).await {
            // A dry run changes nothing there, so an edge that cannot be asked is only a warning.
            Err(error) if options.dry_run => {
                console::warning(&format!("the running edge was not checked: {error:#}"));
            }
            printed => printed?,
        }
    }
    machine.build().await?;
    if options.dry_run {
        let step = ProgressStep::long("wrangler deploy --dry-run", "bundling");
        return match wrangler.deploy(true, &step).await {
            Ok(_) => {
                step.done("would be deployed");
                Ok(None)
            }
            Err(error) => {
                step.failed();
                Err(error)
            }
        };
    }
    let longest = deployed.config.gateway.total_ms.saturating_add(LEASE_SLACK_MS);
    let jobs = options.wait.map_or(Duration::from_millis(longest), Duration::from_secs);
    Ok(Some(Prepared { edge, runs, sites, wrangler, times: WaitTimes { pause, jobs, health } }))
}

/// Reads and checks the configuration; prints every finding before it refuses.
fn check_configuration(file: &str, today: Day) -> Result<Deployed> {
    let deployed = Deployed::read(file).context("edge/wrangler.jsonc")?;
    let Findings { refusals, warnings } = deployed.findings(today);
    for warning in &warnings {
        console::warning(warning);
    }
    if refusals.is_empty() {
        let sites: Vec<&str> = deployed.config.sites.iter().map(|site| site.id.as_str()).collect();
        console::fact("configuration", &console::green("safe to deploy"));
        console::fact("sites", &sites.join(", "));
        for network in exposure::facts(&deployed.config, today) {
            console::fact("one network", &network);
        }
        return Ok(deployed);
    }
    bail!("edge/wrangler.jsonc is not safe to deploy:\n- {}", refusals.join("\n- "))
}

/// The token that authorises closing and opening sites; not needed where no edge runs.
fn operator_token(options: &Deploy, token: Option<String>) -> Result<Option<Token>> {
    let name = secrets::OPERATOR_TOKEN;
    let given = token.filter(|token| !token.is_empty());
    let read = given.as_deref().map(|text| {
        Token::read(text).with_context(|| {
            format!("{name} is not a token, which has 32 visible characters or more")
        })
    });
    let needed = options.url.is_some() && !options.first && !options.dry_run;
    match read {
        None if needed => {
            Err(anyhow!("{name} is missing in the environment: it closes and opens the sites"))
        }
        read => read.transpose(),
    }
}

/// Compares the account's secrets with those that the configuration needs.
async fn check_account_secrets(
    deployed: &Deployed,
    wrangler: &Wrangler,
    dry_run: bool,
) -> Result<()> {
    let step = ProgressStep::short("secrets");
    let needed = account::needed(deployed.settings.provider(), deployed.has_challenge());
    let command = wrangler.by_hand();
    let by_hand =
        ByHand { folder: "the clone's root", wrangler: &command, file: "edge/wrangler.jsonc" };
    match wrangler.secrets().await {
        Ok(there) => match account::refusal(&needed, &there, by_hand) {
            None => {
                step.done(&needed.join(", "));
                Ok(())
            }
            Some(sentence) => {
                step.failed();
                bail!("{} cannot be deployed: {sentence}", deployed.name())
            }
        },
        // A dry run works without an account.
        Err(error) if dry_run => {
            step.silent();
            console::warning(&format!("the secrets were not checked: {error:#}"));
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

/// Prints the version that runs at the address and the sites that will be closed there.
async fn print_running_edge(edge: &Edge, sites: &[String]) -> Result<()> {
    if !edge.has_token() {
        console::warning("without EASEL_OPERATOR_TOKEN the running edge is not checked");
        return Ok(());
    }
    let Some((version, Switches { open, closed })) = find_running_edge(edge, sites).await? else {
        console::warning(
            "the running edge is misconfigured: it grants no job, so no site needs to be closed",
        );
        return Ok(());
    };
    let list = |sites: &[String]| {
        if sites.is_empty() { "no site".to_owned() } else { sites.join(", ") }
    };
    console::fact("runs now", &version);
    console::fact("closed during the deploy", &list(&open));
    console::fact("stays closed", &list(&closed));
    Ok(())
}

/// The version that runs at the address, and its switches; nothing if that edge is closed by an invalid configuration.
async fn find_running_edge(edge: &Edge, sites: &[String]) -> Result<Option<(String, Switches)>> {
    match edge.health().await {
        HealthResult::Easel(Health { version, all_closed, .. }) => {
            let report = edge.ledger_report().await?;
            Ok(Some((version, switches::switches(&report, all_closed, sites)?)))
        }
        HealthResult::Misconfigured => Ok(None),
        HealthResult::Other(seen) => bail!(
            "no Easel was found at {}: {seen}; if none runs there yet, say so with --first",
            edge.address()
        ),
    }
}

#[cfg(test)]
pub(crate) mod tests;
