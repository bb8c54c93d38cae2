//! The edge's secrets on this machine: from the environment, else from `edge/.dev.vars`, else generated once and kept
//! in the state folder.
//!
//! Owns where each secret comes from. Must not print any secret but the operator's token, and must not generate a
//! gateway's key.

use crate::repo;
use anyhow::{Context, Result};
use preflight::secrets::parse;
pub use preflight::secrets::{NAMES, OPERATOR_TOKEN, SIGNING_KEY, TURNSTILE, gateway_key_name};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// The file of the generated secrets, in the state folder.
const FILE: &str = "secrets";

/// The secrets that the environment or `edge/.dev.vars` holds.
pub struct ProvidedSecrets {
    dev_vars: BTreeMap<String, String>,
}

impl ProvidedSecrets {
    /// Reads `edge/.dev.vars`; the environment is read by `get`, name by name.
    pub fn read() -> Self {
        let text = fs::read_to_string(repo::path("edge/.dev.vars")).unwrap_or_default();
        Self { dev_vars: parse(&text) }
    }

    /// A secret that is set and not empty; the environment takes precedence.
    pub fn get(&self, name: &str) -> Option<String> {
        let set = std::env::var(name).ok().or_else(|| self.dev_vars.get(name).cloned());
        set.filter(|value| !value.is_empty())
    }

    /// All secrets of the edge except the gateway's key; missing ones are generated and kept.
    pub fn complete(&self, state: &Path) -> Result<BTreeMap<String, String>> {
        let file = state.join(FILE);
        let kept = parse(&fs::read_to_string(&file).unwrap_or_default());
        let mut all = kept.clone();
        for name in [SIGNING_KEY, OPERATOR_TOKEN] {
            if !kept.contains_key(name) && self.get(name).is_none() {
                all.insert(name.to_owned(), generate()?);
            }
        }
        if all != kept {
            keep(&file, &all).with_context(|| format!("cannot write {}", file.display()))?;
        }
        for name in [SIGNING_KEY, OPERATOR_TOKEN, TURNSTILE] {
            all.extend(self.get(name).map(|value| (name.to_owned(), value)));
        }
        Ok(all)
    }

    /// The operator's token, if it was generated. A given one is not printed: whoever gave it knows it, and what is
    /// printed may end in a log.
    pub fn generated_token(&self, complete: &BTreeMap<String, String>) -> Option<String> {
        let generated = complete.get(OPERATOR_TOKEN).filter(|_| self.get(OPERATOR_TOKEN).is_none());
        generated.cloned()
    }
}

fn generate() -> Result<String> {
    let mut bytes = [0; 32];
    let mut random = File::open("/dev/urandom").context("this machine has no /dev/urandom")?;
    random.read_exact(&mut bytes)?;
    Ok(engine::hex::encode(&bytes))
}

/// Writes the secrets into a file that only this user can read.
fn keep(file: &Path, secrets: &BTreeMap<String, String>) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let _ = fs::remove_file(file);
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    for (name, value) in secrets {
        writeln!(out, "{name}={value}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_secrets_are_long_and_new() {
        let (one, two) = (generate().unwrap(), generate().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, two);
    }

    #[test]
    fn generated_secrets_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let state = repo::path("target/xtask/test-secrets");
        let _ = fs::remove_dir_all(&state);
        let given = ProvidedSecrets { dev_vars: parse("EASEL_OPERATOR_TOKEN=mine") };
        let first = given.complete(&state).unwrap();
        assert_eq!(first, given.complete(&state).unwrap());
        assert_eq!(first[OPERATOR_TOKEN], "mine");
        assert_eq!(given.generated_token(&first), None, "a given token is not printed");
        let mode = fs::metadata(state.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!fs::read_to_string(state.join(FILE)).unwrap().contains("mine"));
        let none = ProvidedSecrets { dev_vars: BTreeMap::new() };
        let generated = none.complete(&state).unwrap();
        assert_eq!(none.generated_token(&generated).as_ref(), Some(&generated[OPERATOR_TOKEN]));
    }
}
