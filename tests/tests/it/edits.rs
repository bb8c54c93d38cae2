//! Pictures that a new one starts from, in a real browser: a result that is changed, and pictures of the visitor's own.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use contract::options::{Format, Size};
use engine::picture::upload::UploadInspector;
use painter::{Subject, encode, paint};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};
use tests::{
    browser::Browser,
    page::{composer::Composer, early::runs, wall::Wall},
    proxy::{Proxy, build::File},
    run,
    studio::Studio,
};
use tokio::time::sleep;

/// What protection against fingerprinting does to a worker's canvas: other pixels are read, or written, than were painted.
const LIES: [(&str, &str); 2] = [
    (
        "pixels read",
        "{ const type = OffscreenCanvasRenderingContext2D.prototype, own = type.getImageData; type.getImageData = function (...area) { const image = own.apply(this, area); image.data.forEach((value, at) => { if (at % 4 < 3 && at % 7 < 3) image.data[at] = value ^ 64 }); return image } }",
    ),
    (
        "pixels written",
        "{ const type = OffscreenCanvas.prototype, own = type.convertToBlob; type.convertToBlob = function (options) { const context = this.getContext('2d'), image = context.getImageData(0, 0, this.width, this.height); image.data.forEach((value, at) => { if (at % 4 < 3 && at % 7 < 3) image.data[at] = value ^ 64 }); context.putImageData(image, 0, 0); return own.call(this, options) } }",
    ),
];

/// How long it takes until a thumbnail would have taken the place of its original.
const THUMBNAIL: Duration = Duration::from_secs(4);

/// Where a camera says that it was.
const PLACE: &[u8] = b"GPS 52.5200 N 13.4050 E";

/// A picture of the sandbox's.
fn picture(width: u16, height: u16, format: Format) -> Vec<u8> {
    let subject = Subject {
        prompt: "a harbour".to_owned(),
        size: Size { width, height },
        ..Subject::default()
    };
    encode(&paint(&subject), format, 90).expect("a picture")
}

/// A photograph as a phone stores it: lying on its side, with a note to turn it, and the place.
fn photograph(width: u16, height: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"); // Orientation: a quarter turn; no more entries
    tiff.extend(PLACE);
    let mut jpeg = picture(width, height, Format::Jpeg);
    let length = u16::try_from(2 + 6 + tiff.len()).expect("a short segment").to_be_bytes();
    let exif = [b"\xff\xe1", length.as_slice(), b"Exif\0\0", &tiff].concat();
    jpeg.splice(2..2, exif);
    jpeg
}

/// A file on this machine's disk.
fn file(name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, bytes)?;
    Ok(file)
}

/// Drags files over the page and lets go of them.
async fn drop_files(browser: &Browser, files: &[&PathBuf]) -> Result<()> {
    for event in ["dragEnter", "dragOver", "dragOver", "drop"] {
        let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
        let event = json!({ "type": event, "x": 400, "y": 500, "data": data });
        browser.cdp("Input.dispatchDragEvent", event).await?;
        // The page's answer to one decides on the next.
        sleep(Duration::from_millis(150)).await;
    }
    Ok(())
}

/// Copies with a script and pastes with the keyboard.
async fn paste(browser: &Browser, copy: &str) -> Result<()> {
    browser.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await?;
    browser.cdp("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
    browser.eval(copy).await?;
    let key = json!({ "type": "rawKeyDown", "key": "v", "code": "KeyV", "windowsVirtualKeyCode": 86, "modifiers": 2, "commands": ["paste"] });
    browser.cdp("Input.dispatchKeyEvent", key).await?;
    Ok(())
}

/// The composer's pictures once they are ready to be seen: how many, and the sides of each.
async fn shown(browser: &Browser, count: usize) -> Result<Value> {
    for at in 1..=count {
        browser.see("image", &format!("Picture {at}")).await?;
    }
    Composer(browser).references().await
}

/// Types over whatever is chosen in the prompt, and sends it.
async fn describe(browser: &Browser, prompt: &str) -> Result<()> {
    browser.see("textbox", "Describe the change").await?;
    Composer(browser).fill("").await?;
    Composer(browser).focus().await?;
    browser.type_text(prompt).await?;
    browser.click("button", "Create").await?;
    browser.see("image", prompt).await.map(drop)
}

/// What reached the gateway with this prompt.
fn edit(studio: &Studio, prompt: &str) -> Result<Value> {
    let calls = studio.sandbox.books().calls();
    let asks = |body: &Value| body["prompt"] == format!("PREFIX {prompt} SUFFIX");
    let mut bodies = calls.iter().filter(|call| call.path.ends_with("/images/edits"));
    bodies.find_map(|call| call.json().filter(asks)).context("no such edit")
}

/// The pictures of that.
fn sent(studio: &Studio, prompt: &str) -> Result<Vec<Vec<u8>>> {
    let body = edit(studio, prompt)?;
    let images = body["images"].as_array().context("no pictures")?;
    let bytes = |image: &Value| {
        let url = image["image_url"].as_str().context("no URL")?;
        let (_, base64) = url.split_once(";base64,").context("no data URL")?;
        Ok(BASE64_STANDARD.decode(base64)?)
    };
    images.iter().map(bytes).collect()
}

/// The sides of a picture.
fn sides(bytes: &[u8]) -> Result<(u32, u32)> {
    let inspected = UploadInspector::new(bytes.len() as u64).and_then(|mut inspector| {
        inspector.feed(bytes)?;
        inspector.finish()
    });
    let upload = inspected.ok().context("no picture that is taken")?;
    Ok((upload.width, upload.height))
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_result_is_changed_in_its_own_shape_also_after_a_reload() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        browser.click("radio", "Tall").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A harbour at noon").await?;
        browser.click("button", "Create").await?;
        browser.see("image", "A harbour at noon").await?;
        let mut first = "A harbour at noon";
        for (shape, change) in [("Square", "Make it night"), ("Wide", "Make it winter")] {
            browser.click("radio", shape).await?;
            browser.click("button", &format!("Open picture: {first}")).await?;
            browser.click("button", "Change this picture").await?;
            first = change;
            assert_eq!(shown(&browser, 1).await?, json!("1024x1536"));
            let focus = "document.activeElement.id + getSelection()";
            let prompt = browser.eval(focus).await?;
            assert!(prompt.as_str().is_some_and(|text| text.starts_with("prompt")), "{prompt}");
            describe(&browser, change).await?;
            let pictures = sent(studio, change)?;
            assert_eq!(pictures.len(), 1);
            assert_eq!(sides(&pictures[0])?, (1024, 1536));
            let size = &edit(studio, change)?["size"];
            assert_eq!(*size, "1024x1536", "the picture's own shape");
            browser.reload().await?;
            browser.see("image", change).await?;
        }
        browser.stop().await
    });
}

#[test]
fn a_photograph_is_sent_upright_smaller_and_without_the_place() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        let bytes = photograph(3000, 1500);
        assert!(holds(&bytes, PLACE) && sides(&bytes)? == (3000, 1500));
        Composer(&browser).choose_files(&[&file("photo.jpg", &bytes)?]).await?;
        assert_eq!(shown(&browser, 1).await?, json!("1024x2048"), "upright");
        describe(&browser, "Paint it in oil").await?;
        let pictures = sent(studio, "Paint it in oil")?;
        assert_eq!(pictures.len(), 1);
        assert_eq!(sides(&pictures[0])?, (1024, 2048));
        assert!(pictures[0].starts_with(b"\xff\xd8\xff"), "no jpeg");
        assert!(!holds(&pictures[0], PLACE) && !holds(&pictures[0], b"Exif"), "it tells the place");
        browser.stop().await
    });
}

#[test]
fn pictures_come_by_button_drop_and_paste_and_text_is_still_pasted() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        let (wide, small) = (picture(1536, 1024, Format::Webp), picture(1024, 1024, Format::Png));
        Composer(&browser).choose_files(&[&file("wide.webp", &wide)?]).await?;
        assert_eq!(shown(&browser, 1).await?, json!("1536x1024"));
        drop_files(&browser, &[&file("small.png", &small)?]).await?;
        assert_eq!(shown(&browser, 2).await?, json!("1536x1024,1024x1024"));
        browser.click("textbox", "Describe the change").await?;
        // A picture with a hole in it, which a jpeg could not show.
        let copy = "(async () => { const c = new OffscreenCanvas(300, 200); c.getContext('2d').fillRect(0, 0, 99, 99); await navigator.clipboard.write([new ClipboardItem({ 'image/png': await c.convertToBlob() })]) })()";
        paste(&browser, copy).await?;
        assert_eq!(shown(&browser, 3).await?, json!("1536x1024,1024x1024,300x200"));
        paste(&browser, "navigator.clipboard.writeText('All in one')").await?;
        assert_eq!(Composer(&browser).prompt().await?, "All in one");
        browser.press("Enter").await?;
        browser.see("image", "All in one").await?;
        let pictures = sent(studio, "All in one")?;
        let sides: Vec<_> = pictures.iter().map(|bytes| sides(bytes)).collect::<Result<_>>()?;
        assert_eq!(sides, [(1536, 1024), (1024, 1024), (300, 200)]);
        assert!(pictures[2].starts_with(b"\x89PNG"), "the hole is gone");
        browser.stop().await
    });
}

#[test]
fn a_fifth_picture_and_what_is_none_are_refused_in_plain_words() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        let small = file("a.png", &picture(1024, 1024, Format::Png))?;
        Composer(&browser).choose_files(&[&small; 5]).await?;
        browser.read("Four pictures at most.").await?;
        shown(&browser, 4).await?;
        assert_eq!(browser.count("image", None).await?, 4);
        // What was removed makes room, and the words go.
        browser.click("button", "Remove picture 4").await?;
        browser.focus_is("button", "Remove picture 3").await?;
        assert_eq!(Composer(&browser).note().await?, "");
        Composer(&browser).choose_files(&[&file("letter.txt", b"no picture")?]).await?;
        browser.read("That could not be read as a picture.").await?;
        assert_eq!(browser.count("image", None).await?, 3);
        browser.press("Enter").await?;
        browser.press("Enter").await?;
        browser.press("Enter").await?;
        browser.see("textbox", "Describe a picture").await?;
        let focus = browser.eval("document.activeElement.id").await?;
        assert_eq!(focus, json!("add"), "who has removed the last one goes on beside it");
        browser.stop().await
    });
}

#[test]
fn a_picture_given_before_the_program_has_come_is_kept_and_sent() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::start().await?;
        // A network so slow that the form stands long before the program.
        browser.cdp("Network.enable", json!({})).await?;
        browser.open("about:blank").await?;
        let slow = json!({ "offline": false, "latency": 200, "downloadThroughput": 6_000, "uploadThroughput": 25_000 });
        browser.cdp("Network.emulateNetworkConditions", slow).await?;
        let url = json!(format!("{}/studio/demo", studio.edge.url()));
        browser.cdp("Page.navigate", json!({ "url": url })).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("An early change").await?;
        Composer(&browser)
            .choose_files(&[&file("early.png", &picture(1024, 1024, Format::Png))?])
            .await?;
        browser.click("button", "Create").await?;
        let early = "performance.getEntriesByType('resource').some(e => e.name.endsWith('.wasm') && e.responseEnd > 0)";
        let early = browser.eval(early).await?;
        assert_eq!(early, json!(false), "the program had come already: this test shows nothing");
        let fast = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.emulateNetworkConditions", fast).await?;
        browser.see("image", "An early change").await?;
        assert_eq!(sent(studio, "An early change")?.len(), 1);
        browser.stop().await
    });
}

#[test]
fn the_browser_holds_no_picture_that_the_studio_has_let_go() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        let count = "(() => { window.open_urls = 0; const make = URL.createObjectURL, end = URL.revokeObjectURL; URL.createObjectURL = b => (window.open_urls++, make.call(URL, b)); URL.revokeObjectURL = u => (u && window.open_urls--, end.call(URL, u)); })()";
        browser.eval(count).await?;
        let small = file("b.png", &picture(1024, 1024, Format::Png))?;
        Composer(&browser).choose_files(&[&small; 2]).await?;
        shown(&browser, 2).await?;
        assert_eq!(browser.eval("window.open_urls").await?, json!(2));
        browser.click("button", "Remove picture 1").await?;
        assert_eq!(browser.eval("window.open_urls").await?, json!(1));
        describe(&browser, "A cut of it").await?;
        browser.read("Your picture is ready.").await?;
        // What was sent has left the composer, and nothing can be tried again.
        assert_eq!(browser.eval("window.open_urls").await?, json!(0));
        browser.stop().await
    });
}

#[test]
fn nothing_that_a_lying_canvas_has_made_is_shown_or_sent() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        let own = file("lying.jpg", &photograph(300, 200))?;
        for (what, lie) in LIES {
            let proxy = Proxy::start(studio.edge.url()).await?;
            proxy.change(File::Script, move |script| [lie, &script].concat());
            browser.open(&format!("{}/studio/demo", proxy.url())).await?;
            runs(&browser).await?;
            let (first, second) = (format!("Other {what}"), format!("As it came, {what}"));
            Composer(&browser).order(&first).await?;
            browser.see("image", &first).await?;
            // The file may name a place, and nothing that is left of it can be trusted: it is not sent.
            Composer(&browser).choose_files(&[&own]).await?;
            browser.read("This browser does not let the studio prepare pictures").await?;
            anyhow::ensure!(browser.count("image", Some("Picture 1")).await? == 0, "{what}");
            sleep(THUMBNAIL).await;
            let originals = Wall(&browser).originals().await?;
            anyhow::ensure!(originals == [true], "{what}: a thumbnail hangs: {originals:?}");
            // In a picture of the wall nothing is the visitor's own: it is sent as it came.
            browser.click("button", &format!("Open picture: {first}")).await?;
            browser.click("button", "Change this picture").await?;
            describe(&browser, &second).await?;
            let calls = studio.sandbox.books().calls();
            let made = |call: &&sandbox::Call| {
                call.json().is_some_and(|body| body["prompt"] == format!("PREFIX {first} SUFFIX"))
            };
            let made = calls.iter().find(made).context("not made")?;
            anyhow::ensure!(sent(studio, &second)? == made.pictures, "{what}: other bytes");
        }
        browser.stop().await
    });
}
