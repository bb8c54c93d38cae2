//! The standard library for wasm32: rustup's, or one that is built from Debian's sources.
//!
//! Owns the choice between both. Must not compile anything of Easel.

use crate::{
    child,
    console::ProgressStep,
    setup::debian,
    tools::{self, TARGET},
};
use anyhow::{Result, bail};
use std::path::Path;

/// The compiler that has the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmTarget {
    /// The `rustc` on PATH.
    OnPath,
    /// `/usr/bin/rustc` of Debian, with a standard library built here.
    Debian,
}

impl WasmTarget {
    /// Its description in the list of tools.
    pub fn describe(self) -> &'static str {
        match self {
            Self::OnPath => "ready",
            Self::Debian => "ready (Debian's rustc)",
        }
    }

    /// Whether children need Debian's compiler.
    pub fn is_debian(self) -> bool {
        self == Self::Debian
    }
}

/// Finds the target, or installs it: first with rustup, then with Debian's packages.
pub async fn ensure() -> Result<WasmTarget> {
    if has_target("rustc").await {
        return Ok(WasmTarget::OnPath);
    }
    if has_target(debian::RUSTC).await {
        return Ok(WasmTarget::Debian);
    }
    let step = ProgressStep::long(TARGET, "installing with rustup");
    let mut command = tools::program("rustup");
    command.args(["target", "add", TARGET]);
    let Err(rustup) = child::run_quietly(command, &step).await else {
        step.done("installed");
        return Ok(WasmTarget::OnPath);
    };
    step.failed();
    if debian::is_possible().await {
        debian::install().await?;
        return Ok(WasmTarget::Debian);
    }
    bail!(
        "the Rust target {TARGET} is missing, and `rustup target add {TARGET}` does not work here; \
         install it with your system's Rust packages, or use Debian 12 or newer as root\n\n{rustup}"
    );
}

/// Whether the compiler starts and its sysroot contains the target's standard library.
async fn has_target(rustc: &str) -> bool {
    let mut command = tools::program(rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]);
    let Some(folder) = child::read_stdout(command).await else { return false };
    holds_std(Path::new(&folder))
}

fn holds_std(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
