//! A command-line tool from the Rust crate registry: looked for, or built once for all clones.

use crate::{
    child,
    console::Step,
    setup::kept,
    tools::{self, which},
};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Which tool, and in which version.
#[derive(Debug)]
pub struct CargoTool {
    name: &'static str,
    program: &'static str,
    version: String,
    locked: bool,
    time: &'static str,
}

impl CargoTool {
    /// A crate of that name and version whose program has another name; `time` is what a build takes.
    pub fn new(
        name: &'static str,
        program: &'static str,
        version: &str,
        locked: bool,
        time: &'static str,
    ) -> Self {
        Self { name, program, version: version.to_owned(), locked, time }
    }

    /// Its name in a list.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Where its program is, and whether it had to be built for that.
    pub async fn ensure(&self) -> Result<(PathBuf, bool)> {
        let home = kept(self.name, &self.version).join("bin").join(self.program);
        for found in which(self.program).into_iter().chain([home.clone()]) {
            if self.is_right(&found).await {
                return Ok((found, false));
            }
        }
        self.install().await?;
        Ok((home, true))
    }

    async fn is_right(&self, program: &Path) -> bool {
        let mut command = Command::new(program);
        command.arg("--version");
        tools::clean(&mut command);
        let answer = child::answer(command).await.unwrap_or_default();
        answer.split_whitespace().last() == Some(&self.version)
    }

    async fn install(&self) -> Result<()> {
        let step = Step::long(&self.label(), &format!("installing (about {})", self.time));
        let mut command = Command::new("cargo");
        command.args(["install", self.name, "--version", &self.version]);
        command.args(self.locked.then_some("--locked"));
        command.arg("--root").arg(kept(self.name, &self.version));
        // They run for seconds: built for a short build, with their dependencies in common.
        command
            .env("CARGO_TARGET_DIR", build_folder())
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        tools::clean(&mut command);
        match child::quiet(command, &step).await {
            Ok(_) => step.done("installed"),
            Err(error) => {
                step.failed();
                return Err(error).with_context(|| format!("cannot install {}", self.label()));
            }
        }
        Ok(())
    }
}

/// Where the tools are built; not needed once they are.
pub(crate) fn build_folder() -> PathBuf {
    tools::cache().join("build")
}

/// The version of a crate in the text of `Cargo.lock`.
pub(crate) fn locked_version(lock: &str, name: &str) -> Option<String> {
    let header = format!("name = \"{name}\"\nversion = \"");
    let (_, after) = lock.split_once(&header)?;
    after.split_once('"').map(|(version, _)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_tells_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "nothing"), None);
    }
}
