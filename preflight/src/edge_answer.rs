//! What a response of an edge means to its operator.
//!
//! Owns the meaning. Must not repeat a response's text, except numbers and the product's own words.

use contract::problem::ProblemKind;
use serde_json::Value;

/// A response, whatever its status.
pub struct EdgeResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body as JSON; null if it is not JSON.
    pub body: Value,
}

/// The service that answers at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthResult {
    /// Easel.
    Easel(Health),
    /// Easel, closed by its own invalid configuration: it grants no job.
    Misconfigured,
    /// Another service, or none; with a description of its response.
    Other(String),
}

/// The content of `/healthz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The product's version.
    pub version: String,
    /// Whether every site is closed.
    pub all_closed: bool,
    /// Whether the pictures are samples.
    pub sandbox: bool,
}

/// Which service gave this response to `GET /healthz`.
pub fn recognise(answer: &EdgeResponse) -> HealthResult {
    let EdgeResponse { status, body } = answer;
    let version = body["version"].as_str().filter(|version| is_version(version));
    match (status, version, body["status"].as_str()) {
        (200, Some(version), Some(state @ ("ok" | "closed"))) => HealthResult::Easel(Health {
            version: version.to_owned(),
            all_closed: state == "closed",
            sandbox: body["sandbox"] == true,
        }),
        _ if kind(answer) == Some(ProblemKind::Misconfigured) => HealthResult::Misconfigured,
        _ => HealthResult::Other(format!("/healthz answers {status}, and not as Easel does")),
    }
}

/// Whether the text is a version number. It is printed, and another service's text could contain terminal control
/// codes.
fn is_version(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    (1..=40).contains(&text.len()) && text.chars().all(plain)
}

/// The problem's kind, if the response is one of Easel's problems.
pub fn kind(answer: &EdgeResponse) -> Option<ProblemKind> {
    answer.body["kind"].as_str().and_then(|kind| kind.parse().ok())
}

/// The response in words: its status, and the problem's kind.
pub fn describe(answer: &EdgeResponse) -> String {
    match kind(answer) {
        Some(kind) => format!("{} {kind}", answer.status),
        None => format!("status {}", answer.status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(status: u16, body: Value, expected: &HealthResult) {
        assert_eq!(recognise(&EdgeResponse { status, body }), *expected);
    }

    #[test]
    fn easel_is_distinguished_from_other_services() {
        let health = |all_closed, sandbox| {
            HealthResult::Easel(Health { version: "1.2.3".into(), all_closed, sandbox })
        };
        let body = json!({ "status": "ok", "version": "1.2.3", "sandbox": false, "more": 1 });
        check(200, body, &health(false, false));
        let body = json!({ "status": "closed", "version": "1.2.3", "sandbox": true });
        check(200, body, &health(true, true));
        check(503, json!({ "kind": "misconfigured", "status": 503 }), &HealthResult::Misconfigured);
        let escape = json!({ "status": "ok", "version": "\u{1b}[2J" });
        for (status, body) in
            [(200, Value::Null), (404, json!({})), (200, json!({ "status": "ok" })), (200, escape)]
        {
            let HealthResult::Other(seen) = recognise(&EdgeResponse { status, body }) else {
                panic!("{status}")
            };
            assert!(seen.contains(&status.to_string()), "{seen}");
        }
    }

    #[test]
    fn nothing_of_another_services_response_is_repeated() {
        let answer =
            EdgeResponse { status: 500, body: json!({ "kind": "Bearer hush", "detail": "hush" }) };
        assert_eq!(describe(&answer), "status 500");
        let answer = EdgeResponse { status: 503, body: json!({ "kind": "busy" }) };
        assert_eq!(describe(&answer), "503 busy");
    }
}
