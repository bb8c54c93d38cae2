//! Builds the served files: the app into `dist/`, the edge into `edge/build/`.
//!
//! Owns which parts are built at the same time, and that one build runs at a time in a clone. Cargo compiles; the
//! submodules bind, minify and lay out its output. Must not start anything.

pub mod app;
pub mod assets;
pub mod bind;
pub mod build_id;
pub mod compile;
pub mod edge;
pub mod finish;
pub mod kit;
pub mod lock;
pub mod names;
pub mod public;
pub mod released;
pub mod shell;
pub mod sites;
pub mod source_paths;
pub mod split;
pub mod texts;

use crate::{
    console,
    setup::{self, SetupPurpose},
    tools::Tools,
};
use anyhow::{Result, anyhow};
use clap::ValueEnum;
use std::path::PathBuf;

/// The part to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The app and the edge.
    All,
    /// The studio alone.
    App,
    /// The Worker alone.
    Edge,
}

/// The purpose of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For visitors: as small and quick as possible.
    Release,
    /// For a developer: rebuilt within seconds, into folders of its own.
    Development,
}

/// Sets up the machine, then builds.
pub async fn run(part: Part) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    with(&tools, part).await
}

/// Builds the tests' Worker if something has changed. It panics where a prompt asks for it, and its clock can be set.
/// Returns the path of its `index.js`.
pub async fn for_tests() -> Result<PathBuf> {
    let tools = setup::run(SetupPurpose::Building).await?;
    let _lock = lock::acquire().await?;
    edge::build_for_tests(&tools).await
}

/// Builds the kit if something has changed. Returns the folder of its files.
pub async fn kit(tools: &Tools) -> Result<PathBuf> {
    let _lock = lock::acquire().await?;
    kit::build(tools).await
}

/// Builds all that the tests run: what is served, what a release adds to it, and the tests' Worker.
pub async fn for_suite(tools: &Tools) -> Result<()> {
    console::heading("Build");
    let _lock = lock::acquire().await?;
    app::fetch_crates(tools).await?;
    let workers = async {
        edge::build(tools, Profile::Release).await?;
        edge::build_for_tests(tools).await
    };
    let (app, workers, kit) =
        tokio::join!(app::build(tools, Profile::Release), workers, kit::build(tools));
    all_succeeded([app.map(drop), workers.map(drop), kit.map(drop)])
}

/// Builds for visitors, with the tools that set-up found.
pub async fn with(tools: &Tools, part: Part) -> Result<()> {
    console::heading("Build");
    build(tools, part, Profile::Release).await.map(drop)
}

/// Builds for development. Returns whether anything had changed.
pub async fn for_development(tools: &Tools) -> Result<bool> {
    build(tools, Part::All, Profile::Development).await
}

async fn build(tools: &Tools, part: Part, profile: Profile) -> Result<bool> {
    let _lock = lock::acquire().await?;
    // Crates are downloaded in a step of their own: otherwise a first build would seem to hang.
    app::fetch_crates(tools).await?;
    let app =
        async { if part == Part::Edge { Ok(false) } else { app::build(tools, profile).await } };
    let edge =
        async { if part == Part::App { Ok(false) } else { edge::build(tools, profile).await } };
    let (app, edge) = tokio::join!(app, edge);
    let changed = [&app, &edge].iter().any(|built| matches!(built, Ok(true)));
    all_succeeded([app.map(drop), edge.map(drop)])?;
    Ok(changed)
}

/// Fails with the errors of all parts that could not be built. Parts are built at the same time: cargo compiles one after
/// another, and compiles the next while wasm-bindgen and wasm-opt finish the one before.
fn all_succeeded<const PARTS: usize>(built: [Result<()>; PARTS]) -> Result<()> {
    let mut errors: Vec<_> = built.into_iter().filter_map(Result::err).collect();
    if errors.len() < 2 {
        return errors.pop().map_or(Ok(()), Err);
    }
    let texts: Vec<_> = errors.iter().map(|error| format!("{error:#}")).collect();
    Err(anyhow!(texts.join("\n\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_cannot_be_built_is_named() {
        let failed = |part: &str| Err(anyhow!("{part} cannot be built"));
        let says = |built| all_succeeded::<3>(built).map_err(|error| error.to_string());
        assert_eq!(says([Ok(()), Ok(()), Ok(())]), Ok(()));
        assert_eq!(says([Ok(()), failed("edge"), Ok(())]), Err("edge cannot be built".to_owned()));
        let both = "app cannot be built\n\nkit cannot be built".to_owned();
        assert_eq!(says([failed("app"), Ok(()), failed("kit")]), Err(both));
    }
}
