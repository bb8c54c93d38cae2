//! Rules for the stylesheets: layers decide precedence, and tokens hold every value.
//!
//! Owns the reading of CSS. Must not judge colours or sizes.

use super::{Finding, Source};

const TOKENS: &str = "style/tokens.css";
const COLOURS: [&str; 6] = ["rgb(", "rgba(", "hsl(", "oklch(", "oklab(", "color("];

/// Each file is one layer, so that the order of files has no effect.
pub fn is_in_one_layer(source: &Source) -> Vec<Finding> {
    if !is_style(source) {
        return Vec::new();
    }
    let text = without_comments(&source.text);
    let text = text.trim();
    let end = match text.find(['{', ';']) {
        Some(at) if text[at..].starts_with(';') => Some(at + 1), // the file that only orders the layers
        Some(_) => block_end(text),
        None => None,
    };
    let wrong = !text.starts_with("@layer") || end != Some(text.len());
    wrong
        .then(|| source.finding(0, "put all of it into one `@layer NAME { … }`"))
        .into_iter()
        .collect()
}

/// Colours and lengths in pixels have names, which tokens.css defines.
pub fn leaves_values_to_tokens(source: &Source) -> Vec<Finding> {
    if !is_style(source) || source.path == TOKENS {
        return Vec::new();
    }
    let text = without_comments(&source.text);
    // Custom properties do not work in the condition of a query.
    let query =
        |line: &str| ["@media", "@container"].iter().any(|at| line.trim_start().starts_with(at));
    let lines = text.lines().enumerate().filter(|(_, line)| !query(line));
    let wrong = lines.filter_map(|(at, line)| Some((at + 1, literal(line)?)));
    wrong
        .map(|(at, what)| source.finding(at, format!("`{what}` belongs in {TOKENS}, as a token")))
        .collect()
}

/// Sides are named by the direction of the text, so that the studio works in languages that are written from right to
/// left.
pub fn uses_sides_of_the_text(source: &Source) -> Vec<Finding> {
    if !is_style(source) {
        return Vec::new();
    }
    let text = without_comments(&source.text);
    let wrong = text.lines().enumerate().filter(|(_, line)| {
        let (name, value) = line.split_once(':').unwrap_or_default();
        let is_side = |side: &str| matches!(side, "left" | "right");
        let named = name.trim().split('-').any(is_side);
        let aligned = matches!(name.trim(), "text-align" | "float" | "clear");
        named || (aligned && is_side(value.trim().trim_end_matches(';')))
    });
    let what = "name the side by the direction of the text: inline-start, inline-end, start, end";
    wrong.map(|(at, _)| source.finding(at + 1, what)).collect()
}

fn is_style(source: &Source) -> bool {
    source.path.starts_with("style/") && source.is("css")
}

/// A colour or a length in pixels in the line, if there is one.
fn literal(line: &str) -> Option<&str> {
    let value = line.split_once(':').map_or(line, |(_, value)| value);
    if let Some(colour) = COLOURS.iter().find(|colour| value.contains(**colour)) {
        return Some(colour);
    }
    value.split([' ', ',', ';', '(', ')']).find(|word| is_hex(word) || is_pixels(word))
}

fn is_hex(word: &str) -> bool {
    let Some(digits) = word.strip_prefix('#') else { return false };
    matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|c| c.is_ascii_hexdigit())
}

fn is_pixels(word: &str) -> bool {
    let Some(number) = word.strip_suffix("px") else { return false };
    number.parse::<f64>().is_ok()
}

/// The text with blanks in place of comments, so that line numbers stay the same.
fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        let (comment, end) = after.split_once("*/").unwrap_or((after, ""));
        out.extend(comment.chars().filter(|c| *c == '\n'));
        rest = end;
    }
    out + rest
}

/// The index after the first block.
fn block_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn a_rule_outside_of_the_layer_is_found() {
        finds(is_in_one_layer, "style/a.css", "/* a */\n@layer a {\n  b { c: d }\n}\n", &[]);
        finds(is_in_one_layer, "style/layers.css", "@layer a, b;\n", &[]);
        finds(is_in_one_layer, "style/a.css", "@layer a { }\nb { }\n", &[0]);
        finds(is_in_one_layer, "style/a.css", "b { }\n", &[0]);
        finds(is_in_one_layer, "style/a.css", "@layer a, b;\n@layer a { }", &[0]);
    }

    #[test]
    fn a_side_that_is_not_the_texts_is_found() {
        let text = "@layer a {\n  b { margin-left: 0; }\n  c {\n    text-align: right;\n    right: 0;\n\
                    d: to left;\n    margin-inline: 0;\n    text-align: start;\n  }\n  /* left: 0 */\n}\n";
        finds(uses_sides_of_the_text, "style/a.css", text, &[2, 4, 5]);
    }

    #[test]
    fn a_literal_outside_of_the_tokens_is_found() {
        let text = "@layer a {\n  b { color: #fff; }\n  c { margin: 0 4px; }\n  /* 3px */\n\
                    \x20 d { background: oklch(1 0 0); }\n  @media (min-width: 40px) {\n  #fab { e: var(--x) }\n}}";
        finds(leaves_values_to_tokens, "style/a.css", text, &[2, 3, 5]);
        finds(leaves_values_to_tokens, TOKENS, text, &[]);
    }
}
