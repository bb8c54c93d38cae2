//! Rules for the frame's document, which runs under a CSP without `unsafe-inline`.
//!
//! Owns what the policy forbids. Must not check scripts in files of their own.

use super::{Finding, Source};

/// No inline script except data, no inline style, no attribute with a handler.
pub fn has_nothing_inline(source: &Source) -> Vec<Finding> {
    if source.path != "app/index.html" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, tag) in tags(&source.text) {
        let line = source.text[..at].lines().count().max(1);
        let name = tag.split([' ', '\n', '>', '/']).next().unwrap_or_default();
        if name == "script" && !tag.contains(" src=") && !tag.contains("type=\"application/json\"")
        {
            found.push(source.finding(line, "an inline script; the CSP forbids it"));
        }
        if name == "style" {
            found.push(source.finding(line, "an inline style; the CSP forbids it"));
        }
        for attribute in attributes(tag) {
            if attribute == "style" || attribute.starts_with("on") {
                found.push(
                    source.finding(line, format!("the attribute {attribute}; the CSP forbids it")),
                );
            }
        }
    }
    found
}

/// The opening tags: their lines, and the text between `<` and `>`.
fn tags(html: &str) -> impl Iterator<Item = (usize, &str)> {
    html.match_indices('<').filter_map(|(at, _)| {
        let tag = &html[at + 1..];
        let opens = tag.starts_with(|c: char| c.is_ascii_alphabetic());
        opens.then(|| (at + 1, tag.split('>').next().unwrap_or(tag)))
    })
}

/// The names of a tag's attributes: words outside quotes that are followed by `=`.
fn attributes(tag: &str) -> impl Iterator<Item = &str> {
    let outside = tag.split('"').step_by(2);
    outside.filter_map(|part| part.trim_end().strip_suffix('=')?.split_whitespace().next_back())
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    fn check(html: &str, lines: &[usize]) {
        finds(has_nothing_inline, "app/index.html", html, lines);
    }

    #[test]
    fn what_the_csp_forbids_is_found() {
        check("<p>\n<script>x()</script>", &[2]);
        check("<style>\na{}</style>", &[1]);
        check("<p class=\"a\"\nstyle=\"b: c\">", &[1]);
        check("<button type=\"submit\" onclick=\"x()\">", &[1]);
    }

    #[test]
    fn what_is_allowed_is_not_found() {
        check("<!doctype html>\n<script src=\"a.js\"></script>", &[]);
        check("<script type=\"application/json\" id=\"site\">{}</script>", &[]);
        check("<p title=\"on=\" data-on=\"1\">style=\"x\" a < b</p>", &[]);
    }
}
