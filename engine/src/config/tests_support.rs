//! A valid configuration for the tests of other modules.

use super::{
    Config,
    model::Model,
    site::Site,
    tests::{EDGE, SITE},
};
use crate::candidates::Inputs;

pub(crate) fn config() -> Config {
    Config::from_parts(EDGE, &[("demo".to_owned(), SITE.to_owned())]).expect("is a good one")
}

/// The chain of models that the product ships with.
pub(crate) fn chain() -> Vec<Model> {
    let flare = r#""usd_per_million": { "text_in": "5.00", "text_in_cached": "1.25", "picture_in": "8.00", "out": "30.00" },
        "input_picture_tokens": { "base": 1000, "per_megapixel": 2500 }, "max_input_side": 1536, "inputs": 4"#;
    let sizes = |square: &str, other: &str| {
        format!(r#"{{ "1024x1024": "{square}", "1024x1536": "{other}", "1536x1024": "{other}" }}"#)
    };
    let (low, medium, high) =
        (sizes("0.007", "0.006"), sizes("0.016", "0.013"), sizes("0.061", "0.048"));
    let edge = EDGE.replace(
        r#""shuts_down": "2026-12-01" }]"#,
        &format!(
            r#""shuts_down": "2026-12-01" }},
            {{ "id": "openai/gpt-image-2.5-flare", {flare}, "worst_usd": {{ "low": {low}, "medium": {medium}, "high": {high} }} }},
            {{ "id": "openai/gpt-image-2.6-flare", {flare}, "worst_usd": {{ "low": {}, "medium": {high}, "high": {high} }} }},
            {{ "id": "openai/gpt-image-2", {flare}, "worst_usd": {{ "low": {low} }} }}]"#,
            sizes("0.028", "0.022")
        ),
    );
    Config::from_parts(&edge, &[("demo".to_owned(), SITE.to_owned())])
        .expect("is a good one")
        .models
}

pub(crate) fn site() -> Site {
    config().sites.remove(0)
}

/// The limits on pictures to edit of the models in the tests.
pub(crate) const INPUTS: Inputs = Inputs { most: 4, side: 2048 };
