//! What an answer says that it used and cost, wherever it says so.
//!
//! Owns the places of tokens and cost, which both providers share, and of the model's name. Must not price anything.

use super::json::{Frame, Key};
use crate::price::{ModelName, Usage};

/// Whether a string at this place is a number that we want: upstream writes its cost between quotes.
pub(super) fn wants(place: &[Frame]) -> bool {
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

/// Takes a value for what its place says; what does not read as that is as good as missing.
pub(super) fn learn(usage: &mut Usage, place: &[Frame], word: &[u8]) {
    let Ok(text) = str::from_utf8(word) else { return };
    let tokens = || text.parse().ok();
    let cost = || text.parse().ok();
    match place {
        // The gateway's own word comes first, wherever it stands in the answer.
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
