//! A document that is not what the program's build has rendered: the document is fetched again, and the studio keeps what
//! was begun and orders nothing twice.

use anyhow::{Context, Result};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use tests::{
    browser::Browser,
    page::{
        composer::Composer,
        console,
        early::{Early, runs, was_fetched_again},
        strange::{STRANGE, TRANSLATE, WAIT},
        structure,
    },
    proxy::build::File,
    run,
    studio::{Setup, Studio},
};

const BROKEN: &str = "The studio could not be loaded. Your description is still here";

/// Submits early, changes the document, lets the program come, and expects one order and then another one.
async fn works(
    studio: &Studio,
    browser: &Browser,
    early: &Early,
    (what, strange, again): (&str, &str, bool),
) -> Result<()> {
    early.open(browser, "/studio/demo").await?;
    let composer = Composer(browser);
    composer.focus().await?;
    browser.type_text(what).await?;
    browser.click("radio", "Wide").await?;
    composer.focus().await?;
    browser.press("Enter").await?;
    browser.eval(&format!("void ({{}}); {strange}; 0")).await?;
    early.has_not_come(browser).await?;
    early.comes(browser).await?;
    let was = was_fetched_again(browser).await?;
    anyhow::ensure!(was == again, "the document was fetched again: {was}");
    browser.see("image", what).await?;
    anyhow::ensure!(browser.count("textbox", None).await? == 1, "more than one form");
    anyhow::ensure!(composer.prompt().await? == what, "the prompt is another one");
    anyhow::ensure!(composer.radios().await?.contains(&"Wide".to_owned()));
    let second = format!("{what} again");
    composer.order(&second).await?;
    browser.see("image", &second).await?;
    let orders = |prompt: &str| {
        let prompt = format!("PREFIX {prompt} SUFFIX");
        let calls = studio.sandbox.books().calls();
        calls.iter().filter_map(sandbox::Call::json).filter(|body| body["prompt"] == prompt).count()
    };
    anyhow::ensure!((orders(what), orders(&second)) == (1, 1), "not one order each");
    let said = console::said(browser).await?;
    // The reason is told once; a trap tells where it was too.
    let warned = said.iter().filter(|line| line.starts_with("warn: ")).count();
    anyhow::ensure!(said.is_empty() != again && warned == usize::from(again), "{said:?}");
    Ok(())
}

#[test]
fn a_document_that_others_have_changed_works_and_pays_nothing_twice() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let browser = Browser::start().await?;
        console::record(&browser).await?;
        for row in STRANGE {
            let early = Early::of(studio.edge.url()).await?;
            works(&studio, &browser, &early, row).await.context(row.0)?;
        }
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_document_of_another_build_works_and_pays_nothing_twice() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let browser = Browser::start().await?;
        console::record(&browser).await?;
        for what in ["another build", "another build with other elements", "a comment is missing"] {
            let early = Early::of(studio.edge.url()).await?;
            // What is fetched again is as the edge sends it.
            let first = AtomicBool::new(true);
            early.proxy.change(File::Document, move |html| match what {
                _ if !first.swap(false, Ordering::Relaxed) => html,
                "a comment is missing" => {
                    let (start, end) = html.split_once("id=\"root\"").expect("a root");
                    format!("{start}id=\"root\"{}", end.replacen("<!>", "", 1))
                }
                "another build" => html.replace("\"build\":\"", "\"build\":\"f"),
                _ => html.replace("\"build\":\"", "\"build\":\"f").replacen(
                    "<option>2</option>",
                    "",
                    1,
                ),
            });
            works(&studio, &browser, &early, (what, "0", true)).await.context(what)?;
        }
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_page_that_is_translated_while_the_studio_runs_goes_on() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        console::record(&browser).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        runs(&browser).await?;
        browser.eval(&format!("{TRANSLATE}; 0")).await?;
        let composer = Composer(&browser);
        composer.order("Translated sandbox:slow").await?;
        browser.see("button", "Cancel this picture").await?;
        // Some translate also what asks not to be translated.
        let everything = TRANSLATE.replace(", [translate=no]", "");
        assert_ne!(everything, TRANSLATE);
        browser.eval(&format!("{everything}; 0")).await?;
        for _ in 0..2 {
            let before = browser.eval(WAIT).await?;
            browser.until(&format!("{WAIT} !== {before}")).await?;
        }
        browser.click("button", "Cancel this picture").await?;
        composer.order("After it").await?;
        browser.see("image", "After it").await?;
        assert_eq!(console::said(&browser).await?, Vec::<String>::new());
        browser.stop().await
    });
}

#[test]
fn a_program_that_cannot_start_twice_ends_with_the_notice() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        let early = Early::of(studio.edge.url()).await?;
        // Without its data the program cannot start at all.
        early.proxy.change(File::Document, |html| html.replace("id=\"site\"", "id=\"other\""));
        early.open(&browser, "/studio/demo").await?;
        Composer(&browser).focus().await?;
        browser.type_text("Still here").await?;
        browser.press("Enter").await?;
        early.let_it_come();
        browser.read(BROKEN).await?;
        assert_eq!(Composer(&browser).prompt().await?, "Still here");
        assert_eq!(browser.eval(structure::EARLY_WORDS).await?, json!(""));
        browser.press("Enter").await?;
        assert_eq!(browser.eval(structure::RUNS).await?, json!(false));
        browser.stop().await
    });
}
