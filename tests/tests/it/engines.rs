//! The studio in Firefox and in WebKit: what visitors do most, in each engine as it is shipped.
//!
//! Each flow is written once; `in_both!` makes a test of it for each engine.

use anyhow::{Context, Result};
use std::path::PathBuf;
use tests::{
    engine::{Engine, Window},
    page::engines::FRAME_ERRORS,
    run,
    studio::Studio,
};
use thirtyfour::Key;

mod embed;
mod keyboard;
mod looks;
mod main_flow;
mod reload;
mod resisting;
mod upload;
mod viewer;

/// A test of a flow in each engine.
macro_rules! in_both {
    ($flow:ident) => {
        mod $flow {
            #[test]
            fn in_firefox() {
                super::super::check(tests::engine::Engine::Firefox, super::$flow);
            }

            #[test]
            fn in_webkit() {
                super::super::check(tests::engine::Engine::WebKit, super::$flow);
            }
        }
    };
}
use in_both;

/// Runs a flow in an engine. On a machine that cannot have it, the sentence of the set-up is all.
fn check(engine: Engine, flow: impl AsyncFnOnce(Window) -> Result<()>) {
    run(async {
        if let Some(reason) = Engine::missing().await {
            eprintln!("{engine:?}: {reason}");
            return Ok(());
        }
        flow(Window::start(engine).await?).await
    });
}

/// A window's studio, which records what goes wrong in its page.
async fn open(window: &Window, studio: &Studio) -> Result<()> {
    window.open(&format!("{}/studio/demo", studio.edge.url())).await?;
    window.see("button", "Create").await?;
    window.eval(FRAME_ERRORS).await.map(drop)
}

/// Describes a picture, and asks for it with the Enter key.
async fn make(window: &Window, prompt: &str) -> Result<()> {
    window.see("button", "Create").await?;
    window.click("textbox", "Describe a picture").await?;
    window.replace_text(prompt).await?;
    window.press(Key::Enter).await?;
    window.see("image", prompt).await?;
    window.see("button", &format!("Open picture: {prompt}")).await.map(drop)
}

/// Nothing went wrong in the page without a word.
async fn nothing_went_wrong(window: &Window) -> Result<()> {
    let wrong = window.eval("window.wrong ?? null").await?;
    anyhow::ensure!(wrong == serde_json::json!([]), "in the page: {wrong}");
    Ok(())
}

/// A file for this window alone: the same test may run in another engine at the same time.
fn file(window: &Window, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let file = window.folder().join(name);
    std::fs::write(&file, bytes).context("cannot write the picture")?;
    Ok(file)
}
