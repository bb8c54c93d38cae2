//! `cargo xtask bench dev`: seconds from a saved source to the page that shows the change, under `cargo xtask dev`.
//!
//! Owns the changed sources and the goal. They are sources of this clone, since a build of a copy would take minutes;
//! each is restored, also after an error or Ctrl-C. Must not be part of `cargo xtask test`.

use super::{contestant, contestant::StateFolder, stats::rank};
use crate::{
    build::Profile,
    command::Serve,
    console::{self, ProgressStep},
    dev, repo, serve,
    setup::browser,
    tools::Tools,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::{fs, path::PathBuf, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Notify,
    time::{Instant, sleep},
};

/// How often each kind of source is saved.
const ROUNDS: usize = 5;
/// The goal, from a saved file to the page that shows the change.
const MOST_SECONDS: f64 = 15.0;
/// The time limit of a build, after which it counts as failed.
const PATIENCE: Duration = Duration::from_mins(5);

/// A kind of source, its change, and how a page shows the change. `{n}` stands for the number of the change.
struct SourceKind {
    name: &'static str,
    file: &'static str,
    /// The text that is replaced; if empty, the change is appended to the file.
    from: &'static str,
    to: &'static str,
    /// An expression that is true once the page shows the change.
    shows: &'static str,
}

const KINDS: [SourceKind; 4] = [
    SourceKind {
        name: "a word of the studio",
        file: "texts/en.json",
        from: "\"create\": \"Create\"",
        to: "\"create\": \"Create {n}\"",
        shows: "document.querySelector('#create').textContent.includes('Create {n}')",
    },
    SourceKind {
        name: "a style",
        file: "style/composer.css",
        from: "",
        to: "@layer components { .composer { --bench: {n}; } }\n",
        shows: "getComputedStyle(document.querySelector('.composer')).getPropertyValue('--bench').trim() === '{n}'",
    },
    SourceKind {
        name: "a handler of the edge",
        file: "edge/src/handler/health.rs",
        from: "version: contract::VERSION.to_owned()",
        to: "version: \"bench {n}\".to_owned()",
        shows: "fetch('/healthz').then((answer) => answer.json()).then(({ version }) => version === 'bench {n}')",
    },
    SourceKind {
        name: "the studio's program",
        file: "app/src/document.rs",
        from: "&[\"<title>\", ",
        to: "&[\"<title>bench {n} \", ",
        shows: "document.title.startsWith('bench {n} ')",
    },
];

/// Serves a development build, changes sources, and prints how long each change took; fails if the goal is missed.
pub async fn run() -> Result<()> {
    let tools = crate::setup::run(crate::setup::SetupPurpose::Building).await?;
    browser::ensure().await?;
    let chromium = browser::program().context("Chromium is not on PATH any more")?;
    let state =
        StateFolder(contestant::folder().join(format!("easel-bench-{}-dev", std::process::id())));
    let options = Serve { port: 0, state: Some(state.0.clone()), ..Serve::default() };
    let running = serve::start(options, Profile::Development).await?;
    let saved = Arc::new(Notify::new());
    let watcher = dev::watch(&saved)?;
    console::heading("Bench of development: seconds from save to screen");
    let page = format!("{}/studio/demo", running.edge.url());
    let measured = tokio::select! {
        measured = all(&tools, chromium, &page) => measured,
        () = dev::follow(&running, &saved) => Err(anyhow::anyhow!("the edge ended by itself")),
    };
    drop(watcher);
    serve::stop(running, false).await?;
    let mut slow = Vec::new();
    for (kind, seconds) in KINDS.iter().zip(measured?) {
        let median = rank(&seconds, 0.5).context("there are no samples")?;
        let each: Vec<_> = seconds.iter().map(|one| format!("{one:.1}")).collect();
        console::fact(kind.name, &format!("median {median:.1} s of {}", each.join(", ")));
        if median > MOST_SECONDS {
            slow.push(kind.name);
        }
    }
    ensure!(slow.is_empty(), "slower than {MOST_SECONDS} s: {}", slow.join(", "));
    Ok(())
}

async fn all(tools: &Tools, chromium: PathBuf, page: &str) -> Result<Vec<Vec<f64>>> {
    let mut page = Page::open(tools, chromium, page).await?;
    let mut all = Vec::new();
    for kind in &KINDS {
        let mut source = ChangedSource::read(kind)?;
        let mut seconds = Vec::new();
        for round in 1..=ROUNDS {
            seconds.push(source.change(&mut page, round).await?);
        }
        all.push(seconds);
    }
    page.close().await?;
    Ok(all)
}

/// A source of this clone that is changed; dropping this restores it.
struct ChangedSource<'kind> {
    kind: &'kind SourceKind,
    path: PathBuf,
    original: String,
    is_changed: bool,
}

impl<'kind> ChangedSource<'kind> {
    fn read(kind: &'kind SourceKind) -> Result<Self> {
        let path = repo::path(kind.file);
        let original = fs::read_to_string(&path).context(kind.file)?;
        ensure!(original.contains(kind.from), "{} does not contain `{}`", kind.file, kind.from);
        Ok(Self { kind, path, original, is_changed: false })
    }

    /// The whole source with its change.
    fn changed(&self, number: usize) -> String {
        let to = self.kind.to.replace("{n}", &number.to_string());
        match self.kind.from {
            "" => format!("{}{to}", self.original),
            from => self.original.replacen(from, &to, 1),
        }
    }

    /// Saves the change, and returns the seconds until a reloaded page shows it.
    async fn change(&mut self, page: &mut Page, number: usize) -> Result<f64> {
        let step = ProgressStep::short(self.kind.name);
        let shows = self.kind.shows.replace("{n}", &number.to_string());
        page.evaluate("globalThis.isOld = true").await?;
        let began = Instant::now();
        self.is_changed = true;
        fs::write(&self.path, self.changed(number))?;
        let shows = format!("Promise.resolve(globalThis.isOld !== true && {shows})");
        while page.evaluate(&shows).await? != true {
            if began.elapsed() > PATIENCE {
                bail!("{}: the page does not show the change", self.kind.file);
            }
            sleep(Duration::from_millis(50)).await;
        }
        let seconds = began.elapsed().as_secs_f64();
        step.done("shown");
        Ok(seconds)
    }
}

impl Drop for ChangedSource<'_> {
    fn drop(&mut self) {
        let restored = if self.is_changed { fs::write(&self.path, &self.original) } else { Ok(()) };
        if let Err(error) = restored {
            console::error(&format!(
                "{} could not be restored and still contains the bench's change: {error}",
                self.kind.file
            ));
        }
    }
}

/// A page in Chromium.
struct Page {
    node: Child,
    expressions: ChildStdin,
    values: Lines<BufReader<ChildStdout>>,
}

impl Page {
    async fn open(tools: &Tools, chromium: PathBuf, url: &str) -> Result<Self> {
        let mut command: Command = tools.command(&tools.node);
        command.arg(repo::path("xtask/bench/dev.mjs")).arg(chromium).arg(url);
        // The driver ends when its stdin is closed, and ends Chromium.
        let mut node = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let expressions = node.stdin.take().context("the browser's driver has no stdin")?;
        let values = node.stdout.take().context("the browser's driver has no stdout")?;
        let mut page = Self { node, expressions, values: BufReader::new(values).lines() };
        let began = Instant::now();
        while page.evaluate("document.querySelector('#create') !== null").await? != true {
            ensure!(began.elapsed() < PATIENCE, "the page does not show the studio");
            sleep(Duration::from_millis(50)).await;
        }
        Ok(page)
    }

    /// The value of an expression of one line; null if it throws.
    async fn evaluate(&mut self, expression: &str) -> Result<Value> {
        self.expressions.write_all(format!("{expression}\n").as_bytes()).await?;
        let answer = self.values.next_line().await?.context("the browser ended")?;
        Ok(serde_json::from_str(&answer)?)
    }

    async fn close(self) -> Result<()> {
        let Self { mut node, expressions, values } = self;
        drop((expressions, values));
        node.wait().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_can_be_changed() {
        for kind in &KINDS {
            let source = ChangedSource::read(kind).unwrap();
            assert_ne!(source.changed(1), source.original, "{}", kind.file);
            assert_ne!(source.changed(1), source.changed(2), "{}", kind.file);
            assert!(kind.shows.contains("{n}"));
        }
    }
}
