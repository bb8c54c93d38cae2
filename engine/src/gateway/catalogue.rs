//! What the gateway tells for nothing: its models, and the account's credits.
//!
//! Owns the reading of both. Must not decide what follows from them.

use crate::json;
use contract::{
    money::Nano,
    time::{Day, Timestamp},
};
use serde::Deserialize;
use serde_json::Value;

/// What it has told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayStatus {
    /// Models and the days on which they will be shut down.
    pub ends: Vec<(String, Day)>,
    /// What is left of the credits.
    pub balance: Option<Nano>,
}

/// Where the models are listed; no key is needed.
pub const MODELS: &str = "/models";
/// Where the credits are told; the key is needed.
pub const CREDITS: &str = "/credits";

#[derive(Deserialize)]
struct Credits {
    balance: Nano,
}

/// What is left of the credits. Nothing if it is not told, or not above zero.
pub fn balance(body: &str) -> Option<Nano> {
    Some(json::read::<Credits>(body).ok()?.balance)
}

/// Whether anything is left of the credits; nothing if that is not told.
pub fn is_funded(body: &str) -> Option<bool> {
    let told: Value = serde_json::from_str(body).ok()?;
    let left = match told.get("balance")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    match left.strip_prefix('-') {
        Some(owed) => owed.parse::<Nano>().ok().map(|_| false),
        None => left.parse().ok().map(|left: Nano| left > Nano::ZERO),
    }
}

#[derive(Deserialize)]
struct Listing {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    /// Milliseconds since 1970, unlike the other times there.
    deprecated_at: Option<u64>,
}

/// The days on which models will be shut down, as far as the listing tells them.
pub fn ends(body: &str) -> Vec<(String, Day)> {
    let listing = json::read::<Listing>(body).map_or_else(|_| Vec::new(), |listing| listing.data);
    let ends = listing.into_iter().filter_map(|entry| {
        let end = Timestamp(entry.deprecated_at?).day();
        Some((entry.id, end))
    });
    ends.collect()
}

/// Whether the listing has a model, by the name that it has on the wire. Nothing if it is no listing, or an empty one:
/// that tells nothing about one model.
pub fn lists(body: &str, model: &str) -> Option<bool> {
    let listing = json::read::<Listing>(body).ok().filter(|listing| !listing.data.is_empty())?;
    Some(listing.data.iter().any(|entry| entry.id == model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_a_text() {
        assert_eq!(
            balance(r#"{"balance":"95.50","total_used":"4.50"}"#),
            Some(Nano(95_500_000_000))
        );
        assert_eq!(balance(r#"{"balance":"0"}"#), Some(Nano::ZERO));
        for bad in ["", "{}", "<html>", r#"{"balance":5}"#, r#"{"balance":"-0.5"}"#] {
            assert_eq!(balance(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_account_is_funded_if_something_is_left() {
        for (body, funded) in [
            (r#"{"balance":"95.50","total_used":"4.50"}"#, Some(true)),
            (r#"{"balance":0.01}"#, Some(true)),
            (r#"{"balance":"0"}"#, Some(false)),
            (r#"{"balance":"0.00000000"}"#, Some(false)),
            (r#"{"balance":0}"#, Some(false)),
            (r#"{"balance":"-0.5"}"#, Some(false)),
            (r#"{"balance":null}"#, None),
            (r#"{"balance":"-"}"#, None),
            ("{}", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(is_funded(body), funded, "{body}");
        }
    }

    #[test]
    fn a_model_has_an_end_if_the_listing_says_so() {
        let body = r#"{"object":"list","data":[{"id":"a/b","created":1,"deprecated_at":1796083200000},{"id":"a/c"}]}"#;
        assert_eq!(ends(body), [("a/b".to_owned(), "2026-12-01".parse().unwrap())]);
        assert!(ends("<html>").is_empty());
    }

    #[test]
    fn a_model_is_listed_or_not_or_nothing_is_told() {
        let body = r#"{"object":"list","data":[{"id":"a/b","created":1},{"id":"a/c"}]}"#;
        assert_eq!((lists(body, "a/b"), lists(body, "a/d")), (Some(true), Some(false)));
        for silent in ["", "<html>", "{}", r#"{"data":[]}"#, r#"{"data":[{"name":"x"}]}"#] {
            assert_eq!(lists(silent, "a/b"), None, "{silent}");
        }
    }
}
