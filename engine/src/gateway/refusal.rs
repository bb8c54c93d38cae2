//! What an answer that is no 200 means: whose fault it is, and whether it costs.
//!
//! Owns the table of "Money and outcomes". Must not keep a word of what upstream said.

mod words;

use contract::problem::ProblemKind;
pub(super) use words::Words;

/// Bytes of an error's body that are read; what matters stands at its beginning.
pub const BODY_BYTES: usize = 64 * 1024;

/// Whose doing a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The visitor's description, which was refused: it counts towards a pause.
    Description,
    /// Upstream's: it counts towards the breaker.
    Upstream,
    /// Nobody's whom anything follows for.
    Nobody,
}

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What the visitor is told.
    pub kind: ProblemKind,
    /// Whether upstream proved that it did no work.
    pub refund: bool,
    /// Whether the same request may be sent again.
    pub again: bool,
    /// Whose doing it is.
    pub blame: Blame,
    /// Whether upstream has no such model: the next configured one may be asked.
    pub model_gone: bool,
}

const fn refunded(kind: ProblemKind) -> Refusal {
    Refusal { kind, refund: true, again: false, blame: Blame::Nobody, model_gone: false }
}

const fn spent(kind: ProblemKind) -> Refusal {
    Refusal { refund: false, blame: Blame::Upstream, ..refunded(kind) }
}

/// Reads an answer by its status and the beginning of its body. Only an HTTP answer that says so proves that no work
/// was done: every status that is not named here is spent.
pub fn read(status: u16, body: &[u8]) -> Refusal {
    let words = Words::of(body);
    let refusal = match status {
        400 | 403 | 422 if words.moderation => refunded(ProblemKind::PromptRefused),
        400 | 429 if words.account => refunded(ProblemKind::GatewayRefused),
        400 | 405 | 413 | 415 | 422 => refunded(ProblemKind::GatewayFailed),
        401..=403 => refunded(ProblemKind::GatewayRefused),
        404 => refunded(ProblemKind::Misconfigured),
        429 | 503 => Refusal { again: true, ..refunded(ProblemKind::Busy) },
        _ => spent(ProblemKind::GatewayFailed),
    };
    // A gateway may say it with its provider's status: 404, or 400 around it.
    let model_gone = match status {
        400 => words.model_gone && refusal.kind == ProblemKind::GatewayFailed,
        404 => words.model_gone,
        _ => false,
    };
    let blame = match (refusal.kind, status) {
        _ if model_gone => Blame::Nobody,
        // What upstream cannot read is the description, as far as anybody can tell.
        (ProblemKind::PromptRefused, _) | (ProblemKind::GatewayFailed, 400 | 413 | 415 | 422) => {
            Blame::Description
        }
        (_, 500..) => Blame::Upstream,
        _ => Blame::Nobody,
    };
    Refusal { blame, model_gone, ..refusal }
}

/// Reads an error that came in the middle of a stream, behind a 200. That is no proof of no work; only moderation that
/// spoke before the first picture is taken as the refusal that it is.
pub(super) fn in_stream(words: Words, saw_picture: bool) -> Refusal {
    let (kind, refund, blame) = match words {
        Words { moderation: true, .. } => {
            (ProblemKind::PromptRefused, !saw_picture, Blame::Description)
        }
        Words { account: true, .. } => (ProblemKind::GatewayRefused, false, Blame::Nobody),
        _ => (ProblemKind::GatewayFailed, false, Blame::Upstream),
    };
    Refusal { refund, blame, ..refunded(kind) }
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
            r#"{"error":{"message":"rejected by our safety\u0020system"}}"#,
            r#"{"error":{"message":"Upstream refused","type":"invalid_request_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"code":"moderation_blocked"},"statusCode":400}]}]}}}}"#,
            r#"{"error":{"code":"moderation_blocked","message":"cut in the mid"#,
            "Rejected by the safety system.",
            "<p>Rejected by the safety system.</p>",
        ] {
            for status in [400, 403, 422] {
                check(status, body, ProblemKind::PromptRefused, true);
            }
        }
    }

    #[test]
    fn other_errors_are_not_taken_for_moderation() {
        for body in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"error":null}"#,
            r#"{"error":{"message":7,"code":400,"type":null,"param":["safety system"]}}"#,
            r#"{"error":{"message":"Invalid input","type":"invalid_request_error","param":[{"code":"invalid_type","path":["size"]}]}}"#,
            r#"{"error":{"message":"safety","code":" system"}}"#,
            r#"{"error":"Bad gateway","message":"safety of the system"}"#,
            "\u{0}\u{1}",
            "<!doctype html><title>400</title>",
        ] {
            check(400, body, ProblemKind::GatewayFailed, true);
        }
        let nested = [r#"{"error":"#.repeat(10_000), "1".to_owned()].concat();
        check(400, &nested, ProblemKind::GatewayFailed, true);
        check(400, &"x".repeat(BODY_BYTES), ProblemKind::GatewayFailed, true);
    }

    #[test]
    fn a_model_that_is_gone_is_told_apart() {
        for (status, body, gone) in [
            (
                404,
                r#"{"error":{"message":"Model 'a/b' not found","type":"model_not_found","param":{"modelId":"a/b"}}}"#,
                true,
            ),
            (
                404,
                r#"{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
                true,
            ),
            (404, r#"{"error":"gone","type":"model_not_found"}"#, true),
            (
                400,
                r#"{"error":{"type":"invalid_request_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"code":"model_not_found"}}]}]}}}}"#,
                true,
            ),
            (404, r#"{"error":{"message":"Not found","type":"not_found"}}"#, false),
            (404, "<!doctype html>", false),
            (404, "", false),
            (500, r#"{"error":{"type":"model_not_found"}}"#, false),
        ] {
            assert_eq!(read(status, body.as_bytes()).model_gone, gone, "{status} {body}");
        }
    }

    #[test]
    fn an_error_in_a_stream_is_refunded_only_if_moderation_spoke_first() {
        let words = |code: &str| Words::of(format!(r#"{{"code":"{code}"}}"#).as_bytes());
        for (code, saw_picture, kind, refund) in [
            ("moderation_blocked", false, ProblemKind::PromptRefused, true),
            ("moderation_blocked", true, ProblemKind::PromptRefused, false),
            ("insufficient_quota", false, ProblemKind::GatewayRefused, false),
            ("server_error", false, ProblemKind::GatewayFailed, false),
            ("rate_limit_exceeded", false, ProblemKind::GatewayFailed, false),
        ] {
            let refusal = in_stream(words(code), saw_picture);
            assert_eq!(
                (refusal.kind, refusal.refund, refusal.again),
                (kind, refund, false),
                "{code}"
            );
        }
    }

    #[test]
    fn what_counts_towards_a_pause_is_the_description_and_towards_the_breaker_upstreams_fault() {
        let moderated = r#"{"error":{"code":"moderation_blocked"}}"#;
        let gone = r#"{"error":{"code":"model_not_found"}}"#;
        for (status, body, blame) in [
            (400, moderated, Blame::Description),
            (403, moderated, Blame::Description),
            (400, "", Blame::Description),
            (413, "", Blame::Description),
            (415, "", Blame::Description),
            (422, "", Blame::Description),
            (400, gone, Blame::Nobody),
            (404, gone, Blame::Nobody),
            (302, "", Blame::Nobody),
            (405, "", Blame::Nobody),
            (408, "", Blame::Nobody),
            (403, "", Blame::Nobody),
            (429, "", Blame::Nobody),
            (500, moderated, Blame::Upstream),
            (502, "", Blame::Upstream),
            (503, "", Blame::Upstream),
        ] {
            assert_eq!(read(status, body.as_bytes()).blame, blame, "{status} {body}");
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
