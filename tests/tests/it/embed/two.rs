//! Two studios of one site on a page: neither takes what is the other's.

use anyhow::{Result, ensure};
use serde_json::json;
use tests::{
    browser::Browser,
    host::{File, Host},
    page::{embedded, structure},
    run,
    studio::{Setup, Studio},
};

const PAGE: &str = "<!doctype html><html lang=\"en\"><title>A page</title><script>
document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: location.search.slice(1) + '/easel.js' }));
window.done = window.ready = 0;
addEventListener('easel:ready', () => window.ready++);
addEventListener('easel:done', () => window.done++);</script>
<style>easel-studio { display: block; min-height: 40rem }</style>
<easel-studio site=\"demo\" loading=\"eager\"></easel-studio><easel-studio site=\"demo\" loading=\"eager\"></easel-studio>";

/// The page with both studios, which are ready. The page's server is held until the end.
async fn stage() -> Result<(Host, Studio, Browser)> {
    let host = Host::start(vec![File::page("/", PAGE.to_owned())]).await?;
    let setup = Setup::default().quick();
    let studio = setup.site("origins", json!([host.origin("localhost")])).start().await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
    are_ready(&browser).await?;
    Ok((host, studio, browser))
}

async fn are_ready(browser: &Browser) -> Result<()> {
    embedded::find(browser).await?;
    browser.until("window.ready === 2").await
}

/// What hangs in the studio at an index, and what is in its prompt.
async fn finds(browser: &Browser, at: usize, hangs: &str, prompt: &str) -> Result<()> {
    browser.enter(&format!("inside({at})")).await?;
    let all = browser.script(&structure::hangs(hangs)).await?;
    let text = browser.script(structure::PROMPT).await?;
    browser.leave().await?;
    ensure!(all == json!(hangs) && text == json!(prompt), "studio {at}: {all}, {text}");
    Ok(())
}

#[test]
fn each_finds_its_own_job_and_its_own_text_again_after_a_reload() {
    run(async {
        let (_host, studio, browser) = stage().await?;
        for (at, (picture, text)) in [("A fox", "a hare"), ("An owl", "a bear")].iter().enumerate()
        {
            browser.eval(&format!("studio({at}).generate('{picture}')")).await?;
            browser.until(&format!("window.done === {}", at + 1)).await?;
            browser.enter(&format!("inside({at})")).await?;
            browser.script(&structure::type_prompt(text)).await?;
            browser.leave().await?;
        }
        browser.reload().await?;
        are_ready(&browser).await?;
        finds(&browser, 0, "A fox", "a hare").await?;
        finds(&browser, 1, "An owl", "a bear").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn what_a_loader_without_names_has_left_is_taken_over_once() {
    run(async {
        let (_host, studio, browser) = stage().await?;
        // As version 0.1.0 has written it, for the site.
        browser.enter("inside(0)").await?;
        browser.script("sessionStorage['easel:draft:demo'] = JSON.stringify([['prompt', 'a stored fox'], ['count', '1']])").await?;
        browser.leave().await?;
        browser.reload().await?;
        are_ready(&browser).await?;
        let mut texts = Vec::new();
        for at in 0..2 {
            browser.enter(&format!("inside({at})")).await?;
            texts.push(
                browser.script(structure::PROMPT).await?.as_str().unwrap_or_default().to_owned(),
            );
            browser.leave().await?;
        }
        texts.sort();
        assert_eq!(texts, ["", "a stored fox"]);
        browser.stop().await?;
        studio.stop().await
    });
}
