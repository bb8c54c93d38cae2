//! `cargo xtask dev`: serves a development build, and rebuilds it after each saved change.
//!
//! Owns the loop from a saved file to the edge that serves it. The module `build` owns what is built and how;
//! `edge/dev.mjs` reloads open pages. Must not stop when a build fails: the last successful build stays served.
//!
//! Decision: docs/decisions/2026-11-29-development-is-the-release-pipeline.md.

use crate::{
    build::{self, Profile},
    command::Serve,
    console::{self, ProgressStep},
    repo,
    serve::{self, Running},
    signals,
};
use anyhow::{Context, Result};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use serde_json::{Map, Value};
use std::{ffi::OsStr, path::Path, sync::Arc, time::Duration};
use tokio::{sync::Notify, time::timeout};

/// The watched folders and files. Changes of other files do not start a build, since no build reads them.
const WATCHED: [&str; 7] =
    ["app", "contract/src", "edge/src", "engine/src", "public", "style", "texts"];
/// The folders that are watched without those in them: for `entry.js` and `wrangler.jsonc`, since a release build writes
/// into `edge/build`, and for cargo's files in the root.
const WATCHED_FLAT: [&str; 2] = ["edge", ""];
/// How long the sources must be unchanged before a build starts: an editor saves in several steps, and some editors
/// save several files at once.
const QUIET: Duration = Duration::from_millis(100);

/// Starts everything and rebuilds after each change, until Ctrl-C or SIGTERM.
pub async fn run(options: Serve) -> Result<()> {
    let saved = Arc::new(Notify::new());
    // Watching starts before the first build, so that a change saved during that build starts a second one.
    let watcher = watch(&saved)?;
    let started = signals::or_stop(serve::start(options, Profile::Development)).await;
    let Some(started) = started else { return Ok(()) };
    let running = started?;
    serve::announce(&running);
    let ended = signals::or_stop(follow(&running, &saved)).await.is_some();
    drop(watcher);
    serve::stop(running, ended).await
}

/// Watches the sources, and notifies `saved` when one may have changed. `Notify` stores one notification while nobody
/// waits, so that a change saved during a build starts another build.
pub(crate) fn watch(saved: &Arc<Notify>) -> Result<RecommendedWatcher> {
    let saved = Arc::clone(saved);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // An error of the watcher may mean that changes were lost, so it counts as a change.
        let is_change = event.map_or(true, |event| {
            !event.kind.is_access() && event.paths.iter().any(|path| is_source(path))
        });
        if is_change {
            saved.notify_one();
        }
    })
    .context("the sources cannot be watched")?;
    for folder in WATCHED {
        watcher
            .watch(&repo::path(folder), RecursiveMode::Recursive)
            .with_context(|| format!("{folder}/ cannot be watched"))?;
    }
    for folder in WATCHED_FLAT {
        watcher
            .watch(&repo::path(folder), RecursiveMode::NonRecursive)
            .with_context(|| format!("{folder}/ cannot be watched"))?;
    }
    Ok(watcher)
}

/// Whether the file is a source: editors also write temporary and backup files beside it. In the clone's root only
/// cargo's files are.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    if path.parent().is_some_and(|folder| folder == repo::root()) {
        return matches!(&*name, "Cargo.toml" | "Cargo.lock");
    }
    !name.starts_with('.') && !name.starts_with('#') && !name.ends_with('~')
}

/// Rebuilds after each change, until the edge ends by itself.
pub(crate) async fn follow(running: &Running, saved: &Notify) {
    let mut unserved = false;
    let mut served = running.vars.clone();
    loop {
        tokio::select! {
            () = running.edge.ended() => return,
            () = saved.notified() => {}
        }
        while timeout(QUIET, saved.notified()).await.is_ok() {}
        if let Err(error) = rebuild(running, &mut served, &mut unserved).await {
            console::error(&format!("{error:#}"));
            console::text(
                "  The last successful build is still served. The next saved change starts another build.",
            );
        }
    }
}

/// Builds what has changed and reloads the edge, also with another configuration than the `served` one. It also reloads
/// when `unserved` says that an earlier reload failed.
async fn rebuild(
    running: &Running,
    served: &mut Map<String, Value>,
    unserved: &mut bool,
) -> Result<()> {
    let vars = running.variables()?;
    *unserved |= build::for_development(&running.tools).await?;
    *unserved |= vars != *served;
    if !*unserved {
        return Ok(());
    }
    *served = vars;
    let step = ProgressStep::short("workerd");
    match running.edge.reload(served).await {
        Ok(()) => {
            *unserved = false;
            step.done("reloaded");
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watched_folders_exist() {
        for path in WATCHED.iter().chain(&WATCHED_FLAT) {
            assert!(repo::path(path).exists(), "{path}");
        }
    }

    #[test]
    fn an_editors_own_files_are_no_sources() {
        for name in
            ["style/.tile.css.swp", "style/tile.css~", "style/#tile.css#", "style/.#tile.css"]
        {
            assert!(!is_source(Path::new(name)), "{name}");
        }
        assert!(is_source(Path::new("style/tile.css")));
        for name in ["Cargo.toml", "Cargo.lock", "edge/wrangler.jsonc"] {
            assert!(is_source(&repo::path(name)), "{name}");
        }
        for name in ["target", "README.md", ".git", "dist"] {
            assert!(!is_source(&repo::path(name)), "{name}");
        }
    }

    #[tokio::test]
    async fn changes_while_nobody_waits_notify_once() {
        let saved = Arc::new(Notify::new());
        let _watcher = watch(&saved).unwrap();
        let file = repo::path("style/.easel-dev-test");
        std::fs::write(&file, "").unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(timeout(Duration::from_millis(300), saved.notified()).await.is_err(), "no source");
        // Only their time changes, because other tests read these files meanwhile.
        for name in ["style/base.css", "Cargo.toml", "edge/wrangler.jsonc"] {
            let file = std::fs::File::options().append(true).open(repo::path(name)).unwrap();
            file.set_modified(file.metadata().unwrap().modified().unwrap()).unwrap();
            let seen = timeout(Duration::from_secs(10), saved.notified()).await;
            assert!(seen.is_ok(), "{name} is saved");
            while timeout(QUIET, saved.notified()).await.is_ok() {}
        }
        saved.notify_one();
        saved.notify_one();
        assert!(timeout(QUIET, saved.notified()).await.is_ok());
        assert!(timeout(QUIET, saved.notified()).await.is_err());
    }
}
