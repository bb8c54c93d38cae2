//! What the gateway tells for nothing: its models, and the account's credits.
//!
//! Owns the reading of both. Must not decide what follows from them.

use crate::wire::{self, reads};
use contract::{
    money::Nano,
    time::{Day, Timestamp},
};

/// Where the models are listed; no key is needed.
pub const MODELS: &str = "/models";
/// Where the credits are told; the key is needed.
pub const CREDITS: &str = "/credits";

struct Credits {
    balance: Nano,
}

reads!(Credits { balance });

/// What is left of the credits. Nothing if it is not told, or not above zero.
pub fn balance(body: &str) -> Option<Nano> {
    Some(wire::read::<Credits>(body).ok()?.balance)
}

struct Listing {
    data: Vec<Entry>,
}

struct Entry {
    id: String,
    /// Milliseconds since 1970, unlike the other times there.
    deprecated_at: Option<u64>,
}

reads!(Listing { data });
reads!(Entry { id, deprecated_at });

/// The day on which a model will be shut down, if the listing tells one.
pub fn ends(body: &str, model: &str) -> Option<Day> {
    let listing: Listing = wire::read(body).ok()?;
    let entry = listing.data.into_iter().find(|entry| entry.id == model)?;
    entry.deprecated_at.map(|at| Timestamp(at).day())
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
    fn a_model_has_an_end_if_the_listing_says_so() {
        let body = r#"{"object":"list","data":[{"id":"a/b","created":1,"deprecated_at":1796083200000},{"id":"a/c"}]}"#;
        assert_eq!(ends(body, "a/b"), "2026-12-01".parse().ok());
        for model in ["a/c", "a/d"] {
            assert_eq!(ends(body, model), None);
        }
        assert_eq!(ends("<html>", "a/b"), None);
    }
}
