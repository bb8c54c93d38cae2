//! The repository's rules as code: each is a function from texts to findings.
//!
//! Owns the list of rules and the choice of files that they read. Must not let a rule read the disk.

pub mod citations;
pub mod dependency_rules;
pub mod dom;
pub mod names;
pub mod pages;
pub mod prose;
pub mod rust;
pub mod secrets;
pub mod statements;
pub mod style;
pub mod words;

use crate::{
    console::{self, ProgressStep},
    repo, tools,
};
use anyhow::{Context, Result, bail};

/// A file that git tracks, or would add.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path relative to the root, with `/`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file's path.
    pub path: String,
    /// The line, counted from 1; 0 for the whole file.
    pub line: usize,
    /// What is wrong, and how to correct it.
    pub what: String,
}

type Rule = fn(&Source) -> Vec<Finding>;

/// Rules that check one file at a time.
const EACH: &[Rule] = &[
    rust::opens_with_its_purpose,
    rust::is_short,
    rust::expects_instead_of_allowing,
    dependency_rules::contract_needs_serde_only,
    dependency_rules::engine_knows_no_platform,
    dependency_rules::browser_stays_in_its_folder,
    dependency_rules::worker_stays_in_edge,
    style::is_in_one_layer,
    style::leaves_values_to_tokens,
    style::uses_sides_of_the_text,
    dependency_rules::edge_renders_only_documents,
    dom::has_no_other_script,
    dom::shares_no_attribute,
    dom::has_nothing_inline,
    dom::renders_without_panics,
    words::are_in_texts,
    names::no_machine,
    names::no_registry,
    names::lock_names_no_host,
    pages::are_asked_by_role_and_name,
    prose::lines_fit_a_screen,
    secrets::cannot_be_printed,
];

/// Checks every file and prints the findings.
pub fn run() -> Result<()> {
    console::heading("Tidy");
    let step = ProgressStep::short("rules");
    let sources = sources()?;
    let mut findings: Vec<Finding> =
        sources.iter().flat_map(|source| EACH.iter().flat_map(|rule| rule(source))).collect();
    findings.extend(dom::is_made_by_leptos(&sources));
    findings.extend(secrets::gateway_key_is_read_once(&sources));
    findings.extend(statements::name_their_tests(&sources));
    findings.extend(prose::commands_are_tested(&sources));
    findings.extend(citations::name_documents_of_the_repository(&sources));
    findings.extend(citations::decisions_are_named_by_code(&sources));
    if findings.is_empty() {
        step.done(&format!("{} files follow the rules", sources.len()));
        return Ok(());
    }
    step.failed();
    for Finding { path, line, what } in &findings {
        let place = if *line == 0 { path.clone() } else { format!("{path}:{line}") };
        console::text(&format!("  {place}: {what}"));
    }
    bail!("the repository is not tidy: {} findings", findings.len());
}

/// Reads the files that git tracks or would add; files that are not text are left out.
fn sources() -> Result<Vec<Source>> {
    let output = tools::program("git")
        .into_std()
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
    /// Whether the file has this extension.
    fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, is)| is == extension)
    }

    /// The lines, numbered from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    /// The lines of Rust that are not comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

#[cfg(test)]
mod check {
    //! Helpers of the rules' tests.

    use super::{Finding, Rule, Source};

    pub(super) fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    /// Asserts that a rule reports exactly these lines.
    #[track_caller]
    pub(super) fn finds(rule: Rule, path: &str, text: &str, lines: &[usize]) {
        let found: Vec<Finding> = rule(&source(path, text));
        let at: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(at, lines, "{path}: {found:?}");
    }
}
