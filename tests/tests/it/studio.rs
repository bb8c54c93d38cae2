//! The main job in a real browser: a description becomes a picture on the wall.

use anyhow::Result;
use sandbox::{Pace, Settings};
use serde_json::json;
use std::time::Duration;
use tests::{
    browser::Browser,
    page::{composer::Composer, structure, wall::Wall},
    run,
    studio::{Setup, Studio},
};
use tokio::time::sleep;

/// Describes a picture and asks for it.
async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.click("button", "Create").await
}

#[test]
fn a_description_becomes_a_picture_that_survives_a_reload_and_can_be_kept() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        browser.click("radio", "Wide").await?;
        browser.click("radio", "Standard").await?;
        ask(&browser, "A lighthouse made of paper").await?;
        browser.see("image", "A lighthouse made of paper").await?;
        browser.read("Your picture is ready.").await?;
        assert_eq!(browser.eval(structure::ORIGINALS).await?, json!("1536x1024"));
        let calls = studio.sandbox.books().calls();
        let call = calls
            .iter()
            .find(|call| {
                call.json().is_some_and(|body| {
                    body["prompt"] == "PREFIX A lighthouse made of paper SUFFIX"
                })
            })
            .expect("a call");
        assert_eq!(
            (&call.json().expect("JSON")["quality"], call.pictures.len()),
            (&json!("medium"), 1)
        );
        // What the download link leads to is what the gateway sent.
        browser.see("link", "Download").await?;
        let link = json!(Wall(&browser).addresses().await?[0]);
        let digest = format!(
            "fetch({link}).then(r => r.arrayBuffer()).then(b => new Uint8Array(b).reduce((h, x) => (Math.imul(h, 31) + x) >>> 0, 7))"
        );
        let sent = call.pictures[0]
            .iter()
            .fold(7u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(*byte)));
        assert_eq!(browser.eval(&digest).await?, json!(sent));
        browser.reload().await?;
        browser.see("image", "A lighthouse made of paper").await?;
        assert_eq!(browser.eval(structure::ORIGINALS).await?, json!("1536x1024"));
        browser.stop().await
    });
}

#[test]
fn leaving_right_after_the_start_loses_nothing() {
    run(async {
        let studio = Setup {
            sandbox: Settings { pace: Pace::Human, ..Settings::for_tests() },
            ..Setup::default()
        }
        .start()
        .await?;
        let browser = Browser::start().await?;
        let url = format!("{}/studio/demo", studio.edge.url());
        browser.open(&url).await?;
        ask(&browser, "Left alone").await?;
        studio.sandbox.books().until(|calls| !calls.is_empty()).await;
        browser.open("about:blank").await?;
        sleep(Duration::from_secs(4)).await;
        assert_eq!(studio.sandbox.books().calls()[0].closed_after, None, "nobody hung up");
        browser.open(&url).await?;
        browser.see("image", "Left alone").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn cancel_stands_where_create_stood_and_ends_the_job() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        ask(&browser, "Never mind sandbox:slow").await?;
        browser.see("button", "Cancel").await?;
        let books = studio.sandbox.books();
        let mine = |call: &sandbox::Call| {
            call.json().is_some_and(|body| {
                body["prompt"].as_str().is_some_and(|prompt| prompt.contains("Never mind"))
            })
        };
        books.until(|calls| calls.iter().any(mine)).await;
        // The second half of a double click on Create cancels nothing.
        sleep(Duration::from_secs(1)).await;
        browser.click("button", "Cancel").await?;
        browser.see("button", "Create").await?;
        books
            .until(|calls| calls.iter().any(|call| mine(call) && call.closed_after.is_some()))
            .await;
        browser.read("Cancelled").await?;
        assert_eq!(
            Composer(&browser).prompt().await?,
            "Never mind sandbox:slow",
            "the words are kept"
        );
        browser.stop().await
    });
}

#[test]
fn a_problem_says_whose_side_it_is_on_and_what_to_do() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        ask(&browser, "A secret sandbox:refuse").await?;
        browser.read("refused this description").await?;
        assert_eq!(browser.count("image", None).await?, 0);
        let text = browser.eval("document.body.innerText").await?;
        assert!(!text.as_str().unwrap_or_default().contains("safety system"), "{text}");
        browser.stop().await
    });
}

#[test]
fn a_submit_before_the_program_has_come_is_kept_and_carried_out() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::start().await?;
        // A network so slow that the form stands long before the program.
        browser.cdp("Network.enable", json!({})).await?;
        browser.open("about:blank").await?;
        let slow = json!({ "offline": false, "latency": 200, "downloadThroughput": 25_000, "uploadThroughput": 25_000 });
        browser.cdp("Network.emulateNetworkConditions", slow).await?;
        let url = json!(format!("{}/studio/demo", studio.edge.url()));
        browser.cdp("Page.navigate", json!({ "url": url })).await?;
        ask(&browser, "An early bird").await?;
        let early = browser.eval("performance.getEntriesByType('resource').some(e => e.name.endsWith('.wasm') && e.responseEnd > 0)").await?;
        assert_eq!(early, json!(false), "the program had come already: this test shows nothing");
        let fast = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.emulateNetworkConditions", fast).await?;
        browser.see("image", "An early bird").await?;
        browser.stop().await
    });
}

#[test]
fn the_keyboard_alone_is_enough() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.see("button", "Create").await?;
        browser.press("Tab").await?;
        browser.type_text("By keyboard").await?;
        browser.press("Tab").await?;
        browser.press("ArrowRight").await?;
        for _after in ["quality", "count", "pictures to change", "more", "create"] {
            browser.press("Tab").await?;
        }
        browser.press("Enter").await?;
        browser.see("image", "By keyboard").await?;
        assert_eq!(
            browser.eval(structure::ORIGINALS).await?,
            json!("1536x1024"),
            "the arrow chose Wide"
        );
        browser.stop().await
    });
}

#[test]
fn nothing_is_stored_before_the_visitor_acts_and_no_rule_is_broken() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.see("button", "Create").await?;
        let stored = "[document.cookie.length, localStorage.length, sessionStorage.length].join()";
        assert_eq!(browser.eval(stored).await?, json!("0,0,0"));
        let fetched = "performance.getEntriesByType('resource').filter(e => e.name.includes('/assets/')).map(e => e.name).sort()";
        let first = browser.eval(fetched).await?;
        assert_eq!(
            first.as_array().map(Vec::len),
            Some(4),
            "only what the form and the tab need: {first}"
        );
        browser.eval("addEventListener('securitypolicyviolation', e => (window.violations = (window.violations || '') + e.violatedDirective))").await?;
        ask(&browser, "Within the rules").await?;
        browser.see("image", "Within the rules").await?;
        assert_eq!(browser.eval("window.violations || ''").await?, json!(""));
        assert_eq!(browser.eval("document.cookie.length + localStorage.length").await?, json!(0));
        // By now the picture has become a copy, and the viewer waits for its first press.
        Wall(&browser).copies(1).await?;
        assert_eq!(browser.eval("window.violations || ''").await?, json!(""));
        let fetched = browser.eval(fetched).await?;
        let all: Vec<_> = fetched.as_array().expect("a list").clone();
        let mut names = all.clone();
        names.dedup();
        assert!(names.len() == all.len() && all.len() > 4, "each asset once: {fetched}");
        browser.stop().await
    });
}
