//! `cargo xtask release`: one archive with all that an operator needs, who has Node and no compiler.
//!
//! Owns the order of the steps. The archive is a package of npm too: its programs are the commands of `npx`. Its bytes
//! depend on the commit and the compiler alone. Must not publish anything.
//!
//! Decision: docs/decisions/2026-11-29-a-release-is-node-and-wasm.md.

pub mod archive;
pub mod files;
pub mod licences;
pub mod loader;
pub mod packages;
pub mod sbom;
pub mod template;

use crate::{
    build::{self, Part, released},
    command::Release,
    console::{self, ProgressStep},
    hash, repo,
    setup::{self, SetupPurpose},
};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf};

/// The folder of the archive, unless another is named.
const FOLDER: &str = "target/release-archive";
/// The beginning of the archive's name.
pub const NAME: &str = "easel";
/// The name that it has as a package of npm.
pub const PACKAGE: &str = "easel-studio-edge";

/// Builds everything, and writes the archive and its checksum.
pub async fn run(options: Release) -> Result<()> {
    let archive = write(options).await?;
    console::fact("try it", &format!("npx --package {} easel serve", archive.display()));
    Ok(())
}

/// Does the same; returns the archive's path.
pub async fn write(options: Release) -> Result<PathBuf> {
    let Release { before, out } = options;
    let tools = setup::run(SetupPurpose::Building).await?;
    build::with(&tools, Part::All).await?;
    let kit = build::kit(&tools).await?;
    console::heading("Release");
    if !released::has(contract::VERSION)? {
        console::warning(&format!(
            "this is {}, whose loader is not released: it may still change, so no page should pin it, and `deploy` refuses it",
            contract::VERSION
        ));
    }
    let step = ProgressStep::short("archive");
    let packages = packages::shipped(&tools).await?;
    let files = files::collect(&kit, before.as_deref(), &packages)?;
    let folder = format!("{NAME}-{}", contract::VERSION);
    let bytes = archive::pack(&folder, &files)?;
    let out = out.unwrap_or_else(|| repo::path(FOLDER));
    fs::create_dir_all(&out).with_context(|| format!("cannot write {}", out.display()))?;
    let path = out.join(format!("{folder}.tgz"));
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let sum = hash::sha256(&bytes);
    fs::write(out.join(format!("{folder}.tgz.sha256")), format!("{sum}  {folder}.tgz\n"))?;
    step.done(&format!("{} files, {} bytes, sha256 {sum}", files.len(), bytes.len()));
    let template = template::write(&out, &files, &packages)?;
    for written in [&path, &template, &loader::write(&out)?] {
        console::fact("written", &written.display().to_string());
    }
    Ok(path)
}
