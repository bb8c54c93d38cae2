//! The gateway's response with pictures, member for member in the recorded order.
//!
//! Owns the JSON. Must not decide what anything costs.

use crate::{
    maker::{CompletedOrder, Order},
    scripted_response::ScriptedResponse,
    settings::{MetadataCase, Quirks, Usage},
};
use contract::money::Nano;
use hyper::StatusCode;
use serde::Serialize;
use serde_json::{Number, Value, json};

/// The response, before it is written.
pub(super) struct ImagesResponse<'a> {
    pub(super) completed: &'a CompletedOrder,
    pub(super) generation: &'a str,
    pub(super) quirks: Quirks,
    pub(super) warnings: &'a [Value],
}

#[derive(Serialize)]
struct Body<'a> {
    created: u64,
    data: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<UsageBody>,
    #[serde(rename = "providerMetadata", skip_serializing_if = "Option::is_none")]
    camel: Option<Metadata<'a>>,
    #[serde(rename = "provider_metadata", skip_serializing_if = "Option::is_none")]
    snake: Option<Metadata<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [Value],
}

#[derive(Serialize)]
struct Item<'a> {
    b64_json: &'a str,
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
struct Metadata<'a> {
    openai: Images,
    gateway: Gateway<'a>,
}

#[derive(Serialize)]
struct Images {
    images: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "`gatewayCost` is the wire's own word")]
struct Gateway<'a> {
    routing: Value,
    cost: Nano,
    market_cost: Nano,
    surcharge_cost: Nano,
    gateway_cost: Nano,
    inference_cost: Nano,
    input_inference_cost: Nano,
    output_inference_cost: Nano,
    generation_id: &'a str,
}

impl ImagesResponse<'_> {
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
            usage: self.usage(self.quirks.usage),
            camel: (self.quirks.metadata == MetadataCase::Camel).then(|| self.metadata()),
            snake: (self.quirks.metadata == MetadataCase::Snake).then(|| self.metadata()),
            warnings: if self.quirks.hide_warnings { &[] } else { self.warnings },
        };
        ScriptedResponse::json(StatusCode::OK, &body)
    }

    fn usage(&self, style: Usage) -> Option<UsageBody> {
        let cost = match style {
            Usage::Absent => return None,
            Usage::Tokens => None,
            // The double nearest to the decimal text, as JavaScript would print it.
            Usage::TokensAndCost => serde_json::from_str(&self.completed.cost.to_string()).ok(),
        };
        let (text_tokens, image_tokens) =
            (self.completed.text_tokens, self.completed.order.input_tokens);
        let (input_tokens, output_tokens) =
            (text_tokens + image_tokens, self.completed.picture_tokens);
        Some(UsageBody {
            input_tokens,
            output_tokens,
            total_tokens: input_tokens + output_tokens,
            input_tokens_details: InputDetails { text_tokens, image_tokens },
            cost,
        })
    }

    fn metadata(&self) -> Metadata<'_> {
        let cost = self.completed.cost;
        Metadata {
            openai: Images { images: self.images() },
            gateway: Gateway {
                routing: self.routing(),
                cost,
                market_cost: cost,
                surcharge_cost: Nano::ZERO,
                gateway_cost: cost,
                inference_cost: cost,
                // The gateway counts the whole cost as output, including that of the prompt.
                input_inference_cost: Nano::ZERO,
                output_inference_cost: cost,
                generation_id: self.generation,
            },
        }
    }

    /// The maker's facts about each picture. Input tokens are divided evenly; the remainder is added to the last picture.
    fn images(&self) -> Vec<Value> {
        let Order { count, size, effort, transparent, format, input_tokens, .. } =
            self.completed.order;
        let share = |tokens: u64, index| {
            let (share, rest) = (tokens / u64::from(count), tokens % u64::from(count));
            if index + 1 == count { share + rest } else { share }
        };
        let image = |index| {
            json!({
                "created": self.completed.ended.0 / 1000, "size": size, "quality": effort,
                "background": if transparent { "transparent" } else { "opaque" }, "outputFormat": format,
                "imageTokens": share(input_tokens, index), "textTokens": share(self.completed.text_tokens, index),
            })
        };
        (0..count).map(image).collect()
    }

    fn routing(&self) -> Value {
        let model = self.completed.model.id;
        json!({
            "originalModelId": model, "resolvedProvider": "openai", "fallbacksAvailable": [],
            "planningReasoning": "System credentials planned for: openai. Total execution order: openai(system)",
            "canonicalSlug": model, "finalProvider": "openai", "modelAttemptCount": 1,
            "modelAttempts": [{
                "canonicalSlug": model, "success": true, "providerAttemptCount": 1,
                "providerAttempts": [{
                    "provider": "openai", "credentialType": "system", "success": true,
                    "startTime": self.completed.began.0, "endTime": self.completed.ended.0, "statusCode": 200,
                }],
            }],
            "totalProviderAttemptCount": 1,
        })
    }
}
