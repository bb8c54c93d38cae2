//! Idempotency: all requests with the same key create one job.
//!
//! Owns the syntax of a key, and when two requests count as the same. Must not store anything: the ledger does.
//!
//! Decision: docs/decisions/2026-11-29-a-second-fingerprint-for-0-1.md.

use crate::{config::site::Site, hex, json, order};
use contract::{
    job::{JobRequest, Order},
    limits::IDEMPOTENCY_KEY_CHARS,
};
use sha2::{Digest, Sha256};

/// Whether an `Idempotency-Key` is valid: 1 to 255 visible ASCII characters.
pub fn is_key(text: &str) -> bool {
    (1..=IDEMPOTENCY_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The hash of a visitor and a key, as the ledger stores it, from which neither can be recovered.
pub fn scoped(subject: &str, key: &str) -> String {
    // A subject always has 32 digits, so that different pairs cannot give the same text.
    hex::encode(&Sha256::new().chain_update(subject).chain_update(key).finalize())
}

/// The fingerprints of a request: the current one, and the one that version 0.1 stored, if its other defaults change it.
/// A stored key with either fingerprint belongs to the same request.
pub fn fingerprints(
    request: &JobRequest,
    order: &Order,
    site: &Site,
    pictures: &[[u8; 32]],
) -> (String, Option<String>) {
    let old = order::as_0_1(request, order, site);
    let differs = old != *order;
    (fingerprint(order, pictures), differs.then(|| fingerprint(&old, pictures)))
}

/// The fingerprint of a request: a hash of the order with its defaults, so that neither the order of members nor white
/// space matters, and of the hash of each picture to edit.
fn fingerprint(order: &Order, pictures: &[[u8; 32]]) -> String {
    // An order is one JSON object, so that the hashes after it cannot be taken for a part of it.
    let canonical = Sha256::new().chain_update(json::text(order));
    hex::encode(&pictures.iter().fold(canonical, Sha256::chain_update).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests_support::site;

    #[test]
    fn keys_are_visible_ascii() {
        assert!(is_key("a") && is_key(&"k".repeat(255)));
        for bad in ["", " ", "a b", "ä", "a\n", &"k".repeat(256)] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn the_same_request_has_the_same_fingerprint() {
        let print = |json: &str| fingerprint(&order::read(json, &site()).unwrap(), &[]);
        assert_eq!(
            print(r#"{"prompt":"x","count":1}"#),
            print(r#" { "count" : 1, "prompt" : "x " }"#)
        );
        assert_ne!(print(r#"{"prompt":"x"}"#), print(r#"{"prompt":"y"}"#));
        assert_ne!(print(r#"{"prompt":"x"}"#), print(r#"{"prompt":"x","count":2}"#));
        let order = order::read(r#"{"prompt":"x"}"#, &site()).unwrap();
        let prints = [&[][..], &[[1; 32]], &[[2; 32]], &[[1; 32], [2; 32]], &[[2; 32], [1; 32]]]
            .map(|pictures| fingerprint(&order, pictures));
        for (at, print) in prints.iter().enumerate() {
            assert!(!prints[..at].contains(print), "other pictures are another request: {at}");
        }
    }

    #[test]
    fn a_request_that_0_1_fingerprinted_is_known_again() {
        let site = site();
        let prints = |json: &str| {
            let request = order::request(json).unwrap();
            let order = order::check(&request, &site).unwrap();
            fingerprints(&request, &order, &site, &[])
        };
        // What 0.1 stored for {"prompt":"x"}: the SHA-256 of this order.
        let stored = hex::encode(&Sha256::digest(
            r#"{"prompt":"x","count":1,"size":"1024x1024","quality":"low","background":"auto","format":"png","compression":null}"#,
        ));
        let (new, old) = prints(r#"{"prompt":"x"}"#);
        assert_eq!(old, Some(stored.clone()));
        assert_ne!(new, stored);
        // A request that names every field has the same fingerprint in both versions.
        let (new, old) = prints(r#"{"prompt":"x","format":"png"}"#);
        assert_eq!((new, old), (stored, None));
    }

    #[test]
    fn a_key_is_worth_nothing_to_another_subject() {
        assert_ne!(scoped("a", "key"), scoped("b", "key"));
    }
}
