//! The frame's document, on its way from `app/index.html` to `dist/studio.html`.
//!
//! Notes to readers of the source go; the marks that the edge fills (`{{…}}`, `<!--each …-->`, `<!--if …-->`,
//! `<!--end-->`) stay.

use anyhow::{Result, bail};

/// Comments that open with one of these words are the edge's.
const MARKS: [&str; 5] = ["each", "if", "else", "end", "{{"];

/// Takes out what only Trunk and the source's readers need, and blank lines.
pub fn clean(html: &str) -> Result<String> {
    let html = without_trunk(html)?;
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((comment, end)) = after.split_once("-->") else { bail!("a comment does not end") };
        out.push_str(before);
        if is_mark(comment) {
            out.extend(["<!--", comment, "-->"]);
        }
        rest = end;
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(lines.join("\n") + "\n")
}

/// Trunk's own elements are links without content, and stay out of the document.
fn without_trunk(html: &str) -> Result<String> {
    const LINK: &str = "<link data-trunk";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(LINK) {
        let Some((_, end)) = after.split_once('>') else { bail!("a link does not end") };
        out.push_str(before);
        rest = end;
    }
    out.push_str(rest);
    if out.contains("data-trunk") {
        bail!("Trunk's elements must be written `{LINK} …>`");
    }
    Ok(out)
}

fn is_mark(comment: &str) -> bool {
    MARKS.iter().any(|mark| {
        let Some(after) = comment.trim_start().strip_prefix(mark) else { return false };
        *mark == "{{" || after.is_empty() || after.starts_with(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_go_and_marks_stay() {
        let html = "<!doctype html>\n\n<!-- a note -->\n  <p>{{title}}</p>\n\
                    <!--each presets--><b></b><!--end-->\n<!--if challenge-->x<!--end--><!--ending-->";
        let expected = "<!doctype html>\n<p>{{title}}</p>\n\
                        <!--each presets--><b></b><!--end-->\n<!--if challenge-->x<!--end-->\n";
        assert_eq!(clean(html).unwrap(), expected);
    }

    #[test]
    fn what_is_for_trunk_goes() {
        let html = "<head>\n<link data-trunk rel=\"rust\">\n</head>";
        assert_eq!(clean(html).unwrap(), "<head>\n</head>\n");
        assert!(clean("<img data-trunk>").is_err());
    }

    #[test]
    fn what_does_not_end_is_an_error() {
        assert!(clean("<!-- open").is_err());
        assert!(clean("<link data-trunk").is_err());
    }
}
