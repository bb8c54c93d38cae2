//! What the custom properties of a page may say: a value of another kind, such as an address, does not reach the frame.

use super::Stage;
use tests::run;

#[test]
fn a_value_that_is_none_of_its_property_is_dropped() {
    run(async {
        let foreign = "url(https://example.org/x.png)";
        let body = format!(
            "<easel-studio site=\"acme\" style=\"--easel-accent:{foreign};--easel-surface:image-set({foreign} 1x);--easel-on-accent:#12;--easel-ink:rgb(1 2 3);--easel-radius:{foreign};--easel-font:{foreign}\"></easel-studio>"
        );
        let stage = Stage::set(&body, None).await?;
        stage.ready().await?;
        let address = stage.eval("told().find(({ type }) => type === 'address')").await?;
        for name in ["accent", "surface", "on-accent", "radius", "font"] {
            assert_eq!(address[name], "", "{name}");
        }
        assert_eq!(address["ink"], "rgb(1 2 3)");
        for (name, dropped, taken) in [
            ("accent", "url(x)", "oklch(0.6 0.2 30)"),
            ("radius", "3", "3px"),
            ("font", "1px", "Georgia, serif"),
        ] {
            let set =
                |value: &str| format!("studio().style.setProperty('--easel-{name}', '{value}')");
            assert_eq!(stage.heard(&set(taken)).await?[name], taken);
            assert_eq!(stage.heard(&set(dropped)).await?[name], "", "{name}: {dropped}");
        }
        stage.browser.stop().await
    });
}
