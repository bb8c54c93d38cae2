//! A reload in the middle of a job: the picture comes, made once.

use super::{in_both, open};
use anyhow::Result;
use sandbox::{Pace, Settings};
use tests::{engine::Window, studio::Setup};
use thirtyfour::Key;

in_both!(a_reload_in_the_middle_of_a_job_loses_nothing);

async fn a_reload_in_the_middle_of_a_job_loses_nothing(window: Window) -> Result<()> {
    let settings = Settings { pace: Pace::Human, ..Settings::for_tests() };
    let studio = Setup { sandbox: settings, ..Setup::default() }.start().await?;
    open(&window, &studio).await?;
    window.click("textbox", "Describe a picture").await?;
    window.type_text("A fox").await?;
    window.press(Key::Enter).await?;
    let calls = studio.sandbox.books().until(|calls| !calls.is_empty()).await;
    assert_eq!(calls[0].completed_after, None, "it is over already: this shows nothing");
    window.reload().await?;
    window.see("image", "A fox").await?;
    window.see("button", "Open picture: A fox").await?;
    assert_eq!(studio.sandbox.books().asked(), 1, "made once");
    // A finished one comes back as well.
    window.reload().await?;
    window.see("button", "Open picture: A fox").await?;
    window.stop().await?;
    studio.stop().await
}
