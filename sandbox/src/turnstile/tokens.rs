//! The states of a token: issued, spent, expired.
//!
//! Owns the state machine of Turnstile's tokens. Must not know secret keys or HTTP.

use crate::{clock, identity, runtime::Instant};
use contract::time::Timestamp;
use serde::Serialize;
use std::{collections::HashMap, time::Duration};

/// The facts about a solved challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeToken {
    /// The host name of the page that showed the widget.
    pub hostname: String,
    /// The widget's action; empty if it has none.
    pub action: String,
    /// The widget's own data; empty if it has none.
    pub cdata: String,
    /// How long ago the challenge was solved.
    pub age: Duration,
}

/// The response of `siteverify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    pub(super) success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) challenge_ts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hostname: Option<String>,
    #[serde(rename = "error-codes")]
    pub(super) error_codes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cdata: Option<String>,
}

/// All issued tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    life: Duration,
    minted: HashMap<String, Token>,
}

#[derive(Debug)]
struct Token {
    about: ChallengeToken,
    solved: Timestamp,
    minted: Instant,
    spent: Option<Spent>,
}

/// The validation that spent a token. It can be repeated with the same `idempotency_key`.
#[derive(Debug)]
struct Spent {
    by: Option<String>,
    verdict: Verdict,
}

impl Default for ChallengeToken {
    /// A challenge that was just solved on a page of 127.0.0.1.
    fn default() -> Self {
        Self {
            hostname: "127.0.0.1".into(),
            action: String::new(),
            cdata: String::new(),
            age: Duration::ZERO,
        }
    }
}

impl Tokens {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, minted: HashMap::new() }
    }

    /// How long a token is valid.
    pub(super) const fn life(&self) -> Duration {
        self.life
    }

    pub(super) fn mint(&mut self, token: ChallengeToken) -> String {
        let now = clock::now();
        let age = u64::try_from(token.age.as_millis()).unwrap_or(u64::MAX);
        // An edge may run longer than this sandbox and remember spent tokens, so that a restart must not repeat one.
        let name = format!("0.{}", identity::generation_id(now));
        let solved = Timestamp(now.0.saturating_sub(age));
        let minted = Token { about: token, solved, minted: Instant::now(), spent: None };
        self.minted.insert(name.clone(), minted);
        name
    }

    /// The result for a token, whether it is spent or not, without spending it.
    pub(super) fn peek(&self, name: &str) -> Option<Verdict> {
        self.minted.get(name).map(Token::passed)
    }

    /// Validates a token and spends it. With the same `idempotency_key`, the same token gets the first result again.
    pub(super) fn spend(&mut self, name: &str, idempotency_key: Option<&str>) -> Verdict {
        let Some(token) = self.minted.get_mut(name) else {
            return Verdict::failed(&["invalid-input-response"]);
        };
        match &token.spent {
            Some(spent) if idempotency_key.is_some() && spent.by.as_deref() == idempotency_key => {
                spent.verdict.clone()
            }
            Some(_) => Verdict::failed(&["timeout-or-duplicate"]),
            None if token.about.age + token.minted.elapsed() >= self.life => {
                Verdict::failed(&["timeout-or-duplicate"])
            }
            None => {
                let verdict = token.passed();
                let by = idempotency_key.map(str::to_owned);
                token.spent = Some(Spent { by, verdict: verdict.clone() });
                verdict
            }
        }
    }
}

impl Token {
    fn passed(&self) -> Verdict {
        let ChallengeToken { hostname, action, cdata, .. } = &self.about;
        Verdict {
            success: true,
            challenge_ts: Some(self.solved.to_string()),
            hostname: Some(hostname.clone()),
            error_codes: Vec::new(),
            action: Some(action.clone()),
            cdata: Some(cdata.clone()),
        }
    }
}

impl Verdict {
    pub(super) fn failed(codes: &[&'static str]) -> Self {
        Self {
            success: false,
            challenge_ts: None,
            hostname: None,
            error_codes: codes.to_vec(),
            action: None,
            cdata: None,
        }
    }
}
