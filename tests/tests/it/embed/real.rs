//! The real studio on a page of another site: what is said there and back, and who may show it at all.

use super::stage::RECORDER;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    browser::Browser,
    host::{File, Host},
    run,
    studio::{Setup, Studio},
};
use tokio::time::sleep;

/// The prompt, which nobody but the studio and the edge may know.
const PROMPT: &str = "A lighthouse that nobody heard of";

/// A page that takes the edge's address from its own, and an edge that lists it under one of its two names.
async fn stage() -> Result<(Host, Studio, Browser)> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>A page</title>{RECORDER}<script>
         const loader = Object.assign(document.createElement('script'), {{ type: 'module', src: location.search.slice(1) + '/easel.js' }});
         document.head.append(loader);</script>
         <style>easel-studio {{ display: block; min-height: 40rem }}</style>
         <easel-studio site=\"demo\"><b id=\"children\">No studio</b></easel-studio>"
    );
    let host = Host::start(vec![File::page("/", page)]).await?;
    let listed = json!([host.origin("localhost")]);
    let studio = Setup::default().site("origins", listed).start().await?;
    let browser = Browser::start().await?;
    Ok((host, studio, browser))
}

/// Waits until an expression holds; says what happened if it never does.
async fn until(browser: &Browser, expression: &str) -> Result<()> {
    for _ in 0..400 {
        if browser.eval(expression).await? == json!(true) {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("{expression}: {}", browser.eval("JSON.stringify(events)").await?)
}

/// The names of an event's detail.
async fn fields(browser: &Browser, name: &str) -> Result<Value> {
    let find =
        format!("Object.keys(events.find(([name]) => name === '{name}')?.[1] ?? {{}}).join()");
    browser.eval(&find).await
}

#[test]
fn a_page_makes_a_picture_and_hears_of_it_but_not_what_it_shows() {
    run(async {
        let (host, studio, browser) = stage().await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        until(&browser, "events.some(([name]) => name === 'ready')").await?;
        let version = browser.eval("events[0][1].version").await?;
        assert_eq!(version, contract::VERSION);
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        until(&browser, "events.some(([name]) => name === 'done')").await?;
        for (name, expected) in [
            ("start", "count,size,quality"),
            ("picture", "index,width,height,media_type"),
            ("done", "pictures"),
        ] {
            assert_eq!(fields(&browser, name).await?, expected, "{name}");
        }
        let said = browser.eval("JSON.stringify(events)").await?.to_string();
        for secret in ["lighthouse", "/v1/", "http", "PREFIX"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
        let asked = format!("PREFIX {PROMPT} SUFFIX");
        let calls = studio.sandbox.books().calls();
        assert!(calls.iter().any(|call| call.json().is_some_and(|body| body["prompt"] == asked)));
        assert_eq!(browser.eval("shifted").await?, json!(0));
        browser.eval("studio().expand()").await?;
        until(&browser, "inside().parentNode.matches(':modal')").await?;
        // The focus is in the frame, so that it is the frame which hears the key.
        browser.eval("studio().focus()").await?;
        sleep(Duration::from_millis(300)).await;
        browser.press("Escape").await?;
        until(&browser, "!inside().parentNode.matches(':modal')").await?;
        assert_eq!(browser.eval("shifted").await?, json!(0));
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_page_that_is_not_listed_shows_its_own_words() {
    run(async {
        let (host, studio, browser) = stage().await?;
        browser.open(&format!("{}/?{}", host.origin("127.0.0.1"), studio.edge.url())).await?;
        until(&browser, "document.getElementById('children').getClientRects().length === 1")
            .await?;
        assert_eq!(browser.eval("events.length").await?, json!(0));
        browser.stop().await?;
        studio.stop().await
    });
}
