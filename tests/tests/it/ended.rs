//! A studio that cannot go on: the parts of its build are gone, or its program has ended in a panic. Either is said at
//! once, and what the visitor wrote stays.

use super::embed::real;
use anyhow::{Result, ensure};
use contract::options::{Format, Size};
use painter::{Subject, encode, paint};
use serde_json::json;
use std::path::PathBuf;
use tests::{
    browser::Browser,
    page::{composer::Composer, console, early::runs, structure, viewer::Viewer, wall::Wall},
    proxy::{
        Proxy,
        build::{File, Instead},
    },
    run,
    studio::{Setup, Studio},
};

pub(super) const UPDATED: &str =
    "The studio has been updated. Reload the page: nothing you wrote is lost.";
pub(super) const STOPPED: &str = "The studio stopped. Your description is kept: reload the page.";

/// From now on the browser makes no element. Leptos takes that as impossible, and panics.
pub(super) const MAKE_NOTHING: &str = "Document.prototype.createElement = () => { throw new DOMException('no element', 'NotSupportedError') }";

fn picture() -> Result<PathBuf> {
    let subject = Subject {
        prompt: "old".to_owned(),
        size: Size { width: 300, height: 200 },
        ..Subject::default()
    };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("of-an-old-build.png");
    std::fs::write(&file, encode(&paint(&subject), Format::Png, 90)?)?;
    Ok(file)
}

#[test]
fn a_deploy_under_an_open_tab_asks_for_a_reload_and_loses_nothing() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        let proxy = Proxy::start(studio.edge.url()).await?;
        browser.open(&format!("{}/studio/demo", proxy.url())).await?;
        runs(&browser).await?;
        // A newer build was deployed: what this page has not loaded yet is gone.
        for part in [File::Script, File::Part] {
            proxy.instead(part, Instead::NotFound);
        }
        let composer = Composer(&browser);
        composer.focus().await?;
        browser.type_text("A fox in a hat").await?;
        browser.click("radio", "Wide").await?;
        // A picture to change needs the worker that makes it smaller.
        composer.choose_files(&[&picture()?]).await?;
        browser.read(UPDATED).await?;
        ensure!(composer.prompt().await? == "A fox in a hat");
        ensure!(browser.count("image", Some("Picture 1")).await? == 0, "it cannot be sent");
        // Pictures are made all the same; what is done with them says it again.
        composer.focus().await?;
        browser.press("Enter").await?;
        browser.see("image", "A fox in a hat").await?;
        browser
            .until_true("the message has gone", async || Ok(composer.note().await? != UPDATED))
            .await?;
        // It hangs so far down that the form, which says such things, is out of sight.
        browser.look(320, 300, false, true).await?;
        browser.eval("scrollTo(0, 1e9)").await?;
        browser.click("button", "Open picture: A fox in a hat").await?;
        browser.read(UPDATED).await?;
        ensure!(browser.eval(structure::PROMPT_IS_IN_SIGHT).await? == json!(false));
        browser.until(structure::NOTICE_IS_IN_SIGHT).await?;
        browser.look(1280, 900, false, true).await?;
        ensure!(browser.count("alert", None).await? == 0);
        ensure!(composer.prompt().await? == "A fox in a hat");
        // The reload gets the newer build, and everything is there.
        proxy.files_as_they_are();
        browser.reload().await?;
        runs(&browser).await?;
        browser.see("image", "A fox in a hat").await?;
        ensure!(composer.prompt().await? == "A fox in a hat");
        ensure!(composer.radios().await?.contains(&"Wide".to_owned()));
        browser.click("button", "Open picture: A fox in a hat").await?;
        Viewer(&browser).shows("A fox in a hat").await?;
        browser.stop().await
    });
}

#[test]
fn a_trap_in_the_viewer_gives_back_what_lies_behind_it() {
    run(async {
        let browser = Browser::on(Studio::quick().await?, "").await?;
        runs(&browser).await?;
        for prompt in ["A fox", "An owl"] {
            Composer(&browser).order(prompt).await?;
            browser.see("image", prompt).await?;
        }
        browser.click("button", "Open picture: An owl").await?;
        browser.see("button", "Change this picture").await?;
        ensure!(browser.count("textbox", None).await? == 0, "the viewer covers the form");
        let trap = "dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') })); 0";
        browser.eval(trap).await?;
        browser.read(STOPPED).await?;
        ensure!(browser.count("dialog", None).await? == 0);
        ensure!(browser.count("textbox", None).await? == 1, "nobody finds the form");
        browser.stop().await
    });
}

#[test]
fn a_panic_is_said_at_once_and_no_submit_is_swallowed() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let browser = Browser::start().await?;
        console::record(&browser).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        runs(&browser).await?;
        let composer = Composer(&browser);
        composer.order("Before it").await?;
        browser.see("image", "Before it").await?;
        Wall(&browser).counts(1).await?;
        ensure!(browser.count("alert", None).await? == 0);
        composer.order("Being made sandbox:slow").await?;
        browser.see("button", "Cancel this picture").await?;
        // Wherever the page is scrolled to.
        browser.look(1280, 300, false, true).await?;
        browser.eval("scrollTo(0, document.documentElement.scrollHeight)").await?;
        // Written first: from then on whatever is rendered panics, and what is written at that moment is kept.
        composer.fill("The last one").await?;
        browser.eval(&format!("{MAKE_NOTHING}; 0")).await?;
        composer.order("The last one").await?;
        browser.read(STOPPED).await?;
        ensure!(browser.eval(structure::PROMPT_IS_IN_SIGHT).await? == json!(false));
        browser.until(structure::NOTICE_IS_IN_SIGHT).await?;
        for name in ["Cancel", "Cancel this picture"] {
            ensure!(browser.count("button", Some(name)).await? == 0, "nothing hears “{name}”");
        }
        ensure!(composer.prompt().await? == "The last one");
        let said = console::said(&browser).await?;
        let told = said.iter().any(|line| line.contains("panicked at") && line.contains(".rs:"));
        ensure!(told, "the console does not say where: {said:?}");
        composer.order("One more").await?;
        browser.until(structure::NOTICE_IS_IN_SIGHT).await?;
        ensure!(composer.prompt().await? == "One more");
        let asks = |call: &sandbox::Call| {
            call.json().is_some_and(|body| body["prompt"] == "PREFIX One more SUFFIX")
        };
        ensure!(!studio.sandbox.books().calls().iter().any(asks), "it was ordered all the same");
        browser.look(1280, 900, false, true).await?;
        browser.reload().await?;
        runs(&browser).await?;
        let kept = composer.prompt().await?;
        ensure!(kept == "The last one", "when it stopped it was not {kept:?}");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn the_page_hears_of_a_panic() {
    run(async {
        let (host, studio, browser) = real::stage().await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        browser.until("events.some(([name]) => name === 'ready')").await?;
        browser.enter("inside()").await?;
        browser.script(MAKE_NOTHING).await?;
        browser.leave().await?;
        browser.eval("studio().generate('A last one')").await?;
        browser.until("events.some(([name]) => name === 'problem')").await?;
        let told = browser.eval("events.find(([name]) => name === 'problem')[1].kind").await?;
        ensure!(told == json!("interrupted"), "{told}");
        browser.enter("inside()").await?;
        let text = browser.script("return document.body.innerText").await?;
        ensure!(text.as_str().is_some_and(|text| text.contains(STOPPED)), "{text}");
        browser.stop().await?;
        studio.stop().await
    });
}
