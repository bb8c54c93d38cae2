//! States that need an edge of their own: limit reached, closed, challenge; and forced colours.

use super::{folder, shoot};
use anyhow::Result;
use sandbox::{Pace, Settings};
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, embedded::REST},
    run,
    studio::{OPERATOR, Setup, Studio},
    visitor::client,
};

/// Whether what is `this` has an edge that can be seen.
const HAS_EDGE: &str = "function () { return getComputedStyle(this).borderTopWidth !== '0px' }";

/// Describes a picture and asks for it, whatever the form's parts are called.
async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    Composer(browser).fill("").await?;
    Composer(browser).focus().await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

fn quick() -> Settings {
    Settings { pace: Pace::Instant, ..Settings::for_tests() }
}

#[test]
fn a_reached_limit_and_a_closed_site_fit_every_window_in_both_languages() {
    run(async {
        let folder = folder()?;
        let visitor = json!({ "per_hour": 1, "per_day": 9, "concurrent": 2 });
        let offer = json!({ "label": "Talk to us", "url": "https://acme.example/talk" });
        let setup = Setup { sandbox: quick(), ..Setup::default() };
        let studio = setup.site("visitor", visitor).site("call_to_action", offer).start().await?;
        for (locale, create, limit, closed) in [
            ("en", "Create", "You have reached your limit here", "This site is closed for now"),
            (
                "de",
                "Erstellen",
                "Mehr Bilder gibt es hier gerade nicht",
                "Dieses Studio ist zurzeit geschlossen",
            ),
        ] {
            let switch = async |open: bool| {
                let request = client()?.put(format!("{}/v1/operator/switch", studio.edge.url()));
                let body = json!({ "site": null, "open": open });
                request.bearer_auth(OPERATOR).json(&body).send().await?.error_for_status()?;
                anyhow::Ok(())
            };
            let browser = Browser::on(&studio, &format!("?locale={locale}")).await?;
            ask(&browser, "A quiet sea at dusk").await?;
            browser.see("image", "A quiet sea at dusk").await?;
            browser.see("button", create).await?;
            ask(&browser, "One too many").await?;
            browser.read(limit).await?;
            browser.see("button", create).await?;
            shoot(&browser, &format!("{locale}-limit"), folder.as_ref()).await?;
            switch(false).await?;
            ask(&browser, "A closed door").await?;
            browser.read(closed).await?;
            browser.see("button", create).await?;
            shoot(&browser, &format!("{locale}-closed"), folder.as_ref()).await?;
            switch(true).await?;
            browser.stop().await?;
        }
        studio.stop().await
    });
}

#[test]
fn a_pause_after_refused_descriptions_fits_every_window() {
    run(async {
        let folder = folder()?;
        let visitor =
            json!({ "per_hour": 9, "per_day": 9, "concurrent": 2, "refusals_per_hour": 1 });
        let setup = Setup { sandbox: quick(), ..Setup::default() };
        let studio = setup.site("visitor", visitor).start().await?;
        let browser = Browser::on(&studio, "").await?;
        ask(&browser, "sandbox:refuse").await?;
        browser.read("The picture service refused this description").await?;
        browser.see("button", "Create").await?;
        ask(&browser, "Another description").await?;
        browser.read("Several descriptions were refused").await?;
        browser.see("button", "Create").await?;
        shoot(&browser, "pause", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn a_challenge_fits_every_window() {
    run(async {
        let folder = folder()?;
        let setup = Setup { sandbox: quick(), ..Setup::default() };
        let studio = setup.start_challenged().await?;
        let browser = Browser::on(&studio, "").await?;
        ask(&browser, "A checked picture").await?;
        browser.see("button", "I am human").await?;
        shoot(&browser, "challenge", folder.as_ref()).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn forced_colours_leave_everything_to_be_seen() {
    run(async {
        let folder = folder()?;
        let studio = Studio::quick().await?;
        let browser = Browser::on(studio, "").await?;
        ask(&browser, "A quiet sea at dusk").await?;
        browser.see("image", "A quiet sea at dusk").await?;
        browser.see("button", "Create").await?;
        ask(&browser, "Something unkind sandbox:refuse").await?;
        browser.read("refused this description").await?;
        browser.see("button", "Create").await?;
        for (width, dark) in [(1280, false), (1280, true), (320, true)] {
            browser.look(width, 800, dark, true).await?;
            let scheme = if dark { "dark" } else { "light" };
            let features = json!([
                { "name": "forced-colors", "value": "active" },
                { "name": "prefers-color-scheme", "value": scheme },
            ]);
            browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
            browser.eval(REST).await?;
            // What can be pressed has an edge, and what is chosen differs from what is not.
            let seen = [
                browser.eval("matchMedia('(forced-colors: active)').matches").await? == json!(true),
                browser.of("button", "Create", HAS_EDGE).await? == json!(true),
                Composer(&browser).choices_differ().await?,
            ];
            assert_eq!(seen, [true; 3], "{width} {scheme}");
            if let Some(folder) = &folder {
                let file = format!("forced-{width}-{scheme}.png");
                browser.screenshot(&folder.join(file)).await?;
            }
        }
        browser.stop().await
    });
}
