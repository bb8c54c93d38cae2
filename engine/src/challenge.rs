//! A challenge's token, and the verifier's answer about it.
//!
//! Owns which answers are accepted: the right page, the right action, a fresh token. Must not send the request, and
//! must not remember tokens: the edge does the first, the ledger the second.

use crate::{hex, json};
use contract::time::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The action that a token must have been made for.
const ACTION: &str = "easel";
/// The most characters that a token has, as Turnstile documents it.
const TOKEN_CHARS: usize = 2048;
/// How long a token is accepted after the challenge was solved.
const LIFE_MS: u64 = 300_000;
/// How far the verifier's clock may be ahead of the edge's clock.
const LEEWAY_MS: u64 = 60_000;
/// How long after a token was seen first an answer about it may still be accepted.
pub const ACCEPTED_MS: u64 = LIFE_MS + LEEWAY_MS;

/// The result of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeVerdict {
    /// A visitor solved the challenge on our page just now.
    Passed,
    /// The token opens no session.
    Failed,
    /// The verifier could not decide: it may be asked again.
    Unsure,
}

/// Whether a text has the form of a token.
pub fn is_token(text: &str) -> bool {
    (1..=TOKEN_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A token's hash, which the ledger stores.
pub fn fingerprint(token: &str) -> String {
    hex::encode(&Sha256::digest(token))
}

/// A random id in the form that the verifier expects (RFC 9562, version 4). With the same id a repeated request is
/// safe.
pub fn idempotency_key(mut random: [u8; 16]) -> String {
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut random;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let digits = hex::encode(&random);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[derive(Deserialize)]
struct SiteverifyResponse {
    success: bool,
    hostname: Option<String>,
    action: Option<String>,
    challenge_ts: Option<Timestamp>,
    #[serde(rename = "error-codes", default)]
    error_codes: Vec<String>,
}

/// Reads the verifier's answer. `host` is the edge's own host without its port, where the frame with the challenge was
/// loaded.
pub fn judge(status: u16, body: &str, host: &str, now: Timestamp) -> ChallengeVerdict {
    if status >= 500 {
        return ChallengeVerdict::Unsure;
    }
    let Ok(answer) = json::read::<SiteverifyResponse>(body) else {
        return ChallengeVerdict::Failed;
    };
    if !answer.success {
        let unsure = answer.error_codes.iter().any(|code| code == "internal-error");
        return if unsure { ChallengeVerdict::Unsure } else { ChallengeVerdict::Failed };
    }
    let fresh = answer
        .challenge_ts
        .is_some_and(|taken| now.since(taken) <= LIFE_MS && taken.since(now) <= LEEWAY_MS);
    if fresh && answer.hostname.as_deref() == Some(host) && answer.action.as_deref() == Some(ACTION)
    {
        ChallengeVerdict::Passed
    } else {
        ChallengeVerdict::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "studio.example.com";

    fn good() -> String {
        r#"{"success":true,"challenge_ts":"2026-11-22T10:39:59.123Z","hostname":"studio.example.com","action":"easel","cdata":"","error-codes":[]}"#.to_owned()
    }

    fn judge_at(body: &str, now: &str) -> ChallengeVerdict {
        judge(200, body, HOST, now.parse().unwrap())
    }

    #[test]
    fn a_fresh_token_of_our_page_and_action_passes() {
        for now in ["2026-11-22T10:39:00Z", "2026-11-22T10:40:00Z", "2026-11-22T10:44:59Z"] {
            assert_eq!(judge_at(&good(), now), ChallengeVerdict::Passed, "{now}");
        }
        for now in ["2026-11-22T10:38:59Z", "2026-11-22T10:45:00Z", "2026-11-23T10:39:59Z"] {
            assert_eq!(judge_at(&good(), now), ChallengeVerdict::Failed, "{now}");
        }
    }

    #[test]
    fn a_token_of_elsewhere_fails() {
        for (from, to) in [
            ("studio.example.com", "evil.example.com"),
            ("studio.example.com", "studio.example.com.evil.com"),
            (r#""easel""#, r#""login""#),
            (r#","action":"easel""#, ""),
            (r#","hostname":"studio.example.com""#, ""),
            (r#""challenge_ts":"2026-11-22T10:39:59.123Z","#, ""),
            ("2026-11-22T10:39:59.123Z", "yesterday"),
            ("true", "false"),
            ("true", "1"),
            ("{", "<html>"),
        ] {
            let body = good().replacen(from, to, 1);
            assert_ne!(body, good());
            assert_eq!(judge_at(&body, "2026-11-22T10:40:00Z"), ChallengeVerdict::Failed, "{body}");
        }
        assert_eq!(judge(403, "", HOST, Timestamp(0)), ChallengeVerdict::Failed);
    }

    #[test]
    fn a_verifier_that_cannot_tell_may_be_asked_again() {
        let body = r#"{"success":false,"error-codes":["internal-error"]}"#;
        assert_eq!(judge_at(body, "2026-11-22T10:40:00Z"), ChallengeVerdict::Unsure);
        assert_eq!(judge(500, &good(), HOST, Timestamp(0)), ChallengeVerdict::Unsure);
        let spent = r#"{"success":false,"error-codes":["timeout-or-duplicate"]}"#;
        assert_eq!(judge_at(spent, "2026-11-22T10:40:00Z"), ChallengeVerdict::Failed);
    }

    #[test]
    fn tokens_have_a_length() {
        assert!(is_token("x") && is_token(&"x".repeat(2048)));
        for bad in ["", " ", "a b", "ä", "a\n", &"x".repeat(2049)] {
            assert!(!is_token(bad), "{bad}");
        }
        assert_ne!(fingerprint("a"), fingerprint("b"));
    }

    #[test]
    fn an_idempotency_key_is_a_random_uuid() {
        assert_eq!(idempotency_key([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(idempotency_key([0; 16]), "00000000-0000-4000-8000-000000000000");
    }
}
