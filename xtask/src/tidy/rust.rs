//! Rules for every Rust file.
//!
//! Owns their limits. Must not repeat a lint of clippy.

use super::{Finding, Source};

/// The longest file: a longer one usually has more than one subject.
const LINES: usize = 400;

/// Every file begins with what it owns and what it must not do.
pub fn opens_with_its_purpose(source: &Source) -> Vec<Finding> {
    let opens = source.text.starts_with("//!");
    let wrong = source.is("rs") && !opens;
    wrong
        .then(|| source.finding(1, "begin with `//!`: what it owns, what it must not do"))
        .into_iter()
        .collect()
}

/// No file is too long.
pub fn is_short(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    let wrong = source.is("rs") && lines > LINES;
    wrong
        .then(|| source.finding(0, format!("{lines} lines; split what is over {LINES}")))
        .into_iter()
        .collect()
}

/// A lint is obeyed or expected with a reason, never allowed.
pub fn expects_instead_of_allowing(source: &Source) -> Vec<Finding> {
    if !source.is("rs") {
        return Vec::new();
    }
    let marks = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let wrong = source.code().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
    wrong.map(|(at, _)| source.finding(at, "use #[expect(…, reason = \"…\")]")).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn a_file_without_a_purpose_is_found() {
        finds(opens_with_its_purpose, "a/src/lib.rs", "use x;\n", &[1]);
        finds(opens_with_its_purpose, "a/src/lib.rs", "//! Owns x.\n", &[]);
        finds(opens_with_its_purpose, "a.css", "a{}", &[]);
    }

    #[test]
    fn a_long_file_is_found() {
        finds(is_short, "a.rs", &"x\n".repeat(401), &[0]);
        finds(is_short, "a.rs", &"x\n".repeat(400), &[]);
        finds(is_short, "a.md", &"x\n".repeat(401), &[]);
    }

    #[test]
    fn an_allowed_lint_is_found() {
        let allow = concat!("#[", "allow(dead_code)]");
        finds(expects_instead_of_allowing, "a.rs", &format!("//! x\n  {allow}\n"), &[2]);
        finds(expects_instead_of_allowing, "a.rs", "#[expect(dead_code, reason = \"x\")]", &[]);
        finds(expects_instead_of_allowing, "a.rs", &format!("// {allow}"), &[]);
    }
}
