//! `cargo xtask dev`: serves a development build, and builds again what was saved.
//!
//! Owns the loop from a saved file to the edge that serves it. What is built, and how, is `build`'s; that open pages reload
//! themselves is the business of `edge/dev.mjs`. Must not stop at a build that fails: the last good one goes on.

use crate::{
    build::{self, Profile},
    command::Serve,
    console::{self, Step},
    repo,
    serve::{self, Running},
    signals,
};
use anyhow::{Context, Result};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{ffi::OsStr, path::Path, sync::Arc, time::Duration};
use tokio::{sync::Notify, time::timeout};

/// What is watched; files that no build reads change nothing.
const WATCHED: [&str; 7] =
    ["app", "contract/src", "edge/src", "engine/src", "public", "style", "texts"];
/// An editor saves in several steps, and some save several files at once.
const QUIET: Duration = Duration::from_millis(100);

/// Starts everything, builds what is saved, and stops with Ctrl-C or SIGTERM.
pub async fn run(options: Serve) -> Result<()> {
    let saved = Arc::new(Notify::new());
    // From before the first build: what is saved during it leads to a second one.
    let watcher = watch(&saved)?;
    let started = signals::or_stop(serve::start(options, Profile::Development)).await;
    let Some(started) = started else { return Ok(()) };
    let running = started?;
    serve::announce(&running);
    let ended = signals::or_stop(follow(&running, &saved)).await.is_some();
    drop(watcher);
    serve::stop(running, ended).await
}

/// Wakes whoever waits when a source may have changed. One wake-up is kept while nobody waits, so that what is saved during
/// a build leads to one more.
pub(crate) fn watch(saved: &Arc<Notify>) -> Result<RecommendedWatcher> {
    let saved = Arc::clone(saved);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // An error may stand for changes that were lost.
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
    // For `entry.js`; a release build writes into `edge/build`.
    watcher
        .watch(&repo::path("edge"), RecursiveMode::NonRecursive)
        .context("edge/ cannot be watched")?;
    Ok(watcher)
}

/// Editors leave files of their own beside the one that they save.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    !name.starts_with('.') && !name.starts_with('#') && !name.ends_with('~')
}

/// Builds after each change, until the edge ends by itself.
pub(crate) async fn follow(running: &Running, saved: &Notify) {
    let mut unserved = false;
    loop {
        tokio::select! {
            () = running.edge.ended() => return,
            () = saved.notified() => {}
        }
        while timeout(QUIET, saved.notified()).await.is_ok() {}
        if let Err(error) = rebuild(running, &mut unserved).await {
            console::error(&format!("{error:#}"));
            console::page(
                "  The last build that worked is still served. Save again to build again.",
            );
        }
    }
}

/// Builds what has changed, and has it served, also what an earlier reload failed to serve.
async fn rebuild(running: &Running, unserved: &mut bool) -> Result<()> {
    *unserved |= build::for_development(&running.tools).await?;
    if !*unserved {
        return Ok(());
    }
    let step = Step::short("workerd");
    match running.edge.reload().await {
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
    fn what_is_watched_exists() {
        for path in WATCHED.iter().chain(&["edge"]) {
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
    }

    #[tokio::test]
    async fn what_is_saved_while_nobody_waits_wakes_once() {
        let saved = Arc::new(Notify::new());
        let _watcher = watch(&saved).unwrap();
        let file = repo::path("style/.easel-dev-test");
        std::fs::write(&file, "").unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(timeout(Duration::from_millis(300), saved.notified()).await.is_err(), "no source");
        saved.notify_one();
        saved.notify_one();
        assert!(timeout(QUIET, saved.notified()).await.is_ok());
        assert!(timeout(QUIET, saved.notified()).await.is_err());
    }
}
