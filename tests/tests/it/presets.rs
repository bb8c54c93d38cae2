//! The empty wall: the owner's examples hang there, and a press takes one.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    page::{composer::Composer, console, early::runs, selection::Selection, structure, wall::Wall},
    run,
    studio::{Setup, Studio},
    visitor::client,
};

fn presets() -> Value {
    json!([
        { "label": "Poster", "prompt": "A travel poster", "picture": "poster.webp" },
        { "label": "Blueprint", "prompt": "A blueprint of a boat", "picture": "blueprint.webp" },
        { "label": "Gone", "prompt": "Its picture is not in the build", "picture": "gone.webp" },
        { "label": "Words", "prompt": "It has no picture" },
    ])
}

async fn studio() -> Result<Studio> {
    let mut setup = Setup::default().quick();
    // The pictures are those of the demo's folder.
    setup.site.insert("presets".to_owned(), presets());
    setup.start().await
}

#[test]
fn a_site_tells_where_the_pictures_of_its_presets_are() {
    run(async {
        let studio = studio().await?;
        let (base, http) = (studio.edge.url(), client()?);
        let site: Value = http.get(format!("{base}/v1/sites/demo")).send().await?.json().await?;
        let pictures: Vec<_> = (0..4).map(|at| &site["presets"][at]["picture"]).collect();
        let first = pictures[0].as_str().context("no picture")?;
        assert!(first.starts_with("/sites/demo/poster-"), "{first}");
        assert_eq!(pictures[2..], [&json!(null), &json!(null)]);
        let response = http.get(format!("{base}{first}")).send().await?.error_for_status()?;
        assert_eq!(response.headers()["content-type"], "image/webp");
        assert!(response.bytes().await?.starts_with(b"RIFF"));
        studio.stop().await
    });
}

#[test]
fn examples_hang_on_the_empty_wall_and_ideas_stand_below_the_form_once_it_is_not() {
    run(async {
        let studio = studio().await?;
        let browser = Browser::start().await?;
        console::record(&browser).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        runs(&browser).await?;
        let examples = browser.parts("list", None).await?;
        let examples: Vec<_> = examples.iter().filter(|list| list.name == "Ideas").collect();
        assert_eq!(examples.len(), 1, "they are listed once");
        let hung = browser.parts("button", Some(examples[0].node)).await?;
        let names: Vec<_> = hung.iter().map(|button| button.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Poster",
                "Blueprint",
                "Gone Its picture is not in the build",
                "Words It has no picture"
            ]
        );
        for (button, has) in hung.iter().zip([true, true, false, false]) {
            assert_eq!(
                browser.ask(button.node, structure::EXAMPLE_IS_PAINTED, &[]).await?,
                json!(has),
                "{}",
                button.name
            );
        }
        // By the keyboard, as by a finger.
        browser.focus("button", "Blueprint").await?;
        browser.press("Enter").await?;
        let composer = Composer(&browser);
        composer.has_focus().await?;
        assert_eq!(composer.prompt().await?, "A blueprint of a boat");
        browser.press("Enter").await?;
        browser.see("image", "A blueprint of a boat").await?;
        // Now they are words below the form, and hang nowhere.
        assert_eq!(browser.count("button", Some("Blueprint")).await?, 1);
        assert_eq!(browser.count("button", Some("Words")).await?, 1);
        browser.click("button", "Words").await?;
        assert_eq!(composer.prompt().await?, "It has no picture");
        composer.order("One more").await?;
        browser.see("image", "One more").await?;
        Wall(&browser).counts(2).await?;
        Selection(&browser).delete_all().await?;
        browser.see("button", "Words It has no picture").await?;
        assert_eq!(console::said(&browser).await?, Vec::<String>::new());
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn an_example_whose_picture_does_not_come_is_still_chosen_by_its_words() {
    run(async {
        let studio = studio().await?;
        let browser = Browser::start().await?;
        browser.cdp("Network.enable", json!({})).await?;
        browser.cdp("Network.setBlockedURLs", json!({ "urls": ["*/sites/*"] })).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        runs(&browser).await?;
        browser.read("Poster").await?;
        browser.click("button", "Poster").await?;
        assert_eq!(Composer(&browser).prompt().await?, "A travel poster");
        browser.stop().await?;
        studio.stop().await
    });
}
