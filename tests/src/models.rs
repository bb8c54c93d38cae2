//! Models of the tests' configurations.
//!
//! Must not name one that has a shutdown date: no test may depend on the day on which it runs.

use serde_json::{Value, json};

/// Another model, whose worst case is the same for every picture.
pub fn model(id: &str, worst_usd: &str) -> Value {
    let mut model = mini();
    model["id"] = id.into();
    for quality in ["low", "medium", "high"] {
        for size in ["1024x1024", "1024x1536", "1536x1024"] {
            model["worst_usd"][quality][size] = worst_usd.into();
        }
    }
    model
}

/// The model of the tests, as an operator configures it; it has no shutdown date, so that no test depends on the date.
pub fn mini() -> Value {
    json!({
        "id": "openai/gpt-image-1-mini",
        "usd_per_million": { "text_in": "2.00", "text_in_cached": "0.20", "picture_in": "2.50", "out": "8.00" },
        "worst_usd": {
            "low": { "1024x1024": "0.005", "1024x1536": "0.006", "1536x1024": "0.006" },
            "medium": { "1024x1024": "0.011", "1024x1536": "0.015", "1536x1024": "0.015" },
            "high": { "1024x1024": "0.036", "1024x1536": "0.052", "1536x1024": "0.052" },
        },
    })
}
