//! The viewer in a real browser: open, look, act, go back to where one came from.

mod formatters;

use super::gallery::{make, window, window_on};
use sandbox::Call;
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    host::{File, Host},
    page::{
        composer::{Composer, Form},
        embedded,
        selection::Selection,
        viewer::Viewer,
        wall::Wall,
    },
    run,
    studio::{Setup, Studio},
};

/// Whether two numbers that a layout gives are the same to a person.
fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.01
}

#[test]
fn the_keyboard_alone_opens_turns_zooms_and_comes_back() {
    run(async {
        let browser = window().await?;
        browser.look(320, 640, true, true).await?;
        make(&browser, &["A fox", "An owl", "A bear"]).await?;
        let viewer = Viewer(&browser);
        Selection(&browser).focus().await?;
        browser.press("Tab").await?;
        browser.focus_is("button", "Open picture: A bear").await?;
        browser.press("Enter").await?;
        browser.see("dialog", "Picture").await?;
        browser.focus_is("button", "Close").await?;
        browser.press("ArrowRight").await?;
        browser.see("image", "An owl").await?;
        browser.press("ArrowLeft").await?;
        browser.press("ArrowLeft").await?;
        // Before the first comes the last.
        browser.see("image", "A fox").await?;
        browser.press("+").await?;
        assert!(near(viewer.zoom().await?, 1.5));
        browser.press("ArrowRight").await?;
        assert!(near(viewer.moved().await?, -80.0), "the arrows move what is near");
        browser.press("0").await?;
        assert!(near(viewer.zoom().await?, 1.0));
        // The focus does not get out, however often one goes on.
        for _ in 0..20 {
            browser.press("Tab").await?;
            // After the last stop the browser's own controls have their turn.
            let at = browser.focused().await?;
            assert!(viewer.holds_focus().await? || at.role == "none", "{at:?}");
        }
        browser.press("Escape").await?;
        browser.focus_is("button", "Open picture: A fox").await?;
        assert!(!viewer.is_open().await?);
        browser.stop().await
    });
}

#[test]
fn a_pointer_opens_the_very_picture_and_goes_near_where_it_points() {
    run(async {
        let browser = window().await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A fox"]).await?;
        let viewer = Viewer(&browser);
        Wall(&browser).copies(1).await?;
        browser.click("image", "A fox").await?;
        // The copy first, then the original in its place.
        viewer.has_width(1536).await?;
        let mut before = f64::NAN;
        // It has come to rest when it stands twice in the same place.
        browser
            .until_true("a picture at rest", async || {
                let last = std::mem::replace(&mut before, viewer.left_of(200.0).await?);
                Ok(near(last, before))
            })
            .await?;
        let wheel =
            json!({ "type": "mouseWheel", "x": 200, "y": 200, "deltaX": 0, "deltaY": -400 });
        browser.cdp("Input.dispatchMouseEvent", wheel).await?;
        browser.until_true("a near picture", async || Ok(viewer.zoom().await? > 2.0)).await?;
        let after = viewer.left_of(200.0).await?;
        assert!(near(after, before), "what lay under the pointer at {before} is at {after}");
        browser.click("button", "Close").await?;
        viewer.closes().await?;
        browser.stop().await
    });
}

#[test]
fn its_facts_are_told_and_credentials_are_never_called_verified() {
    run(async {
        let browser = window().await?;
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
        let size = Viewer(&browser).fact("File").await?;
        let (number, unit) = size.split_once(' ').unwrap_or_default();
        assert!(matches!(unit, "kB" | "MB"), "{size}");
        assert!(number.bytes().all(|b| b.is_ascii_digit() || b".,".contains(&b)), "{size}");
        let text = browser.eval("document.body.innerText.toLowerCase()").await?;
        assert!(!text.as_str().unwrap_or_default().contains("verif"), "{text}");
        browser.stop().await
    });
}

#[test]
fn words_and_pictures_are_copied_used_again_varied_and_deleted() {
    run(async {
        let (studio, browser) = window_on(Setup::default()).await?;
        browser.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await?;
        browser.cdp("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
        browser.click("radio", "Wide").await?;
        make(&browser, &["A fox", "An owl"]).await?;
        let (composer, viewer, wall) = (Composer(&browser), Viewer(&browser), Wall(&browser));
        browser.click("button", "Open picture: A fox").await?;
        viewer.unfold().await?;
        browser.click("button", "Copy description").await?;
        browser.read("Copied.").await?;
        assert_eq!(browser.eval("navigator.clipboard.readText()").await?, json!("A fox"));
        browser.click("button", "Copy picture").await?;
        let copied = "navigator.clipboard.read().then(([item]) => item.types.join())";
        browser.until(&format!("{copied}.then((types) => types === 'image/png')")).await?;

        browser.press("Escape").await?;
        composer.fill("My own words").await?;
        browser.click("radio", "Square").await?;
        browser.click("button", "Open picture: A fox").await?;
        browser.click("button", "Same words, new picture").await?;
        viewer.closes().await?;
        wall.hangs(&["A fox", "An owl", "A fox"]).await?;
        assert_eq!(composer.prompt().await?, "My own words", "what was written stays");
        // The waiting tile has the description before the order has reached the sandbox.
        let ordered = |calls: &[Call]| -> Vec<Value> {
            calls.iter().filter_map(|call| Some(call.json()?["size"].clone())).collect()
        };
        let calls = studio.sandbox.books().until(|calls| ordered(calls).len() == 3).await;
        assert_eq!(ordered(&calls), ["1536x1024"; 3]);

        browser.click("button", "Open picture: An owl").await?;
        browser.click("button", "Edit the words").await?;
        composer.has_focus().await?;
        assert_eq!(composer.prompt().await?, "An owl");
        assert_eq!(composer.radios().await?[0], "Wide");

        browser.click("button", "Open picture: An owl").await?;
        browser.click("button", "Delete").await?;
        browser.read("Picture deleted.").await?;
        // The viewer goes on with the neighbour, and undo shows what came back.
        browser.see("image", "A fox").await?;
        browser.click("button", "Undo").await?;
        viewer.shows("An owl").await?;
        browser.click("button", "Delete").await?;
        viewer.shows("A fox").await?;
        browser.press("Escape").await?;
        wall.vanishes("An owl").await?;
        browser.focus_is("button", "Open picture: A fox").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn words_are_used_again_with_all_that_was_chosen_beside_them() {
    run(async {
        let browser = window().await?;
        browser.click("button", "More").await?;
        for choice in ["Wide", "Standard"] {
            browser.click("radio", choice).await?;
        }
        let composer = Composer(&browser);
        composer.choose_format("WebP").await?;
        browser.click("checkbox", "Transparent background").await?;
        make(&browser, &["A stamp"]).await?;
        for choice in ["Tall", "Draft"] {
            browser.click("radio", choice).await?;
        }
        browser.click("checkbox", "Transparent background").await?;
        composer.choose_format("JPEG").await?;
        make(&browser, &["A photograph"]).await?;
        let again = async |form: &Form| {
            let prompt = &form.prompt;
            browser.click("button", &format!("Open picture: {prompt}")).await?;
            Viewer(&browser).unfold().await?;
            browser.click("button", "Edit the words").await?;
            composer.has_focus().await?;
            assert_eq!(composer.form().await?, *form);
            anyhow::Ok(())
        };
        let stamp = Form::new("A stamp", ["Wide", "Standard"], "WebP", true);
        let photograph = Form::new("A photograph", ["Tall", "Draft"], "JPEG", false);
        again(&stamp).await?;
        assert_eq!(composer.not_on_offer().await?, json!(["JPEG"]), "none is transparent");
        again(&photograph).await?;
        assert_eq!(composer.not_on_offer().await?, json!([]));
        again(&stamp).await?;
        browser.reload().await?;
        assert_eq!(composer.form().await?, stamp, "it is the draft now");
        browser.stop().await
    });
}

#[test]
fn in_a_page_it_has_the_whole_window_and_gives_it_back() {
    run(async {
        let page = "<!doctype html><html lang=\"en\"><title>A page</title><script>
             const loader = Object.assign(document.createElement('script'), { type: 'module', src: location.search.slice(1) + '/easel.js' });
             document.head.append(loader);
             addEventListener('easel:done', () => window.done = true);</script>
             <style>easel-studio { display: block; min-height: 40rem }</style><easel-studio site=\"demo\" loading=\"eager\"></easel-studio>";
        let host = Host::start(vec![File::page("/", page.to_owned())]).await?;
        let studio =
            Setup::default().site("origins", json!([host.origin("localhost")])).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/?{}", host.origin("localhost"), studio.edge.url())).await?;
        embedded::find(&browser).await?;
        browser.until("typeof studio().generate === 'function'").await?;
        browser.eval("studio().generate('A fox')").await?;
        browser.until("window.done === true").await?;
        let frame = "inside()";
        for own in [true, false] {
            if !own {
                // Who had the whole window before has it afterwards.
                browser.eval("studio().expand()").await?;
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

#[test]
fn tab_visits_every_stop_both_ways_and_the_tree_holds_nothing_else() {
    run(async {
        let browser = window().await?;
        browser.look(1280, 800, false, true).await?;
        make(&browser, &["A fox", "An owl"]).await?;
        browser.click("button", "Open picture: A fox").await?;
        let viewer = Viewer(&browser);
        viewer.unfold().await?;
        let stops = viewer.stops().await?;
        for name in
            ["Close", "Previous picture", "Download", "Change this picture", "More", "Delete"]
        {
            assert!(stops.iter().any(|stop| stop == name), "{name} is none of {stops:?}");
        }
        browser.focus("button", "Close").await?;
        let mut walked = vec![browser.focused().await?.name];
        for _ in 1..stops.len() {
            browser.press("Tab").await?;
            walked.push(browser.focused().await?.name);
        }
        assert_eq!(walked, stops);
        // And it goes round, past neither end.
        browser.press("Tab").await?;
        assert_eq!(Some(&browser.focused().await?.name), stops.first(), "after the last");
        browser.press("Shift+Tab").await?;
        assert_eq!(Some(&browser.focused().await?.name), stops.last(), "before the first");
        for stop in stops.iter().rev().skip(1) {
            browser.press("Shift+Tab").await?;
            assert_eq!(browser.focused().await?.name, *stop);
        }
        assert_eq!(viewer.behind().await?, Vec::<String>::new(), "a screen reader finds these");
        browser.press("Escape").await?;
        viewer.closes().await?;
        assert!(!browser.parts("textbox", None).await?.is_empty(), "the page is there again");
        browser.stop().await
    });
}

#[test]
fn a_number_stands_left_of_its_unit_also_where_the_page_runs_from_the_right() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        browser.open(&format!("{}/studio/demo?locale=ar", studio.edge.url())).await?;
        make(&browser, &["A fox"]).await?;
        browser.click("button", "Open picture: A fox").await?;
        assert!(Viewer(&browser).number_is_left_of_its_unit("File").await?);
        browser.stop().await
    });
}

#[test]
fn each_picture_that_is_opened_is_told_of_from_the_beginning() {
    run(async {
        let browser = window().await?;
        browser.look(320, 480, false, true).await?;
        make(&browser, &["A fox", "An owl"]).await?;
        let viewer = Viewer(&browser);
        browser.click("button", "Open picture: An owl").await?;
        assert_eq!(viewer.scrolled().await?, 0);
        viewer.scroll_to_end().await?;
        assert!(viewer.scrolled().await? > 0);
        browser.press("Escape").await?;
        viewer.closes().await?;
        browser.click("button", "Open picture: A fox").await?;
        assert_eq!(viewer.scrolled().await?, 0);
        // The `close` event of the dialog comes one frame late, and must not close the next picture.
        viewer.closes_and_opens("An owl").await?;
        viewer.shows("An owl").await?;
        browser.stop().await
    });
}

#[test]
fn the_undo_of_a_deletion_covers_nothing_that_can_be_pressed() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl", "A bear"]).await?;
        let viewer = Viewer(&browser);
        browser.click("button", "Open picture: A bear").await?;
        viewer.unfold().await?;
        browser.click("button", "Delete").await?;
        // With the focus on it it stays.
        browser.focus("button", "Undo").await?;
        for (width, height) in [(320, 640), (720, 640), (1280, 800)] {
            browser.look(width, height, false, true).await?;
            assert_eq!(viewer.covered().await?, Vec::<String>::new(), "at {width} px");
        }
        browser.stop().await
    });
}

#[test]
fn each_step_is_announced_with_its_place() {
    run(async {
        let browser = window().await?;
        make(&browser, &["A fox", "An owl", "A bear"]).await?;
        browser.click("button", "Open picture: A bear").await?;
        let viewer = Viewer(&browser);
        viewer.announces("1 of 3: A bear").await?;
        browser.press("ArrowRight").await?;
        viewer.announces("2 of 3: An owl").await?;
        browser.click("button", "Next picture").await?;
        viewer.announces("3 of 3: A fox").await?;
        browser.click("button", "Next picture").await?;
        viewer.announces("1 of 3: A bear").await?;
        browser.stop().await
    });
}

#[test]
fn nothing_of_the_page_stands_beside_it_or_moves_behind_it() {
    run(async {
        let (studio, _) = Browser::on_shared().await?;
        let browser = Browser::with_scrollbars().await?;
        browser.look(800, 500, false, true).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        make(&browser, &["A fox", "An owl", "A bear"]).await?;
        // It hangs further down: who presses it has scrolled there.
        browser.focus("button", "Open picture: A fox").await?;
        // It hangs in the second row: a press would scroll to it.
        browser.eval("scrollTo(0, 1e9)").await?;
        let before = Wall(&browser).places().await?;
        browser.click("button", "Open picture: A fox").await?;
        let viewer = Viewer(&browser);
        assert_eq!(viewer.uncovered().await?, json!([0, 0]), "pixels beside it, below it");
        browser.press("Escape").await?;
        viewer.closes().await?;
        assert_eq!(Wall(&browser).places().await?, before);
        browser.stop().await
    });
}
