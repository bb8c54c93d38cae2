//! `cargo xtask serve`: installs, builds and starts everything on this machine.
//!
//! Owns the order of the steps and the choice of the gateway: the real one if there is a key, else the sandbox. Must
//! not configure the edge itself.

use crate::{
    build::{self, Part, Profile, app, edge},
    check,
    command::Serve,
    console::{self, ProgressStep},
    deploy::call,
    private, repo, sandbox_server, secrets,
    secrets::ProvidedSecrets,
    settings::{self, Settings},
    setup::{self, SetupPurpose},
    signals,
    tools::Tools,
    workerd::{self, Access, SpecialOptions, Workerd},
};
use anyhow::{Context, Result, bail};
use engine::config::Config;
use sandbox::Sandbox;
use serde_json::{Map, Value};
use std::{net::TcpListener, path::PathBuf};

/// In place of an operator's token that was not generated.
const GIVEN: &str = "the one that was given";

/// The running processes, and the facts that are printed about them.
pub(crate) struct Running {
    pub(crate) tools: Tools,
    pub(crate) edge: Workerd,
    sandbox: Option<Sandbox>,
    configuration: Configuration,
    /// The Worker's variables at its start.
    pub(crate) vars: Map<String, Value>,
    gateway: String,
    /// The operator's token, if it was generated.
    generated_token: Option<String>,
}

/// Starts everything, and stops it after Ctrl-C or SIGTERM.
pub async fn run(options: Serve) -> Result<()> {
    let Some(started) = signals::or_stop(start(options, Profile::Release)).await else {
        return Ok(());
    };
    let running = started?;
    announce(&running);
    let ended = signals::or_stop(running.edge.ended()).await.is_some();
    stop(running, ended).await
}

/// Stops everything; fails if the edge ended by itself.
pub(crate) async fn stop(running: Running, ended: bool) -> Result<()> {
    console::text("");
    let step = ProgressStep::short("stopping");
    let log = running.edge.log();
    running.edge.stop().await?;
    step.done("stopped");
    if ended {
        bail!("the edge ended by itself; its log:\n{log}");
    }
    Ok(())
}

/// Sets up, builds and starts everything.
pub(crate) async fn start(options: Serve, profile: Profile) -> Result<Running> {
    let Serve { port, gateway, config, state, behind_proxy, names } = options;
    let configuration = Configuration { file: config, gateway };
    let (settings, checked) = configuration.load()?;
    let given = ProvidedSecrets::read();
    let key_name = secrets::gateway_key_name(settings.provider());
    let key = given.get(key_name);
    if configuration.gateway.is_some() && key.is_none() {
        bail!("--gateway needs {key_name} in the environment or in edge/.dev.vars");
    }
    assert_free(port)?;
    let state = folder(state)?;
    let state_was_open = private::ensure(&state)?;

    let tools = setup::run(SetupPurpose::Building).await?;
    match profile {
        Profile::Release => build::with(&tools, Part::All).await?,
        Profile::Development => {
            console::heading("Build");
            build::for_development(&tools).await?;
        }
    }

    console::heading("Start");
    let mut secrets = given.complete(&state)?;
    if state_was_open {
        let state = state.display();
        console::warning(&format!("other users could read {state}; now only its owner can"));
    }
    let generated_token = given.generated_token(&secrets);
    let sandbox = if key.is_none() { Some(sandbox_server::start_anywhere().await?) } else { None };
    let vars = variables(&settings, sandbox.as_ref());
    secrets.insert(key_name.into(), key.unwrap_or_else(|| "sandbox".into()));
    let step = ProgressStep::short("edge");
    let options = workerd::Options {
        port,
        state: state.join("objects"),
        vars: vars.clone(),
        secrets: secrets.into_iter().collect(),
        access: Access { names, behind_proxy },
        echo: true,
        ledger: None,
    };
    let special = match profile {
        Profile::Release => SpecialOptions::default(),
        Profile::Development => SpecialOptions {
            main: Some(edge::development_main()),
            dev: Some(app::development_files()),
            ..SpecialOptions::default()
        },
    };
    let edge = match Workerd::start_special(options, special).await {
        Ok(edge) => edge,
        Err(error) => {
            step.failed();
            return Err(error);
        }
    };
    step.done("running in workerd");
    if warn(&edge).await.is_err() {
        check::warn(&checked);
    }
    check::warn_of_findings(&checked);
    let gateway = match &sandbox {
        Some(sandbox) => gateway_of(sandbox, settings.provider()),
        None => settings.gateway().unwrap_or("the provider's own").to_owned(),
    };
    Ok(Running { tools, edge, sandbox, configuration, vars, gateway, generated_token })
}

/// Where the configuration is read, and what the command line says of it.
struct Configuration {
    file: Option<PathBuf>,
    gateway: Option<String>,
}

impl Configuration {
    /// Reads it as it is saved now, and checks it.
    fn load(&self) -> Result<(Settings, Config)> {
        let mut settings = settings::load(self.file.as_deref())?;
        if let Some(url) = &self.gateway {
            settings.set_gateway(url);
        }
        let checked = settings.check().context("the configuration is refused")?;
        Ok((settings, checked))
    }
}

impl Running {
    /// The Worker's variables by the configuration as it is saved now.
    pub(crate) fn variables(&self) -> Result<Map<String, Value>> {
        Ok(variables(&self.configuration.load()?.0, self.sandbox.as_ref()))
    }
}

/// The Worker's variables. On the sandbox, every request goes there.
fn variables(settings: &Settings, sandbox: Option<&Sandbox>) -> Map<String, Value> {
    let Some(sandbox) = sandbox else { return settings.vars() };
    let mut settings = settings.clone();
    settings.set_gateway(&gateway_of(sandbox, settings.provider()));
    let mut vars = settings.vars();
    vars.insert("EASEL_SANDBOX".into(), "true".into());
    vars
}

/// Prints the warnings of the running edge, which include those about its gateway.
async fn warn(edge: &Workerd) -> Result<()> {
    let health = call::send("GET", &format!("{}/healthz", edge.url()), None, None).await?;
    let warnings =
        health.body["warnings"].as_array().context("/healthz has no list of warnings")?;
    for warning in warnings.iter().filter_map(Value::as_str) {
        console::warning(warning);
    }
    Ok(())
}

pub(crate) fn announce(Running { edge, sandbox, gateway, generated_token, .. }: &Running) {
    let (name, note) = match sandbox {
        Some(_) => {
            ("sandbox", "no gateway key is set: every picture is a sample, and nothing is paid")
        }
        None => ("gateway", "pictures are paid with your key"),
    };
    console::fact(name, gateway);
    console::fact("", note);
    console::fact("operator's token", generated_token.as_deref().unwrap_or(GIVEN));
    console::text(&format!("\nEasel: {}   Ctrl-C stops everything.\n", console::bold(edge.url())));
}

/// The sandbox's address for a provider: it serves each provider's API under a path of its own.
fn gateway_of(sandbox: &Sandbox, provider: &str) -> String {
    match provider {
        "openai" => sandbox.openai_url(),
        _ => sandbox.url(),
    }
}

/// Fails if the port is taken: before the build, which takes minutes, not after it.
fn assert_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(
                "port {port} is taken: stop the program that uses it, or choose another with --port"
            )
        }
        Err(error) => bail!("cannot listen on 127.0.0.1:{port}: {error}"),
    }
}

fn folder(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder = given.unwrap_or_else(|| repo::path(".easel"));
    std::path::absolute(&folder)
        .with_context(|| format!("{} is not a valid path", folder.display()))
}
