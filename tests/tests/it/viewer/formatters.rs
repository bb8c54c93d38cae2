//! The formatters of the picture's facts: making one takes long, so each is made while the browser is idle.

use super::super::gallery::make;
use serde_json::json;
use tests::{browser::Browser, run, studio::Studio};

/// Records what each formatter of the program is for.
const RECORD_FORMATTERS: &str = "window.formatters = [];
for (const name of ['DateTimeFormat', 'NumberFormat']) Intl[name] = class extends Intl[name] {
  constructor(locales, options) {
    super(locales, options);
    formatters.push(options?.unit ?? options?.dateStyle);
  }
};";

#[test]
fn the_formatters_of_the_facts_are_made_before_a_picture_is_opened() {
    run(async {
        let studio = Studio::quick().await?;
        let browser = Browser::start().await?;
        browser.before_each_page(RECORD_FORMATTERS).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        make(&browser, &["A fox"]).await?;
        browser
            .until("['medium', 'kilobyte', 'megabyte'].every((each) => formatters.includes(each))")
            .await?;
        browser.eval("formatters.length = 0").await?;
        browser.click("button", "Open picture: A fox").await?;
        browser.read("kB").await?;
        assert_eq!(browser.eval("formatters").await?, json!([]));
        browser.stop().await
    });
}
