//! What wrangler's output means.
//!
//! Owns the reading of it. Must not start wrangler.

pub mod failure;

use anyhow::{Context, Result};
use serde_json::Value;

/// The names in wrangler's list of an account's secrets.
pub fn secret_names(json: &str) -> Result<Vec<String>> {
    let list: Vec<Value> =
        serde_json::from_str(json).context("wrangler's list of secrets is not JSON")?;
    let name = |secret: &Value| secret["name"].as_str().map(str::to_owned);
    list.iter().map(name).collect::<Option<_>>().context("wrangler lists a secret without a name")
}

/// Whether wrangler says that the account has no such Worker yet.
pub fn is_unknown_worker(output: &str) -> bool {
    output.contains("Worker \"") && output.contains("not found.")
}

/// The addresses at which a deployed Worker is served: the indented lines under `Deployed NAME triggers`.
pub fn targets(output: &str) -> Vec<String> {
    output
        .lines()
        .skip_while(|line| !(line.starts_with("Deployed ") && line.contains(" triggers")))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_listed_by_name() {
        let output = r#"[{ "name": "A", "type": "secret_text" }, { "name": "B" }]"#;
        assert_eq!(secret_names(output).unwrap(), ["A", "B"]);
        assert_eq!(secret_names("[]").unwrap(), [""; 0]);
        assert!(secret_names("[{}]").is_err() && secret_names("nothing").is_err());
    }

    #[test]
    fn a_worker_that_is_not_there_has_no_secrets() {
        assert!(is_unknown_worker("[ERROR] Worker \"easel\" not found.\n\nIf this is a new"));
        assert!(!is_unknown_worker("[ERROR] Authentication error [code: 10000]"));
    }

    #[test]
    fn the_addresses_are_read_from_the_output() {
        let output = "Uploaded easel (3.1 sec)\nDeployed easel triggers (0.4 sec)\n  https://easel.a.workers.dev\n  \
                    studio.example.com (custom domain)\nCurrent Version ID: 1\n  x\n";
        assert_eq!(
            targets(output),
            ["https://easel.a.workers.dev", "studio.example.com (custom domain)"]
        );
        assert_eq!(targets("--dry-run: exiting now.\n"), [""; 0]);
    }
}
