//! The secrets in the account: which ones the edge needs, and which are missing.
//!
//! Owns the list of secrets and the sentences that explain how to set one. Must not see a value: it knows names only.

use crate::{safety::SANDBOX, secrets};

/// The secrets that a deploy needs: the gateway's key, whose name depends on the provider, and the edge's own.
pub fn needed(provider: &str, has_challenge: bool) -> Vec<&'static str> {
    let always =
        [secrets::gateway_key_name(provider), secrets::SIGNING_KEY, secrets::OPERATOR_TOKEN];
    always.into_iter().chain(has_challenge.then_some(secrets::TURNSTILE)).collect()
}

/// What a person types, and where.
#[derive(Debug, Clone, Copy)]
pub struct ByHand<'a> {
    /// The folder: `the clone's root`.
    pub folder: &'a str,
    /// The command that starts wrangler there.
    pub wrangler: &'a str,
    /// The configuration's file, as it is named from there.
    pub file: &'a str,
}

/// The reason to refuse an account with these secrets; nothing if it is complete.
pub fn refusal(needed: &[&str], there: &[String], by_hand: ByHand<'_>) -> Option<String> {
    let ByHand { folder, wrangler, file } = by_hand;
    let has = |name: &str| there.iter().any(|it| it == name);
    let put = |name: &str| {
        // Nobody needs to know the signing key, so the command generates one.
        let made_up = if name == secrets::SIGNING_KEY { "openssl rand -hex 32 | " } else { "" };
        format!("\n  {made_up}{wrangler} secret put {name} --config {file}")
    };
    let missing: Vec<&str> = needed.iter().copied().filter(|name| !has(name)).collect();
    if !missing.is_empty() {
        let are = if missing.len() == 1 { "is" } else { "are" };
        let how: String = missing.iter().map(|name| put(name)).collect();
        let names = missing.join(", ");
        return Some(format!("{names} {are} missing in the account; from {folder}:{how}"));
    }
    has(SANDBOX).then(|| {
        format!(
            "the account has a secret {SANDBOX}, which tells visitors that pictures are samples; remove it:\n  \
             {wrangler} secret delete {SANDBOX} --config {file}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ByHand<'_> = ByHand {
        folder: "the clone's root",
        wrangler: "npx wrangler",
        file: "edge/wrangler.jsonc",
    };

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_needed_secrets_follow_the_configuration() {
        let plain = ["AI_GATEWAY_API_KEY", "EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN"];
        assert_eq!(needed("vercel", false), plain);
        assert_eq!(needed("openai", false)[0], "OPENAI_API_KEY");
        assert_eq!(needed("vercel", true)[3], "TURNSTILE_SECRET_KEY");
    }

    #[test]
    fn each_missing_secret_comes_with_its_command() {
        let needed = needed("vercel", false);
        let there = names(&["EASEL_OPERATOR_TOKEN", "OPENAI_API_KEY"]);
        let sentence = refusal(&needed, &there, HERE).unwrap();
        assert!(sentence.starts_with("AI_GATEWAY_API_KEY, EASEL_SIGNING_KEY are missing"));
        let commands: Vec<&str> = sentence.lines().skip(1).map(str::trim).collect();
        assert_eq!(
            commands,
            [
                "npx wrangler secret put AI_GATEWAY_API_KEY --config edge/wrangler.jsonc",
                "openssl rand -hex 32 | npx wrangler secret put EASEL_SIGNING_KEY --config edge/wrangler.jsonc",
            ]
        );
    }

    #[test]
    fn a_complete_account_is_good_but_for_the_sandbox_in_it() {
        let needed = needed("vercel", false);
        assert_eq!(refusal(&needed, &names(&needed), HERE), None);
        let sentence = refusal(&needed, &names(&[&needed[..], &["EASEL_SANDBOX"]].concat()), HERE);
        assert!(sentence.unwrap().contains("npx wrangler secret delete EASEL_SANDBOX"));
    }
}
