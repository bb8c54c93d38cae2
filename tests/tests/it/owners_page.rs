//! The owner's page: what is set in its configurator stands in the text to paste, in both studios and in the page's address;
//! and it says whether the edge knows the site and the page.

use anyhow::Result;
use serde_json::json;
use tests::{browser::Browser, page::embedded, run, studio::Setup};

/// Fills a field of the configurator as a person does.
async fn set(browser: &Browser, form: &str, field: &str, value: &str) -> Result<()> {
    let fill = format!(
        "{{ const field = document.forms.{form}.elements.{field}; if (field.type === 'checkbox') field.checked = true; else field.value = {}; for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{ bubbles: true }})); 0 }}",
        json!(value)
    );
    browser.eval(&fill).await.map(drop)
}

#[test]
fn the_configurator_writes_what_was_set_and_its_address_brings_it_back() {
    run(async {
        let setup = Setup::default().quick().site("origins", json!(["https://www.acme.com"]));
        let studio = setup.start().await?;
        let base = studio.edge.url();
        let browser = Browser::start().await?;
        browser.look(1280, 900, false, true).await?;
        browser.open(&format!("{base}/")).await?;
        browser.read("<easel-studio site=\"demo\" style=\"display:block;min-height:40rem\"></easel-studio>").await?;
        browser.read("Text on the accent ").await?;
        for (form, field, value) in [
            ("settings", "accent", "#ffe000"),
            ("settings", "locale", "de-AT"),
            ("settings", "prompt", "A \"quoted\" fox & <b>"),
            ("settings", "height", "30"),
            ("settings", "radius", "4"),
            ("recipe", "form", ""),
            ("recipe", "required", ""),
        ] {
            set(&browser, form, field, value).await?;
        }
        let look = "min-height:30rem;--easel-accent:light-dark(#ffe000, #";
        let element = "<easel-studio site=\"demo\" locale=\"de-AT\" prompt=\"A &quot;quoted&quot; fox &amp; &lt;b>\"";
        let wanted = [
            format!("{element} name=\"picture\" required style=\"display:block;{look}"),
            format!("{element} style=\"display:block;{look}"),
        ];
        let read_all = async || {
            for wanted in &wanted {
                browser.read(wanted).await?;
            }
            browser.read("what is drawn in it is made darker").await
        };
        read_all().await?;
        embedded::find(&browser).await?;
        let looks = "[0, 1].map((at) => getComputedStyle(studio(at)).getPropertyValue('--easel-radius')).join()";
        assert_eq!(browser.eval(looks).await?, "4px,4px", "hero and preview");
        assert_eq!(
            browser.eval("[studio(1).locale, studio(1).prompt].join()").await?,
            "de-AT,A \"quoted\" fox & <b>"
        );
        // The same address says the same.
        let address = browser.eval("location.href").await?;
        browser.open("about:blank").await?;
        browser.open(address.as_str().unwrap_or_default()).await?;
        read_all().await?;
        browser.open("about:blank").await?;
        browser.open(&format!("{base}/#light-accent=url(x)&font=nonsense&site=NO&theme=x")).await?;
        browser.read("A site’s id has small letters").await?;
        browser.read("style=\"display:block;min-height:40rem\"").await?;
        browser.stop().await?;
        studio.stop().await
    });
}

#[test]
fn the_configurator_knows_sites_and_origins_and_never_loads_a_frame_of_none() {
    run(async {
        let setup = Setup::default().quick().site("origins", json!(["https://www.acme.com"]));
        let studio = Setup { more: vec!["other".to_owned()], ..setup }.start().await?;
        let browser = Browser::start().await?;
        browser.open(&format!("{}/", studio.edge.url())).await?;
        embedded::find(&browser).await?;
        set(&browser, "settings", "site", "nobody").await?;
        browser.read("There is no site “nobody” here.").await?;
        assert_eq!(browser.eval("studios().map(({ site }) => site).join()").await?, "demo,demo");
        set(&browser, "settings", "site", "other").await?;
        browser.until("studios().every(({ site }) => site === 'other')").await?;
        set(&browser, "settings", "page", "www.acme.com/landing?x").await?;
        browser.read("https://www.acme.com is listed: its pages may show the studio.").await?;
        set(&browser, "settings", "page", "https://shop.acme.com/").await?;
        browser.read("https://shop.acme.com is not listed yet.").await?;
        browser
            .read("\"https://shop.acme.com\", // add it to \"origins\" of the site \"other\"")
            .await?;
        set(&browser, "settings", "page", "no page at all").await?;
        browser.read("Write the page’s address like https://www.example.com.").await?;
        browser.stop().await?;
        studio.stop().await
    });
}
