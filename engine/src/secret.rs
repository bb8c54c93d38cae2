//! Secrets: types that nothing can print, copy or send by accident.
//!
//! Owns the gateway's key and the keys that sign sessions. Must not implement Debug, Display, Serialize or Clone.

use crate::{
    config::{ConfigError, challenge::is_test_key},
    json,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The fewest characters of a signing key: 128 bits as hex digits.
const SIGNING_KEY_CHARS: usize = 32;

/// The key that pays for pictures. One function reads it: [`GatewayKey::authorization`].
pub struct GatewayKey(String);

impl GatewayKey {
    /// Takes the key that lies under this name; one that is missing, or could not stand in a header, is refused.
    pub fn read(name: &str, text: Option<String>) -> Result<Self, ConfigError> {
        let wrong = |why| ConfigError::new([name, why].concat());
        let key = text.ok_or_else(|| wrong(" is not set"))?;
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(wrong(" must be visible characters without spaces"));
        }
        Ok(Self(key.to_owned()))
    }

    /// The value of the one header that carries it.
    pub fn authorization(&self) -> String {
        ["Bearer ", &self.0].concat()
    }
}

/// The keys that sign session tokens: the first signs, all are accepted.
pub struct SigningKeys(Vec<Vec<u8>>);

impl SigningKeys {
    /// The secret's name.
    pub const NAME: &str = "EASEL_SIGNING_KEY";

    /// Takes one or two keys with a comma between them.
    pub fn read(text: Option<String>) -> Result<Self, ConfigError> {
        let text = text.ok_or_else(|| ConfigError::new("EASEL_SIGNING_KEY is not set"))?;
        let keys: Vec<_> = text.split(',').map(|key| key.trim().as_bytes().to_vec()).collect();
        if keys.len() > 2 || keys.iter().any(|key| key.len() < SIGNING_KEY_CHARS) {
            return Err(ConfigError::new(
                "EASEL_SIGNING_KEY holds one or two keys of at least 32 characters, with a comma between them",
            ));
        }
        Ok(Self(keys))
    }

    /// The keys, the signing one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }
}

/// What opens the operator's side.
pub struct OperatorToken([u8; 32]);

impl OperatorToken {
    /// The secret's name.
    pub const NAME: &str = "EASEL_OPERATOR_TOKEN";

    /// Takes a token of at least 32 characters. Nothing: the operator's side stays closed.
    pub fn read(text: Option<&str>) -> Option<Self> {
        let text = text?.trim();
        (text.len() >= SIGNING_KEY_CHARS).then(|| Self(Sha256::digest(text).into()))
    }

    /// Whether this is the token. It takes as long for a near miss as for a wild guess: what is compared are hashes, to
    /// their last byte.
    pub fn is(&self, token: &str) -> bool {
        let other: [u8; 32] = Sha256::digest(token).into();
        self.0.iter().zip(other).fold(0, |differs, (own, other)| differs | (own ^ other)) == 0
    }
}

/// What verifies a challenge's tokens. One function reads it: [`TurnstileSecret::form`].
pub struct TurnstileSecret(String);

impl TurnstileSecret {
    /// The secret's name.
    pub const NAME: &str = "TURNSTILE_SECRET_KEY";

    /// Takes the secret. Those that Turnstile documents for tests are good only where tokens are verified `locally`.
    pub fn read(text: Option<String>, locally: bool) -> Result<Self, ConfigError> {
        let secret = text.ok_or_else(|| {
            ConfigError::new("a site has a challenge, but TURNSTILE_SECRET_KEY is not set")
        })?;
        let secret = secret.trim();
        if secret.is_empty() || !secret.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(ConfigError::new(
                "TURNSTILE_SECRET_KEY must be visible characters without spaces",
            ));
        }
        if is_test_key(secret) && !locally {
            return Err(ConfigError::new(
                "TURNSTILE_SECRET_KEY is one of Turnstile's test keys; take the widget's own",
            ));
        }
        Ok(Self(secret.to_owned()))
    }

    /// The body of the one request that carries it.
    pub fn form(&self, token: &str, idempotency_key: &str) -> String {
        #[derive(Serialize)]
        struct Form<'a> {
            secret: &'a str,
            response: &'a str,
            idempotency_key: &'a str,
        }

        json::text(&Form { secret: &self.0, response: token, idempotency_key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_could_not_stand_in_a_header_is_refused() {
        assert_eq!(
            GatewayKey::read("KEY", Some(" vck_1 \n".to_owned())).ok().unwrap().authorization(),
            "Bearer vck_1"
        );
        for bad in [None, Some(""), Some("  "), Some("a b"), Some("a\nb"), Some("ä")] {
            assert!(GatewayKey::read("KEY", bad.map(str::to_owned)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn one_or_two_long_keys_sign() {
        let long = "k".repeat(32);
        assert!(SigningKeys::read(Some(long.clone())).is_ok());
        assert!(SigningKeys::read(Some(format!("{long},{long}"))).is_ok());
        for bad in ["", "short", &format!("{long},"), &format!("{long},{long},{long}")] {
            assert!(SigningKeys::read(Some(bad.to_owned())).is_err(), "{bad}");
        }
        assert!(SigningKeys::read(None).is_err());
    }

    #[test]
    fn a_challenges_secret_is_no_test_key_but_on_this_machine() {
        let test = "1x0000000000000000000000000000000AA";
        let read = |text: &str, locally| TurnstileSecret::read(Some(text.to_owned()), locally);
        assert!(read(test, true).is_ok() && read(test, false).is_err());
        let form = read(" 0x4AAA \n", false).ok().unwrap().form("a\"b", "id");
        assert_eq!(form, r#"{"secret":"0x4AAA","response":"a\"b","idempotency_key":"id"}"#);
        for bad in ["", " ", "a b", "ä"] {
            assert!(read(bad, true).is_err(), "{bad}");
        }
        assert!(TurnstileSecret::read(None, true).is_err());
    }

    #[test]
    fn an_operators_token_is_long_and_exact() {
        let long = "o".repeat(32);
        let token = OperatorToken::read(Some(&format!(" {long}\n"))).unwrap();
        assert!(token.is(&long));
        for wrong in ["", "o", &"o".repeat(31), &"o".repeat(33), &format!("{}p", "o".repeat(31))] {
            assert!(!token.is(wrong), "{wrong}");
        }
        for short in [None, Some(""), Some("secret"), Some(&*"o".repeat(31))] {
            assert!(OperatorToken::read(short).is_none(), "{short:?}");
        }
    }
}
