//! The real studio on a page of another site: what is said there and back, and who may show it at all.

use super::stage::head;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fmt::Write as _, time::Duration};
use tests::{
    browser::Browser,
    host::{File, Host},
    page::{early::Early, structure},
    proxy::{
        Proxy,
        build::{self, Instead},
    },
    run,
    studio::{Setup, Studio},
};
use tokio::time::sleep;

/// The prompt, which nobody but the studio and the edge may know.
const PROMPT: &str = "A lighthouse that nobody heard of";

/// A page that takes the edge's address from its own, and an edge that lists it under one of its two names.
pub(in super::super) async fn stage() -> Result<(Host, Studio, Browser)> {
    stage_with("<easel-studio site=\"demo\"><b id=\"children\">No studio</b></easel-studio>").await
}

/// The same with this in its body.
async fn stage_with(body: &str) -> Result<(Host, Studio, Browser)> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>A page</title>{}<script>
         const loader = Object.assign(document.createElement('script'), {{ type: 'module', src: location.search.slice(1) + '/easel.js' }});
         document.head.append(loader);</script>
         <style>easel-studio {{ display: block; min-height: 40rem }}</style>
         {body}",
        head()
    );
    let host = Host::start(vec![File::page("/", page)]).await?;
    let listed = json!([host.origin("localhost")]);
    let setup = Setup::default().site("origins", listed).site("choose", json!(true));
    let studio = setup.start().await?;
    let browser = Browser::start().await?;
    Ok((host, studio, browser))
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
        browser.until("events.some(([name]) => name === 'ready')").await?;
        let version = browser.eval("events[0][1].version").await?;
        assert_eq!(version, contract::VERSION);
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        browser.until("events.some(([name]) => name === 'done')").await?;
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
        browser.until("modal()").await?;
        // The focus is in the frame, so that it is the frame which hears the key.
        browser.eval("studio().focus()").await?;
        browser.enter("inside()").await?;
        let focused = "return document.hasFocus() && document.activeElement.tagName === 'TEXTAREA'";
        while browser.script(focused).await? != json!(true) {
            sleep(Duration::from_millis(30)).await;
        }
        browser.leave().await?;
        browser.press("Escape").await?;
        browser.until("!modal()").await?;
        assert_eq!(browser.eval("shifted").await?, json!(0));
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn the_very_picture_that_a_visitor_chose_is_submitted_with_the_form() {
    run(async {
        let body = "<form method=\"post\" enctype=\"multipart/form-data\" action=\"/order\"><easel-studio site=\"demo\" name=\"picture\"></easel-studio><button id=\"send\">Send</button></form>";
        let (host, studio, browser) = stage_with(body).await?;
        // As narrow as a phone: the button is whole there too.
        browser.look(320, 900, false, true).await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        browser.until("events.some(([name]) => name === 'done')").await?;
        browser.enter("inside()").await?;
        let cut = browser.script(structure::CUT_ON_TILES).await?;
        assert_eq!(cut, json!([]), "these do not fit into their tile");
        browser.press_in_frame("Use this picture").await?;
        browser.leave().await?;
        browser.until("events.some(([name]) => name === 'choose')").await?;
        assert_eq!(fields(&browser, "choose").await?, "file");
        browser.eval("own('send').click()").await?;
        browser.read("Thank you").await?;
        let asked = host.asked();
        let (_, form) = asked.iter().find(|(line, _)| line == "POST /order").context("not sent")?;
        let picture = studio.sandbox.books().calls()[0].pictures[0].clone();
        let head = b"Content-Type: image/webp\r\n\r\n";
        let at = form.windows(head.len()).position(|part| part == head).context("no WebP")?;
        let sent = form.get(at + head.len()..at + head.len() + picture.len()).context("cut")?;
        assert!(sent == &picture[..], "other bytes than the gateway's");
        assert!(form[at + head.len() + picture.len()..].starts_with(b"\r\n--"), "more bytes");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_choice_is_marked_and_can_be_taken_back() {
    run(async {
        let body =
            "<form><easel-studio site=\"demo\" name=\"picture\" required></easel-studio></form>";
        let (host, studio, browser) = stage_with(body).await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        browser.until("events.some(([name]) => name === 'done')").await?;
        let valid = "document.forms[0].checkValidity()";
        assert_eq!(browser.eval(valid).await?, json!(false), "nothing is chosen");
        let choices = "events.filter(([name]) => name === 'choose')";
        // On the tile, then in the viewer.
        for (round, opens) in [(1, false), (2, true)] {
            for (button, chosen) in [("Use this picture", true), ("Take back", false)] {
                browser.enter("inside()").await?;
                if opens {
                    browser.press_in_frame(&format!("Open picture: {PROMPT}")).await?;
                }
                browser.press_in_frame(button).await?;
                if opens && !chosen {
                    browser.press_in_frame("Close").await?;
                }
                browser.leave().await?;
                let count = if chosen { 2 * round - 1 } else { 2 * round };
                browser.until(&format!("{choices}.length === {count}")).await?;
                let file = format!("{choices}.at(-1)[1].file !== null");
                assert_eq!(browser.eval(&file).await?, json!(chosen), "{button}");
                assert_eq!(browser.eval(valid).await?, json!(chosen), "{button}");
                browser.enter("inside()").await?;
                let marked = "return document.body.innerText.includes('In use')";
                assert_eq!(browser.script(marked).await?, json!(chosen), "{button}");
                browser.leave().await?;
            }
        }
        // Whoever resets the form has no picture any more, and the studio does not say otherwise.
        browser.enter("inside()").await?;
        browser.press_in_frame("Use this picture").await?;
        browser.leave().await?;
        browser.until(valid).await?;
        browser.eval("document.forms[0].reset()").await?;
        assert_eq!(browser.eval(valid).await?, json!(false), "the form is empty");
        browser.enter("inside()").await?;
        browser.press_in_frame("Use this picture").await?;
        browser.leave().await?;
        browser.until(valid).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_page_scrolls_to_what_its_visitor_is_told_of_the_studio() {
    run(async {
        // Longer than the window: the frame's lower end is out of sight.
        let body = "<easel-studio site=\"demo\" style=\"height: 2000px\"></easel-studio>";
        let (host, studio, browser) = stage_with(body).await?;
        let proxy = Proxy::start(studio.edge.url()).await?;
        // A newer build was deployed.
        for part in [build::File::Script, build::File::Part] {
            proxy.instead(part, Instead::NotFound);
        }
        browser.look(1280, 600, false, true).await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), proxy.url())).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        browser.until("events.some(([name]) => name === 'done')").await?;
        browser.enter("inside()").await?;
        browser.press_in_frame(&format!("Open picture: {PROMPT}")).await?;
        browser.leave().await?;
        browser
            .until_true("the notice in the window", async || {
                browser.enter("inside()").await?;
                let bottom = browser.script(structure::NOTICE_BOTTOM).await?;
                browser.leave().await?;
                let top = "studio().getBoundingClientRect().top";
                let shown = format!("{bottom} > 1000 && {top} + {bottom} <= innerHeight");
                Ok(browser.eval(&shown).await? == json!(true))
            })
            .await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_saved_original_is_told_by_its_type_alone() {
    run(async {
        let (host, studio, browser) = stage().await?;
        // Nothing is to lie about on this machine.
        browser.cdp("Page.setDownloadBehavior", json!({ "behavior": "deny" })).await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
        browser.until("events.some(([name]) => name === 'done')").await?;
        assert_eq!(browser.eval("events.some(([name]) => name === 'download')").await?, false);
        browser.enter("inside()").await?;
        browser.press_in_frame("Download").await?;
        browser.leave().await?;
        browser.until("events.some(([name]) => name === 'download')").await?;
        let told = browser.eval("events.filter(([name]) => name === 'download')").await?;
        let once = json!([["download", { "media_type": "image/webp" }, "easel-studio"]]);
        assert_eq!(told, once);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_page_that_is_not_listed_shows_its_own_words() {
    run(async {
        let (host, studio, browser) = stage().await?;
        browser.open(&format!("{}/?{}", host.origin("127.0.0.1"), studio.edge.url())).await?;
        browser.until("own('children').checkVisibility({ opacityProperty: true, visibilityProperty: true })").await?;
        let told = json!([["problem", { "kind": "origin-not-allowed" }, "easel-studio"]]);
        assert_eq!(browser.eval("events").await?, told);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn what_the_page_says_before_the_program_is_done_in_its_order_and_once() {
    run(async {
        let (host, studio, browser) = stage().await?;
        let early = Early::of(studio.edge.url()).await?;
        browser.cdp("Page.enable", json!({})).await?;
        let page = format!("{}/?{}", host.origin("localhost"), early.proxy.url());
        browser.cdp("Page.navigate", json!({ "url": page })).await?;
        browser.until("inside()?.style.opacity === ''").await?;
        // A page may speak to its frame without the loader, which waits until the studio is ready.
        let say = |message: Value| {
            format!("inside().contentWindow.postMessage({message}, {})", json!(early.proxy.url()))
        };
        for message in [
            json!({ "easel": 1, "type": "generate", "prompt": "A first one" }),
            json!({ "easel": 1, "type": "generate", "prompt": "A second one" }),
            json!({ "easel": 1, "type": "no such thing" }),
            json!({ "easel": 2, "type": "generate", "prompt": "No message of ours" }),
        ] {
            browser.eval(&say(message)).await?;
        }
        // And one by the loader.
        browser.eval("studio().generate('A third one')").await?;
        assert_eq!(studio.sandbox.books().count(), 0, "the program had come already");
        early.let_it_come();
        browser.until("events.filter(([name]) => name === 'done').length === 3").await?;
        let calls = studio.sandbox.books().calls();
        let mut prompts: Vec<_> = calls
            .iter()
            .filter_map(|call| Some(call.json()?["prompt"].as_str()?.to_owned()))
            .collect();
        prompts.sort();
        let wanted = ["first", "second", "third"].map(|it| format!("PREFIX A {it} one SUFFIX"));
        assert_eq!(prompts, wanted, "each once");
        browser.enter("inside()").await?;
        let order =
            browser.script(&structure::hangs("A third one,A second one,A first one")).await?;
        assert_eq!(order, "A third one,A second one,A first one", "the newest hangs first");
        browser.stop().await?;
        studio.stop().await
    });
}

/// What the README tells an owner to put on their page.
#[test]
fn walk_an_owner_puts_it_on_a_page() {
    run(async {
        let readme = std::fs::read_to_string(xtask::repo::path("README.md"))?;
        let (_, rest) = readme.split_once("```html\n").context("the README has no page")?;
        let (lines, _) = rest.split_once("```").context("the block does not end")?;
        // The edge's address is known only once it runs, and it lists the page's origin: the page takes the lines from its
        // own address.
        let write = "<script>document.write(decodeURIComponent(location.search.slice(1)))</script>";
        let page = format!("<!doctype html><title>A page</title>{}{write}", head());
        let host = Host::start(vec![File::page("/", page)]).await?;
        let listed = json!([host.origin("localhost")]);
        let studio = Setup::default().site("origins", listed).start().await?;
        let lines = lines.replace("https://studio.example.com", studio.edge.url());
        let lines = lines.replace("site=\"acme\"", "site=\"demo\"");
        assert!(lines.contains(studio.edge.url()) && lines.contains("\"demo\""), "{lines}");
        let mut encoded = String::new();
        for byte in lines.bytes() {
            write!(encoded, "%{byte:02x}")?;
        }
        let browser = Browser::start().await?;
        browser.open(&format!("{}/?{encoded}", host.origin("localhost"))).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.eval("studio().generate('A fox on a page')").await?;
        browser.until("events.some(([name]) => name === 'picture')").await?;
        browser.stop().await?;
        studio.stop().await
    });
}
