//! What cargo-deny says of the crates in `Cargo.lock`.
//!
//! Owns how it is asked and how its answer is read. Must not contain a rule: those are in `deny.toml`.

use super::{Advisories, exceptions};
use crate::{
    child::{self, Ended},
    console::ProgressStep,
    repo, tools,
};
use anyhow::{Result, bail};
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};
use tokio::process::Command;

/// An entry of `deny.toml` that is not needed any more is a failure: it would cover what comes later.
const NEEDED: [&str; 6] =
    ["-D", "unmatched-skip", "-D", "unnecessary-skip", "-D", "license-not-encountered"];
/// Its warning of an exception that nothing needs. It also warns so of npm's, which it does not know.
const NOT_NEEDED: &str = "advisory-not-detected";
/// How its message begins where the advisories cannot be reached.
const UNREACHABLE: &str = "failed to fetch advisory database";

/// Checks versions, licences and sources; the error has what cargo-deny says.
pub(super) async fn rules(program: &Path, step: &ProgressStep) -> Result<()> {
    let mut deny = command(program);
    deny.args(["--color", "never", "check"]).args(NEEDED).args(["bans", "licenses", "sources"]);
    let Ended { status, output } = child::run_to_end(deny, step).await?;
    if !status.success() {
        bail!("{}", output.trim());
    }
    Ok(())
}

/// Asks what is known against the crates; the exceptions are cargo-deny's own.
pub(super) async fn advisories(program: &Path, step: &ProgressStep) -> Result<Advisories> {
    let mut deny = command(program);
    deny.args(["--format", "json", "check", "advisories"]);
    let Ended { status, output } = child::run_to_end(deny, step).await?;
    read(status.success(), &output)
}

/// A command that reads the lock file as it is.
fn command(program: &Path) -> Command {
    let mut command = tools::program(program);
    command.arg("--locked").current_dir(repo::root());
    command
}

/// Reads the answer, a JSON object a line.
fn read(is_clean: bool, answer: &str) -> Result<Advisories> {
    let lines: Vec<Value> =
        answer.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let found: BTreeSet<String> = lines.iter().filter_map(finding).collect();
    if !found.is_empty() {
        return Ok(Advisories::Found(found.into_iter().collect()));
    }
    if is_clean {
        return Ok(Advisories::Clean);
    }
    match lines.iter().find_map(unreachable) {
        Some(reason) => Ok(Advisories::Unreachable(reason)),
        None => bail!("cargo-deny failed:\n\n{}", answer.trim()),
    }
}

/// What is known against a crate, in a line: the crate, the kind, the reason and the advisory's id. Or the id of an
/// exception that nothing needs.
fn finding(line: &Value) -> Option<String> {
    let fields = &line["fields"];
    let exception = fields["labels"][0]["span"].as_str().filter(|id| id.starts_with("RUSTSEC-"));
    if fields["code"] == NOT_NEEDED {
        return exception.map(exceptions::not_needed);
    }
    if line["type"] != "diagnostic" || fields["severity"] != "error" {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let about = &fields["graphs"][0]["Krate"];
    let id = fields["advisory"]["id"].as_str().map(|id| format!(" ({id})")).unwrap_or_default();
    Some(format!(
        "{} {}: {}: {}{id}",
        text(&about["name"]),
        text(&about["version"]),
        text(&fields["code"]),
        text(&fields["message"]),
    ))
}

/// Why the advisories cannot be reached: the last line of the program that fetches them.
fn unreachable(line: &Value) -> Option<String> {
    let message = line["fields"]["message"].as_str().filter(|it| it.starts_with(UNREACHABLE))?;
    message.lines().rfind(|line| !line.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo-deny 0.20 writes of a known weakness, without the description.
    const KNOWN: &str = r#"{"fields":{"advisory":{"id":"RUSTSEC-2020-0071","package":"time"},"code":"vulnerability","graphs":[{"Krate":{"name":"time","version":"0.1.43"},"parents":[]}],"message":"Potential segfault in the time crate","severity":"error"},"type":"diagnostic"}"#;
    /// What it writes of an exception for a package of npm.
    const UNKNOWN_ID: &str = r#"{"fields":{"code":"unknown-advisory","graphs":[],"message":"advisory not found in any advisory database","severity":"warning"},"type":"diagnostic"}"#;
    /// What it writes of an exception that nothing needs, in place of `ID`.
    const UNUSED: &str = r#"{"fields":{"code":"advisory-not-detected","graphs":[],"labels":[{"span":"ID"}],"message":"advisory was not encountered","severity":"warning"},"type":"diagnostic"}"#;
    /// What it writes without a network.
    const OFFLINE: &str = r#"{"fields":{"level":"ERROR","message":"failed to fetch advisory database https://example.org/db with cli: failed to clone\nCloning into 'db'...\nfatal: unable to access 'https://example.org/db/': Could not resolve host: example.org\n"},"type":"log"}"#;

    #[test]
    fn what_is_known_is_told_once_with_crate_and_reason() {
        let answer = format!("{KNOWN}\n{UNKNOWN_ID}\n{KNOWN}\n");
        let line =
            "time 0.1.43: vulnerability: Potential segfault in the time crate (RUSTSEC-2020-0071)";
        assert_eq!(read(false, &answer).unwrap(), Advisories::Found(vec![line.to_owned()]));
    }

    #[test]
    fn a_warning_is_no_finding() {
        assert_eq!(read(true, UNKNOWN_ID).unwrap(), Advisories::Clean);
        assert_eq!(read(true, "").unwrap(), Advisories::Clean);
    }

    #[test]
    fn an_exception_that_no_crate_needs_is_a_finding() {
        let with = |id: &str| read(true, &UNUSED.replace("ID", id)).unwrap();
        let expected = exceptions::not_needed("RUSTSEC-2020-0071");
        assert_eq!(with("RUSTSEC-2020-0071"), Advisories::Found(vec![expected]));
        assert_eq!(with("GHSA-aaaa-bbbb-cccc"), Advisories::Clean, "npm's are not cargo-deny's");
    }

    #[test]
    fn advisories_that_cannot_be_reached_are_told_with_the_reason() {
        let Advisories::Unreachable(reason) = read(false, OFFLINE).unwrap() else {
            panic!("they were reached");
        };
        assert!(reason.ends_with("Could not resolve host: example.org"), "{reason}");
    }

    #[test]
    fn any_other_failure_is_one() {
        for answer in
            ["", "error: unexpected argument", r#"{"fields":{"message":"no lock"},"type":"log"}"#]
        {
            assert!(read(false, answer).is_err(), "{answer}");
        }
    }
}
