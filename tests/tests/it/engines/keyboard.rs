//! The walk by keyboard: every control in the order of the page, and a picture made, looked at and left.

use super::{in_both, nothing_went_wrong, open};
use anyhow::Result;
use tests::{engine::Window, page::engines::SIDES, studio::Studio};
use thirtyfour::Key;

in_both!(the_keyboard_alone_is_enough);

async fn the_keyboard_alone_is_enough(window: Window) -> Result<()> {
    open(&window, Studio::quick().await?).await?;
    window.tab_to("textbox", "Describe a picture").await?;
    window.type_text("By keyboard").await?;
    window.tab_to("radio", "Square").await?;
    window.press(Key::Right).await?;
    window.focus_is("radio", "Wide").await?;
    let stops = window.tab_to("button", "Create").await?;
    let names: Vec<_> = stops.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names.len(), 5, "quality, count, pictures to change, more, create: {names:?}");
    window.press(Key::Enter).await?;
    window.see("button", "Open picture: By keyboard").await?;
    assert_eq!(
        window.of("image", "By keyboard", SIDES).await?,
        "1536x1024",
        "the arrow chose Wide"
    );
    window.tab_to("button", "Open picture: By keyboard").await?;
    window.press(Key::Enter).await?;
    window.see("dialog", "Picture").await?;
    window.focus_is("button", "Close").await?;
    window.press(Key::Enter).await?;
    window.vanishes("dialog", "Picture").await?;
    window.focus_is("button", "Open picture: By keyboard").await?;
    nothing_went_wrong(&window).await?;
    window.stop().await
}
