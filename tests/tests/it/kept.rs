//! Pictures that stay on the visitor's device: only after a yes, in plain words, until they are deleted.

mod upgrade;

use super::gallery::{make, window_on};
use anyhow::{Context, Result};
use serde_json::json;
use tests::{
    browser::Browser,
    host::{File, Host},
    page::{
        composer::{Composer, Form},
        device::DeviceHistory,
        embedded, structure,
        viewer::Viewer,
        wall::Wall,
    },
    run,
    studio::{Setup, Studio},
};

async fn window() -> Result<Browser> {
    Browser::on(Studio::keeping().await?, "").await
}

/// How many databases there are, and what else is stored for longer than the tab lives.
const STORED: &str = "indexedDB.databases().then((all) => all.length + localStorage.length)";

#[test]
fn nothing_is_kept_before_a_yes_and_then_it_outlives_tab_and_edge() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.read("can stay on this device").await?;
        Wall(&browser).copies(2).await?;
        assert_eq!(browser.eval(STORED).await?, json!(0));
        browser.click("button", "Keep on this device").await?;
        browser.read("are kept on this device").await?;
        DeviceHistory(&browser).keeps(2).await?;
        make(&browser, &["A bear"]).await?;
        DeviceHistory(&browser).keeps(3).await?;
        // Another visit, after the edge has forgotten all.
        DeviceHistory(&browser).next_visit().await?;
        Wall(&browser).hangs(&["A bear", "An owl", "A fox"]).await?;
        // The original is there, with its name, and can be changed.
        browser.click("button", "Open picture: A fox").await?;
        Viewer(&browser).has_width(1024).await?;
        browser.click("button", "Change this picture").await?;
        browser.see("image", "Picture 1").await?;
        browser
            .eval(
                "HTMLAnchorElement.prototype.click = function () { window.saved = this.download }",
            )
            .await?;
        browser.click("link", "Download").await?;
        browser.until("window.saved === 'a-bear-ai-generated-1.webp'").await?;
        browser.stop().await
    });
}

#[test]
fn what_is_kept_is_deleted_one_by_one_or_all() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.click("button", "Keep on this device").await?;
        DeviceHistory(&browser).keeps(2).await?;
        browser.click("button", "Open picture: A fox").await?;
        Viewer(&browser).unfold().await?;
        browser.click("button", "Delete").await?;
        Viewer(&browser).shows("An owl").await?;
        browser.press("Escape").await?;
        Wall(&browser).vanishes("A fox").await?;
        DeviceHistory(&browser).keeps(1).await?;
        browser.click("button", "Stop keeping").await?;
        browser.read("deletes every picture that is kept").await?;
        browser.click("button", "Go on keeping").await?;
        browser.click("button", "Stop keeping").await?;
        browser.click("button", "Delete them and stop").await?;
        browser.until(&format!("{STORED}.then((all) => all === 0)")).await?;
        browser.eval("sessionStorage.clear()").await?;
        browser.reload().await?;
        browser.see("button", "Create").await?;
        assert_eq!(Wall(&browser).pictures().await?, Vec::<String>::new());
        browser.stop().await
    });
}

#[test]
fn who_stops_keeping_sees_only_what_is_there_without_the_device() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.click("button", "Keep on this device").await?;
        DeviceHistory(&browser).keeps(2).await?;
        // The edge's time for the fox is over.
        DeviceHistory(&browser).age("A fox").await?;
        browser.click("button", "Stop keeping").await?;
        browser.click("button", "Delete them and stop").await?;
        Wall(&browser).vanishes("A fox").await?;
        browser.until(&format!("{STORED}.then((all) => all === 0)")).await?;
        browser.click("button", "Open picture: An owl").await?;
        Viewer(&browser).has_width(1024).await?;
        browser.press("Escape").await?;
        browser.reload().await?;
        browser.see("image", "An owl").await?;
        assert_eq!(browser.count("image", Some("A fox")).await?, 0);
        browser.stop().await
    });
}

#[test]
fn what_is_kept_knows_how_it_was_made() {
    run(async {
        let (studio, browser) = window_on(Setup::default().keeping()).await?;
        let composer = Composer(&browser);
        composer.unfold().await?;
        composer.choose_format("WebP").await?;
        browser.click("checkbox", "Transparent background").await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A stamp"]).await?;
        browser.click("button", "Keep on this device").await?;
        DeviceHistory(&browser).keeps(1).await?;
        DeviceHistory(&browser).next_visit().await?;
        browser.see("button", "Open picture: A stamp").await?;
        // The page has written its draft down as it was left: all in it is chosen otherwise.
        composer.unfold().await?;
        composer.fill("").await?;
        browser.click("radio", "Square").await?;
        browser.click("checkbox", "Transparent background").await?;
        let plain = Form::new("", ["Square", "Draft"], "WebP", false);
        assert_eq!(composer.form().await?, plain);
        browser.click("button", "Open picture: A stamp").await?;
        Viewer(&browser).unfold().await?;
        browser.click("button", "Same words, new picture").await?;
        Wall(&browser).hangs(&["A stamp", "A stamp"]).await?;
        let calls = studio.sandbox.books().calls();
        let asked: Vec<_> = calls.iter().filter_map(sandbox::Call::json).collect();
        let [first, second] = &asked[..] else { anyhow::bail!("{} calls", asked.len()) };
        for choice in ["size", "quality"] {
            assert_eq!(first[choice], second[choice]);
        }
        for choice in ["background", "outputFormat"] {
            let path = format!("/providerOptions/openai/{choice}");
            assert!(first.pointer(&path).is_some_and(|value| second.pointer(&path) == Some(value)));
        }
        // Of the two, the one that was kept hangs last.
        let last = browser.parts("button", None).await?;
        let last = last.iter().rfind(|one| one.name == "Open picture: A stamp").context("none")?;
        browser.ask(last.node, "function () { this.click() }", &[]).await?;
        Viewer(&browser).unfold().await?;
        browser.click("button", "Edit the words").await?;
        composer.has_focus().await?;
        let stamp = Form::new("A stamp", ["Wide", "Draft"], "WebP", true);
        assert_eq!(composer.form().await?, stamp);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_page_can_empty_the_gallery_but_not_what_the_visitor_keeps() {
    run(async {
        let page = "<!doctype html><html lang=\"en\"><title>A page</title><script>
             const loader = Object.assign(document.createElement('script'), { type: 'module', src: location.search.slice(1) + '/easel.js' });
             document.head.append(loader);
             window.done = 0;
             addEventListener('easel:done', () => window.done++);</script>
             <style>easel-studio { display: block; min-height: 40rem }</style><easel-studio site=\"demo\" loading=\"eager\"></easel-studio>";
        let host = Host::start(vec![File::page("/", page.to_owned())]).await?;
        let setup = Setup::default().keeping();
        let studio = setup.site("origins", json!([host.origin("localhost")])).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        embedded::find(&browser).await?;
        browser.until("typeof studio().generate === 'function'").await?;
        let frame = "inside()";
        // What hangs in the end, in the frame.
        let hangs = async |expected: &str| {
            let until = structure::hangs(expected);
            browser.enter(frame).await?;
            let all = browser.script(&until).await?;
            browser.leave().await?;
            assert_eq!(all, json!(expected));
            anyhow::Ok(())
        };
        browser.eval("studio().generate('A fox')").await?;
        browser.until("window.done === 1").await?;
        hangs("A fox").await?;
        browser.eval("studio().clear()").await?;
        hangs("").await?;
        browser.eval("studio().generate('An owl')").await?;
        browser.until("window.done === 2").await?;
        browser.enter(frame).await?;
        browser.press_in_frame("Keep on this device").await?;
        let stored = &format!("return {}", DeviceHistory::count());
        while browser.script(stored).await? != json!(1) {}
        let url = browser.script(structure::ADDRESS).await?;
        browser.leave().await?;
        browser.eval("studio().clear()").await?;
        // The edge has let go of it; the device has not, and it hangs.
        browser.enter(frame).await?;
        let gone =
            format!("return fetch({url}, {{ cache: 'reload' }}).then(({{ status }}) => status)");
        while browser.script(&gone).await? != json!(410) {}
        assert_eq!(browser.script(stored).await?, json!(1));
        browser.leave().await?;
        hangs("An owl").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

/// Hears of every fault that nobody caught.
const FAULTS: &str = "window.faults = []; addEventListener('error', ({ message }) => faults.push(message)); addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)));";

#[test]
fn a_yes_of_an_earlier_visit_meets_a_browser_that_keeps_nothing_now() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox"]).await?;
        browser.click("button", "Keep on this device").await?;
        DeviceHistory(&browser).keeps(1).await?;
        let not = "does not let the studio keep anything";
        for (at, (breaks, asks, words)) in [
            ("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })", true, not),
            ("Object.defineProperty(window, 'indexedDB', { value: undefined })", false, not),
            ("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }", false, not),
            ("IDBFactory.prototype.open = () => { const asked = { error: new DOMException('', 'UnknownError') }; setTimeout(() => asked.onerror()); return asked }", false, not),
            ("IDBObjectStore.prototype.getAll = () => { throw new DOMException('', 'UnknownError') }", false, not),
            ("IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }", false, "no more room on this device"),
        ].into_iter().enumerate() {
            let script = json!({ "source": format!("{FAULTS} {breaks}") });
            let added = browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await?;
            browser.reload().await?;
            make(&browser, &[&format!("Number {at}")]).await?;
            if asks {
                browser.click("button", "Keep on this device").await?;
            }
            browser.read(words).await.context(breaks)?;
            assert_eq!(browser.eval("faults").await?, json!([]), "{breaks}");
            let old = json!({ "identifier": added["identifier"] });
            browser.cdp("Page.removeScriptToEvaluateOnNewDocument", old).await?;
        }
        // What was kept is still there.
        browser.reload().await?;
        browser.read("are kept on this device").await?;
        browser.see("image", "A fox").await?;
        browser.stop().await
    });
}

#[test]
fn a_full_disk_and_a_browser_that_keeps_nothing_are_told_in_plain_words() {
    run(async {
        for (breaks, words) in [
            (
                "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
                "no more room on this device",
            ),
            (
                "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }",
                "does not let the studio keep anything",
            ),
            (
                "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })",
                "does not let the studio keep anything",
            ),
        ] {
            let browser = window().await?;
            make(&browser, &["A fox"]).await?;
            browser.see("button", "Keep on this device").await?;
            browser.eval(&format!("void ({breaks})")).await?;
            browser.click("button", "Keep on this device").await?;
            browser.read(words).await?;
            if words.contains("anything") {
                // The button is gone: whoever pressed it finds the picture before it.
                browser.focus_is("button", "Open picture: A fox").await?;
            }
            // All else goes on.
            make(&browser, &["An owl"]).await?;
            browser.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn not_now_is_not_asked_again_and_other_sites_never_ask() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox"]).await?;
        browser.click("button", "Not now").await?;
        browser.focus_is("button", "Open picture: A fox").await?;
        make(&browser, &["An owl"]).await?;
        assert_eq!(browser.count("button", Some("Keep on this device")).await?, 0);
        browser.stop().await?;
        let browser = super::gallery::window().await?;
        make(&browser, &["A fox"]).await?;
        assert!(!DeviceHistory(&browser).is_offered().await?);
        browser.stop().await
    });
}
