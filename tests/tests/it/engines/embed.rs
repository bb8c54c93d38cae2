//! The studio on a page of another site, whose storage the browser keeps apart from the studio's own.

use super::in_both;
use anyhow::Result;
use serde_json::json;
use tests::{
    engine::Window,
    host::{File, Host},
    page::embedded::FIND,
    studio::Setup,
};

in_both!(a_page_of_another_site_shows_the_studio_and_keeps_its_pictures);

/// A page that takes the edge's address from its own.
const PAGE: &str = "<!doctype html><html lang=\"en\"><title>A page</title><script>FIND
    window.events = [];
    for (const name of ['ready', 'done', 'problem']) addEventListener('easel:' + name, () => events.push(name));
    const loader = Object.assign(document.createElement('script'), { type: 'module', src: location.search.slice(1) + '/easel.js' });
    document.head.append(loader);</script>
    <style>easel-studio { display: block; min-height: 40rem }</style>
    <easel-studio site=\"demo\" loading=\"eager\"><b id=\"children\">No studio</b></easel-studio>";

async fn a_page_of_another_site_shows_the_studio_and_keeps_its_pictures(
    window: Window,
) -> Result<()> {
    let host = Host::start(vec![File::page("/", PAGE.replace("FIND", FIND))]).await?;
    let setup = Setup::default().quick().site("origins", json!([host.origin("localhost")]));
    let studio = setup.start().await?;
    // What a visitor has stored on the studio's own page.
    window.open(&format!("{}/studio/demo", studio.edge.url())).await?;
    window.eval("localStorage.planted = 1").await?;

    let page = format!("{}/?{}", host.origin("localhost"), studio.edge.url());
    window.open(&page).await?;
    window.until("events.includes('ready')").await?;
    window.enter("inside()").await?;
    let apart = window.eval("localStorage.planted === undefined").await?;
    assert_eq!(apart, json!(true), "the browser keeps storage of other sites apart");
    window.click("textbox", "Describe a picture").await?;
    window.type_text("A fox").await?;
    window.click("button", "Create").await?;
    window.see("button", "Open picture: A fox").await?;
    window.leave().await?;
    window.until("events.includes('done') && !events.includes('problem')").await?;

    // The viewer has the whole window, and gives it back.
    window.enter("inside()").await?;
    window.click("button", "Open picture: A fox").await?;
    window.see("dialog", "Picture").await?;
    window.leave().await?;
    window.until("modal()").await?;
    window.enter("inside()").await?;
    window.click("button", "Close").await?;
    window.focus_is("button", "Open picture: A fox").await?;
    window.leave().await?;
    window.until("!modal() && document.documentElement.style.cssText === ''").await?;

    window.reload().await?;
    window.until("events.includes('ready')").await?;
    window.enter("inside()").await?;
    window.see("button", "Open picture: A fox").await?;
    window.leave().await?;

    // Under a name that the site does not list, the page's own words stand there.
    window.open(&page.replace("localhost", "127.0.0.1")).await?;
    window.until("own('children').getClientRects().length === 1").await?;
    assert_eq!(window.eval("events.includes('ready')").await?, json!(false));
    window.stop().await?;
    studio.stop().await
}
