//! The rule that every named document is in the repository: a clone contains nothing else to read.
//!
//! Owns the recognition of a document's name. Must not check links to the web.

use super::{Finding, Source};
use std::collections::BTreeSet;

/// Every document (`….md`) that a text names must be a file that git tracks.
pub fn name_documents_of_the_repository(sources: &[Source]) -> Vec<Finding> {
    let known: BTreeSet<&str> = sources.iter().map(|source| file_name(&source.path)).collect();
    let mut findings = Vec::new();
    // The tests of the rules contain invented file names.
    for source in sources.iter().filter(|source| !source.path.starts_with("xtask/src/tidy/")) {
        for (at, line) in source.lines() {
            let missing = documents(line).find(|name| !known.contains(name));
            findings.extend(missing.map(|name| {
                source.finding(
                    at,
                    format!("`{name}` is not in the repository: write down what it says instead"),
                )
            }));
        }
    }
    findings
}

/// Every decision is named by the code that it is about: who reads the code finds the reason.
pub fn decisions_are_named_by_code(sources: &[Source]) -> Vec<Finding> {
    let is_code = |source: &&Source| !source.is("md");
    let named: BTreeSet<&str> = sources
        .iter()
        .filter(is_code)
        .flat_map(|source| source.lines().flat_map(|(_, line)| documents(line)))
        .collect();
    sources
        .iter()
        .filter(|source| source.path.starts_with("docs/decisions/2"))
        .filter(|source| !named.contains(file_name(&source.path)))
        .map(|source| source.finding(0, "no code names this decision: add a line that points here"))
        .collect()
}

/// The names of documents in a line.
fn documents(line: &str) -> impl Iterator<Item = &str> {
    let is_part =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    let words = line.split(move |letter| !is_part(letter)).map(|word| word.trim_end_matches('.'));
    words
        .map(file_name)
        .filter(|name| name.strip_suffix(".md").is_some_and(|stem| !stem.is_empty()))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_that_no_code_names_is_found() {
        let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
        let (named, silent) = ("docs/decisions/2026-01-01-a.md", "docs/decisions/2026-01-01-b.md");
        let text = ["//! Decision: ", named, "."].concat();
        let sources = [
            source(named, ""),
            source(silent, ""),
            source("a.rs", &text),
            source("README.md", silent),
        ];
        let found: Vec<_> =
            decisions_are_named_by_code(&sources).into_iter().map(|it| it.path).collect();
        assert_eq!(found, [silent]);
    }

    #[test]
    fn documents_that_are_not_there_are_found() {
        let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
        let gone = ["gone", ".md"].concat();
        let text = format!("// see README.md.\n// and docs/{gone} 2.1\n*.md\n(docs/a-b.md)");
        let sources = [source("README.md", ""), source("docs/a-b.md", ""), source("a.rs", &text)];
        let found: Vec<_> =
            name_documents_of_the_repository(&sources).into_iter().map(|it| it.line).collect();
        assert_eq!(found, [2]);
    }
}
