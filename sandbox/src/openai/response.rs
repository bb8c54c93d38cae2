//! OpenAI's response with pictures, member for member in the documented order.
//!
//! Owns the JSON. Must not decide what anything costs.

use crate::{maker::CompletedOrder, models::Effort, scripted_response::ScriptedResponse};
use contract::options::{Format, Size};
use hyper::StatusCode;
use serde::Serialize;

/// The response for a completed order, before it is written.
pub(super) struct OpenAiResponse<'a> {
    pub(super) completed: &'a CompletedOrder,
    pub(super) options: ResolvedOptions,
    pub(super) usage: Usage,
}

/// The values that were used, with every `auto` resolved.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ResolvedOptions {
    size: Size,
    quality: Effort,
    background: &'static str,
    output_format: Format,
}

/// The numbers of tokens.
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
    options: ResolvedOptions,
    usage: Usage,
}

#[derive(Serialize)]
struct Item<'a> {
    b64_json: &'a str,
}

impl<'a> OpenAiResponse<'a> {
    pub(super) fn of(completed: &'a CompletedOrder) -> Self {
        let order = &completed.order;
        let background = if order.transparent { "transparent" } else { "opaque" };
        let (size, quality, output_format) = (order.size, order.effort, order.format);
        let (text_tokens, image_tokens) = (completed.text_tokens, order.input_tokens);
        let input_tokens = text_tokens + image_tokens;
        // This API states no cost. A fault that multiplies the price can only multiply the tokens.
        let output_tokens = completed.picture_tokens.saturating_mul(completed.price_factor);
        let usage = Usage {
            total_tokens: input_tokens.saturating_add(output_tokens),
            input_tokens,
            output_tokens,
            input_tokens_details: Details { text_tokens, image_tokens },
        };
        Self {
            completed,
            options: ResolvedOptions { size, quality, background, output_format },
            usage,
        }
    }

    /// The response as one JSON document.
    pub(super) fn to_response(&self) -> ScriptedResponse {
        let body = Body {
            created: self.completed.ended.0 / 1000,
            data: self
                .completed
                .pictures_base64
                .iter()
                .map(|text| Item { b64_json: text })
                .collect(),
            options: self.options,
            usage: self.usage,
        };
        ScriptedResponse::json(StatusCode::OK, &body)
    }
}
