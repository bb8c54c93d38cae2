//! A command-line tool from the Rust crate registry: found, or built once for all clones.
//!
//! Owns the installation. Must not know what the tool does.

use crate::{
    child,
    console::ProgressStep,
    setup::kept,
    tools::{self, which},
};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A tool and its version.
#[derive(Debug)]
pub struct CargoTool {
    name: &'static str,
    program: &'static str,
    version: &'static str,
    time: &'static str,
}

impl CargoTool {
    /// A crate whose program has another name than the crate; `time` is how long its build takes.
    pub const fn new(
        name: &'static str,
        program: &'static str,
        version: &'static str,
        time: &'static str,
    ) -> Self {
        Self { name, program, version, time }
    }

    fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The path of the program; builds it if it is missing.
    pub async fn ensure(&self) -> Result<PathBuf> {
        for found in which(self.program).into_iter().chain([self.home()]) {
            if self.is_right(&found).await {
                return Ok(found);
            }
        }
        self.install().await?;
        Ok(self.home())
    }

    /// The path of the program that [`Self::ensure`] has found or built, without a look at its version.
    pub fn find(&self) -> Option<PathBuf> {
        let home = self.home();
        if home.is_file() { Some(home) } else { which(self.program) }
    }

    /// Where it is built to.
    fn home(&self) -> PathBuf {
        kept(self.name, self.version).join("bin").join(self.program)
    }

    async fn is_right(&self, program: &Path) -> bool {
        let mut command = tools::program(program);
        command.arg("--version");
        let answer = child::read_stdout(command).await.unwrap_or_default();
        says(&answer, self.version)
    }

    async fn install(&self) -> Result<()> {
        let step = ProgressStep::long(&self.label(), &format!("installing (about {})", self.time));
        let mut command = tools::program("cargo");
        command.args(["install", "--locked", self.name, "--version", self.version]);
        command.arg("--root").arg(kept(self.name, self.version));
        // Optimised only a little: it is compiled once and runs for minutes at most.
        command
            .env("CARGO_TARGET_DIR", build_folder())
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        match child::run_quietly(command, &step).await {
            Ok(_) => {
                // The build leaves a gigabyte of objects that are not needed any more.
                let _ = std::fs::remove_dir_all(build_folder());
                step.done("installed");
            }
            Err(error) => {
                step.failed();
                return Err(error).with_context(|| format!("cannot install {}", self.label()));
            }
        }
        Ok(())
    }
}

/// The folder in which a tool is built; deleted after the build.
fn build_folder() -> PathBuf {
    tools::cache().join("build")
}

/// Whether a program's answer to `--version` names this version. Some go on with a commit and a licence.
fn says(answer: &str, version: &str) -> bool {
    answer.lines().next().unwrap_or_default().split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_second_word_of_the_first_line() {
        assert!(says("cargo-mutants 27.1.0", "27.1.0"));
        assert!(says("geckodriver 0.37.1 (a1b2c3 2026-01-01)\n\nThe source code", "0.37.1"));
        assert!(!says("geckodriver 0.37.10", "0.37.1") && !says("", "0.37.1"));
    }
}
