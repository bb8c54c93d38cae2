//! The studio's words: in the visitor's language, the owner's where the owner has some, and from the right where the page
//! runs so. `EASEL_SCREENSHOTS=DIR` keeps what each looked like.

use super::{gallery::make, screenshots::shoot};
use anyhow::Result;
use sandbox::{Pace, Settings};
use serde_json::{Value, json};
use std::path::PathBuf;
use tests::{
    browser::Browser,
    page::{composer::Composer, structure, viewer::Viewer},
    run,
    studio::{Setup, Studio},
    visitor::client,
};
use xtask::build::texts;

/// Describes a picture and asks for it, whatever the form's parts are called.
async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    Composer(browser).fill("").await?;
    Composer(browser).focus().await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

/// No English is left where there is German.
async fn speaks_german(browser: &Browser) -> Result<()> {
    let (english, german) = (texts::read("en")?, texts::read("de")?);
    let said = browser.eval(structure::ALL_WORDS).await?;
    let said = said.as_str().unwrap_or_default();
    for (key, word) in english {
        let own = word.len() > 3 && !word.contains('{') && word != german[&key];
        // Not as the beginning of a German word.
        let ends = |at: usize| !said[at + word.len()..].starts_with(char::is_alphabetic);
        let stands = said.match_indices(&word).any(|(at, _)| ends(at));
        assert!(!own || !stands, "{key}: {word}");
    }
    Ok(())
}

#[test]
fn a_locale_speaks_german_everywhere() {
    run(async {
        let limits = json!({ "per_hour": 2, "per_day": 30, "concurrent": 2 });
        let studio = Setup::default().site("visitor", limits).start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/studio/demo?locale=de-AT", studio.edge.url())).await?;
        assert_eq!(browser.eval("document.documentElement.lang").await?, json!("de"));
        browser.see("textbox", "Ein Bild beschreiben").await?;
        browser.see("region", "Galerie").await?;
        browser.click("radio", "Quer").await?;
        browser.click("radio", "Fein").await?;
        browser.click("button", "Erstellen").await?;
        browser.read("Zuerst bitte ein paar Worte schreiben.").await?;
        speaks_german(&browser).await?;
        ask(&browser, "Ein Turm sandbox:refuse").await?;
        browser.read("Der Bilddienst hat diese Beschreibung abgelehnt").await?;
        browser.see("button", "Beschreibung ändern").await?;
        browser.see("button", "Erstellen").await?;
        ask(&browser, "Ein Leuchtturm").await?;
        browser.see("image", "Ein Leuchtturm").await?;
        browser.see("button", "Erstellen").await?;
        browser.read("Das Bild ist fertig.").await?;
        browser.read("0,0").await?;
        browser.read("Noch 1, weitere ab").await?;
        browser.see("link", "Herunterladen").await?;
        browser.click("button", "Bild öffnen: Ein Leuchtturm").await?;
        speaks_german(&browser).await?;
        browser.click("button", "Dieses Bild verändern").await?;
        browser.see("textbox", "Die Änderung beschreiben").await?;
        browser.see("button", "Bild 1 entfernen").await?;
        browser.click("button", "Bild 1 entfernen").await?;
        speaks_german(&browser).await?;
        ask(&browser, "Noch einer").await?;
        browser.see("image", "Noch einer").await?;
        browser.see("button", "Erstellen").await?;
        browser.read("Keines mehr übrig. Neue ab").await?;
        ask(&browser, "Ein dritter").await?;
        browser.read("Mehr Bilder gibt es hier gerade nicht").await?;
        speaks_german(&browser).await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn an_owners_word_stands_in_place_of_ours() {
    run(async {
        let own =
            json!({ "create": "Paint \"it\" <now>", "ready": "Hung up.", "kept": "{n} min." });
        let studio = Setup::default().site("texts", own.clone()).start().await?;
        let browser = Browser::start().await?;
        for locale in ["en", "de"] {
            let url = format!("{}/studio/demo?locale={locale}", studio.edge.url());
            browser.open(&url).await?;
            browser.see("button", "Paint \"it\" <now>").await?;
            browser.read("60 min.").await?;
        }
        ask(&browser, "Ein Turm").await?;
        browser.read("Hung up.").await?;
        browser.see("link", "Herunterladen").await?;
        let url = format!("{}/v1/sites/demo", studio.edge.url());
        let site: Value = client()?.get(url).send().await?.json().await?;
        assert_eq!(site["texts"], own);
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn arabic_runs_from_the_right_and_english_words_stay_english() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::start().await?;
        let place =
            "function () { return Math.sign(this.getBoundingClientRect().left - innerWidth / 2) }";
        for (locale, sides) in
            [("ar-EG", ["rtl", "en"]), ("en", ["ltr", "en"]), ("xx", ["ltr", "en"])]
        {
            browser.open(&format!("{}/studio/demo?locale={locale}", studio.edge.url())).await?;
            browser.see("button", "Create").await?;
            let page = "[getComputedStyle(document.body).direction, document.documentElement.lang]";
            assert_eq!(browser.eval(page).await?, json!(sides), "{locale}");
            let left = if sides[0] == "rtl" { -1 } else { 1 };
            let found = browser.of("button", "Create", place).await?;
            assert_eq!(found, json!(left), "{locale}");
        }
        browser.stop().await
    });
}

#[test]
fn a_description_runs_in_its_own_direction_on_any_page() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::start().await?;
        for locale in ["ar", "en"] {
            browser.open(&format!("{}/studio/demo?locale={locale}", studio.edge.url())).await?;
            make(&browser, &["A fox", "ثعلب"]).await?;
            for (prompt, direction) in [("A fox", "ltr"), ("ثعلب", "rtl")] {
                browser.click("button", &format!("Open picture: {prompt}")).await?;
                let viewer = Viewer(&browser);
                viewer.shows(prompt).await?;
                let runs = [direction, "start"].map(str::to_owned);
                assert_eq!(viewer.description_runs().await?, runs, "{locale}: {prompt}");
                browser.press("Escape").await?;
                viewer.closes().await?;
            }
        }
        browser.stop().await
    });
}

#[test]
fn without_a_locale_the_browser_decides() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        for (query, accepted, lang, word) in [
            ("", "de-DE,de;q=0.9,en;q=0.8", "de", "Erstellen"),
            ("?locale=", "fr-FR,de;q=0.5", "de", "Erstellen"),
            ("?locale=en-GB", "de", "en", "Create"),
            ("?locale=xx", "de", "en", "Create"),
            ("?other=1&locale=de", "en", "de", "Erstellen"),
            ("", "ar,fr;q=0.5", "en", "Create"),
        ] {
            let request = http.get(format!("{base}/studio/demo{query}"));
            let response = request.header("accept-language", accepted).send().await?;
            // What is never stored cannot be given to somebody else.
            assert_eq!(response.headers()["cache-control"], "no-store, no-transform");
            let html = response.text().await?;
            let start = format!("<html lang=\"{lang}\"");
            assert!(
                html.contains(&start) && html.contains(&format!(">{word}<")),
                "{query} {accepted}"
            );
            assert!(!html.contains("dir=\"rtl\"") && !html.contains("{{"), "{query} {accepted}");
        }
        Ok(())
    });
}

#[test]
fn long_words_and_other_directions_fit_every_window() {
    run(async {
        let folder = std::env::var_os("EASEL_SCREENSHOTS").map(PathBuf::from);
        let presets = json!([
            { "label": "Scherenschnitt", "prompt": "Ein Leuchtturm aus Papier" },
            { "label": "Plakat", "prompt": "Ein Plakat für einen Bergsee" },
            { "label": "قصاصات ورق", "prompt": "منارة من الورق عند الغروب" },
            { "label": "Kinderbuchillustration", "prompt": "Ein Fuchs liest unter einer Lampe" },
        ]);
        let settings = Settings { pace: Pace::Instant, ..Settings::for_tests() };
        let setup = Setup { sandbox: settings, ..Setup::default() }.site("presets", presets);
        let limits = json!({ "per_hour": 20, "per_day": 30, "concurrent": 2 });
        let studio = setup.site("visitor", limits).start().await?;
        for locale in ["de", "ar"] {
            let browser = Browser::start().await?;
            browser.open(&format!("{}/studio/demo?locale={locale}", studio.edge.url())).await?;
            Composer(&browser).focus().await?;
            shoot(&browser, &format!("{locale}-idle"), folder.as_ref()).await?;
            let (create, cancel, open, change) = match locale {
                "de" => ("Erstellen", "Abbrechen", "Bild öffnen", "Dieses Bild verändern"),
                _ => ("Create", "Cancel", "Open picture", "Change this picture"),
            };
            for prompt in ["منارة من الورق", "Ein Turm"] {
                ask(&browser, prompt).await?;
                browser.see("image", prompt).await?;
                browser.see("button", create).await?;
            }
            browser.click("button", &format!("{open}: Ein Turm")).await?;
            browser.see("button", change).await?;
            shoot(&browser, &format!("{locale}-viewer"), folder.as_ref()).await?;
            browser.click("button", change).await?;
            ask(&browser, "Donaudampfschifffahrtsgesellschaftskapitänsmütze sandbox:refuse")
                .await?;
            browser.read(if locale == "de" { "abgelehnt" } else { "refused" }).await?;
            browser.see("button", create).await?;
            shoot(&browser, &format!("{locale}-problem"), folder.as_ref()).await?;
            ask(&browser, "Ein langsamer sandbox:slow").await?;
            browser.see("button", cancel).await?;
            shoot(&browser, &format!("{locale}-running"), folder.as_ref()).await?;
            browser.stop().await?;
        }
        studio.stop().await
    });
}
