//! Rules for the product's public statements: each names the test that keeps it true.
//!
//! Owns the form of the comment above a statement. Must not judge whether the test is the right one: a reviewer does
//! that.

use super::{Finding, Source};
use std::collections::BTreeSet;

/// The pages, each with the elements that contain a statement. A row of headings has `<th` in place of `<td`, and a field of
/// a form has a class of its own.
const PAGES: [(&str, &[&str]); 2] = [
    ("public/statements.html", &["<p>", "<p ", "<li>", "<tr><td"]),
    ("public/index.html", &["<p>", "<p class=\"lead\">", "<div><dt>", "<li>", "<tr><td"]),
];
/// The parts of the comment: names of tests, and the reason why the rest cannot be tested.
const BY: &str = "tested by ";
const NOT: &str = "not tested: ";

/// Every paragraph, item and row of these pages has a comment above it: `<!-- tested by NAME, NAME; not tested: REASON
/// -->`, either part of which may be missing, and every name is the name of a test.
pub fn name_their_tests(sources: &[Source]) -> Vec<Finding> {
    let tests = tests_of(sources);
    let on = |(path, openings): &(&str, &[&str])| {
        let page = sources.iter().find(|source| source.path == *path);
        page.map(|page| on_page(page, openings, &tests)).unwrap_or_default()
    };
    PAGES.iter().flat_map(on).collect()
}

/// The findings on one of them.
fn on_page(page: &Source, openings: &[&str], tests: &BTreeSet<&str>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut above = "";
    for (at, line) in page.lines().skip_while(|(_, line)| !line.contains("<main")) {
        if line.contains("</main>") {
            break;
        }
        let line = line.trim();
        let statements = openings.iter().map(|opening| line.matches(opening).count()).sum();
        let faults = match statements {
            0_usize => Vec::new(),
            1 => faults(above, tests),
            _ => vec!["write one statement on a line, with its comment above it".to_owned()],
        };
        found.extend(faults.into_iter().map(|what| page.finding(at, what)));
        above = line;
    }
    found
}

/// The names of all tests.
pub(super) fn tests_of(sources: &[Source]) -> BTreeSet<&str> {
    sources.iter().flat_map(names_of_tests).collect()
}

/// The faults of a comment.
pub(super) fn faults(comment: &str, tests: &BTreeSet<&str>) -> Vec<String> {
    let inside = comment.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
    let Some(inside) = inside.filter(|it| it.starts_with(BY) || it.starts_with(NOT)) else {
        return vec![format!(
            "name above it the tests that keep it true: <!-- {BY}NAME, NAME; {NOT}REASON -->"
        )];
    };
    let (names, reason) = match inside.strip_prefix(NOT) {
        Some(reason) => ("", Some(reason)),
        None => match inside.split_once(&format!("; {NOT}")) {
            Some((names, reason)) => (names, Some(reason)),
            None => (inside, None),
        },
    };
    let names = names.strip_prefix(BY).unwrap_or_default();
    let mut faults: Vec<String> = names
        .split(", ")
        .filter(|name| !name.is_empty() && !tests.contains(name))
        .map(|name| format!("there is no test {name}"))
        .collect();
    if reason.is_some_and(|reason| reason.trim().is_empty()) {
        faults.push("write why it cannot be tested".to_owned());
    }
    faults
}

/// The names of a file's tests: functions after an attribute that ends in `test`.
fn names_of_tests(source: &Source) -> Vec<&str> {
    let mut names = Vec::new();
    let mut is_test = false;
    for (_, line) in source.lines().filter(|_| source.is("rs")) {
        let line = line.trim();
        if let Some(attribute) = line.strip_prefix("#[") {
            let name = attribute.split(['(', ']']).next().unwrap_or_default();
            is_test |= name == "test" || name.ends_with("::test");
        } else if is_test && let Some((_, rest)) = line.split_once("fn ") {
            names.extend(rest.split('(').next());
            is_test = false;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{super::check::source, *};

    fn check(main: &str, lines: &[usize]) {
        let code =
            "#[test]\nfn it_holds() {}\n#[tokio::test]\nasync fn it_waits() {}\nfn helper() {}";
        let page = format!("<p>before</p>\n<main>\n{main}\n</main>\n<p>after</p>");
        for (path, _) in PAGES {
            let found = name_their_tests(&[source("a/b.rs", code), source(path, &page)]);
            let at: Vec<usize> = found.iter().map(|finding| finding.line - 2).collect();
            assert_eq!(at, lines, "{path}: {found:?}");
        }
    }

    #[test]
    fn a_statement_names_tests_that_are_there() {
        check("<!-- tested by it_holds -->\n<p>It holds.</p>", &[]);
        check("<!-- tested by it_holds, it_waits; not tested: luck -->\n<li>It holds.</li>", &[]);
        check("<!-- not tested: advice -->\n<p class=\"a\">Do so.</p>", &[]);
        check("<tr><th>What</th></tr>\n<ul>", &[]);
    }

    #[test]
    fn a_claim_of_the_owners_page_is_a_statement_and_a_field_is_none() {
        let page = "<main>\n<p class=\"field\"><label>Site</label></p>\n<div><dt>Weight</dt><dd>2 KB</dd></div>\n<p class=\"lead\">It holds.</p>\n</main>";
        let found = name_their_tests(&[source("public/index.html", page)]);
        assert_eq!(
            found.iter().map(|finding| finding.line).collect::<Vec<_>>(),
            [3, 4],
            "{found:?}"
        );
    }

    #[test]
    fn a_statement_that_nothing_keeps_true_is_found() {
        check("<p>It holds.</p>", &[1]);
        check("<!-- a note -->\n<li>It holds.</li>", &[2]);
        check("<!-- tested by it_held -->\n<tr><td>It holds.</td></tr>", &[2]);
        check("<!-- tested by helper, it_holds -->\n<p>It holds.</p>", &[2]);
        check("<!-- tested by it_holds; not tested:  -->\n<p>It holds.</p>", &[2]);
        check("<!-- tested by it_holds -->\n<p>It holds.</p><p>And so does this.</p>", &[2]);
        check("<!-- tested by it_holds -->\n\n<p>It holds.</p>", &[3]);
    }
}
