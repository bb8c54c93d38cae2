//! Finds the usage and cost in a response.
//!
//! Owns the positions of tokens and cost, which are the same for both providers, and of the model's name. Must not
//! compute a price.

use super::json::{Frame, Key};
use crate::price::{ModelName, Usage};

/// Whether a string at this position is needed: upstream writes the cost as a string.
pub(super) fn is_wanted(place: &[Frame]) -> bool {
    matches!(
        place.last(),
        Some(Frame::Object(
            Key::Cost
                | Key::InputTokens
                | Key::OutputTokens
                | Key::TextTokens
                | Key::ImageTokens
                | Key::CanonicalSlug
        ))
    )
}

/// Records a value by its position. A value that cannot be parsed counts as missing.
pub(super) fn record(usage: &mut Usage, place: &[Frame], word: &[u8]) {
    let Ok(text) = str::from_utf8(word) else { return };
    let tokens = || text.parse().ok();
    let cost = || text.parse().ok();
    match place {
        // The gateway's own cost wins over the usage's, whichever comes first in the response.
        [Frame::Object(Key::Metadata), Frame::Object(Key::Gateway), Frame::Object(Key::Cost)] => {
            usage.cost = cost().or(usage.cost);
        }
        [
            Frame::Object(Key::Metadata),
            Frame::Object(Key::Gateway),
            Frame::Object(Key::Routing),
            Frame::Object(Key::CanonicalSlug),
        ] => usage.made_by = ModelName::new(text),
        [Frame::Object(Key::Usage), Frame::Object(Key::Cost)] => {
            usage.cost = usage.cost.or_else(cost);
        }
        [Frame::Object(Key::Usage), Frame::Object(Key::OutputTokens)] => {
            usage.output_tokens = tokens().or(usage.output_tokens);
        }
        [Frame::Object(Key::Usage), Frame::Object(Key::InputTokens)] => {
            usage.text_tokens = usage.text_tokens.or_else(tokens);
        }
        [
            Frame::Object(Key::Usage),
            Frame::Object(Key::InputTokensDetails),
            Frame::Object(Key::TextTokens),
        ] => usage.text_tokens = tokens().or(usage.text_tokens),
        [
            Frame::Object(Key::Usage),
            Frame::Object(Key::InputTokensDetails),
            Frame::Object(Key::ImageTokens),
        ] => usage.picture_tokens = tokens().or(usage.picture_tokens),
        _ => {}
    }
}
