//! A picture of the visitor's own reaches the gateway as it looks.

use super::{file, in_both, nothing_went_wrong, open};
use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use contract::options::{Format, Size};
use painter::{Subject, encode, paint};
use serde_json::Value;
use tests::{
    engine::Window,
    page::{engines::SIDES, structure},
    studio::Studio,
};

in_both!(a_given_picture_is_sent);

/// A photograph of the sandbox's, larger than what is sent.
pub(super) fn photograph() -> Vec<u8> {
    let subject = Subject {
        prompt: "a harbour".to_owned(),
        size: Size { width: 3000, height: 1500 },
        ..Subject::default()
    };
    encode(&paint(&subject), Format::Jpeg, 90).expect("a picture")
}

/// The pictures that reached the gateway with this prompt.
pub(super) fn sent(studio: &Studio, prompt: &str) -> Result<Vec<Vec<u8>>> {
    let calls = studio.sandbox.books().calls();
    let asks = |body: &Value| body["prompt"].as_str().is_some_and(|text| text.contains(prompt));
    let body = calls.iter().find_map(|call| call.json().filter(asks)).context("no such request")?;
    let bytes = |image: &Value| {
        let url = image["image_url"].as_str().context("no URL")?;
        let (_, base64) = url.split_once(";base64,").context("no data URL")?;
        Ok(BASE64_STANDARD.decode(base64)?)
    };
    body["images"].as_array().into_iter().flatten().map(bytes).collect()
}

async fn a_given_picture_is_sent(window: Window) -> Result<()> {
    let studio = Studio::quick().await?;
    open(&window, studio).await?;
    let given = file(&window, "given.jpg", &photograph())?;
    window.choose_file(structure::FILES, &given).await?;
    window.see("image", "Picture 1").await?;
    assert_eq!(window.of("image", "Picture 1", SIDES).await?, "2048x1024");
    window.click("textbox", "Describe the change").await?;
    let prompt = format!("Make it night {}", window.folder().display());
    window.type_text(&prompt).await?;
    window.click("button", "Create").await?;
    window.see("image", &prompt).await?;
    let pictures = sent(studio, &prompt)?;
    assert_eq!(pictures.len(), 1);
    assert!(pictures[0].starts_with(b"\xff\xd8\xff"), "a JPEG");
    nothing_went_wrong(&window).await?;
    window.stop().await
}
