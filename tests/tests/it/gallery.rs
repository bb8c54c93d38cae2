//! The wall in a real browser: small copies, deleting with its undo, selecting, the zip.

use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sandbox::{Pace, Settings};
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    page::{composer::Composer, selection::Selection, structure, wall::Wall},
    run,
    studio::{Setup, Studio},
};

/// A window on the studio whose pictures come at once.
pub(super) async fn window() -> Result<Browser> {
    Browser::on(Studio::quick().await?, "").await
}

/// A studio of its own whose pictures come at once, and a window on it.
pub(super) async fn window_on(setup: Setup) -> Result<(Studio, Browser)> {
    let studio = setup.quick().start().await?;
    let browser = Browser::on(&studio, "").await?;
    Ok((studio, browser))
}

/// Has these pictures made, one after the other.
pub(super) async fn make(browser: &Browser, prompts: &[&str]) -> Result<()> {
    for prompt in prompts {
        browser.see("button", "Create").await?;
        Composer(browser).fill("").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text(prompt).await?;
        browser.press("Enter").await?;
        browser.see("image", prompt).await?;
    }
    browser.see("button", "Create").await.map(drop)
}

#[test]
fn a_press_on_a_picture_that_has_just_come_is_not_lost() {
    run(async {
        let browser = window().await?;
        browser.eval(structure::OPEN_ON_ARRIVAL).await?;
        Composer(&browser).order("A fox").await?;
        browser.see("dialog", "Picture").await?;
        browser.stop().await
    });
}

#[test]
fn the_buttons_of_a_selection_take_one_line_on_a_phone() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let browser = Browser::start().await?;
        for (locale, words) in [
            ("en", ["Create", "Select", "Select all"]),
            ("de", ["Erstellen", "Auswählen", "Alle auswählen"]),
        ] {
            browser.open(&format!("{}/studio/demo?locale={locale}", studio.edge.url())).await?;
            browser.look(320, 640, false, true).await?;
            let [create, select, all] = words;
            for prompt in [format!("A fox {locale}"), format!("An owl {locale}")] {
                browser.see("button", create).await?;
                Composer(&browser).order(&prompt).await?;
                browser.see("image", &prompt).await?;
            }
            browser.click("button", select).await?;
            browser.click("button", all).await?;
            let height = browser.eval(structure::SELECTION_BAR_HEIGHT).await?;
            assert_eq!(height, json!(44), "{locale}");
        }
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_press_says_why_nothing_happens_when_the_tools_do_not_come() {
    run(async {
        let browser = window().await?;
        browser.cdp("Network.enable", json!({})).await?;
        browser.cdp("Network.setBlockedURLs", json!({ "urls": ["*/lazy-*"] })).await?;
        browser.reload().await?;
        make(&browser, &["No tools"]).await?;
        browser.click("button", "Open picture: No tools").await?;
        browser.read("A part of the studio could not be loaded").await?;
        browser.stop().await
    });
}

#[test]
fn a_mouse_that_rests_on_a_picture_is_shown_what_can_be_done_with_it() {
    run(async {
        let sandbox = Settings { pace: Pace::Human, ..Settings::for_tests() };
        let studio = Setup { sandbox, ..Setup::default() }.start().await?;
        let browser = Browser::with_mouse().await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A fox").await?;
        browser.press("Enter").await?;
        let wall = Wall(&browser);
        let place = "function () { const { x, y } = this.getBoundingClientRect(); return { x: x + 40, y: y + 40 } }";
        let on = browser.ask(wall.first_place().await?, place, &[]).await?;
        // The first time the mouse lies there before the picture does.
        for (at, rests) in [(&on, true), (&json!({ "x": 1, "y": 1 }), false), (&on, true)] {
            let way = json!({ "type": "mouseMoved", "x": at["x"], "y": at["y"] });
            browser.cdp("Input.dispatchMouseEvent", way).await?;
            wall.acts_show(rests).await?;
        }
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_picture_becomes_a_small_copy_of_itself_and_nothing_moves() {
    run(async {
        let browser = window().await?;
        browser.eval("window.shifted = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value }).observe({ type: 'layout-shift', buffered: true })").await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A harbour at noon"]).await?;
        // The tile that the press has made moves what was there: only for half a second the browser counts that as input.
        browser.eval("shifted = 0").await?;
        Wall(&browser).copies(1).await?;
        let sides =
            "function () { return [this.naturalWidth, this.naturalHeight, this.width > 300] }";
        let sides = browser.of("image", "A harbour at noon", sides).await?;
        assert_eq!(sides, json!([512, 341, true]));
        // Less than a hundredth of a pixel is how the browser rounds.
        let shifted = browser.eval("shifted").await?;
        assert!(shifted.as_f64().is_some_and(|shifted| shifted < 0.0005), "{shifted}");
        // What is saved is still the original.
        let saved = "function () { return fetch(this.href).then((answer) => answer.headers.get('content-disposition')) }";
        let saved = browser.of("link", "Download", saved).await?;
        assert!(saved.as_str().is_some_and(|name| name.contains("ai-generated")), "{saved}");
        browser.stop().await
    });
}

#[test]
fn a_deleted_picture_comes_back_with_undo_and_is_gone_everywhere_without_it() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl"]).await?;
        let addresses = Wall(&browser).addresses().await?;
        browser.eval(&format!("window.fox = {}", json!(addresses[1]))).await?;
        for undone in [true, false] {
            browser.click("button", "Select").await?;
            browser.click("checkbox", "A fox").await?;
            browser.read("1 selected").await?;
            browser.click("button", "Delete").await?;
            browser.read("Picture deleted.").await?;
            Wall(&browser).vanishes("A fox").await?;
            assert_eq!(browser.count("image", Some("An owl")).await?, 1);
            // The edge has it for as long as it can come back.
            assert_eq!(browser.eval("fetch(fox).then(({ status }) => status)").await?, json!(200));
            if undone {
                // The focus is on Undo: Enter is enough.
                browser.press("Enter").await?;
                browser.see("image", "A fox").await?;
                browser.focus_is("button", "Open picture: A fox").await?;
            }
        }
        // A pointer has pressed Delete, so the focus on Undo does not hold the toast back: its time does end.
        browser.eval("document.activeElement.blur()").await?;
        let over = async || Ok(browser.count("button", Some("Undo")).await? == 0);
        browser.until_true("that nothing can be undone", over).await?;
        browser
            .until("fetch(fox, { cache: 'reload' }).then(({ status }) => status === 410)")
            .await?;
        browser.reload().await?;
        browser.see("image", "An owl").await?;
        assert_eq!(browser.count("image", Some("A fox")).await?, 0);
        browser.stop().await
    });
}

#[test]
fn everything_can_be_selected_and_deleted_by_the_keyboard_alone() {
    run(async {
        let browser = window().await?;
        browser.look(320, 640, true, true).await?;
        make(&browser, &["One", "Two", "Three"]).await?;
        Selection(&browser).focus().await?;
        browser.press("Enter").await?;
        browser.read("0 selected").await?;
        // On past "Select all" and "Done", which stand before the pictures, to the newest one.
        for _step in ["done", "the first picture's box"] {
            browser.press("Tab").await?;
        }
        browser.focus_is("checkbox", "Three").await?;
        browser.press(" ").await?;
        browser.read("1 selected").await?;
        browser.press("Escape").await?;
        assert_eq!(browser.count("checkbox", None).await?, 0);
        browser.press("Enter").await?;
        browser.read("0 selected").await?;
        browser.press("Enter").await?;
        browser.read("3 selected").await?;
        browser.press("Tab").await?;
        browser.press("Tab").await?;
        browser.press("Enter").await?;
        browser.read("3 pictures deleted.").await?;
        Wall(&browser).vanishes("One").await?;
        browser.read("Your pictures will hang here.").await?;
        browser.press("Enter").await?;
        for prompt in ["One", "Two", "Three"] {
            browser.see("image", prompt).await?;
        }
        browser.stop().await
    });
}

/// What a zip says that it holds: names, check sums and bytes, found from its end as unzippers do.
fn unzip(zip: &[u8]) -> Result<Vec<(String, u32, Vec<u8>)>> {
    let number = |at: usize, size: usize| -> Result<usize> {
        let bytes = zip.get(at..at + size).context("cut")?;
        Ok(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let end = zip.len() - 22;
    assert_eq!(number(end, 4)?, 0x0605_4b50);
    let mut at = number(end + 16, 4)?;
    let mut files = Vec::new();
    for _ in 0..number(end + 10, 2)? {
        assert_eq!(number(at, 4)?, 0x0201_4b50);
        let (sum, size, name) = (number(at + 16, 4)?, number(at + 24, 4)?, number(at + 28, 2)?);
        let head = number(at + 42, 4)?;
        assert_eq!((number(head, 4)?, number(head + 8, 2)?), (0x0403_4b50, 0), "stored");
        let start = head + 30 + number(head + 26, 2)? + number(head + 28, 2)?;
        // It was written as a stream: sum and sizes come after the bytes.
        assert_eq!(number(head + 6, 2)? & 8, 8);
        let after = start + size;
        let told = (number(after, 4)?, number(after + 4, 4)?, number(after + 12, 4)?);
        assert_eq!(told, (0x0807_4b50, sum, size));
        let text = String::from_utf8(zip.get(at + 46..at + 46 + name).context("cut")?.to_vec())?;
        let bytes = zip.get(start..start + size).context("cut")?.to_vec();
        files.push((text, u32::try_from(sum)?, bytes));
        at += 46 + name + number(at + 30, 2)? + number(at + 32, 2)?;
    }
    assert_eq!(at, end, "nothing between the list and the end");
    Ok(files)
}

/// CRC-32, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}

#[test]
fn a_zip_holds_the_very_pictures_and_says_who_made_them() {
    run(async {
        let (studio, browser) = window_on(Setup::default()).await?;
        // Two whose files have the same name. The same words twice within half a second count once.
        make(&browser, &["A fox", "A fox!", "Größe & “quotes”"]).await?;
        // Where the browser would save it, the test looks into it.
        browser.eval("HTMLAnchorElement.prototype.click = function () { window.saved = this }; const own = URL.createObjectURL; URL.createObjectURL = (blob) => { if (blob.type === 'application/zip') window.zipped = blob; return own(blob) }").await?;
        browser.click("button", "Select").await?;
        browser.click("button", "Select all").await?;
        browser.click("button", "Download as zip").await?;
        browser.until("!!window.saved").await?;
        let name = browser.eval("saved.download").await?;
        assert!(name.as_str().is_some_and(|name| name.starts_with("ai-generated-")), "{name}");
        let read = "new Promise((then) => { const reader = new FileReader(); reader.onload = () => then(reader.result.split(',')[1]); reader.readAsDataURL(window.zipped) })";
        let text = browser.eval(read).await?;
        let zip = BASE64_STANDARD.decode(text.as_str().context("no zip")?)?;
        let files = unzip(&zip)?;
        for (name, sum, bytes) in &files {
            assert_eq!(crc(bytes), *sum, "{name}");
        }
        let names: Vec<_> = files.iter().map(|(name, ..)| name.as_str()).collect();
        let expected = [
            "größe-quotes-ai-generated-1.webp",
            "a-fox-ai-generated-1.webp",
            "2-a-fox-ai-generated-1.webp",
            "manifest.json",
        ];
        assert_eq!(names, expected);
        let mut made: Vec<_> = studio
            .sandbox
            .books()
            .calls()
            .iter()
            .flat_map(|call| call.pictures.clone())
            .map(|bytes| bytes.to_vec())
            .collect();
        made.reverse();
        let saved: Vec<_> = files.iter().take(3).map(|(.., bytes)| bytes.clone()).collect();
        assert!(saved == made, "other bytes than the gateway's");
        let manifest: Value = serde_json::from_slice(&files[3].2)?;
        assert_eq!(manifest["ai_generated"], true);
        let first = &manifest["pictures"][0];
        assert_eq!(
            (&first["prompt"], &first["model"], &first["content_credentials"], &first["width"]),
            (
                &json!("Größe & “quotes”"),
                &json!("openai/gpt-image-1-mini"),
                &json!(true),
                &json!(1024)
            )
        );
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_new_picture_does_not_move_what_somebody_looks_at() {
    run(async {
        let browser = window().await?;
        browser.look(800, 500, false, true).await?;
        let prompts: Vec<_> = (0..9).map(|number| format!("Number {number}")).collect();
        make(&browser, &prompts.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        browser.eval("scrollTo(0, 700); new Promise((then) => setTimeout(then, 300))").await?;
        let wall = Wall(&browser);
        let before = wall.places().await?;
        assert!(before.as_array().is_some_and(|places| places.len() > 1), "{before}");
        // As the page round the frame would ask for one.
        Composer(&browser).order("Another").await?;
        wall.counts(10).await?;
        browser.eval("new Promise((then) => setTimeout(then, 300))").await?;
        assert_eq!(wall.places().await?, before);
        browser.stop().await
    });
}
