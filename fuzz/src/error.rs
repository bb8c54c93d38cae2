//! The bodies of errors.
//!
//! Owns the promises: money follows the status alone, moderation is heard wherever it speaks, and only what is named is
//! refunded.

use contract::problem::ProblemKind;
use engine::gateway::refusal::{self, Refusal};
use serde_json::Value;

/// Holds for any bytes: a status and a body.
pub fn check(data: &[u8]) {
    let Some((&[high, low], body)) = data.split_first_chunk() else { return };
    let status = u16::from_be_bytes([high, low]) % 600;
    let refusal = refusal::read(status, body);
    let Refusal { kind, refund, again, model_gone, blame: _ } = refusal;
    let named = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429, 503];
    assert_eq!(refund, named.contains(&status), "only an HTTP answer proves that no work was done");
    assert!(!again || (matches!(status, 429 | 503) && kind == ProblemKind::Busy));
    assert!(!model_gone || matches!(kind, ProblemKind::GatewayFailed | ProblemKind::Misconfigured));
    assert!(!model_gone || matches!(status, 400 | 404));
    let kinds: &[ProblemKind] = match status {
        400 => {
            &[ProblemKind::PromptRefused, ProblemKind::GatewayRefused, ProblemKind::GatewayFailed]
        }
        401 | 402 => &[ProblemKind::GatewayRefused],
        403 => &[ProblemKind::PromptRefused, ProblemKind::GatewayRefused],
        404 => &[ProblemKind::Misconfigured],
        422 => &[ProblemKind::PromptRefused, ProblemKind::GatewayFailed],
        429 => &[ProblemKind::Busy, ProblemKind::GatewayRefused],
        503 => &[ProblemKind::Busy],
        _ => &[ProblemKind::GatewayFailed],
    };
    assert!(kinds.contains(&kind), "{status} {kind:?}");
    hears(body);
}

/// What another reader finds in a JSON body is heard.
fn hears(body: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return };
    if depth(&json) > 32 {
        return;
    }
    let (moderation, gone) = (any(&json, &speaks), any(&json, &is_gone));
    assert!(!moderation || refusal::read(400, body).kind == ProblemKind::PromptRefused);
    assert!(!gone || refusal::read(404, body).model_gone);
}

fn speaks(key: &str, value: &str) -> bool {
    match key {
        "code" | "type" => matches!(value, "moderation_blocked" | "image_generation_user_error"),
        "message" | "error" => value.to_ascii_lowercase().contains("safety system"),
        _ => false,
    }
}

fn is_gone(key: &str, value: &str) -> bool {
    matches!(key, "code" | "type") && value == "model_not_found"
}

fn any(json: &Value, finds: &impl Fn(&str, &str) -> bool) -> bool {
    match json {
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| value.as_str().is_some_and(|v| finds(key, v)) || any(value, finds)),
        Value::Array(values) => values.iter().any(|value| any(value, finds)),
        _ => false,
    }
}

fn depth(json: &Value) -> usize {
    match json {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
