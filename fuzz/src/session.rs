//! Session tokens.
//!
//! Owns the promises: a token reads back, one that we did not write opens nothing, and no byte of one may change.

use contract::time::Timestamp;
use engine::{
    secret::SigningKeys,
    session::{self, Session, TokenError},
};

const KEYS: &str = "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210";
const SECOND: &str = "fedcba9876543210fedcba9876543210";

fn keys(text: &str) -> SigningKeys {
    SigningKeys::read(Some(text.to_owned()))
        .unwrap_or_else(|_| unreachable!("they are long enough"))
}

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        reads(text);
        reads(session::bearer(text).unwrap_or_default());
    }
    let Some((&random, rest)) = data.split_first_chunk::<16>() else { return };
    let Some((&now, rest)) = rest.split_first_chunk::<8>() else { return };
    let Some((&[at, flip], rest)) = rest.split_first_chunk::<2>() else { return };
    let now = Timestamp(u64::from_be_bytes(now));
    let site: String = rest.iter().take(32).map(|b| char::from(b'a' + b % 26)).collect();
    let keys = keys(KEYS);
    let session = Session::open(&site, random, now);
    let token = session.token(&keys);
    assert_eq!(Session::read(&token, &keys), Ok(session.clone()), "what we wrote reads back");
    assert_eq!(Session::open_now(&token, &keys, session.expires), Err(TokenError::Expired));
    let mut changed = token.into_bytes();
    let at = usize::from(at) % changed.len();
    changed[at] ^= flip & 0x7F;
    if flip & 0x7F != 0 {
        let changed = String::from_utf8(changed).expect("ASCII stays ASCII");
        assert_eq!(Session::read(&changed, &keys), Err(TokenError::Forged));
    }
}

/// Whatever reads was written by us, to the letter.
fn reads(token: &str) {
    if let Ok(session) = Session::read(token, &keys(KEYS)) {
        let ours = [KEYS, SECOND].map(|text| session.token(&keys(text)));
        assert!(ours.iter().any(|ours| ours == token), "we never wrote this");
    }
}
