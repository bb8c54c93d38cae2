//! `cargo xtask probe`: asks a real gateway what the sandbox is asked too, and keeps its answers as a fixture.
//!
//! Owns the calls, their time limit and the file. Must not decide which requests are sent, what they cost or where an
//! answer differs (`preflight::probe` does), and must not print the key or send it to the sandbox.

use crate::{
    clock, command, console,
    deploy::call,
    repo,
    secrets::{self, ProvidedSecrets},
    settings,
};
use anyhow::{Context, Result, bail};
use contract::{money::Nano, time::Day};
use engine::config::Config;
pub use preflight::probe::Line;
use preflight::probe::{Answer, Probe, Step, Turn, file_name, sandbox_base};
use sandbox::{Sandbox, Settings};
use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};
use ureq::{Error, http::Request};

/// The most bytes of an answer.
const MOST_ANSWER: u64 = 64 << 20;
/// More fixtures of one day than this are a mistake.
const MOST_FILES: u32 = 1000;
/// What the sandbox gets in place of the key.
const SANDBOX_KEY: &str = "sandbox";

/// The outcome of a probe.
#[derive(Debug)]
pub struct Outcome {
    /// The fixture.
    pub file: PathBuf,
    /// What counts as spent.
    pub spent: Nano,
    /// Why the command fails.
    pub failure: Option<String>,
}

/// Compares the configured gateway with the sandbox.
pub async fn run(options: command::Probe) -> Result<()> {
    let command::Probe { max_usd, gateway, config, out } = options;
    let mut settings = settings::load(config.as_deref())?;
    if let Some(url) = &gateway {
        settings.set_gateway(url);
    }
    let config = settings.check().context("the configuration is refused")?;
    let name = secrets::gateway_key_name(settings.provider());
    let key = ProvidedSecrets::read().get(name);
    let key = key
        .with_context(|| format!("a probe needs {name} in the environment or in edge/.dev.vars"))?;
    console::heading("Probe");
    console::fact("gateway", &config.gateway.base_url);
    let folder = out.unwrap_or_else(|| repo::path("target/probe"));
    let say = |line: &Line| console::fact(line.label, &line.text);
    let outcome = compare(&config, &key, max_usd, &folder, say).await?;
    console::fact("fixture", &outcome.file.display().to_string());
    match outcome.failure {
        None => Ok(()),
        Some(sentence) => bail!(sentence),
    }
}

/// The same for a checked configuration, with the fixture in that folder, and each line as it is known.
pub async fn compare(
    config: &Config,
    key: &str,
    most: Nano,
    folder: &Path,
    mut say: impl FnMut(&Line),
) -> Result<Outcome> {
    let today = clock::today();
    let mut probe = Probe::new(config, today, most, key)?;
    let sandbox =
        Sandbox::start(Settings::for_tests()).await.context("the sandbox does not start")?;
    let sandbox_url = sandbox.origin() + sandbox_base(config.gateway.dialect);
    let limit = Duration::from_millis(config.gateway.total_ms);
    // The file is there before money is spent, and holds every answer as soon as it was compared.
    let file = new_file(folder, today)?;
    loop {
        let lines = match probe.turn() {
            Turn::Over => break,
            Turn::Say(line) => vec![line],
            Turn::Send(step) => {
                let expected = send(step, &sandbox_url, SANDBOX_KEY, limit).await?;
                let expected = expected.context("the sandbox does not answer")?;
                let seen = send(step, &config.gateway.base_url, key, limit).await?;
                probe.answered(&expected, seen.as_ref())
            }
        };
        lines.iter().for_each(&mut say);
        keep(&file, &probe.fixture()?)?;
    }
    probe.summary().iter().for_each(say);
    Ok(Outcome { file, spent: probe.spent(), failure: probe.failure() })
}

/// Makes the next file of a day; no file is written over.
fn new_file(folder: &Path, today: Day) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for number in 1..=MOST_FILES {
        let file = folder.join(file_name(today, number));
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(_) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot write {}", file.display()));
            }
        }
    }
    bail!("{} has {MOST_FILES} fixtures of today", folder.display())
}

fn keep(file: &Path, text: &str) -> Result<()> {
    let unfinished = file.with_added_extension("part");
    let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}

/// Sends a request once; `None` if no whole answer comes. An error of the library may quote a header, so that none is
/// repeated.
async fn send(step: &Step, base: &str, key: &str, limit: Duration) -> Result<Option<Answer>> {
    let mut request = Request::builder().method(step.method()).uri([base, step.path()].concat());
    for (name, value) in step.headers() {
        request = request.header(name, value);
    }
    if step.needs_key() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let request = request.body(step.body());
    let request = request.ok().context("the address or the key cannot stand in a request")?;
    let sent = tokio::task::spawn_blocking(move || send_blocking(request, limit)).await?;
    Ok(sent.ok())
}

fn send_blocking(request: Request<Option<Vec<u8>>>, limit: Duration) -> Result<Answer, Error> {
    let agent = call::agent(limit);
    let (head, body) = request.into_parts();
    let mut answer = match body {
        None => agent.run(Request::from_parts(head, ())),
        Some(body) => agent.run(Request::from_parts(head, body)),
    }?;
    let text =
        |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers =
        answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let body = answer.body_mut().with_config().limit(MOST_ANSWER).read_to_vec()?;
    Ok(Answer { status: answer.status().as_u16(), headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_written_over() {
        let folder = std::env::temp_dir().join(format!("easel-probe-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let today = "2026-11-30".parse().unwrap();
        let first = new_file(&folder, today).unwrap();
        keep(&first, "mine").unwrap();
        let second = new_file(&folder, today).unwrap();
        assert_eq!(second, folder.join("2026-11-30-gateway-2.json"));
        assert_eq!(fs::read_to_string(&first).unwrap(), "mine");
        fs::remove_dir_all(folder).unwrap();
    }
}
