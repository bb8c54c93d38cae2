//! Who makes, moves and removes the elements of the studio: the program, and nobody else.

use super::gallery::make;
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeSet;
use tests::{
    browser::Browser,
    page::{composer::Composer, early::runs, trace, viewer::Viewer, wall::Wall},
    run,
    studio::{Setup, Studio},
};

/// What was traced since the page was loaded.
async fn traced(browser: &Browser) -> Result<BTreeSet<String>> {
    let (rows, untraced) = trace::traced(browser).await?;
    assert_eq!(untraced, Vec::<String>::new(), "elements came or went by an unknown function");
    Ok(rows)
}

async fn flow(browser: &Browser, studio: &Studio) -> Result<BTreeSet<String>> {
    browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
    runs(browser).await?;
    let composer = Composer(browser);
    // An idea, a format, two pictures to change, one of them taken away again.
    browser.click("button", "Paper craft A lighthouse of cut paper").await?;
    composer.unfold().await?;
    composer.choose_format("PNG").await?;
    composer.choose_count(2).await?;
    composer.order("A harbour").await?;
    Wall(browser).counts(2).await?;
    // A refusal, put away.
    composer.choose_count(1).await?;
    composer.order("sandbox:refuse").await?;
    browser.read("refused this description").await?;
    // A slow one, cancelled, while another one is made.
    composer.order("sandbox:slow").await?;
    composer.order("A second one").await?;
    browser.see("image", "A second one").await?;
    browser.click("button", "Cancel this picture").await?;
    make(browser, &["An owl"]).await?;
    // The viewer: there, on, closer, away; and a change.
    browser.click("button", "Open picture: An owl").await?;
    Viewer(browser).shows("An owl").await?;
    browser.press("ArrowRight").await?;
    Viewer(browser).shows("A second one").await?;
    browser.press("+").await?;
    browser.press("Escape").await?;
    browser.press("Escape").await?;
    Viewer(browser).closes().await?;
    browser.click("button", "Open picture: An owl").await?;
    browser.click("button", "Change this picture").await?;
    browser.see("image", "Picture 1").await?;
    composer.order("As a drawing").await?;
    browser.see("image", "As a drawing").await?;
    // Many at once, deleted and brought back.
    browser.click("button", "Select").await?;
    browser.click("button", "Select all").await?;
    browser.click("button", "Delete").await?;
    browser.click("button", "Undo").await?;
    Wall(browser).counts(5).await?;
    let before = traced(browser).await?;
    browser.reload().await?;
    runs(browser).await?;
    Wall(browser).counts(5).await?;
    Ok(before.into_iter().chain(traced(browser).await?).collect())
}

#[test]
fn every_element_is_the_programs() {
    run(async {
        let mut setup = Setup::default().quick().site("choose", json!(true));
        setup.site.insert("history".to_owned(), "device".into());
        let studio = setup.start().await?;
        let browser = Browser::start().await?;
        trace::begin(&browser).await?;
        let rows = flow(&browser, &studio).await?;
        let own = |row: &&String| row.starts_with("studio.js ") || row.starts_with("studio.wasm ");
        assert!(rows.iter().filter(own).count() > 20, "the program made nothing: {rows:?}");
        let beside: Vec<&str> = rows.iter().filter(|row| !own(row)).map(String::as_str).collect();
        assert_eq!(beside, Vec::<&str>::new());
        browser.stop().await?;
        studio.stop().await
    });
}
