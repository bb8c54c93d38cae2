//! What the maker itself answers, member for member in the documented order.
//!
//! Owns the JSON. Must not decide what anything costs.

use crate::{answer::Answer, maker::Made, models::Effort};
use contract::options::{Format, Size};
use hyper::StatusCode;
use serde::Serialize;

/// What is told of an order that was carried out.
pub(super) struct Response<'a> {
    pub(super) made: &'a Made,
    pub(super) traits: Traits,
    pub(super) usage: Usage,
}

/// What was chosen, `auto` resolved.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Traits {
    size: Size,
    quality: Effort,
    background: &'static str,
    output_format: Format,
}

/// Tokens.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Usage {
    total_tokens: u64,
    input_tokens: u64,
    output_tokens: u64,
    input_tokens_details: Details,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Details {
    text_tokens: u64,
    image_tokens: u64,
}

#[derive(Serialize)]
struct Body<'a> {
    created: u64,
    data: Vec<Item<'a>>,
    #[serde(flatten)]
    traits: Traits,
    usage: Usage,
}

#[derive(Serialize)]
struct Item<'a> {
    b64_json: &'a str,
}

impl<'a> Response<'a> {
    pub(super) fn of(made: &'a Made) -> Self {
        let order = &made.order;
        let background = if order.transparent { "transparent" } else { "opaque" };
        let (size, quality, output_format) = (order.size, order.effort, order.format);
        let (text_tokens, image_tokens) = (made.text_tokens, order.input_tokens);
        let input_tokens = text_tokens + image_tokens;
        // Here nothing but tokens tells what it cost.
        let output_tokens = made.picture_tokens.saturating_mul(made.times);
        let usage = Usage {
            total_tokens: input_tokens.saturating_add(output_tokens),
            input_tokens,
            output_tokens,
            input_tokens_details: Details { text_tokens, image_tokens },
        };
        Self { made, traits: Traits { size, quality, background, output_format }, usage }
    }

    /// The answer in one piece.
    pub(super) fn answer(&self) -> Answer {
        let body = Body {
            created: self.made.ended.0 / 1000,
            data: self.made.texts.iter().map(|text| Item { b64_json: text }).collect(),
            traits: self.traits,
            usage: self.usage,
        };
        Answer::json(StatusCode::OK, &body)
    }
}
