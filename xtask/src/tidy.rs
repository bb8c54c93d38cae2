//! The repository's rules as code: each a function from texts to findings.
//!
//! Owns which rules there are and which files they read. A rule knows nothing of the disk.

pub mod borders;
pub mod citations;
pub mod document;
pub mod names;
pub mod pages;
pub mod rust;
pub mod secrets;
pub mod statements;
pub mod style;
pub mod words;

use crate::{
    console::{self, Step},
    repo,
};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// A file that git knows, or would.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the root, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// Counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

type Rule = fn(&Source) -> Vec<Finding>;

/// Rules that look at one file.
const EACH: &[Rule] = &[
    rust::opens_with_its_purpose,
    rust::is_short,
    rust::expects_instead_of_allowing,
    borders::contract_needs_serde_only,
    borders::engine_knows_no_platform,
    borders::browser_stays_in_platform,
    borders::worker_stays_in_edge,
    style::is_in_one_layer,
    style::leaves_values_to_tokens,
    style::runs_either_way,
    document::has_nothing_inline,
    words::are_in_texts,
    names::no_machine,
    names::no_registry,
    names::lock_names_no_host,
    pages::are_asked_by_role_and_name,
    secrets::keep_to_themselves,
];

/// Checks every file; prints what is wrong.
pub fn run() -> Result<()> {
    console::heading("Tidy");
    let step = Step::short("rules");
    let sources = sources()?;
    let mut findings: Vec<Finding> =
        sources.iter().flat_map(|source| EACH.iter().flat_map(|rule| rule(source))).collect();
    findings.extend(secrets::gateway_key_is_read_once(&sources));
    findings.extend(statements::name_their_tests(&sources));
    findings.extend(citations::name_documents_of_the_repository(&sources));
    if findings.is_empty() {
        step.done(&format!("kept by {} files", sources.len()));
        return Ok(());
    }
    step.failed();
    for Finding { path, line, what } in &findings {
        let place = if *line == 0 { path.clone() } else { format!("{path}:{line}") };
        console::page(&format!("  {place}: {what}"));
    }
    bail!("the repository is not tidy: {} findings", findings.len());
}

/// What is committed or about to be; pictures and the like are not read.
fn sources() -> Result<Vec<Source>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(repo::root())
        .output()
        .context("git is missing")?;
    if !output.status.success() {
        bail!("git does not list the files: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let list = String::from_utf8_lossy(&output.stdout);
    let read = |path: &str| {
        let text = std::fs::read_to_string(repo::path(path)).ok()?;
        Some(Source { path: path.to_owned(), text })
    };
    Ok(list.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect())
}

impl Source {
    /// Its name ends so.
    fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, is)| is == extension)
    }

    /// Its lines, counted from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    /// Lines of Rust that are no comment.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

#[cfg(test)]
mod check {
    //! How the rules' own tests call them.

    use super::{Finding, Rule, Source};

    pub(super) fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines that a rule finds fault with.
    #[track_caller]
    pub(super) fn finds(rule: Rule, path: &str, text: &str, lines: &[usize]) {
        let found: Vec<Finding> = rule(&source(path, text));
        let at: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(at, lines, "{path}: {found:?}");
    }
}
