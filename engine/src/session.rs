//! Session tokens, which identify a visitor for an hour without an account or a cookie.
//!
//! Owns a token's format, signature and validity. Must not count anything: the ledger decides what a visitor may do.
//!
//! A token is `1.<site>.<subject>.<first issued>.<expires>.<signature>`. Anyone can read it, but any change makes it
//! invalid. Times are decimal milliseconds; the signature is the HMAC-SHA-256, in hexadecimal, of everything before its
//! dot.

use crate::{hex, secret::SigningKeys};
use contract::{
    session::TOKEN_MS,
    time::{DAY_MS, Timestamp},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long after its first issue a token can be renewed for the same visitor.
const RENEWAL_MS: u64 = DAY_MS;
/// The longest token: no token that this module signs is longer.
const MAX_TOKEN_BYTES: usize = 256;

/// A visitor of a site, identified by 128 random bits only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id of the site on which the session was opened, and for which alone it is valid.
    pub site: String,
    /// The visitor's id: 32 hexadecimal digits.
    pub subject: String,
    /// When the visitor's first token was issued.
    pub first_issued: Timestamp,
    /// When the token expires.
    pub expires: Timestamp,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// It is malformed, or not signed by any of our keys.
    Forged,
    /// It has expired.
    Expired,
}

impl Session {
    /// A session of a new visitor, whose id is the 128 random bits.
    pub fn open(site: &str, random: [u8; 16], now: Timestamp) -> Self {
        Self {
            site: site.to_owned(),
            subject: hex::encode(&random),
            first_issued: now,
            expires: now.plus(TOKEN_MS),
        }
    }

    /// A session of the same visitor for another hour. Fails if the first token is a day old.
    pub fn renew(self, now: Timestamp) -> Result<Self, TokenError> {
        if now.since(self.first_issued) >= RENEWAL_MS {
            return Err(TokenError::Expired);
        }
        Ok(Self { expires: now.plus(TOKEN_MS), ..self })
    }

    /// The token, signed with the first key.
    pub fn token(&self, keys: &SigningKeys) -> String {
        let body =
            format!("1.{}.{}.{}.{}", self.site, self.subject, self.first_issued.0, self.expires.0);
        format!("{body}.{}", hex::encode(&sign(keys, &body)))
    }

    /// Reads a token that is signed by one of our keys, whether or not it has expired.
    pub fn read(token: &str, keys: &SigningKeys) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Forged);
        }
        let (body, signature) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
        let signature: [u8; 32] = hex::decode(signature).ok_or(TokenError::Forged)?;
        // `verify_slice` compares in constant time.
        let signed =
            |key| signer(key, body).is_some_and(|mac| mac.verify_slice(&signature).is_ok());
        if !keys.iter().any(signed) {
            return Err(TokenError::Forged);
        }
        let mut parts = body.split('.');
        let mut next = || parts.next().ok_or(TokenError::Forged);
        let (version, site, subject) = (next()?, next()?, next()?);
        let time = |text: &str| text.parse().map(Timestamp).map_err(|_| TokenError::Forged);
        let (first_issued, expires) = (time(next()?)?, time(next()?)?);
        if version != "1" {
            return Err(TokenError::Forged);
        }
        Ok(Self { site: site.to_owned(), subject: subject.to_owned(), first_issued, expires })
    }

    /// Reads a token that is signed by one of our keys and has not expired.
    pub fn open_now(token: &str, keys: &SigningKeys, now: Timestamp) -> Result<Self, TokenError> {
        let session = Self::read(token, keys)?;
        if now < session.expires { Ok(session) } else { Err(TokenError::Expired) }
    }
}

/// The token in an `Authorization` header.
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// HMAC-SHA-256 with the first key.
pub(crate) fn sign(keys: &SigningKeys, body: &str) -> [u8; 32] {
    let mac = keys.iter().next().and_then(|key| signer(key, body));
    mac.map_or([0; 32], |mac| mac.finalize().into_bytes().into())
}

fn signer(key: &[u8], body: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(body.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> SigningKeys {
        SigningKeys::read(Some(text.to_owned())).ok().unwrap()
    }

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";
    const NOW: Timestamp = Timestamp(1_795_343_999_000);

    #[test]
    fn a_token_opens_for_an_hour() {
        let keys = keys(OLD);
        let session = Session::open("acme", [7; 16], NOW);
        let token = session.token(&keys);
        assert_eq!(Session::open_now(&token, &keys, NOW.plus(3_599_999)), Ok(session));
        assert_eq!(Session::open_now(&token, &keys, NOW.plus(3_600_000)), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_is_no_longer_than_any_that_this_code_signs() {
        let keys = keys(OLD);
        let length =
            |site: usize| Session::open(&"s".repeat(site), [7; 16], NOW).token(&keys).len();
        let longest = MAX_TOKEN_BYTES - length(0);
        for (site, read) in [(longest, true), (longest + 1, false)] {
            let token = Session::open(&"s".repeat(site), [7; 16], NOW).token(&keys);
            assert_eq!(Session::read(&token, &keys).is_ok(), read, "{} characters", token.len());
        }
    }

    #[test]
    fn a_token_renews_its_subject_for_a_day() {
        let keys = keys(OLD);
        let token = Session::open("acme", [7; 16], NOW).token(&keys);
        let renewed = Session::read(&token, &keys).unwrap().renew(NOW.plus(DAY_MS - 1)).unwrap();
        assert_eq!(
            (renewed.subject.as_str(), renewed.first_issued),
            ("07070707070707070707070707070707", NOW)
        );
        assert_eq!(renewed.expires, NOW.plus(DAY_MS - 1 + TOKEN_MS));
        assert_eq!(renewed.renew(NOW.plus(DAY_MS)), Err(TokenError::Expired));
    }

    #[test]
    fn keys_rotate() {
        let token = Session::open("acme", [7; 16], NOW).token(&keys(OLD));
        assert!(Session::read(&token, &keys(&format!("{NEW},{OLD}"))).is_ok());
        assert_eq!(Session::read(&token, &keys(NEW)), Err(TokenError::Forged));
    }

    #[test]
    fn a_token_with_any_byte_changed_is_forged() {
        let keys = keys(OLD);
        let token = Session::open("acme", [7; 16], NOW).token(&keys);
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= 1;
            let forged = String::from_utf8(bytes).unwrap();
            assert_eq!(Session::read(&forged, &keys), Err(TokenError::Forged), "{forged}");
        }
        for bad in [
            "",
            ".",
            "1.acme",
            &token[..token.len() - 2],
            &format!("{token}."),
            &"a".repeat(10_000),
        ] {
            assert_eq!(Session::read(bad, &keys), Err(TokenError::Forged));
        }
    }

    #[test]
    fn the_header_is_read_as_browsers_write_it() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("abc"), None);
    }
}
