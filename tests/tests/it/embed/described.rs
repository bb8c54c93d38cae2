//! Types and manifest: they name what the loader has, no more and no less.

use super::Stage;
use anyhow::Context;
use serde_json::{Value, json};
use tests::run;
use xtask::repo;

#[test]
fn types_and_manifest_name_what_the_loader_has() {
    run(async {
        let stage = Stage::set("<easel-studio site=\"acme\"></easel-studio>", None).await?;
        stage.ready().await?;
        let manifest = std::fs::read_to_string(repo::path("public/custom-elements.json"))?;
        let manifest: Value = serde_json::from_str(&manifest)?;
        let element = &manifest["modules"][0]["declarations"][0];
        let names = |list: &Value, kind: Option<&str>| -> Vec<String> {
            let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let mut names: Vec<_> = all
                .iter()
                .filter(|entry| kind.is_none_or(|kind| entry["kind"] == kind))
                .filter_map(|entry| Some(entry["name"].as_str()?.to_owned()))
                .collect();
            names.sort();
            names
        };
        let has = |expression: &str| {
            let sorted = format!("[...({expression})].sort()");
            let stage = &stage;
            async move { stage.eval(&sorted).await }
        };
        let own = "Object.entries(Object.getOwnPropertyDescriptors(customElements.get('easel-studio').prototype))";
        let hidden = "name === 'constructor' || name.endsWith('Callback')";
        let attributes = has("customElements.get('easel-studio').observedAttributes").await?;
        assert_eq!(json!(names(&element["attributes"], None)), attributes);
        assert_eq!(json!(names(&element["members"], Some("field"))), attributes);
        let methods = format!(
            "{own}.filter(([name, {{ value }}]) => value && !({hidden})).map(([name]) => name)"
        );
        assert_eq!(json!(names(&element["members"], Some("method"))), has(&methods).await?);
        let source = std::fs::read_to_string(repo::path("public/easel.js"))?;
        let list = |name: &str| -> Vec<String> {
            let (_, rest) = source.split_once(&format!("const {name} =")).expect("a list");
            let mut all: Vec<_> =
                rest.split('"').nth(1).unwrap_or_default().split(' ').map(str::to_owned).collect();
            all.sort();
            all
        };
        let prefixed = |prefix: &str, name| -> Vec<_> {
            list(name).iter().map(|name| format!("{prefix}{name}")).collect()
        };
        assert_eq!(names(&element["events"], None), prefixed("easel:", "EVENTS"));
        assert_eq!(names(&element["cssProperties"], None), prefixed("--easel-", "PROPERTIES"));
        let types = std::fs::read_to_string(repo::path("public/easel.d.ts"))?;
        for event in names(&element["events"], None) {
            assert!(types.contains(&format!("\"{event}\": CustomEvent<")), "{event}");
        }
        for method in names(&element["members"], Some("method")) {
            assert!(types.contains(&format!("\n  {method}(")), "{method}");
        }
        for field in names(&element["members"], Some("field")) {
            assert!(types.contains(&format!("\n  {field}: ")), "{field}");
        }
        let kinds = std::fs::read_to_string(repo::path("contract/tests/golden/problems.json"))?;
        let kinds: Value = serde_json::from_str(&kinds)?;
        for problem in kinds.as_array().context("a list of problems")? {
            assert!(types.contains(&problem["kind"].to_string()), "{}", problem["kind"]);
        }
        stage.browser.stop().await
    });
}
