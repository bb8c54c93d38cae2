//! What is known against the packages of npm that are shipped or build what is shipped.
//!
//! Owns the question and how its answer is read. Must not install a package.

use super::{Advisories, exceptions};
use crate::{
    child::{self, Ended},
    console::ProgressStep,
    repo, tools,
};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The words of the question. What only the tests use is left out; `silent` keeps all but the answer away.
const AUDIT: [&str; 5] =
    ["audit", "--json", "--omit=dev", "--package-lock-only", "--loglevel=silent"];

/// Asks what is known against the packages of `package-lock.json`, but for the exceptions.
pub(super) async fn advisories(
    excepted: &BTreeSet<String>,
    step: &ProgressStep,
) -> Result<Advisories> {
    let mut npm = tools::program("npm");
    npm.args(AUDIT).current_dir(repo::root());
    let Ended { output, .. } = child::run_to_end(npm, step).await?;
    read(&output, excepted)
}

/// Reads the answer. A request that failed has a message; any other error is one of this command.
fn read(answer: &str, excepted: &BTreeSet<String>) -> Result<Advisories> {
    let answer: Value = serde_json::from_str(answer)
        .with_context(|| format!("npm answers with something else than JSON: {answer}"))?;
    if let Some(known) = answer["vulnerabilities"].as_object() {
        return Ok(among(known, excepted));
    }
    match (answer["message"].as_str(), answer["error"]["summary"].as_str()) {
        (Some(message), Some("") | None) => Ok(Advisories::Unreachable(message.to_owned())),
        (_, Some(summary)) => bail!("`npm audit` failed: {summary}"),
        (None, None) => bail!("`npm audit` answers neither with what is known nor with an error"),
    }
}

/// What is known, once for each package and advisory. A package that only contains one is not listed: `via` names the
/// other one.
fn among(known: &Map<String, Value>, excepted: &BTreeSet<String>) -> Advisories {
    let mut found = BTreeMap::new();
    let mut needed = BTreeSet::new();
    for (package, entry) in known {
        for advisory in entry["via"].as_array().into_iter().flatten().filter(|it| it.is_object()) {
            let text = |name: &str| advisory[name].as_str().unwrap_or("?");
            let id = text("url").rsplit('/').next().unwrap_or("?");
            if excepted.contains(id) {
                needed.insert(id);
            } else {
                let [range, severity, title] = ["range", "severity", "title"].map(text);
                let line = format!("{package} {range}: {severity}: {title} ({id})");
                found.insert((package, id), line);
            }
        }
    }
    let is_idle = |id: &&String| id.starts_with("GHSA-") && !needed.contains(id.as_str());
    let idle = excepted.iter().filter(is_idle).map(|id| exceptions::not_needed(id));
    let found: Vec<String> = found.into_values().chain(idle).collect();
    if found.is_empty() { Advisories::Clean } else { Advisories::Found(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known() -> Value {
        json!({ "auditReportVersion": 2, "vulnerabilities": {
            "inner": { "name": "inner", "severity": "high", "range": "<2.0.0", "via": [
                { "source": 1, "name": "inner", "title": "It runs what it reads", "severity": "high",
                  "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "range": "<2.0.0" },
            ] },
            "outer": { "name": "outer", "severity": "high", "range": "*", "via": ["inner"] },
        } })
    }

    fn ids(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn what_is_known_is_told_with_package_and_reason() {
        let line = "inner <2.0.0: high: It runs what it reads (GHSA-aaaa-bbbb-cccc)";
        let found = read(&known().to_string(), &ids(&[])).unwrap();
        assert_eq!(found, Advisories::Found(vec![line.to_owned()]));
        let idle = exceptions::not_needed("GHSA-other");
        let other = read(&known().to_string(), &ids(&["GHSA-other", "RUSTSEC-1"])).unwrap();
        assert_eq!(other, Advisories::Found(vec![line.to_owned(), idle]));
    }

    #[test]
    fn an_exception_is_passed_over() {
        let found = read(&known().to_string(), &ids(&["GHSA-aaaa-bbbb-cccc"])).unwrap();
        assert_eq!(found, Advisories::Clean);
        assert_eq!(read(r#"{ "vulnerabilities": {} }"#, &ids(&[])).unwrap(), Advisories::Clean);
    }

    /// Both answers are npm's own, the first without a network and the second without a lock file.
    #[test]
    fn a_request_that_failed_is_not_a_failed_check_and_a_missing_lock_is() {
        let refused = json!({
            "message": "request to http://127.0.0.1:9/-/npm/v1/security/advisories/bulk failed, reason: connect ECONNREFUSED",
            "error": { "summary": "", "detail": "" },
        });
        let Advisories::Unreachable(reason) = read(&refused.to_string(), &ids(&[])).unwrap() else {
            panic!("it was reached");
        };
        assert!(reason.contains("ECONNREFUSED"), "{reason}");
        let summary = "This command requires an existing lockfile.";
        let no_lock = json!({ "error": { "code": "ENOLOCK", "summary": summary } });
        let error = read(&no_lock.to_string(), &ids(&[])).unwrap_err().to_string();
        assert!(error.contains(summary), "{error}");
        assert!(read("", &ids(&[])).is_err() && read("{}", &ids(&[])).is_err());
    }
}
