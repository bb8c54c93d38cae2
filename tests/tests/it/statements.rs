//! What `public/statements.html` says of the product and no other test asserts. `cargo xtask tidy` holds each statement to
//! its tests.

use anyhow::{Context, Result};
use contract::route;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    browser::Browser,
    page::{composer::Composer, structure},
    run,
    studio::{OPERATOR, Setup, Studio},
};

async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

/// A studio whose pictures come at once.
async fn quick() -> Result<Studio> {
    Setup::default().quick().start().await
}

#[test]
fn nothing_is_loaded_from_anybody_else_and_no_answer_sets_a_cookie() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::on(studio, "").await?;
        ask(&browser, "Nobody else").await?;
        browser.see("image", "Nobody else").await?;
        let origins = "[...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name.replace(/^blob:/, '')).origin))]";
        assert_eq!(browser.eval(origins).await?, json!([studio.edge.url()]));
        browser.stop().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "No cookie" })).await?;
        let picture = route::picture(&job.id, 0);
        for path in ["/", "/studio/demo", "/easel.js", "/v1/sites/demo", &picture] {
            let answer = visitor.request(Method::GET, path).send().await?;
            assert!(answer.status().is_success(), "{path}");
            assert!(!answer.headers().contains_key("set-cookie"), "{path}");
        }
        Ok(())
    });
}

#[test]
fn no_address_and_no_token_is_logged() {
    run(async {
        let studio = quick().await?;
        let visitor = studio.visitor().await?;
        for prompt in ["plain", "sandbox:refuse", "sandbox:cut"] {
            let ask = visitor.request(Method::POST, route::JOBS).header("idempotency-key", prompt);
            let ask = ask.header("cf-connecting-ip", "203.0.113.77");
            let job: contract::job::Job =
                ask.json(&json!({ "prompt": prompt })).send().await?.json().await?;
            visitor.watch(&job.id).await?;
        }
        let log = studio.edge.log();
        assert!(log.contains("gateway.refused"), "the log is really read");
        for word in ["203.0.113.77", &visitor.session.token] {
            assert!(!log.contains(word), "{word} is logged");
        }
        studio.stop().await
    });
}

#[test]
fn the_books_know_sites_and_days_and_nobody() {
    run(async {
        let studio = quick().await?;
        let visitor = studio.visitor().await?;
        visitor.make(&json!({ "prompt": "counted" })).await?;
        let url = format!("{}/v1/operator/ledger", studio.edge.url());
        let books = reqwest::Client::new().get(url).bearer_auth(OPERATOR).send().await?;
        let books: Value = books.json().await?;
        let days = books["days"].as_array().context("no days")?;
        assert_eq!(days.len(), 1);
        let names: BTreeSet<&str> =
            days[0].as_object().context("no day")?.keys().map(String::as_str).collect();
        let sums = "charged_usd day pictures refunded_usd refusals reserved_usd site unknown_usd";
        assert_eq!(names, sums.split(' ').collect());
        studio.stop().await
    });
}

#[test]
fn progress_results_and_problems_are_announced() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::on(studio, "").await?;
        browser.see("button", "Create").await?;
        // What a screen reader speaks by itself: changes within live regions.
        browser.eval(structure::RECORD_ANNOUNCEMENTS).await?;
        for (prompt, announced) in [
            ("A quiet sea", &["Your picture is being made.", "Your picture is ready."][..]),
            ("Unkind sandbox:refuse", &["refused this description"]),
        ] {
            Composer(&browser).fill("").await?;
            ask(&browser, prompt).await?;
            for words in announced {
                let words = json!(words);
                browser.until(&format!("spoken.some((text) => text.includes({words}))")).await?;
            }
            browser.see("button", "Create").await?;
        }
        browser.stop().await
    });
}

#[test]
fn with_less_motion_nothing_moves_but_opacity_and_colour() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::on(studio, "").await?;
        browser.look(1280, 900, false, true).await?;
        browser.see("button", "Create").await?;
        // Every property of every animation that ever runs.
        browser.eval("void (window.moved = new Set(), (function look() { for (const { effect, transitionProperty } of document.getAnimations()) { for (const frame of effect.getKeyframes()) for (const name of Object.keys(frame)) moved.add(name) } requestAnimationFrame(look) })())").await?;
        ask(&browser, "A quiet sea").await?;
        browser.see("image", "A quiet sea").await?;
        browser.see("button", "Create").await?;
        ask(&browser, "A slow one sandbox:slow").await?;
        browser.see("button", "Cancel").await?;
        browser.until("moved.size > 0").await?;
        let more = "[...moved].filter((name) => !['offset', 'computedOffset', 'easing', 'composite', 'opacity', 'color', 'backgroundColor'].includes(name))";
        assert_eq!(browser.eval(more).await?, json!([]));
        browser.stop().await
    });
}

#[test]
fn the_form_and_every_picture_say_that_an_ai_made_it() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::on(studio, "").await?;
        browser.read("Made by AI.").await?;
        ask(&browser, "A fox").await?;
        browser.see("image", "A fox").await?;
        browser.read("AI-generated").await?;
        browser.stop().await
    });
}
