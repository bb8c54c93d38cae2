//! The viewer in a real browser: open, look, act, go back to where one came from.

use super::gallery::{make, vanishes, window};
use anyhow::Result;
use sandbox::Call;
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    host::{File, Host},
    run,
    studio::Setup,
};

/// How near the picture is.
const ZOOM: &str = "+getComputedStyle(document.querySelector('#stage img')).scale";

async fn focused(browser: &Browser, label: &str) -> Result<()> {
    browser.until(&format!("document.activeElement.ariaLabel === {}", json!(label))).await
}

#[test]
fn the_keyboard_alone_opens_turns_zooms_and_comes_back() {
    run(async {
        let (studio, browser) = window().await?;
        browser.look(320, 640, true, true).await?;
        make(&browser, &["A fox", "An owl", "A bear"]).await?;
        browser.eval("document.querySelector('#manage button').focus()").await?;
        browser.press("Tab").await?;
        focused(&browser, "Open picture: A bear").await?;
        browser.press("Enter").await?;
        browser.see("dialog", "Picture").await?;
        focused(&browser, "Close").await?;
        browser.press("ArrowRight").await?;
        browser.see("image", "An owl").await?;
        browser.press("ArrowLeft").await?;
        browser.press("ArrowLeft").await?;
        // Before the first comes the last.
        browser.see("image", "A fox").await?;
        browser.press("+").await?;
        assert_eq!(browser.eval(ZOOM).await?, json!(1.5));
        let across =
            "getComputedStyle(document.querySelector('#stage img')).translate.split(' ')[0]";
        browser.press("ArrowRight").await?;
        assert_eq!(browser.eval(across).await?, json!("-80px"), "the arrows move what is near");
        browser.press("0").await?;
        assert_eq!(browser.eval(ZOOM).await?, json!(1));
        // The focus does not get out, however often one goes on.
        for _ in 0..20 {
            browser.press("Tab").await?;
            let inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')";
            assert_eq!(browser.eval(inside).await?, json!(true));
        }
        browser.press("Escape").await?;
        focused(&browser, "Open picture: A fox").await?;
        assert_eq!(browser.count("dialog", None).await?, 0);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_pointer_opens_the_very_picture_and_goes_near_where_it_points() {
    run(async {
        let (studio, browser) = window().await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A fox"]).await?;
        browser.until("document.querySelector('[data-url]').src.startsWith('blob:')").await?;
        browser.click("image", "A fox").await?;
        // The copy first, then the original in its place.
        browser.until("document.querySelector('#stage img')?.naturalWidth === 1536").await?;
        let wheel =
            json!({ "type": "mouseWheel", "x": 200, "y": 200, "deltaX": 0, "deltaY": -400 });
        browser.cdp("Input.dispatchMouseEvent", wheel).await?;
        browser.until(&format!("{ZOOM} > 2")).await?;
        let under = "(box => (200 - box.x) / box.width)(document.querySelector('#stage img').getBoundingClientRect())";
        let fraction = browser.eval(under).await?.as_f64().unwrap_or_default();
        let width = browser
            .eval("document.getElementById('stage').clientWidth")
            .await?
            .as_f64()
            .unwrap_or(1.0);
        assert!((fraction - 200.0 / width).abs() < 0.01, "{fraction} of {width}");
        browser.click("button", "Close").await?;
        browser.until("!document.getElementById('viewer').open").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn its_facts_are_told_and_credentials_are_never_called_verified() {
    run(async {
        let (studio, browser) = window().await?;
        browser.click("radio", "Tall").await?;
        browser.click("radio", "Standard").await?;
        make(&browser, &["A fox"]).await?;
        browser.click("button", "Open picture: A fox").await?;
        for words in [
            "Tall",
            "Standard",
            "1024 × 1536",
            "openai/gpt-image-1-mini",
            "Content Credentials",
            "Present",
            "AI-generated",
        ] {
            browser.read(words).await?;
        }
        let size =
            "/^[0-9.,]+ [kM]B$/.test(document.querySelector('[data-fact=file]').textContent)";
        assert_eq!(browser.eval(size).await?, json!(true));
        let text = browser.eval("document.body.innerText.toLowerCase()").await?;
        assert!(!text.as_str().unwrap_or_default().contains("verif"), "{text}");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn words_and_pictures_are_copied_used_again_varied_and_deleted() {
    run(async {
        let (studio, browser) = window().await?;
        let permissions =
            json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        browser.cdp("Browser.grantPermissions", permissions).await?;
        browser.cdp("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.click("button", "Open picture: A fox").await?;
        browser.click("button", "Copy description").await?;
        browser.read("Copied.").await?;
        assert_eq!(browser.eval("navigator.clipboard.readText()").await?, json!("A fox"));
        browser.click("button", "Copy picture").await?;
        let copied = "navigator.clipboard.read().then(([item]) => item.types.join())";
        browser.until(&format!("{copied}.then((types) => types === 'image/png')")).await?;

        browser.eval("document.getElementById('prompt').value = 'My own words'; document.querySelector('[name=size]').click()").await?;
        browser.click("button", "Make another").await?;
        browser.until("document.querySelectorAll('[alt=\"A fox\"]').length === 2").await?;
        let own = "document.getElementById('prompt').value";
        assert_eq!(browser.eval(own).await?, json!("My own words"), "what was written stays");
        // The waiting tile has the description before the order has reached the sandbox.
        let ordered = |calls: &[Call]| -> Vec<Value> {
            calls.iter().filter_map(|call| Some(call.json()?["size"].clone())).collect()
        };
        let calls = studio.sandbox.books().until(|calls| ordered(calls).len() == 3).await;
        assert_eq!(ordered(&calls), ["1536x1024"; 3]);

        browser.click("button", "Open picture: An owl").await?;
        browser.click("button", "Use these words again").await?;
        browser.until("document.activeElement.id === 'prompt'").await?;
        assert_eq!(browser.eval(own).await?, json!("An owl"));
        let size = "document.querySelector('[name=size]:checked').value";
        assert_eq!(browser.eval(size).await?, json!("1536x1024"));

        browser.click("button", "Open picture: An owl").await?;
        browser.click("button", "Delete").await?;
        browser.read("Picture deleted.").await?;
        // The viewer goes on with the neighbour, and undo shows what came back.
        browser.see("image", "A fox").await?;
        browser.click("button", "Undo").await?;
        browser.until("document.querySelector('#stage img').alt === 'An owl'").await?;
        browser.click("button", "Delete").await?;
        vanishes(&browser, "An owl").await?;
        browser.press("Escape").await?;
        focused(&browser, "Open picture: A fox").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

/// What the form holds, but for the number of pictures.
pub(super) const FORM: &str = "JSON.stringify([...new FormData(document.getElementById('composer'))].filter(([name]) => name !== 'count').map(([, value]) => value))";

#[test]
fn words_are_used_again_with_all_that_was_chosen_beside_them() {
    run(async {
        let (studio, browser) = window().await?;
        browser.click("button", "More").await?;
        for choice in ["Wide", "Standard"] {
            browser.click("radio", choice).await?;
        }
        browser.eval("document.querySelector('[name=format]').value = 'webp'").await?;
        browser.click("checkbox", "Transparent background").await?;
        make(&browser, &["A stamp"]).await?;
        for choice in ["Tall", "Draft"] {
            browser.click("radio", choice).await?;
        }
        browser.click("checkbox", "Transparent background").await?;
        browser.eval("document.querySelector('[name=format]').value = 'jpeg'").await?;
        make(&browser, &["A photograph"]).await?;
        let again = async |prompt: &str, form: &str| {
            browser.click("button", &format!("Open picture: {prompt}")).await?;
            browser.click("button", "Use these words again").await?;
            browser.until("document.activeElement.id === 'prompt'").await?;
            assert_eq!(browser.eval(FORM).await?, json!(form));
            anyhow::Ok(())
        };
        let stamp = r#"["A stamp","1536x1024","medium","webp","transparent"]"#;
        let photograph = r#"["A photograph","1024x1536","low","jpeg"]"#;
        let jpeg = "document.querySelector('[value=jpeg]').disabled";
        again("A stamp", stamp).await?;
        assert_eq!(browser.eval(jpeg).await?, json!(true), "a JPEG cannot be transparent");
        again("A photograph", photograph).await?;
        assert_eq!(browser.eval(jpeg).await?, json!(false));
        again("A stamp", stamp).await?;
        browser.reload().await?;
        assert_eq!(browser.eval(FORM).await?, json!(stamp), "it is the draft now");
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn in_a_page_it_has_the_whole_window_and_gives_it_back() {
    run(async {
        let page = "<!doctype html><html lang=\"en\"><title>A page</title><script>
             const loader = Object.assign(document.createElement('script'), { type: 'module', src: location.search.slice(1) + '/easel.js' });
             document.head.append(loader);
             addEventListener('easel:done', () => window.done = true);
             const modal = () => document.querySelector('easel-studio').shadowRoot.querySelector('dialog').matches(':modal');</script>
             <style>easel-studio { display: block; min-height: 40rem }</style><easel-studio site=\"demo\" loading=\"eager\"></easel-studio>";
        let host = Host::start(vec![File::page("/", page.to_owned())]).await?;
        let studio =
            Setup::default().site("origins", json!([host.origin("localhost")])).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        browser
            .until("typeof document.querySelector('easel-studio').generate === 'function'")
            .await?;
        browser.eval("document.querySelector('easel-studio').generate('A fox')").await?;
        browser.until("window.done === true").await?;
        let frame = "document.querySelector('easel-studio').shadowRoot.querySelector('iframe')";
        for own in [true, false] {
            if !own {
                // Who had the whole window before has it afterwards.
                browser.eval("document.querySelector('easel-studio').expand()").await?;
                browser.until("modal()").await?;
            }
            browser.enter(frame).await?;
            browser.press_in_frame("Open picture: A fox").await?;
            browser.leave().await?;
            browser.until("modal()").await?;
            browser.enter(frame).await?;
            browser.press_in_frame("Close").await?;
            browser.script("return new Promise((then) => setTimeout(then, 300))").await?;
            let focus = browser.script("return document.activeElement.ariaLabel").await?;
            assert_eq!(focus, json!("Open picture: A fox"));
            browser.leave().await?;
            browser.until(&format!("modal() === {}", !own)).await?;
        }
        browser.stop().await?;
        studio.stop().await
    });
}
