//! The contrast of every text and mark, whatever accent and surface an owner names: a fixed grid of two hundred pairs, in light
//! and dark, read from the styles that one Chromium has computed.

use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    page::{composer::Composer, contrast, structure},
    run,
    studio::Studio,
};

/// Lightness, chroma and hue of accents and of surfaces, spread so that each lightness meets each hue.
fn pairs() -> Vec<[String; 2]> {
    const ACCENTS: [f64; 5] = [0.25, 0.45, 0.62, 0.8, 0.95];
    const SURFACES: [f64; 8] = [0.0, 0.12, 0.2, 0.3, 0.82, 0.9, 0.96, 1.0];
    let oklch =
        |lightness: f64, chroma: f64, hue: usize| format!("oklch({lightness} {chroma} {hue})");
    let mut pairs = Vec::new();
    for (accent, lightness) in ACCENTS.into_iter().enumerate() {
        for (surface, ground) in SURFACES.into_iter().enumerate() {
            for step in 0..5 {
                let hue = (accent * 72 + surface * 45 + step * 73) % 360;
                let chroma = if step % 2 == 0 { 0.2 } else { 0.08 };
                let wash = [0.0, 0.02, 0.05][step % 3];
                pairs.push([oklch(lightness, chroma, hue), oklch(ground, wash, (hue + 140) % 360)]);
            }
        }
    }
    pairs
}

async fn faults(browser: &Browser, state: &str, least: u64) -> Result<Vec<String>> {
    let found: Vec<String> = serde_json::from_value(
        browser.eval(&format!("contrast.faults({})", json!(pairs()))).await?,
    )?;
    let seen: Value = browser.eval("contrast.seen").await?;
    assert!(seen.as_u64().is_some_and(|seen| seen >= least), "{state}: only {seen}");
    Ok(found.into_iter().map(|fault| format!("{state}: {fault}")).collect())
}

#[test]
fn no_text_and_no_mark_is_under_its_bound_on_a_grid_of_accents_and_surfaces() {
    run(async {
        assert_eq!(pairs().len(), 200);
        let browser = Browser::on(Studio::quick().await?, "").await?;
        browser.look(1280, 900, false, true).await?;
        browser.see("button", "Create").await?;
        browser.eval(contrast::DEFINE).await?;
        Composer(&browser).unfold().await?;
        let mut all = faults(&browser, "form", 20).await?;
        for (prompt, seen) in [("A fox", "image"), ("Unkind sandbox:refuse", "heading")] {
            Composer(&browser).order(prompt).await?;
            let name = if seen == "image" {
                prompt
            } else {
                "The picture service refused this description"
            };
            browser.see(seen, name).await?;
            browser.see("button", "Create").await?;
        }
        Composer(&browser).order("").await?;
        browser.read("Write a few words first.").await?;
        all.extend(faults(&browser, "wall", 25).await?);
        // On paper are the picture and what it was made from, and no control.
        browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        assert_eq!(browser.eval(structure::CAPTIONS).await?, json!(["A fox"]));
        let words = browser.eval("document.body.innerText").await?;
        for word in ["Create", "Select", "Square", "Made by AI", "refused"] {
            assert!(!words.as_str().is_some_and(|all| all.contains(word)), "{word} is printed");
        }
        browser.look(1280, 900, false, true).await?;
        browser.click("button", "Open picture: A fox").await?;
        browser.see("button", "Change this picture").await?;
        all.extend(faults(&browser, "viewer", 8).await?);
        assert!(all.is_empty(), "{}", all.join("\n"));
        browser.stop().await
    });
}
