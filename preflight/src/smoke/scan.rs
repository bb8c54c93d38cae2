//! The search for secrets in responses.
//!
//! Owns the spellings in which a secret would be found. Must not print or copy one: it gives out names alone.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use std::collections::BTreeSet;

/// A shorter text is not searched for: it would be found by chance.
const SHORTEST: usize = 12;

/// The secrets to search for. Neither Debug nor Display nor Clone: they leave this type as names alone.
pub struct Secrets(Vec<Secret>);

struct Secret {
    name: &'static str,
    /// In small letters, since a response may change the case.
    spellings: Vec<String>,
}

impl Secrets {
    /// The secrets of these names and values, and the names of those that are too short. Several keys, separated by
    /// commas, are several secrets of one name.
    pub fn new<'a>(
        given: impl IntoIterator<Item = (&'static str, &'a str)>,
    ) -> (Self, Vec<&'static str>) {
        let (mut secrets, mut short) = (Vec::new(), Vec::new());
        for (name, value) in given {
            for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                if part.len() < SHORTEST {
                    short.push(name);
                } else {
                    secrets.push(Secret { name, spellings: spellings(part) });
                }
            }
        }
        (Self(secrets), short)
    }

    /// The names of the secrets, each once.
    pub fn names(&self) -> BTreeSet<&'static str> {
        self.0.iter().map(|secret| secret.name).collect()
    }

    /// The names of the secrets that these bytes hold.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        if self.0.is_empty() {
            return BTreeSet::new();
        }
        let small =
            |byte: &u8| if byte.is_ascii() { char::from(byte.to_ascii_lowercase()) } else { '\0' };
        let text: String = bytes.iter().map(small).collect();
        let holds = |secret: &&Secret| secret.spellings.iter().any(|it| text.contains(it.as_str()));
        self.0.iter().filter(holds).map(|secret| secret.name).collect()
    }

    /// A sentence that may be printed: one that holds a secret is replaced.
    pub fn printable(&self, sentence: String) -> String {
        let names = self.found_in(sentence.as_bytes());
        if names.is_empty() {
            return sentence;
        }
        let names: Vec<_> = names.into_iter().collect();
        format!("a finding is not printed, since it would repeat {}", names.join(", "))
    }
}

/// The secret itself, as a URL and as JSON write it, in hexadecimal digits, and in base64 wherever it begins.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let mut all = vec![secret.to_owned(), json.trim_matches('"').to_owned(), percent(secret)];
    all.push(engine::hex::encode(secret.as_bytes()));
    for before in 0..3_usize {
        let bytes = [vec![0; before], secret.as_bytes().to_vec()].concat();
        // The digits that depend on the secret alone: not on what stands before or after it.
        let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for digits in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            all.extend(digits.get(from..to).map(str::to_owned));
        }
    }
    let mut all: Vec<_> = all.iter().map(|it| it.to_ascii_lowercase()).collect();
    all.sort();
    all.dedup();
    all
}

/// Everything but letters, digits and `-._~` as `%41`.
fn percent(text: &str) -> String {
    let write = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02x}"),
    };
    text.bytes().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    const KEY: &str = "vck_SECRET+0123/456789";

    fn secrets() -> Secrets {
        Secrets::new([
            ("AI_GATEWAY_API_KEY", KEY),
            ("EASEL_SIGNING_KEY", "new-key-0123456789, old-key-0123456789"),
        ])
        .0
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        assert_eq!(secrets().found_in(bytes).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let key = ["AI_GATEWAY_API_KEY"];
        check(format!("const key = \"{KEY}\";").as_bytes(), &key);
        check(KEY.to_ascii_uppercase().as_bytes(), &key);
        check(percent(KEY).as_bytes(), &key);
        check(percent(KEY).to_ascii_uppercase().as_bytes(), &key);
        check(engine::hex::encode(KEY.as_bytes()).as_bytes(), &key);
        for before in ["", "a", "ab", "abc", "Bearer "] {
            for after in ["", "z", "zz"] {
                let text = format!("{before}{KEY}{after}");
                check(STANDARD.encode(&text).as_bytes(), &key);
                check(URL_SAFE_NO_PAD.encode(&text).as_bytes(), &key);
            }
        }
        check(&[b"\xff\0\xc3", KEY.as_bytes(), b"\xff"].concat(), &key);
    }

    #[test]
    fn each_of_several_keys_is_searched_for() {
        check(b"old-key-0123456789", &["EASEL_SIGNING_KEY"]);
        check(b"new-key-0123456789", &["EASEL_SIGNING_KEY"]);
        assert_eq!(secrets().names().len(), 2);
    }

    #[test]
    fn what_is_no_secret_is_not_found_and_what_is_short_is_not_searched_for() {
        check(b"", &[]);
        check(b"vck_SECRET+0123/45678", &[]);
        check(b"AI_GATEWAY_API_KEY", &[]);
        let (none, short) = Secrets::new([("AI_GATEWAY_API_KEY", "test"), ("OPENAI_API_KEY", "")]);
        assert_eq!(short, ["AI_GATEWAY_API_KEY"]);
        assert!(none.names().is_empty() && none.found_in(b"test").is_empty());
    }

    #[test]
    fn a_sentence_with_a_secret_is_not_printed() {
        let said = secrets().printable(format!("x-debug must not be there, and is `{KEY}`"));
        assert!(said.contains("AI_GATEWAY_API_KEY") && !said.contains("SECRET"), "{said}");
        assert_eq!(secrets().printable("fine".to_owned()), "fine");
    }
}
