//! What an answer cost.
//!
//! Owns where an answer states it. Must not take anything that is unknown for free.

use super::{Answer, Step, reading::Reading};
use contract::money::Nano;
use engine::{
    gateway::refusal,
    price::{self, Usage},
};
use serde_json::Value;

/// The cost that the answer states; nothing for a refusal that proves that no work was done; otherwise the worst.
pub(super) fn of(step: &Step, answer: Option<&Answer>, reading: Option<&Reading>) -> Nano {
    let (Some(answer), Some(reading)) = (answer, reading) else { return step.worst };
    if answer.status == 200 {
        let stated = reading.last().and_then(|body| price::charge(usage(body), step.prices));
        return stated.unwrap_or(step.worst);
    }
    let refusal = refusal::read(answer.status, &answer.body, &step.model);
    if refusal.refund { Nano::ZERO } else { step.worst }
}

fn usage(body: &Value) -> Usage {
    let number = |path: &str| body.pointer(path).and_then(Value::as_u64);
    let amount = |path: &str| match body.pointer(path)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    };
    let places =
        ["/providerMetadata/gateway/cost", "/provider_metadata/gateway/cost", "/usage/cost"];
    Usage {
        cost: places.into_iter().find_map(amount),
        text_tokens: number("/usage/input_tokens_details/text_tokens")
            .or_else(|| number("/usage/input_tokens")),
        picture_tokens: number("/usage/input_tokens_details/image_tokens"),
        output_tokens: number("/usage/output_tokens"),
        ..Usage::default()
    }
}
