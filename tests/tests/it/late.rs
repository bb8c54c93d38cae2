//! A program that comes late: what the visitor did before it goes on as if it had always been there.

use anyhow::{Result, ensure};
use contract::options::{Format, Size};
use painter::{Subject, encode, paint};
use serde_json::{Value, json};
use std::path::PathBuf;
use tests::{
    browser::Browser,
    page::{composer::Composer, early::Early},
    run,
    studio::{Setup, Studio},
};

/// The orders with this prompt that reached the gateway.
fn orders(studio: &Studio, prompt: &str) -> Vec<Value> {
    let prompt = format!("PREFIX {prompt} SUFFIX");
    let calls = studio.sandbox.books().calls();
    calls.iter().filter_map(sandbox::Call::json).filter(|body| body["prompt"] == prompt).collect()
}

fn picture(name: &str, width: u16) -> Result<PathBuf> {
    let subject = Subject {
        prompt: name.to_owned(),
        size: Size { width, height: 512 },
        ..Subject::default()
    };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, encode(&paint(&subject), Format::Png, 90)?)?;
    Ok(file)
}

/// Drops files on the page, as one event: the browser's own drag would wait for the page's answers.
async fn drop_on_page(browser: &Browser, count: u32) -> Result<()> {
    let drop = format!(
        "(async () => {{ const data = new DataTransfer(); for (let at = 0; at < {count}; at++) {{ const canvas = new OffscreenCanvas(64, 64); canvas.getContext('2d').fillRect(0, 0, 64, 64); data.items.add(new File([await canvas.convertToBlob()], `dropped-${{at}}.png`, {{ type: 'image/png' }})); }} document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()"
    );
    browser.eval(&drop).await.map(drop_value)
}

fn drop_value(_: Value) {}

#[test]
fn what_was_begun_before_the_program_came_goes_on() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        let early = Early::of(studio.edge.url()).await?;
        early.open(&browser, "/studio/demo").await?;
        let composer = Composer(&browser);
        composer.focus().await?;
        browser.type_text("A late ").await?;
        browser.type_text("harbour").await?;
        browser.click("radio", "Tall").await?;
        browser.click("radio", "Fine").await?;
        composer.choose_count(2).await?;
        browser.click("button", "More").await?;
        composer.choose_format("PNG").await?;
        composer.focus().await?;
        composer.select(2, 6, "backward").await?;
        let (node, form) = (composer.node().await?, composer.form().await?);
        assert_eq!(form.radios, ["Tall", "Fine"]);

        early.has_not_come(&browser).await?;
        early.comes(&browser).await?;
        assert_eq!(composer.selection().await?, json!([2, 6, "backward"]));
        composer.has_focus().await?;
        assert_eq!(composer.node().await?, node, "the field is another one");
        assert!(composer.unfolded().await?, "the options have closed");
        assert_eq!(composer.form().await?, form);
        assert_eq!(composer.count().await?, "2");
        // The field's own history is still there.
        browser.undo().await?;
        assert_eq!(composer.prompt().await?, "A late ");
        browser.type_text("harbour").await?;

        // The program knows all of it: the options close, and what goes up is what is shown.
        browser.click("button", "More").await?;
        assert!(!composer.unfolded().await?);
        browser.click("button", "Create").await?;
        browser.read("2 pictures are ready.").await?;
        let orders = orders(studio, "A late harbour");
        assert_eq!(orders.len(), 2);
        for order in orders {
            let wanted = json!(["1024x1536", "high", "png"]);
            let format = &order["providerOptions"]["openai"]["outputFormat"];
            assert_eq!(json!([order["size"], order["quality"], format]), wanted);
        }
        browser.stop().await
    });
}

#[test]
fn focus_stays_on_whatever_had_it() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        for (role, name) in [
            ("radio", "Square"),
            ("combobox", "How many"),
            ("button", "More"),
            ("button", "Paper craft A lighthouse of cut paper"),
            ("button", "Create"),
        ] {
            let early = Early::of(studio.edge.url()).await?;
            early.open(&browser, "/studio/demo").await?;
            browser.focus(role, name).await?;
            early.has_not_come(&browser).await?;
            early.comes(&browser).await?;
            let at = browser.focused().await?;
            assert_eq!((at.role.as_str(), at.name.as_str()), (role, name));
        }
        browser.stop().await
    });
}

#[test]
fn an_early_submit_is_made_once_and_said_at_once() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        let browser = Browser::start().await?;
        let early = Early::of(studio.edge.url()).await?;
        early.open(&browser, "/studio/demo").await?;
        let composer = Composer(&browser);
        composer.focus().await?;
        browser.press("Enter").await?;
        assert_eq!(browser.eval(tests::page::structure::EARLY_WORDS).await?, json!(""));
        browser.type_text("Early bird").await?;
        browser.press("Enter").await?;
        assert_eq!(browser.eval(tests::page::structure::EARLY_WORDS).await?, json!("One moment…"));
        browser.press("Enter").await?;
        browser.double_click("button", "Create").await?;
        // What was submitted goes up, and what was typed since stays.
        browser.eval("document.forms[0].elements.prompt.focus()").await?;
        composer.select(10, 10, "none").await?;
        browser.type_text(" again").await?;
        early.has_not_come(&browser).await?;
        early.comes(&browser).await?;
        browser.see("image", "Early bird").await?;
        assert_eq!(composer.prompt().await?, "Early bird again");
        assert_eq!(browser.eval(tests::page::structure::EARLY_WORDS).await?, json!(""));
        assert_eq!(studio.sandbox.books().count(), 1);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn files_that_were_given_early_are_sent_in_their_order() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        let early = Early::of(studio.edge.url()).await?;
        early.open(&browser, "/studio/demo").await?;
        let composer = Composer(&browser);
        composer.choose_files(&[&picture("first.png", 300)?]).await?;
        drop_on_page(&browser, 2).await?;
        composer.choose_files(&[&picture("last.png", 400)?]).await?;
        composer.focus().await?;
        browser.type_text("Four early ones").await?;
        early.has_not_come(&browser).await?;
        early.comes(&browser).await?;
        browser.see("image", "Picture 4").await?;
        assert_eq!(composer.references().await?, json!("300x512,64x64,64x64,400x512"));
        browser.click("button", "Create").await?;
        browser.see("image", "Four early ones").await?;
        let order = orders(studio, "Four early ones");
        ensure!(
            order.len() == 1 && order[0]["images"].as_array().is_some_and(|all| all.len() == 4)
        );
        browser.stop().await
    });
}

#[test]
fn an_open_input_method_is_not_disturbed() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        browser
            .before_each_page(
                "globalThis.composed = []; for (const name of ['compositionstart', 'compositionend']) addEventListener(name, ({ data }) => composed.push(`${name} ${data}`), true)",
            )
            .await?;
        let early = Early::of(studio.edge.url()).await?;
        early.open(&browser, "/studio/demo").await?;
        let composer = Composer(&browser);
        composer.focus().await?;
        browser.compose("に").await?;
        browser.compose("にほ").await?;
        early.has_not_come(&browser).await?;
        let coming = early.comes(&browser);
        let typing = async {
            // The program has arrived by now, whether it waits for the end of the composition or not.
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            browser.compose("にほん").await?;
            assert_eq!(browser.eval("composed.join()").await?, json!("compositionstart "));
            browser.type_text("日本").await
        };
        let (came, typed) = tokio::join!(coming, typing);
        came.and(typed)?;
        assert_eq!(
            browser.eval("composed.join()").await?,
            json!("compositionstart ,compositionend 日本")
        );
        assert_eq!(composer.prompt().await?, "日本");
        // With a composition open again Enter belongs to the input method.
        browser.compose("ご").await?;
        let enter = json!({ "type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229 });
        browser.cdp("Input.dispatchKeyEvent", enter).await?;
        browser.type_text("語").await?;
        assert_eq!(composer.prompt().await?, "日本語");
        assert_eq!(browser.count("button", Some("Cancel")).await?, 0);
        browser.press("Enter").await?;
        browser.see("image", "日本語").await?;
        assert_eq!(orders(studio, "日本語").len(), 1);
        browser.stop().await
    });
}

#[test]
fn what_is_typed_early_wins_over_the_draft_of_the_tab_and_the_draft_over_an_empty_field() {
    run(async {
        let (studio, browser) = (Studio::quick().await?, Browser::start().await?);
        // A copy of the program would come although it is held.
        browser.cdp("Network.enable", json!({})).await?;
        browser.cdp("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await?;
        let mut early = Early::of(studio.edge.url()).await?;
        let composer = Composer(&browser);
        early.open(&browser, "/studio/demo").await?;
        early.comes(&browser).await?;
        composer.focus().await?;
        browser.type_text("A stored hare").await?;
        browser.click("radio", "Tall").await?;
        for (typed, expected) in [("", "A stored hare"), ("A newer fox", "A newer fox")] {
            early.hold_again();
            early.open(&browser, "/studio/demo").await?;
            // A browser fills a form again only after a reload, and this is none.
            assert_eq!(composer.prompt().await?, "");
            if !typed.is_empty() {
                composer.focus().await?;
                browser.type_text(typed).await?;
            }
            early.has_not_come(&browser).await?;
            early.comes(&browser).await?;
            let stands = async || Ok(composer.prompt().await? == expected);
            browser.until_true(expected, stands).await?;
            assert_eq!(composer.radios().await?[0], "Tall", "a choice of the draft stays");
        }
        browser.stop().await
    });
}
