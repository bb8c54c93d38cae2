//! The viewer: it opens by a press, turns by keys, tells its facts, and gives the focus back.

use super::{in_both, looks::look, make, nothing_went_wrong, open};
use anyhow::Result;
use serde_json::json;
use tests::{engine::Window, page::engines::DIALOG_HOLDS_FOCUS, studio::Studio};
use thirtyfour::Key;

in_both!(the_viewer_opens_turns_and_gives_the_focus_back);

async fn the_viewer_opens_turns_and_gives_the_focus_back(window: Window) -> Result<()> {
    open(&window, Studio::quick().await?).await?;
    look(&window, "form").await?;
    for prompt in ["A fox", "An owl"] {
        make(&window, prompt).await?;
    }
    look(&window, "wall").await?;
    window.click("button", "Open picture: An owl").await?;
    window.see("dialog", "Picture").await?;
    window.focus_is("button", "Close").await?;
    look(&window, "viewer").await?;
    for fact in ["1024 × 1024", "openai/gpt-image-1-mini", "Content Credentials"] {
        window.read(fact).await?;
    }
    window.press(Key::Right).await?;
    window.see("image", "A fox").await?;
    window.press(Key::Left).await?;
    window.see("image", "An owl").await?;
    // The focus does not get out, however often one goes on.
    for _ in 0..12 {
        window.press(Key::Tab).await?;
        let at = window.focused().await?;
        assert_eq!(window.eval(DIALOG_HOLDS_FOCUS).await?, json!(true), "it is on {at:?}");
    }
    window.click("button", "More").await?;
    window.click("button", "Delete").await?;
    window.see("image", "A fox").await?;
    window.click("button", "Undo").await?;
    window.see("image", "An owl").await?;
    window.press(Key::Escape).await?;
    window.vanishes("dialog", "Picture").await?;
    window.focus_is("button", "Open picture: An owl").await?;
    nothing_went_wrong(&window).await?;
    window.stop().await
}
