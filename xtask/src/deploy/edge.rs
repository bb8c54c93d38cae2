//! The running edge, as its operator uses it.
//!
//! Owns the calls and the meaning of their responses. Must not decide when to make a call, and must not repeat a
//! response's text, except numbers and the product's own words.

use super::{
    address::Address,
    call::{self, EdgeResponse, Token},
};
use anyhow::{Context, Result, bail};
use contract::problem::ProblemKind;
use serde_json::{Value, json};

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

/// The outcome of a change of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchResult {
    /// The site is now as requested.
    Done,
    /// The edge has no such site, or not any more.
    Unknown,
}

/// An edge, with the operator's token for it.
pub struct Edge {
    address: Address,
    token: Option<Token>,
}

impl Edge {
    /// The edge at that address.
    pub fn new(address: Address, token: Option<Token>) -> Self {
        Self { address, token }
    }

    /// Its address.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Whether there is a token for the operator's calls.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Asks `/healthz` which service answers.
    pub async fn health(&self) -> HealthResult {
        match call::send("GET", &self.address.at("/healthz"), None, None).await {
            Ok(answer) => recognise(&answer),
            Err(error) => HealthResult::Other(format!("{error:#}")),
        }
    }

    /// The ledger's report of all sites for the last 30 days.
    pub async fn ledger_report(&self) -> Result<Value> {
        let answer = self.operator("GET", "/v1/operator/ledger", None).await?;
        match answer.status {
            200 => Ok(answer.body),
            _ => {
                bail!("{} does not return the ledger's report: {}", self.address, describe(&answer))
            }
        }
    }

    /// Opens or closes a site.
    pub async fn switch(&self, site: &str, open: bool) -> Result<SwitchResult> {
        let body = json!({ "site": site, "open": open });
        let answer = self.operator("PUT", "/v1/operator/switch", Some(&body)).await?;
        match answer.status {
            200 => Ok(SwitchResult::Done),
            404 if kind(&answer) == Some(ProblemKind::UnknownSite) => Ok(SwitchResult::Unknown),
            _ => {
                bail!("{} did not change the switch of {site}: {}", self.address, describe(&answer))
            }
        }
    }

    async fn operator(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<EdgeResponse> {
        let token = self.token.as_ref().context("the operator's token is missing")?;
        let answer = call::send(method, &self.address.at(path), Some(token), body).await;
        let answer = answer.with_context(|| format!("the call to {} failed", self.address))?;
        if kind(&answer) == Some(ProblemKind::OperatorOnly) {
            bail!(
                "{} refuses EASEL_OPERATOR_TOKEN: it is not the one in the account",
                self.address
            );
        }
        Ok(answer)
    }
}

fn recognise(answer: &EdgeResponse) -> HealthResult {
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
fn kind(answer: &EdgeResponse) -> Option<ProblemKind> {
    answer.body["kind"].as_str().and_then(|kind| kind.parse().ok())
}

fn describe(answer: &EdgeResponse) -> String {
    match kind(answer) {
        Some(kind) => format!("{} {kind}", answer.status),
        None => format!("status {}", answer.status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
