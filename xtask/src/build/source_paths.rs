//! The paths of the sources as the compiler writes them into a wasm, where a panic names its place: the same in every
//! clone and on every machine, so that two builds of one commit are equal.
//!
//! Owns what replaces the folders of this machine. A development build keeps the real paths. Must not compile anything.

use crate::{child, repo, setup::debian, tools::Tools};
use anyhow::{Context, Result};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// What cargo puts between the compiler's options in its variable.
const BETWEEN: &str = "\u{1f}";

/// Makes a cargo command replace the paths. Only what is compiled to wasm gets these options, since the command names a
/// target. They replace those of the environment: a release depends on the commit alone.
pub async fn replace(cargo: &mut Command, tools: &Tools) -> Result<()> {
    let version = rustc(tools, &["--version", "--verbose"]).await?;
    let sysroot = rustc(tools, &["--print", "sysroot"]).await?;
    let folders = Folders {
        clone: repo::root(),
        target: tools.wasm_target_folder(),
        crates: crates(&cargo_home()),
        library: (Path::new(&sysroot).join("lib/rustlib/src/rust"), commit(&version)),
    };
    cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", folders.options());
    Ok(())
}

/// What the compiler says of itself.
async fn rustc(tools: &Tools, words: &[&str]) -> Result<String> {
    let mut rustc = tools.wasm_command(if tools.debian { debian::RUSTC } else { "rustc" });
    rustc.args(words);
    child::read_stdout(rustc).await.context("rustc does not start")
}

/// The folders of this machine that may stand in a wasm.
struct Folders {
    clone: PathBuf,
    target: PathBuf,
    /// The folders of downloaded crates; their names contain a hash of where the crates came from.
    crates: Vec<PathBuf>,
    /// The sources of the standard library, and the commit of the compiler.
    library: (PathBuf, String),
}

impl Folders {
    /// The compiler's options; of two folders that fit, the later one counts.
    fn options(&self) -> OsString {
        let (library, commit) = &self.library;
        let mut replaced = vec![
            (self.clone.as_path(), "/easel".to_owned()),
            (&self.target, "/easel/target".to_owned()),
            (library, format!("/rustc/{commit}")),
        ];
        replaced.extend(self.crates.iter().map(|folder| (folder.as_path(), "/crates".to_owned())));
        let mut options = OsString::new();
        for (folder, name) in replaced {
            if !options.is_empty() {
                options.push(BETWEEN);
            }
            options.push("--remap-path-prefix=");
            options.push(folder);
            options.push("=");
            options.push(name);
        }
        options
    }
}

/// The folder in which cargo keeps what it downloaded.
fn cargo_home() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cargo")))
        .unwrap_or_else(|| repo::path(".cargo"))
}

/// The folders of the registries.
fn crates(cargo_home: &Path) -> Vec<PathBuf> {
    let entries = cargo_home.join("registry/src").read_dir().into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

/// The commit in what `rustc --version --verbose` prints. Without the standard library's sources its paths name that.
fn commit(version: &str) -> String {
    let line = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    line.unwrap_or("unknown").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_the_machine_is_replaced() {
        let folders = Folders {
            clone: "/some/a clone".into(),
            target: "/fast/target".into(),
            crates: vec!["/some/.cargo/registry/src/one-12".into()],
            library: ("/rust/lib/rustlib/src/rust".into(), commit("rustc 1\ncommit-hash: ab12\n")),
        };
        let options = folders.options().into_string().unwrap();
        let options: Vec<_> = options.split(BETWEEN).collect();
        assert_eq!(
            options,
            [
                "--remap-path-prefix=/some/a clone=/easel",
                "--remap-path-prefix=/fast/target=/easel/target",
                "--remap-path-prefix=/rust/lib/rustlib/src/rust=/rustc/ab12",
                "--remap-path-prefix=/some/.cargo/registry/src/one-12=/crates",
            ]
        );
        assert_eq!(commit("rustc 1\n"), "unknown");
    }
}
