//! Pictures of presets, and when the owner's link is shown.

use super::*;
use contract::site::CallToActionWhen;

#[test]
fn a_preset_may_name_a_picture_and_a_link_says_when_it_is_shown() {
    let with = |fields: &str| {
        let site = SITE.replacen("{ \"id\"", &format!("{{ {fields}, \"id\""), 1);
        parse(EDGE, &site).map(|config| config.sites[0].clone())
    };
    // Both members may be left out, as in a configuration of 0.1.
    let old = with(
        r#""presets": [{ "label": "Poster", "prompt": "A poster" }],
           "call_to_action": { "label": "Buy", "url": "https://a.example/" }"#,
    );
    let old = old.unwrap().public(INPUTS, true);
    assert_eq!((old.presets[0].picture.as_ref(), old.concurrent), (None, 2));
    assert_eq!(old.call_to_action.unwrap().when, CallToActionWhen::Limit);
    let site = with(
        r#""presets": [{ "label": "a", "prompt": "b", "picture": "a-1.webp" }, { "label": "a", "prompt": "b", "picture": null },
                       { "label": "a", "prompt": "b", "picture": "gone.png" }],
           "call_to_action": { "label": "Buy", "url": "https://a.example/", "when": "always" },
           "visitor": { "concurrent": 3 }"#,
    );
    let site = site.unwrap();
    let path_of = |name: &str| (name == "a-1.webp").then(|| format!("/sites/demo/{name}"));
    let pictures: Vec<_> = site.public_presets(path_of).into_iter().map(|it| it.picture).collect();
    assert_eq!(pictures, [Some("/sites/demo/a-1.webp".to_owned()), None, None]);
    let public = site.public(INPUTS, true);
    assert_eq!(public.call_to_action.unwrap().when, CallToActionWhen::Always);
    assert_eq!(public.concurrent, 3);
    for name in ["", ".webp", "a", "a.gif", "A.webp", "../a.webp", "a/b.webp", "a..webp", "é.webp"]
    {
        let preset =
            format!(r#""presets": [{{ "label": "a", "prompt": "b", "picture": "{name}" }}]"#);
        let error = with(&preset).unwrap_err().to_string();
        assert!(error.contains("presets[0].picture must be the name of a file"), "{name}: {error}");
    }
    let when =
        r#""call_to_action": { "label": "Buy", "url": "https://a.example/", "when": "never" }"#;
    assert!(with(when).unwrap_err().to_string().contains("CallToActionWhen"));
}
