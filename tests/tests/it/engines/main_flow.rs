//! A description becomes a picture, a refusal says what to do, four come at once.

use super::{in_both, make, nothing_went_wrong, open};
use anyhow::Result;
use serde_json::json;
use tests::{
    engine::Window,
    page::engines::{IS_THUMBNAIL, PROMPT, SIDES},
    studio::Studio,
};

in_both!(a_description_becomes_a_picture);

async fn a_description_becomes_a_picture(window: Window) -> Result<()> {
    let studio = Studio::quick().await?;
    open(&window, studio).await?;
    window.click("radio", "Wide").await?;
    window.click("textbox", "Describe a picture").await?;
    window.type_text("A lighthouse, süß").await?;
    window.click("button", "Create").await?;
    window.see("image", "A lighthouse, süß").await?;
    window.read("Your picture is ready.").await?;
    let calls = studio.sandbox.books().calls();
    let prompts: Vec<_> = calls.iter().filter_map(sandbox::Call::json).collect();
    assert!(prompts.iter().any(|body| body["prompt"] == "PREFIX A lighthouse, süß SUFFIX"));
    window.see("link", "Download").await?;

    window.choose("How many", "4").await?;
    window.click("textbox", "Describe a picture").await?;
    window.replace_text("Four boats").await?;
    window.click("button", "Create").await?;
    window.until_count("image", "Four boats", 4).await?;
    assert_eq!(window.of("image", "Four boats", SIDES).await?, "1536x1024");
    window.until_of("image", "Four boats", IS_THUMBNAIL).await?;

    window.choose("How many", "1").await?;
    window.click("textbox", "Describe a picture").await?;
    window.replace_text("A secret sandbox:refuse").await?;
    window.click("button", "Create").await?;
    window.read("refused this description").await?;
    assert_eq!(window.eval(PROMPT).await?, json!("A secret sandbox:refuse"));
    make(&window, "An owl").await?;
    nothing_went_wrong(&window).await?;
    window.stop().await
}
