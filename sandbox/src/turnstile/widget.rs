//! The widget: its script, and the tokens that it fetches.
//!
//! Owns the meaning of site keys. Must not check tokens.

use super::{Turnstile, form_fields::FormFields, tokens::ChallengeToken};
use crate::scripted_response::ScriptedResponse;
use hyper::{StatusCode, header};
use serde_json::json;
use std::time::Duration;

/// The script that a browser loads.
const SCRIPT: &str = include_str!("../../data/turnstile.js");

/// The token of Cloudflare's test site keys. Real secret keys refuse it.
const DUMMY: &str = "XXXX.DUMMY.TOKEN.XXXX";

/// `GET /turnstile/v0/api.js`.
pub(crate) fn script() -> ScriptedResponse {
    ScriptedResponse::new(StatusCode::OK, "application/javascript; charset=utf-8", SCRIPT)
        .with_header(
            header::HeaderName::from_static("cross-origin-resource-policy"),
            header::HeaderValue::from_static("cross-origin"),
        )
}

/// `GET /turnstile/v0/token?sitekey=&action=&cdata=&hostname=`: 200 `{token, expires_in_ms}`, 400 without a site key, 403
/// for a site key whose challenge always fails.
pub(crate) fn token(turnstile: &Turnstile, query: &str) -> ScriptedResponse {
    let form = FormFields::from_query(query.as_bytes());
    let text = |name| form.get(name).unwrap_or_default().to_owned();
    let token = match form.get("sitekey") {
        None => return refused(StatusCode::BAD_REQUEST, "110100"),
        Some(key) if is_test(key, "2x") => return refused(StatusCode::FORBIDDEN, "300030"),
        Some(key) if is_test(key, "1x") || is_test(key, "3x") => DUMMY.to_owned(),
        Some(_) => turnstile.mint(ChallengeToken {
            hostname: text("hostname"),
            action: text("action"),
            cdata: text("cdata"),
            age: Duration::ZERO,
        }),
    };
    let life = u64::try_from(turnstile.tokens().life().as_millis()).unwrap_or(u64::MAX);
    ScriptedResponse::json(StatusCode::OK, &json!({ "token": token, "expires_in_ms": life }))
}

/// Whether this is one of Cloudflare's test keys, such as `1x00000000000000000000AA`.
fn is_test(key: &str, family: &str) -> bool {
    key.strip_prefix(family).is_some_and(|rest| rest.starts_with("0000000000"))
}

/// An error with one of the widget's documented codes.
fn refused(status: StatusCode, code: &str) -> ScriptedResponse {
    ScriptedResponse::json(status, &json!({ "error": code }))
}
