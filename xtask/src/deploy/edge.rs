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
pub use preflight::edge_answer::{Health, HealthResult};
use preflight::edge_answer::{describe, kind, recognise};
use serde_json::{Value, json};

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
