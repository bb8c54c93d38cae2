//! The known models, as of one day: each as a block for a configuration.
//!
//! Owns the dated table that `check`, `deploy` and `serve` read, and the warning about a model's successor. Code that
//! grants, prices or chooses must not read it: a model is configuration.

use super::model::{Model, ModelJson};
use crate::json;
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::Day,
};

/// The day on which the table was checked.
pub(super) const AS_OF: &str = "2026-11-28";

/// A model's block, from its prices, its worst case by quality and size, and the other members.
macro_rules! block {
    ($id:literal, $prices:literal, $low:tt, $medium:tt, $high:tt, $rest:literal) => {
        concat!(
            r#"{ "id": ""#,
            $id,
            r#"", "usd_per_million": { "#,
            $prices,
            r#" }, "worst_usd": { "low": "#,
            sizes!($low),
            r#", "medium": "#,
            sizes!($medium),
            r#", "high": "#,
            sizes!($high),
            " }, ",
            $rest,
            " }"
        )
    };
}

/// Worst cases by size: square, tall, wide.
macro_rules! sizes {
    (($square:literal, $tall:literal, $wide:literal)) => {
        concat!(
            r#"{ "1024x1024": ""#,
            $square,
            r#"", "1024x1536": ""#,
            $tall,
            r#"", "1536x1024": ""#,
            $wide,
            r#"" }"#
        )
    };
}

/// The second generation: these models share their prices and the way in which input pictures are counted.
macro_rules! second {
    ($id:literal, $low:tt, $medium:tt, $high:tt) => {
        block!(
            $id,
            r#""text_in": "5.00", "text_in_cached": "1.25", "picture_in": "8.00", "out": "30.00""#,
            $low,
            $medium,
            $high,
            r#""input_picture_tokens": { "base": 1000, "per_megapixel": 2500 }, "max_input_side": 1536, "expected_seconds": { "low": 10, "medium": 20, "high": 45 }"#
        )
    };
}

/// The models that can follow another one come first, the cheapest first.
const BLOCKS: [&str; 6] = [
    second!(
        "openai/gpt-image-2.5-flare",
        ("0.007", "0.006", "0.006"),
        ("0.016", "0.013", "0.013"),
        ("0.061", "0.048", "0.048")
    ),
    // No table is published for low and medium: the values are bounds from observed token counts.
    second!(
        "openai/gpt-image-2.6-flare",
        ("0.028", "0.022", "0.022"),
        ("0.061", "0.048", "0.048"),
        ("0.061", "0.048", "0.048")
    ),
    second!(
        "openai/gpt-image-2",
        ("0.007", "0.006", "0.006"),
        ("0.061", "0.048", "0.048"),
        ("0.243", "0.190", "0.190")
    ),
    second!(
        "openai/gpt-image-2.5-sunburst",
        ("0.007", "0.006", "0.006"),
        ("0.016", "0.013", "0.013"),
        ("0.061", "0.048", "0.048")
    ),
    second!(
        "openai/gpt-image-2.6-sunburst",
        ("0.028", "0.022", "0.022"),
        ("0.061", "0.048", "0.048"),
        ("0.061", "0.048", "0.048")
    ),
    block!(
        "openai/gpt-image-1-mini",
        r#""text_in": "2.00", "text_in_cached": "0.20", "picture_in": "2.50", "out": "8.00""#,
        ("0.005", "0.006", "0.006"),
        ("0.011", "0.015", "0.015"),
        ("0.036", "0.052", "0.052"),
        r#""input_picture_tokens": 600, "expected_seconds": { "low": 12, "medium": 25, "high": 50 }, "shuts_down": "2026-12-01""#
    ),
];

/// The last days of models that a new configuration should not use. Only their end is known here.
const ENDS: [(&str, &str); 3] = [
    ("openai/gpt-image-1", "2026-10-23"),
    ("openai/gpt-image-1.5", "2026-12-01"),
    ("openai/chatgpt-image-latest", "2026-12-01"),
];

/// The known facts about a model.
pub(super) fn model(id: &str) -> Option<Model> {
    all().map(|(_, model)| model).find(|model| model.id == id)
}

/// The least worst case of a known model for this quality and size.
pub(super) fn least_worst(quality: Quality, size: Size) -> Option<Nano> {
    all().filter_map(|(_, model)| model.worst(quality, size)).min()
}

/// The most tokens that an input picture of this side has with a known model.
pub(super) fn most_input_tokens(side: u32) -> Option<u64> {
    all().filter_map(|(_, model)| model.input_picture_tokens.of(side, side)).max()
}

/// The day on which a model's maker shuts it down, if that is known.
pub(super) fn end(id: &str) -> Option<Day> {
    let named = ENDS.iter().find(|(known, _)| *known == id);
    named.and_then(|(_, day)| day.parse().ok()).or_else(|| model(id)?.shuts_down)
}

/// The block of the first known model that is not configured and has no known end, as one line of JSON.
pub(super) fn successor(configured: &[Model]) -> Option<&'static str> {
    let fits = |model: &Model| {
        model.shuts_down.is_none() && configured.iter().all(|own| own.id != model.id)
    };
    all().find(|(_, model)| fits(model)).map(|(block, _)| block)
}

fn all() -> impl Iterator<Item = (&'static str, Model)> {
    BLOCKS.iter().filter_map(|block| {
        let model = json::read::<ModelJson>(block).ok()?;
        Some((*block, Model::check(model).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_can_stand_in_a_configuration() {
        let ids: Vec<String> = all().map(|(_, model)| model.id).collect();
        assert_eq!(ids.len(), BLOCKS.len());
        assert!(AS_OF.parse::<Day>().is_ok());
        assert!(ENDS.iter().all(|(id, day)| day.parse::<Day>().is_ok() && end(id).is_some()));
        for (block, model) in all() {
            assert!(!block.contains('\n') && !model.input_picture_tokens.is_zero());
            for quality in Quality::ALL {
                for (width, height) in [(1024, 1024), (1024, 1536), (1536, 1024)] {
                    assert!(model.worst(*quality, Size { width, height }) > Some(Nano::ZERO));
                }
            }
        }
    }

    #[test]
    fn a_successor_is_one_that_is_not_there_yet_and_has_no_end() {
        let flare = model("openai/gpt-image-2.5-flare").unwrap();
        let mini = model("openai/gpt-image-1-mini").unwrap();
        assert!(successor(std::slice::from_ref(&mini)).unwrap().contains("2.5-flare\""));
        assert!(successor(&[mini, flare]).unwrap().contains("2.6-flare\""));
        let every: Vec<Model> = all().map(|(_, model)| model).collect();
        assert_eq!(successor(&every), None);
    }

    #[test]
    fn ends_are_known_by_id() {
        let day = |id: &str| end(id).map(|day| day.to_string());
        assert_eq!(day("openai/gpt-image-1-mini").as_deref(), Some("2026-12-01"));
        assert_eq!(day("openai/gpt-image-1").as_deref(), Some("2026-10-23"));
        assert_eq!(day("openai/gpt-image-2"), None);
        assert_eq!(day("other/model"), None);
    }
}
