//! The picture is the event: how large it hangs, what a narrow frame shows, which cards are in the way, how many are made
//! at the same time.

use super::gallery::make;
use anyhow::{Context, Result};
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, early::runs, viewer::Viewer, wall::Wall},
    run,
    studio::{Setup, Studio},
};

/// Left, top, width and height of a picture, in whole pixels.
async fn box_of(browser: &Browser, name: &str) -> Result<[i64; 4]> {
    let of = "function () { const { x, y, width, height } = this.getBoundingClientRect(); return [x, y + scrollY, width, height].map(Math.round) }";
    Ok(serde_json::from_value(browser.of("image", name, of).await?)?)
}

/// A window of this size on a studio, without motion.
async fn window(studio: &Studio, width: u32, height: u32) -> Result<Browser> {
    let browser = Browser::start().await?;
    browser.look(width, height, false, true).await?;
    browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
    runs(&browser).await?;
    Ok(browser)
}

#[test]
fn the_newest_picture_is_the_event() {
    run(async {
        let browser = window(Studio::quick().await?, 1280, 900).await?;
        make(&browser, &["One"]).await?;
        // 30 rem, as 60 per cent of the frame's height are more.
        assert_eq!(box_of(&browser, "One").await?[2..], [480, 480]);
        make(&browser, &["Two"]).await?;
        // A wide one leaves no room for another one beside it, and is as high as they are.
        browser.click("radio", "Wide").await?;
        make(&browser, &["Three"]).await?;
        browser.click("radio", "Square").await?;
        for name in ["One", "Two", "Three"] {
            assert_eq!(box_of(&browser, name).await?[3], 480, "three are few: {name}");
        }
        Composer(&browser).choose_count(2).await?;
        Composer(&browser).order("Four").await?;
        Wall(&browser).counts(5).await?;
        let four = browser.parts("image", None).await?.into_iter().find(|it| it.name == "Four");
        let side = "function () { return Math.round(this.getBoundingClientRect().height) }";
        let side = browser.ask(four.context("no picture")?.node, side, &[]).await?;
        assert_eq!(side, json!(480), "the newest order stays large");
        let [one, two, three] = [
            box_of(&browser, "One").await?,
            box_of(&browser, "Two").await?,
            box_of(&browser, "Three").await?,
        ];
        assert!(
            one[1] == two[1] && two[1] == three[1],
            "older ones share a row: {one:?} {two:?} {three:?}"
        );
        assert!(one[3] < 300 && one[3] == three[3], "and are smaller: {one:?}");
        let newest = box_of(&browser, "Four").await?;
        assert!(
            newest[1] + newest[3] < one[1],
            "none hangs beside a large one: {newest:?} {one:?}"
        );
        browser.stop().await
    });
}

#[test]
fn on_a_phone_the_newest_picture_is_as_wide_as_the_frame() {
    run(async {
        let browser = window(Studio::quick().await?, 390, 844).await?;
        make(&browser, &["A", "B", "C", "D"]).await?;
        let newest = box_of(&browser, "D").await?;
        assert!(newest[2] > 360, "{newest:?}");
        let [older, next] = [box_of(&browser, "C").await?, box_of(&browser, "B").await?];
        assert!(older[2] < 200 && older[1] == next[1], "{older:?} {next:?}");
        browser.stop().await
    });
}

#[test]
fn a_small_frame_shows_the_tile_of_its_own_request_and_folds_the_form() {
    run(async {
        let studio = Studio::quick().await?;
        for (width, height) in [(300, 400), (390, 640)] {
            let browser = window(studio, width, height).await?;
            browser.click("textbox", "Describe a picture").await?;
            browser.type_text("A small one").await?;
            browser.click("button", "Create").await?;
            browser.see("image", "A small one").await?;
            let seen = "function () { const { top, bottom, height } = this.getBoundingClientRect(); return (Math.min(bottom, innerHeight) - Math.max(top, 0)) / height }";
            let enough = async || {
                let seen = browser.of("image", "A small one", seen).await?;
                Ok(seen.as_f64().is_some_and(|share| share > 0.6))
            };
            browser
                .until_true(&format!("most of the picture at {width} x {height}"), enough)
                .await?;
            assert_eq!(browser.count("radio", None).await?, 0, "the form is one line");
            Composer(&browser).focus().await?;
            let unfolds = async || Ok(browser.count("radio", None).await? > 0);
            browser.until_true("the whole form", unfolds).await?;
            browser.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn as_many_are_made_at_once_as_the_site_allows_and_the_next_one_waits() {
    run(async {
        let visitor = json!({ "per_hour": 100, "per_day": 100, "concurrent": 2 });
        let studio = Setup::default().quick().site("visitor", visitor).start().await?;
        let browser = window(&studio, 1280, 900).await?;
        let composer = Composer(&browser);
        for prompt in ["First sandbox:slow", "Second sandbox:slow", "Third"] {
            composer.order(prompt).await?;
        }
        browser.read("Waiting for its turn").await?;
        let both = async || Ok(studio.sandbox.books().asked() == 2);
        browser.until_true("two orders at the gateway", both).await?;
        // Each has its own way to be cancelled; the newest hangs first.
        assert_eq!(browser.count("button", Some("Cancel this picture")).await?, 3);
        let cancels = browser.parts("button", None).await?;
        let last = cancels.iter().rfind(|it| it.name == "Cancel this picture").context("none")?;
        browser.ask(last.node, "function () { this.click() }", &[]).await?;
        browser.see("image", "Third").await?;
        assert_eq!(studio.sandbox.books().asked(), 3, "the third was sent once one had ended");
        assert_eq!(Wall(&browser).pictures().await?, ["Third"]);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn one_that_waits_for_its_turn_is_cancelled_without_a_cost() {
    run(async {
        let visitor = json!({ "per_hour": 100, "per_day": 100, "concurrent": 1 });
        let studio = Setup::default().quick().site("visitor", visitor).start().await?;
        let browser = window(&studio, 1280, 900).await?;
        Composer(&browser).order("First sandbox:slow").await?;
        studio.sandbox.books().until(|calls| !calls.is_empty()).await;
        Composer(&browser).order("Never sent").await?;
        browser.read("Waiting for its turn").await?;
        browser.click("button", "Cancel this picture").await?;
        browser.until("!document.body.innerText.includes('Waiting for its turn')").await?;
        browser.click("button", "Cancel this picture").await?;
        Composer(&browser).order("After both").await?;
        browser.see("image", "After both").await?;
        assert_eq!(studio.sandbox.books().asked(), 2);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_card_is_put_away_and_older_ones_become_a_line() {
    run(async {
        let browser = window(Studio::quick().await?, 1280, 900).await?;
        let composer = Composer(&browser);
        for prompt in ["First sandbox:refuse", "Second sandbox:refuse"] {
            composer.order(prompt).await?;
            browser
                .until_true("a card", async || {
                    Ok(Wall(&browser).problems().await?.iter().any(|[_, of]| of.contains(prompt)))
                })
                .await?;
        }
        assert_eq!(Wall(&browser).problems().await?.len(), 2);
        browser.focus("button", "Put away: The picture service refused this description").await?;
        browser.press("Enter").await?;
        let one = async || Ok(Wall(&browser).problems().await?.len() == 1);
        browser.until_true("one card", one).await?;
        make(&browser, &["A success"]).await?;
        let tall = "function () { return this.getBoundingClientRect().height }";
        let line = async || {
            let of = browser.of("group", "The picture service refused this description", tall);
            Ok(of.await?.as_f64().is_some_and(|height| height < 60.0))
        };
        browser.until_true("a card of one line", line).await?;
        browser.click("button", "Put away: The picture service refused this description").await?;
        let none = async || Ok(Wall(&browser).problems().await?.is_empty());
        browser.until_true("no card", none).await?;
        browser.reload().await?;
        browser.see("image", "A success").await?;
        assert_eq!(Wall(&browser).problems().await?.len(), 0, "a reload does not bring it back");
        browser.stop().await
    });
}

#[test]
fn the_owners_link_is_shown_when_its_configuration_says() {
    run(async {
        for (when, before, with_picture) in [("limit", 0, 0), ("picture", 0, 1), ("always", 1, 1)] {
            let link =
                json!({ "label": "Talk to us", "url": "https://acme.example/", "when": when });
            let visitor = json!({ "per_hour": 2, "per_day": 9, "concurrent": 2 });
            let setup = Setup::default().quick().site("call_to_action", link);
            let studio = setup.site("visitor", visitor).start().await?;
            let browser = window(&studio, 1280, 900).await?;
            let links = async || browser.count("link", Some("Talk to us")).await;
            assert_eq!(links().await?, before, "{when}");
            make(&browser, &["A first"]).await?;
            let shows = async || Ok(links().await? == with_picture);
            browser
                .until_true(&format!("{with_picture} links once there is a picture"), shows)
                .await?;
            make(&browser, &["A second"]).await?;
            Composer(&browser).order("One too many").await?;
            let once = async || Ok(links().await? == 1);
            browser.until_true("the link, once, at the limit", once).await?;
            browser.stop().await?;
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn the_first_wait_has_a_measure_and_says_that_one_can_leave() {
    run(async {
        let mut setup = Setup::default();
        setup.models[0]["expected_seconds"] = json!({ "low": 30, "medium": 30, "high": 30 });
        let studio = setup.start().await?;
        let browser = window(&studio, 1280, 900).await?;
        Composer(&browser).order("A long wait sandbox:slow").await?;
        browser.read("s of about 30 s").await?;
        browser.read("Come back in this tab: it is here for 60 minutes.").await?;
        browser.click("button", "Cancel this picture").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn prompts_run_their_own_way_and_fields_are_not_zoomed_into() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::with_touch().await?;
        for width in [320, 390] {
            browser.look(width, 844, false, true).await?;
            browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
            runs(&browser).await?;
            Composer(&browser).unfold().await?;
            let size = "function () { return parseFloat(getComputedStyle(this).fontSize) }";
            for (role, name) in [
                ("textbox", "Describe a picture"),
                ("combobox", "How many"),
                ("combobox", "Format"),
            ] {
                let size = browser.of(role, name, size).await?;
                assert!(
                    size.as_f64().is_some_and(|size| size >= 16.0),
                    "{name} at {width}: {size}"
                );
            }
        }
        Composer(&browser).fill("قطة على السور!").await?;
        let direction = "function () { return getComputedStyle(this).direction }";
        let direction = browser.of("textbox", "Describe a picture", direction).await?;
        assert_eq!(direction, json!("rtl"));
        browser.stop().await
    });
}

#[test]
fn a_prompt_that_cannot_be_sent_is_said_to_be_invalid_until_it_changes() {
    run(async {
        let browser = window(Studio::shared().await?, 1280, 900).await?;
        let invalid = async || {
            let field = browser.parts("textbox", None).await?;
            anyhow::Ok(field.first().is_some_and(|field| field.is("invalid")))
        };
        assert!(!invalid().await?);
        browser.click("button", "Create").await?;
        browser.read("Write a few words first.").await?;
        assert!(invalid().await?);
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("a").await?;
        let fine = async || Ok(!invalid().await?);
        browser.until_true("a valid prompt", fine).await?;
        browser.stop().await
    });
}

#[test]
fn the_page_gets_the_picture_from_the_newest_tile() {
    run(async {
        let studio = Setup::default().quick().site("choose", json!(true)).start().await?;
        let browser = window(&studio, 1280, 900).await?;
        make(&browser, &["For the page"]).await?;
        // No page stands round this window: there is nobody to take it.
        assert_eq!(browser.count("button", Some("Use this picture")).await?, 0);
        browser.click("button", "Open picture: For the page").await?;
        Viewer(&browser).shows("For the page").await?;
        browser.stop().await?;
        studio.stop().await
    });
}
