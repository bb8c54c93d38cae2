//! Idempotency: one key, one job, whatever is sent how often.
//!
//! Owns what a key may look like and when two requests are the same. Must not store anything: the ledger does.

use crate::{config::site::Site, hex, json, order};
use contract::{
    job::{JobRequest, Order},
    limits::IDEMPOTENCY_KEY_CHARS,
};
use sha2::{Digest, Sha256};

/// Whether an `Idempotency-Key` can be taken: 1 to 255 visible ASCII characters.
pub fn is_key(text: &str) -> bool {
    (1..=IDEMPOTENCY_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A key within its scope, as the ledger stores it: nothing of the visitor can be read from it.
pub fn scoped(subject: &str, key: &str) -> String {
    // A subject is always 32 digits, so the two cannot run into each other.
    hex::encode(&Sha256::new().chain_update(subject).chain_update(key).finalize())
}

/// The fingerprints of a request: as it is stored now, and as 0.1 stored it, which filled in other defaults. A key of
/// either answers with its job.
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

/// What tells two requests apart: the order with its defaults, so that neither member order nor white space counts, and
/// the hash of each picture to edit.
fn fingerprint(order: &Order, pictures: &[[u8; 32]]) -> String {
    // An order is one JSON object, so what follows it cannot be taken for a part of it.
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
        // What 0.1 stored for {"prompt":"x"}: the SHA-256 of its order, written down.
        let stored = hex::encode(&Sha256::digest(
            r#"{"prompt":"x","count":1,"size":"1024x1024","quality":"low","background":"auto","format":"png","compression":null}"#,
        ));
        let (new, old) = prints(r#"{"prompt":"x"}"#);
        assert_eq!(old, Some(stored.clone()));
        assert_ne!(new, stored);
        // Who names every field is told the same by both.
        let (new, old) = prints(r#"{"prompt":"x","format":"png"}"#);
        assert_eq!((new, old), (stored, None));
    }

    #[test]
    fn a_key_is_worth_nothing_to_another_subject() {
        assert_ne!(scoped("a", "key"), scoped("b", "key"));
    }
}
