//! The part of the program that comes after the first picture: when it is fetched, and what goes on without it.

use anyhow::ensure;
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, early::runs, viewer::Viewer},
    proxy::{
        Proxy,
        build::{File, Instead},
    },
    run,
    studio::Studio,
};

const MISSING: &str = "A part of the studio could not be loaded";
/// The parts that were fetched.
const FETCHED: &str = "performance.getEntriesByType('resource').filter((it) => new URL(it.name).pathname.startsWith('/assets/lazy-')).length";

#[test]
fn the_lazy_part_comes_with_the_first_picture_and_once() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        runs(&browser).await?;
        let composer = Composer(&browser);
        browser.click("radio", "Wide").await?;
        ensure!(browser.eval(FETCHED).await? == json!(0), "nobody needs it yet");
        composer.order("A part comes").await?;
        browser.see("image", "A part comes").await?;
        browser.until(&format!("{FETCHED} === 1")).await?;
        composer.order("Another picture").await?;
        browser.see("image", "Another picture").await?;
        browser.click("button", "Open picture: Another picture").await?;
        Viewer(&browser).shows("Another picture").await?;
        ensure!(browser.eval(FETCHED).await? == json!(1), "it was fetched again");
        browser.stop().await
    });
}

#[test]
fn a_lazy_part_that_does_not_come_is_told_and_the_next_picture_brings_it() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        for instead in [Instead::NotFound, Instead::Page, Instead::Half] {
            let proxy = Proxy::start(studio.edge.url()).await?;
            proxy.instead(File::Part, instead);
            browser.open(&format!("{}/studio/demo", proxy.url())).await?;
            runs(&browser).await?;
            let composer = Composer(&browser);
            let first = format!("Without the part {instead:?}");
            composer.order(&first).await?;
            browser.see("image", &first).await?;
            browser.read(MISSING).await?;
            proxy.files_as_they_are();
            let second = format!("With the part {instead:?}");
            composer.order(&second).await?;
            browser.see("image", &second).await?;
            browser.until(&format!("{FETCHED} > 1")).await?;
            browser.click("button", &format!("Open picture: {second}")).await?;
            Viewer(&browser).shows(&second).await?;
        }
        browser.stop().await
    });
}
