//! `POST /turnstile/v0/siteverify`: verifies a token.
//!
//! Owns the checks of the request, the documented test secret keys, and the faults. Must not store tokens.

use super::{Turnstile, form_fields::FormFields, tokens::Verdict};
use crate::{clock, scripted_response::ScriptedResponse};
use hyper::{HeaderMap, StatusCode};
use std::time::Duration;

/// How `siteverify` fails. All but the internal errors take effect after the token was spent: only a retry with the same
/// `idempotency_key` gets the first result again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteverifyFault {
    /// The response is delayed by this much.
    Slow(Duration),
    /// 500 without a body.
    ServerError,
    /// 200 with a page of HTML.
    Html,
    /// `internal-error`; the token is not spent.
    InternalError,
    /// The same, for one call only.
    InternalErrorOnce,
}

/// Cloudflare's test secret keys: always passes, always fails, token already spent.
const PASSES: &str = "1x0000000000000000000000000000000AA";
const FAILS: &str = "2x0000000000000000000000000000000AA";
const SPENT: &str = "3x0000000000000000000000000000000AA";

/// Handles one call.
pub(crate) fn siteverify(
    turnstile: &Turnstile,
    headers: &HeaderMap,
    body: &[u8],
) -> ScriptedResponse {
    let fault = turnstile.next_fault();
    if let Some(SiteverifyFault::InternalError | SiteverifyFault::InternalErrorOnce) = fault {
        return ScriptedResponse::json(StatusCode::OK, &Verdict::failed(&["internal-error"]));
    }
    let answer = ScriptedResponse::json(StatusCode::OK, &verify(turnstile, headers, body));
    match fault {
        Some(SiteverifyFault::Slow(delay)) => ScriptedResponse { delay, ..answer },
        Some(SiteverifyFault::ServerError) => {
            ScriptedResponse::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Some(SiteverifyFault::Html) => ScriptedResponse::new(
            StatusCode::OK,
            "text/html; charset=utf-8",
            "<!DOCTYPE html><title>Just a moment...</title>",
        ),
        Some(SiteverifyFault::InternalError | SiteverifyFault::InternalErrorOnce) | None => answer,
    }
}

fn verify(turnstile: &Turnstile, headers: &HeaderMap, body: &[u8]) -> Verdict {
    let Some(form) = FormFields::from_body(headers, body) else {
        return Verdict::failed(&["bad-request"]);
    };
    let (Some(secret), Some(response)) = (form.get("secret"), form.get("response")) else {
        let missing = [("secret", "missing-input-secret"), ("response", "missing-input-response")];
        let codes = missing.into_iter().filter(|(name, _)| form.get(name).is_none());
        return Verdict::failed(&codes.map(|(_, code)| code).collect::<Vec<_>>());
    };
    let key = form.get("idempotency_key");
    // Cloudflare does not document the error for a key that is not a UUID.
    if key.is_some_and(|key| !is_uuid(key)) {
        return Verdict::failed(&["bad-request"]);
    }
    let mut tokens = turnstile.tokens();
    match secret {
        PASSES => tokens.peek(response).unwrap_or_else(dummy),
        FAILS => Verdict::failed(&["invalid-input-response"]),
        SPENT => Verdict::failed(&["timeout-or-duplicate"]),
        _ if secret.contains("invalid") => Verdict::failed(&["invalid-input-secret"]),
        // A real secret key refuses the dummy token, as it refuses every token that was never issued.
        _ => tokens.spend(response, key),
    }
}

/// The result of the test secret key that always passes, for an unknown token.
fn dummy() -> Verdict {
    Verdict {
        success: true,
        challenge_ts: Some(clock::now().to_string()),
        hostname: Some("example.com".into()),
        error_codes: Vec::new(),
        action: None,
        cdata: None,
    }
}

/// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, in hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    let fits = |(part, length): (&&str, usize)| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    parts.len() == groups.len() && parts.iter().zip(groups).all(fits)
}
