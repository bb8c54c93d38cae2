//! The repository's own wrangler, as a child process.
//!
//! Owns its arguments. Must not get a secret: none is passed to it, so it cannot print
//! one.
//!
//! Decision: docs/decisions/2026-11-29-wrangler-starts-in-edge.md.

use crate::{
    child::{self, Ended},
    console::ProgressStep,
    repo,
    tools::{Tools, which},
};
use anyhow::{Context, Result, bail};
use preflight::wrangler_output::{failure, is_unknown_worker, secret_names, targets};
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
            return secret_names(&out);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets;
    use serde_json::Value;

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
}
