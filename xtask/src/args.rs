//! What may stand behind `cargo xtask`: the commands, their options and their help.
//!
//! Owns the words of the command line. Must not do anything.

use crate::{
    bench::{Figure, studio},
    build::Part,
    deploy::address::Address,
    suite,
};
use std::path::PathBuf;

mod help;

/// One command, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Print this text.
    Help(String),
    /// Install what is missing.
    Setup,
    /// Build the app, the edge or both.
    Build(Part),
    /// Start everything on this machine.
    Serve(Serve),
    /// Run the stand-in for the gateway alone.
    Sandbox {
        /// Where it listens.
        port: u16,
    },
    /// Validate a configuration.
    Check {
        /// A file of one object; without it, the variables of `edge/wrangler.jsonc`.
        config: Option<PathBuf>,
    },
    /// Bring it into the world.
    Deploy(Deploy),
    /// Weigh what goes over the wire.
    Size,
    /// Measure the edge beside plain JavaScript Workers.
    Bench(Bench),
    /// Measure what the loader costs a page, beside others'.
    BenchEmbed {
        /// Few samples.
        quick: bool,
    },
    /// Measure the studio beside hand-written pages.
    BenchStudio(studio::Options),
    /// Check the repository's rules.
    Tidy,
    /// Everything that can be checked, or a part of it.
    Test(suite::Options),
}

/// The options of `serve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serve {
    /// Where the edge listens on 127.0.0.1; 0 takes any free port.
    pub port: u16,
    /// A gateway instead of the configured one, `/v1` included.
    pub gateway: Option<String>,
    /// A configuration instead of that of `edge/wrangler.jsonc`.
    pub config: Option<PathBuf>,
    /// Where objects and generated secrets are kept instead of `.easel`.
    pub state: Option<PathBuf>,
}

/// The options of `bench edge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bench {
    /// Few samples.
    pub quick: bool,
    /// One figure in place of all.
    pub only: Option<Figure>,
}

/// The options of `deploy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deploy {
    /// Where the edge answers.
    pub url: Option<Address>,
    /// Nothing runs there yet.
    pub first: bool,
    /// Seconds to wait for running jobs, instead of the longest that one can take.
    pub wait: Option<u64>,
    /// Only go through the motions.
    pub dry_run: bool,
}

/// Reads a command line; the error is one sentence.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Task, String> {
    let mut words = words.into_iter();
    let Some(command) = words.next() else { return Ok(Task::Help(help::overview())) };
    let rest: Vec<String> = words.collect();
    if matches!(command.as_str(), "--help" | "-h" | "help") {
        let topic = rest.first().map_or_else(|| Ok(help::overview()), |name| help_of(name));
        return topic.map(Task::Help);
    }
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return help_of(&command).map(Task::Help);
    }
    let line = Line { command, words: rest.into_iter() };
    match line.command.as_str() {
        "setup" => line.nothing(Task::Setup),
        "size" => line.nothing(Task::Size),
        "tidy" => line.nothing(Task::Tidy),
        "test" => line.test(),
        "build" => line.build(),
        "serve" => line.serve(),
        "sandbox" => line.sandbox(),
        "check" => line.check(),
        "bench" => line.bench(),
        "deploy" => line.deploy(),
        unknown => Err(unknown_command(unknown)),
    }
}

fn help_of(command: &str) -> Result<String, String> {
    help::of(command).ok_or_else(|| unknown_command(command))
}

fn unknown_command(name: &str) -> String {
    format!("There is no command `{name}`; `cargo xtask --help` lists them.")
}

/// What is left of a command line, and the command that it belongs to.
struct Line {
    command: String,
    words: std::vec::IntoIter<String>,
}

impl Line {
    fn nothing(mut self, task: Task) -> Result<Task, String> {
        match self.words.next() {
            None => Ok(task),
            Some(word) => Err(self.unknown(&word)),
        }
    }

    fn build(mut self) -> Result<Task, String> {
        let part = match self.words.next().as_deref() {
            None => Part::All,
            Some("app") => Part::App,
            Some("edge") => Part::Edge,
            Some(word) => return Err(self.unknown(word)),
        };
        self.nothing(Task::Build(part))
    }

    fn serve(mut self) -> Result<Task, String> {
        let mut serve = Serve { port: 8787, gateway: None, config: None, state: None };
        while let Some((option, inline)) = self.option() {
            match option.as_str() {
                "--port" => serve.port = self.port(inline)?,
                "--gateway" => serve.gateway = Some(self.value(&option, inline)?),
                "--config" => serve.config = Some(self.value(&option, inline)?.into()),
                "--state" => serve.state = Some(self.value(&option, inline)?.into()),
                word => return Err(self.unknown(word)),
            }
        }
        Ok(Task::Serve(serve))
    }

    fn sandbox(mut self) -> Result<Task, String> {
        let mut port = 8788;
        while let Some((option, inline)) = self.option() {
            match option.as_str() {
                "--port" => port = self.port(inline)?,
                word => return Err(self.unknown(word)),
            }
        }
        Ok(Task::Sandbox { port })
    }

    fn check(mut self) -> Result<Task, String> {
        let mut config = None;
        while let Some((option, inline)) = self.option() {
            match option.as_str() {
                "--config" => config = Some(self.value(&option, inline)?.into()),
                word => return Err(self.unknown(word)),
            }
        }
        Ok(Task::Check { config })
    }

    fn bench(mut self) -> Result<Task, String> {
        match self.words.next().as_deref() {
            Some("edge") => {}
            Some("embed") => return self.bench_embed(),
            Some("studio") => return self.bench_studio(),
            Some(word) => return Err(self.unknown(word)),
            None => return Err("bench needs a word: `edge`, `embed` or `studio`.".into()),
        }
        let mut bench = Bench { quick: false, only: None };
        while let Some((option, inline)) = self.option() {
            match option.as_str() {
                "--quick" if inline.is_none() => bench.quick = true,
                "--only" => {
                    let word = self.value(&option, inline)?;
                    bench.only = Some(Figure::of(&word).ok_or_else(|| self.unknown(&word))?);
                }
                word => return Err(self.unknown(word)),
            }
        }
        Ok(Task::Bench(bench))
    }

    fn bench_embed(mut self) -> Result<Task, String> {
        match self.words.next().as_deref() {
            None => Ok(Task::BenchEmbed { quick: false }),
            Some("--quick") => self.nothing(Task::BenchEmbed { quick: true }),
            Some(word) => Err(self.unknown(word)),
        }
    }

    fn bench_studio(mut self) -> Result<Task, String> {
        let mut bench = studio::Options { quick: false, only: None };
        while let Some((option, inline)) = self.option() {
            match option.as_str() {
                "--quick" if inline.is_none() => bench.quick = true,
                "--only" => {
                    let word = self.value(&option, inline)?;
                    let figure = studio::Figure::of(&word).ok_or_else(|| self.unknown(&word))?;
                    bench.only = Some(figure);
                }
                word => return Err(self.unknown(word)),
            }
        }
        Ok(Task::BenchStudio(bench))
    }

    fn test(mut self) -> Result<Task, String> {
        let mut options = suite::Options::default();
        while let Some(word) = self.words.next() {
            match word.as_str() {
                "--quick" => options.quick = true,
                "--long" => options.long = true,
                "--" => options.filters = self.words.by_ref().collect(),
                word => return Err(self.unknown(word)),
            }
        }
        if options.quick && options.long {
            return Err("--quick and --long exclude each other.".into());
        }
        Ok(Task::Test(options))
    }

    fn deploy(mut self) -> Result<Task, String> {
        let mut deploy = Deploy { url: None, first: false, wait: None, dry_run: false };
        while let Some((option, inline)) = self.option() {
            match (option.as_str(), &inline) {
                ("--url", _) => {
                    deploy.url = Some(Address::read(&self.value(&option, inline)?)?);
                }
                ("--wait", _) => deploy.wait = Some(self.seconds(inline)?),
                ("--first", None) => deploy.first = true,
                ("--dry-run", None) => deploy.dry_run = true,
                (word, _) => return Err(self.unknown(word)),
            }
        }
        match &deploy {
            Deploy { first: true, wait: Some(_), .. } => {
                Err("With --first nothing runs, so there is nothing to --wait for.".into())
            }
            Deploy { url: None, first: false, dry_run: false, .. } => Err(
                "`deploy` needs --url with the address of the edge that runs, so that no job is cut; or --first, if \
                 none runs yet."
                    .into(),
            ),
            _ => Ok(Task::Deploy(deploy)),
        }
    }

    /// The next option, and its value where it is written `--option=value`.
    fn option(&mut self) -> Option<(String, Option<String>)> {
        let word = self.words.next()?;
        Some(match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => {
                (option.into(), Some(value.into()))
            }
            _ => (word, None),
        })
    }

    fn value(&mut self, option: &str, inline: Option<String>) -> Result<String, String> {
        inline
            .or_else(|| self.words.next())
            .filter(|value| !value.is_empty() && !value.starts_with("--"))
            .ok_or_else(|| format!("{option} needs a value, such as `{}`.", help::example(option)))
    }

    fn port(&mut self, inline: Option<String>) -> Result<u16, String> {
        let value = self.value("--port", inline)?;
        value.parse().map_err(|_| format!("--port takes a number up to 65535, not `{value}`."))
    }

    fn seconds(&mut self, inline: Option<String>) -> Result<u64, String> {
        let value = self.value("--wait", inline)?;
        let seconds = value.parse().ok().filter(|seconds| *seconds <= 86_400);
        seconds.ok_or_else(|| format!("--wait takes seconds up to 86400, not `{value}`."))
    }

    fn unknown(&self, word: &str) -> String {
        let command = &self.command;
        format!("`{command}` does not know `{word}`; see `cargo xtask {command} --help`.")
    }
}

#[cfg(test)]
mod tests;
