//! `POST /turnstile/v0/siteverify`: whether a token is good.
//!
//! Owns the inputs' checks, the documented test secrets, and the faults. Must not keep tokens.

use super::{Turnstile, form_fields::FormFields, tokens::Verdict};
use crate::{clock, scripted_response::ScriptedResponse};
use hyper::{HeaderMap, StatusCode};
use std::time::Duration;

/// How `siteverify` fails. All but the internal errors strike after the token was spent: only a retry with the same
/// `idempotency_key` finds its answer again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteverifyFault {
    /// The answer comes so much later.
    Slow(Duration),
    /// 500 without a body.
    ServerError,
    /// 200 with a page of HTML.
    Html,
    /// `internal-error`; the token stays good.
    InternalError,
    /// The same for one call; then all is well.
    InternalErrorOnce,
}

/// Cloudflare's test secrets.
const PASSES: &str = "1x0000000000000000000000000000000AA";
const FAILS: &str = "2x0000000000000000000000000000000AA";
const SPENT: &str = "3x0000000000000000000000000000000AA";

/// Answers one call.
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
    // What the real one says about a key that is no UUID is not documented.
    if key.is_some_and(|key| !is_uuid(key)) {
        return Verdict::failed(&["bad-request"]);
    }
    let mut tokens = turnstile.tokens();
    match secret {
        PASSES => tokens.peek(response).unwrap_or_else(dummy),
        FAILS => Verdict::failed(&["invalid-input-response"]),
        SPENT => Verdict::failed(&["timeout-or-duplicate"]),
        _ if secret.contains("invalid") => Verdict::failed(&["invalid-input-secret"]),
        // A real secret refuses the dummy token, as it does any that was never minted.
        _ => tokens.spend(response, key),
    }
}

/// What the secret that always passes says about a token that it does not know.
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
