//! The bodies of errors.
//!
//! Owns the promises: money follows the status alone, moderation is heard wherever it speaks, and only what is named is
//! refunded.

use contract::problem::ProblemKind;
use engine::gateway::refusal::{self, Blame, ForbiddenCause, Refusal};
use serde_json::Value;

const MODEL: &str = "openai/gpt-image-2";

/// Holds for any bytes: a status and a body.
pub fn check(data: &[u8]) {
    let Some((&[high, low], body)) = data.split_first_chunk() else { return };
    let status = u16::from_be_bytes([high, low]) % 600;
    let refusal = refusal::read(status, body, MODEL);
    let Refusal { kind, refund, again, model_gone, blame, undecided, reason: _ } = refusal;
    let named = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429, 503];
    assert_eq!(refund, named.contains(&status), "only an HTTP answer proves that no work was done");
    assert!(!again || (matches!(status, 429 | 503) && kind == ProblemKind::Busy));
    assert!(!model_gone || (kind, blame) == (ProblemKind::Misconfigured, Blame::Nobody));
    assert!(!model_gone || matches!(status, 400 | 403 | 404 | 422));
    assert!(!undecided || status == 403);
    assert!(!undecided || (kind, blame) == (ProblemKind::GatewayFailed, Blame::Nobody));
    assert!(!refusal.decided(Some(ForbiddenCause::Key)).undecided);
    let kinds: &[ProblemKind] = match status {
        400 | 403 => &[
            ProblemKind::PromptRefused,
            ProblemKind::GatewayRefused,
            ProblemKind::GatewayFailed,
            ProblemKind::Misconfigured,
        ],
        401 | 402 => &[ProblemKind::GatewayRefused],
        404 => &[ProblemKind::Misconfigured],
        422 => {
            &[ProblemKind::PromptRefused, ProblemKind::GatewayFailed, ProblemKind::Misconfigured]
        }
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
    let (moderation, gone) = (any(&json, &speaks), any(&json, &is_gone));
    let kind = refusal::read(400, body, MODEL).kind;
    assert!(!moderation || kind == ProblemKind::PromptRefused);
    assert!(!gone || refusal::read(404, body, MODEL).model_gone);
}

fn speaks(key: &str, value: &str) -> bool {
    match key {
        "code" | "type" => value == "moderation_blocked",
        "message" | "error" => value.to_ascii_lowercase().contains("safety system"),
        _ => false,
    }
}

fn is_gone(key: &str, value: &str) -> bool {
    matches!(key, "code" | "type") && value == "model_not_found"
}

/// Whether a member is found outside of what may be the visitor's own words.
fn any(json: &Value, finds: &impl Fn(&str, &str) -> bool) -> bool {
    match json {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            !is_visitors(key)
                && (value.as_str().is_some_and(|v| finds(key, v)) || any(value, finds))
        }),
        Value::Array(values) => values.iter().any(|value| any(value, finds)),
        _ => false,
    }
}

fn is_visitors(key: &str) -> bool {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    let key = letters.collect::<String>().to_ascii_lowercase();
    let own = ["param", "params", "issues", "prompt", "input", "request", "instances"];
    own.contains(&key.as_str()) || key == "requestbodyvalues"
}
