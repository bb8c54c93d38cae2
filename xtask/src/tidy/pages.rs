//! Tests find the studio's parts by role and name, so that its structure can change without changing the tests.
//!
//! Owns the list of what a test must not use. Must not check the page objects in `tests/src`: they alone know the
//! page's structure.

use super::{Finding, Source};

/// Ways to find a part of a page by its structure: in pages, in Chromium's protocol and in the driver.
const FINDERS: [&str; 12] = [
    "querySelector",
    "getElementById",
    "getElementsBy",
    "elementFromPoint",
    "document.evaluate(",
    ".closest(",
    ".matches(",
    ".dataset",
    "By::Css",
    "By::Id",
    "By::ClassName",
    "By::XPath",
];

/// No test finds a part by the page's structure.
pub fn are_asked_by_role_and_name(source: &Source) -> Vec<Finding> {
    if !source.path.starts_with("tests/tests/") {
        return Vec::new();
    }
    let wrong = source.lines().filter_map(|(at, line)| Some((at, found(line)?)));
    let what =
        |name| format!("`{name}`: ask by role and name, or through a page object of tests/src");
    wrong.map(|(at, name)| source.finding(at, what(name))).collect()
}

/// The finder that the line uses, if it is not part of another word.
fn found(line: &str) -> Option<&'static str> {
    FINDERS.into_iter().find(|finder| {
        line.match_indices(finder).any(|(at, _)| {
            let after = line.get(at + finder.len()..).and_then(|rest| rest.chars().next());
            finder.ends_with('(') || !after.is_some_and(char::is_lowercase)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn a_test_that_knows_the_pages_structure_is_found() {
        let test = "browser.eval(\"document.querySelectorAll('img').length\")\nbrowser.see(\"button\", \"Create\")\n\
                    const card = document.getElementById('card')\nif (target.closest('[role=status]'))\ndriver.find(By::Id(\"x\"))\n\
                    one.dataset.url\nlet datasets = 1;\nclosest(3)";
        let lines = [1, 3, 4, 5, 6];
        finds(are_asked_by_role_and_name, "tests/tests/it/wall.rs", test, &lines);
        finds(are_asked_by_role_and_name, "tests/tests/it/embed/frame.html", test, &lines);
        finds(are_asked_by_role_and_name, "tests/src/page/wall.rs", test, &[]);
        finds(are_asked_by_role_and_name, "app/src/components/wall.rs", test, &[]);
    }
}
