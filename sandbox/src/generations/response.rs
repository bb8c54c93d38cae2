//! The answer to an order (gateway.md §3.2), member for member in the recorded order.
//!
//! Owns the JSON. Must not decide what anything costs.

use super::order::Order;
use crate::{
    answer::Answer,
    clock,
    models::Model,
    settings::{MetadataCase, Quirks, Usage},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{money::Nano, time::Timestamp};
use hyper::{StatusCode, body::Bytes};
use serde::Serialize;
use serde_json::{Number, Value, json};

/// An order that has been carried out.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) model: &'static Model,
    pub(super) order: Order,
    pub(super) text_tokens: u64,
    pub(super) picture_tokens: u64,
    pub(super) cost: Nano,
    pub(super) generation: String,
    pub(super) began: Timestamp,
}

#[derive(Serialize)]
struct Body {
    created: u64,
    data: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<UsageBody>,
    #[serde(rename = "providerMetadata", skip_serializing_if = "Option::is_none")]
    camel: Option<Metadata>,
    #[serde(rename = "provider_metadata", skip_serializing_if = "Option::is_none")]
    snake: Option<Metadata>,
}

#[derive(Serialize)]
struct Item {
    b64_json: String,
}

#[derive(Serialize)]
struct UsageBody {
    input_tokens: u64,
    output_tokens: u64,
    total_tokens: u64,
    input_tokens_details: InputDetails,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<Number>,
}

#[derive(Serialize)]
struct InputDetails {
    text_tokens: u64,
    image_tokens: u64,
}

#[derive(Serialize)]
struct Metadata {
    openai: Images,
    gateway: Gateway,
}

#[derive(Serialize)]
struct Images {
    images: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "`gatewayCost` is the wire's own word")]
struct Gateway {
    routing: Value,
    cost: Nano,
    market_cost: Nano,
    surcharge_cost: Nano,
    gateway_cost: Nano,
    inference_cost: Nano,
    input_inference_cost: Nano,
    output_inference_cost: Nano,
    generation_id: String,
}

impl Made {
    /// The answer with these pictures.
    pub(super) fn answer(&self, pictures: &[Bytes], quirks: Quirks) -> Answer {
        let ended = clock::now();
        let metadata = || self.metadata(ended);
        let body = Body {
            created: ended.0 / 1000,
            data: pictures
                .iter()
                .map(|picture| Item { b64_json: STANDARD.encode(picture) })
                .collect(),
            usage: self.usage(quirks.usage),
            camel: (quirks.metadata == MetadataCase::Camel).then(metadata),
            snake: (quirks.metadata == MetadataCase::Snake).then(metadata),
        };
        Answer::json(StatusCode::OK, &body)
    }

    fn usage(&self, style: Usage) -> Option<UsageBody> {
        let cost = match style {
            Usage::Absent => return None,
            Usage::Tokens => None,
            // The double nearest to the decimal text, as JavaScript would print it.
            Usage::TokensAndCost => serde_json::from_str(&self.cost.to_string()).ok(),
        };
        Some(UsageBody {
            input_tokens: self.text_tokens,
            output_tokens: self.picture_tokens,
            total_tokens: self.text_tokens + self.picture_tokens,
            input_tokens_details: InputDetails { text_tokens: self.text_tokens, image_tokens: 0 },
            cost,
        })
    }

    fn metadata(&self, ended: Timestamp) -> Metadata {
        let cost = self.cost;
        Metadata {
            openai: Images { images: self.images(ended) },
            gateway: Gateway {
                routing: self.routing(ended),
                cost,
                market_cost: cost,
                surcharge_cost: Nano::ZERO,
                gateway_cost: cost,
                inference_cost: cost,
                // Everything is booked as output, text too (gateway.md §5.2).
                input_inference_cost: Nano::ZERO,
                output_inference_cost: cost,
                generation_id: self.generation.clone(),
            },
        }
    }

    /// What the maker told of each picture; the prompt's tokens are shared out, the rest goes to the last one.
    fn images(&self, ended: Timestamp) -> Vec<Value> {
        let Order { count, size, quality, transparent, format, .. } = self.order;
        let share = self.text_tokens / u64::from(count);
        let rest = self.text_tokens % u64::from(count);
        let image = |index| {
            json!({
                "created": ended.0 / 1000, "size": size, "quality": quality,
                "background": if transparent { "transparent" } else { "opaque" }, "outputFormat": format,
                "imageTokens": 0, "textTokens": share + if index + 1 == count { rest } else { 0 },
            })
        };
        (0..count).map(image).collect()
    }

    fn routing(&self, ended: Timestamp) -> Value {
        let model = self.model.id;
        json!({
            "originalModelId": model, "resolvedProvider": "openai", "fallbacksAvailable": [],
            "planningReasoning": "System credentials planned for: openai. Total execution order: openai(system)",
            "canonicalSlug": model, "finalProvider": "openai", "modelAttemptCount": 1,
            "modelAttempts": [{
                "canonicalSlug": model, "success": true, "providerAttemptCount": 1,
                "providerAttempts": [{
                    "provider": "openai", "credentialType": "system", "success": true,
                    "startTime": self.began.0, "endTime": ended.0, "statusCode": 200,
                }],
            }],
            "totalProviderAttemptCount": 1,
        })
    }
}
