//! What an answer that is no 200 means: whose fault it is, and whether it costs.
//!
//! Owns the table of "Money and outcomes". Must not keep a word of what upstream said.

use contract::problem::ProblemKind;
use serde_json::Value;

/// Bytes of an error's body that are read; what matters stands at its beginning.
pub const BODY_BYTES: usize = 64 * 1024;

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What the visitor is told.
    pub kind: ProblemKind,
    /// Whether upstream proved that it did no work.
    pub refund: bool,
    /// Whether the same request may be sent again.
    pub again: bool,
    /// Whether it was the description that was refused: that counts towards the visitor's pause.
    pub strike: bool,
}

const fn refunded(kind: ProblemKind) -> Refusal {
    Refusal { kind, refund: true, again: false, strike: false }
}

/// Reads an answer by its status and the beginning of its body. Only an HTTP answer that says so proves that no work
/// was done: every status that is not named here is spent.
pub fn read(status: u16, body: &[u8]) -> Refusal {
    let error = Words::of(body);
    match status {
        400 | 422 if error.moderation => {
            Refusal { strike: true, ..refunded(ProblemKind::PromptRefused) }
        }
        400 | 429 if error.account => refunded(ProblemKind::GatewayRefused),
        400 | 413 | 415 | 422 => Refusal { strike: true, ..refunded(ProblemKind::GatewayFailed) },
        405 => refunded(ProblemKind::GatewayFailed),
        401..=403 => refunded(ProblemKind::GatewayRefused),
        404 => refunded(ProblemKind::Misconfigured),
        429 | 503 => Refusal { again: true, ..refunded(ProblemKind::Busy) },
        _ => Refusal { refund: false, ..refunded(ProblemKind::GatewayFailed) },
    }
}

/// What an error's body says, in the shapes that are known: nested, flat, or none at all.
struct Words {
    moderation: bool,
    account: bool,
}

impl Words {
    fn of(body: &[u8]) -> Self {
        let json = str::from_utf8(body)
            .ok()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Value::Null);
        let error = json.get("error").unwrap_or(&Value::Null);
        let word = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        let (code, kind) = (word("code"), word("type"));
        let message = error.as_str().unwrap_or_else(|| word("message"));
        Self {
            moderation: code == "moderation_blocked"
                || kind == "image_generation_user_error"
                || message.contains("safety system"),
            account: [code, kind].iter().any(|w| {
                matches!(
                    *w,
                    "billing_hard_limit_reached"
                        | "insufficient_quota"
                        | "billing_limit_user_error"
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, kind: ProblemKind, refund: bool) {
        let refusal = read(status, body.as_bytes());
        assert_eq!((refusal.kind, refusal.refund), (kind, refund), "{status} {body}");
    }

    #[test]
    fn moderation_is_seen_in_every_shape() {
        for body in [
            r#"{"error":{"message":"…","type":"image_generation_user_error","param":null,"code":"moderation_blocked"}}"#,
            r#"{"error":{"message":"…","type":"image_generation_user_error"}}"#,
            r#"{"error":{"message":"Your request was rejected by the safety system.","type":"invalid_request_error","param":[{"code":"x"}]},"generationId":"gen_1"}"#,
            r#"{"error":"rejected by our safety system"}"#,
        ] {
            check(400, body, ProblemKind::PromptRefused, true);
        }
    }

    #[test]
    fn the_table_holds() {
        for status in [400, 405, 413, 415, 422] {
            check(
                status,
                r#"{"error":{"message":"Invalid input","type":"invalid_request_error"}}"#,
                ProblemKind::GatewayFailed,
                true,
            );
        }
        for status in [401, 402, 403] {
            check(status, "", ProblemKind::GatewayRefused, true);
        }
        check(
            400,
            r#"{"error":{"code":"billing_hard_limit_reached"}}"#,
            ProblemKind::GatewayRefused,
            true,
        );
        check(429, r#"{"error":{"type":"insufficient_quota"}}"#, ProblemKind::GatewayRefused, true);
        check(404, r#"{"error":{"type":"model_not_found"}}"#, ProblemKind::Misconfigured, true);
        for status in [429, 503] {
            check(status, "<html>", ProblemKind::Busy, true);
            assert!(read(status, b"").again);
        }
        for status in [
            201, 204, 206, 301, 302, 307, 308, 406, 408, 409, 418, 424, 425, 500, 501, 502, 504,
            520, 599,
        ] {
            check(status, "<html>", ProblemKind::GatewayFailed, false);
            assert!(!read(status, b"").again);
        }
    }
}
