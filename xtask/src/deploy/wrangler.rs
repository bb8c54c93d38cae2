//! The repository's own wrangler, as a child process.
//!
//! Owns its arguments and the meaning of its output. Must not get a secret: none is passed to it, so it cannot print
//! one.
//!
//! Decision: docs/decisions/2026-11-29-wrangler-starts-in-edge.md.

mod failure;

use crate::{
    child::{self, Ended},
    console::ProgressStep,
    repo,
    tools::{Tools, which},
};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{path::PathBuf, process::Stdio};
use tokio::process::Command;

/// The folder in which wrangler is started. It finds `wrangler.jsonc` there, and it resolves `build.cwd` of that file
/// from the folder in which it runs, not from the folder of the file.
const FOLDER: &str = "edge";

/// The command that starts wrangler.
pub struct Wrangler {
    tools: Tools,
    program: PathBuf,
    first: Vec<PathBuf>,
    /// Variables for wrangler beside this process's environment.
    environment: Vec<(&'static str, String)>,
}

impl Wrangler {
    /// The wrangler of `package-lock.json`, under the Node that set-up found.
    ///
    /// It is not started through `node_modules/.bin`: that script starts a second process, which would continue an
    /// upload after this one has been killed.
    pub fn of(tools: &Tools) -> Self {
        let program = tools.node.clone();
        let cli = repo::path("node_modules/wrangler/wrangler-dist/cli.js");
        let first = vec!["--no-warnings".into(), cli];
        Self { tools: tools.clone(), program, first, environment: Vec::new() }
    }

    /// The same with these variables in its environment.
    #[must_use]
    pub fn with(mut self, environment: &[(&'static str, String)]) -> Self {
        self.environment.extend_from_slice(environment);
        self
    }

    /// A shell script in place of wrangler.
    #[cfg(test)]
    pub fn fake(script: PathBuf) -> Self {
        let (program, first) = ("sh".into(), vec![script]);
        Self { tools: Tools::default(), program, first, environment: Vec::new() }
    }

    /// The command as a person types it in the clone's root.
    pub fn by_hand(&self) -> String {
        if which("node").is_some_and(|node| node == self.tools.node) {
            "npx wrangler".into()
        } else {
            format!("{} node_modules/wrangler/bin/wrangler.js", self.tools.node.display())
        }
    }

    /// The names of the account's secrets; none if the account has no such Worker yet.
    pub async fn secrets(&self) -> Result<Vec<String>> {
        let mut command = self.command(&["secret", "list", "--format", "json"]);
        let output = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("wrangler cannot be started")?;
        let out = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            return names(&out);
        }
        let output = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
        if is_unknown_worker(&output) {
            return Ok(Vec::new());
        }
        bail!(
            "the account's secrets cannot be listed; log in by `{} login`, or set CLOUDFLARE_API_TOKEN.\n\n{}",
            self.by_hand(),
            failure::sentences(&output)
        )
    }

    /// Deploys, or does a dry run. Returns the addresses at which the Worker is served.
    pub async fn deploy(&self, dry_run: bool, step: &ProgressStep) -> Result<Vec<String>> {
        let mut words = vec!["deploy"];
        words.extend(dry_run.then_some("--dry-run"));
        let Ended { status, output } = child::run_to_end(self.command(&words), step).await?;
        if !status.success() {
            let words = words.join(" ");
            bail!("`wrangler {words}` failed ({status}):\n\n{}", failure::sentences(&output));
        }
        Ok(targets(&output))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.tools.command(&self.program);
        command.args(&self.first).args(words).current_dir(repo::path(FOLDER));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn names(json: &str) -> Result<Vec<String>> {
    let list: Vec<Value> =
        serde_json::from_str(json).context("wrangler's list of secrets is not JSON")?;
    let name = |secret: &Value| secret["name"].as_str().map(str::to_owned);
    list.iter().map(name).collect::<Option<_>>().context("wrangler lists a secret without a name")
}

fn is_unknown_worker(output: &str) -> bool {
    output.contains("Worker \"") && output.contains("not found.")
}

/// The indented lines under `Deployed NAME triggers`.
fn targets(output: &str) -> Vec<String> {
    output
        .lines()
        .skip_while(|line| !(line.starts_with("Deployed ") && line.contains(" triggers")))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets;

    #[test]
    fn no_secret_reaches_it() {
        let command = Wrangler::fake("w".into()).command(&["deploy"]);
        let words: Vec<_> = command.as_std().get_args().collect();
        assert_eq!(words, ["w", "deploy"]);
        let removed: Vec<_> = command
            .as_std()
            .get_envs()
            .filter_map(|(name, set)| set.is_none().then_some(name))
            .collect();
        for name in secrets::NAMES {
            assert!(removed.iter().any(|it| *it == name), "{name}");
        }
    }

    #[test]
    fn its_build_runs_in_the_clones_root() {
        let command = Wrangler::fake("w".into()).command(&["deploy"]);
        let folder = command.as_std().get_current_dir().unwrap();
        let file = std::fs::read_to_string(folder.join("wrangler.jsonc")).unwrap();
        let file: Value = crate::settings::parse(&file).unwrap();
        let build = folder.join(file["build"]["cwd"].as_str().unwrap());
        assert_eq!(build.canonicalize().unwrap(), repo::root().canonicalize().unwrap());
    }

    #[test]
    fn secrets_are_listed_by_name() {
        let output = r#"[{ "name": "A", "type": "secret_text" }, { "name": "B" }]"#;
        assert_eq!(names(output).unwrap(), ["A", "B"]);
        assert_eq!(names("[]").unwrap(), [""; 0]);
        assert!(names("[{}]").is_err() && names("nothing").is_err());
    }

    #[test]
    fn a_worker_that_is_not_there_has_no_secrets() {
        assert!(is_unknown_worker("[ERROR] Worker \"easel\" not found.\n\nIf this is a new"));
        assert!(!is_unknown_worker("[ERROR] Authentication error [code: 10000]"));
    }

    #[test]
    fn the_addresses_are_read_from_the_output() {
        let output = "Uploaded easel (3.1 sec)\nDeployed easel triggers (0.4 sec)\n  https://easel.a.workers.dev\n  \
                    studio.example.com (custom domain)\nCurrent Version ID: 1\n  x\n";
        assert_eq!(
            targets(output),
            ["https://easel.a.workers.dev", "studio.example.com (custom domain)"]
        );
        assert_eq!(targets("--dry-run: exiting now.\n"), [""; 0]);
    }
}
