//! The names of the edge's secrets, and the form of a file that holds them.
//!
//! Owns both. Must not keep a value.

use std::collections::BTreeMap;

/// The key that signs session tokens.
pub const SIGNING_KEY: &str = "EASEL_SIGNING_KEY";
/// The token that authorises the operator's calls.
pub const OPERATOR_TOKEN: &str = "EASEL_OPERATOR_TOKEN";
/// The key of the challenge, needed only if a site has one.
pub const TURNSTILE: &str = "TURNSTILE_SECRET_KEY";
/// All secrets of the edge, for any gateway.
pub const NAMES: [&str; 5] =
    ["AI_GATEWAY_API_KEY", "OPENAI_API_KEY", SIGNING_KEY, OPERATOR_TOKEN, TURNSTILE];
/// The name of the secret with the gateway's key, which depends on the provider.
pub fn gateway_key_name(provider: &str) -> &'static str {
    if provider == "openai" { "OPENAI_API_KEY" } else { "AI_GATEWAY_API_KEY" }
}

/// Whether it could be an operator's token: visible characters, at least as many as the edge requires.
pub fn is_token(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Parses lines of `NAME=value`; quotes around a value, comments and blank lines are dropped.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let (name, value) = line.trim().strip_prefix('#').map_or(line.split_once('='), |_| None)?;
        let value = value.trim();
        let bare = ['"', '\''].iter().find_map(|quote| {
            value.strip_prefix(*quote).and_then(|value| value.strip_suffix(*quote))
        });
        Some((name.trim().to_owned(), bare.unwrap_or(value).to_owned()))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dev_vars_are_lines() {
        let read = parse("# a note\nA=1\n B = \"two words\" \nC='3'\n\nnot a line\nD=a=b\n");
        let expected = [("A", "1"), ("B", "two words"), ("C", "3"), ("D", "a=b")];
        assert_eq!(read, expected.map(|(name, value)| (name.into(), value.into())).into());
    }

    #[test]
    fn the_key_follows_the_provider() {
        assert_eq!(gateway_key_name("vercel"), "AI_GATEWAY_API_KEY");
        assert_eq!(gateway_key_name("openai"), "OPENAI_API_KEY");
    }
}
