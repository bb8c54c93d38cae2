//! The small template language of `app/index.html` and of the edge's own pages.
//!
//! Owns the syntax and escaping. Must not know which names exist.
//!
//! `{{name}}` inserts an escaped text, `{{{name}}}` one without escaping. `{{|key|word|}}` inserts the owner's text for
//! that key, else `word`, escaped; in `{{|key name|word|}}` the value of `name` replaces `{n}`. `<!--each
//! name-->…<!--end-->` repeats its content for every item of a list; `<!--if name-->…<!--end-->` keeps its content if
//! the flag is set, or if the text or the list is not empty.

use std::{collections::BTreeMap, fmt};

/// The value of a name.
pub(super) enum Value {
    Text(String),
    Flag(bool),
    List(Vec<Scope>),
}

/// Names with their values. Inner scopes are searched first.
pub(super) type Scope = Vec<(&'static str, Value)>;

/// A template that uses an unknown name or the wrong type. It is a programming error, which tests find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError(String);

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document's template uses {}, which has no value of that type", self.0)
    }
}

/// Appends a text so that it is safe in an element and in a quoted attribute.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
}

fn find<'a>(name: &str, scopes: &[&'a Scope]) -> Option<&'a Value> {
    scopes
        .iter()
        .flat_map(|scope| scope.iter())
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Fills a template. `texts` are the owner's texts.
pub(super) fn render(
    mut template: &str,
    scopes: &[&Scope],
    texts: &BTreeMap<String, String>,
) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len());
    while let Some(mark) = Mark::next(template) {
        out.push_str(mark.before);
        let unfit = || TemplateError(mark.name.to_owned());
        if let Kind::Word = mark.kind {
            let (what, word) = mark.name.split_once('|').ok_or_else(unfit)?;
            let (key, number) = what.split_once(' ').unwrap_or((what, ""));
            let word = texts.get(key).map_or(word, String::as_str);
            // A key without a number gives an empty name, which no value has.
            let mut rest = word;
            match find(number, scopes) {
                Some(Value::Text(number)) => {
                    while let Some((before, after)) = rest.split_once("{n}") {
                        escape(before, &mut out);
                        escape(number, &mut out);
                        rest = after;
                    }
                }
                None if number.is_empty() => {}
                _ => return Err(unfit()),
            }
            escape(rest, &mut out);
            template = mark.after;
            continue;
        }
        let value = find(mark.name, scopes).ok_or_else(unfit)?;
        template = match (mark.kind, value) {
            (Kind::Text, Value::Text(text)) => {
                escape(text, &mut out);
                mark.after
            }
            (Kind::Raw, Value::Text(text)) => {
                out.push_str(text);
                mark.after
            }
            (Kind::Each, Value::List(items)) => {
                let (body, after) = body(mark.after).ok_or_else(unfit)?;
                for item in items {
                    let inner: Vec<_> =
                        std::iter::once(item).chain(scopes.iter().copied()).collect();
                    out.push_str(&render(body, &inner, texts)?);
                }
                after
            }
            (Kind::If, value) => {
                let (body, after) = body(mark.after).ok_or_else(unfit)?;
                let holds = match value {
                    Value::Flag(flag) => *flag,
                    Value::Text(text) => !text.is_empty(),
                    Value::List(items) => !items.is_empty(),
                };
                if holds {
                    out.push_str(&render(body, scopes, texts)?);
                }
                after
            }
            _ => return Err(unfit()),
        };
    }
    out.push_str(template);
    Ok(out)
}

#[derive(Clone, Copy)]
enum Kind {
    Word,
    Text,
    Raw,
    Each,
    If,
}

/// The next place of the template that has to be filled.
struct Mark<'a> {
    before: &'a str,
    kind: Kind,
    name: &'a str,
    after: &'a str,
}

const OPENINGS: [(&str, &str, Kind); 5] = [
    ("{{|", "|}}", Kind::Word),
    ("{{{", "}}}", Kind::Raw),
    ("{{", "}}", Kind::Text),
    ("<!--each ", "-->", Kind::Each),
    ("<!--if ", "-->", Kind::If),
];

impl<'a> Mark<'a> {
    fn next(template: &'a str) -> Option<Self> {
        let first = OPENINGS
            .iter()
            .filter_map(|(open, close, kind)| Some((template.find(open)?, open, close, *kind)));
        // If two openings begin at the same place, the longer one is meant.
        let (at, open, close, kind) =
            first.min_by_key(|(at, open, ..)| (*at, usize::MAX.saturating_sub(open.len())))?;
        let (before, rest) = template.split_at_checked(at)?;
        let (name, after) = rest.strip_prefix(open)?.split_once(close)?;
        Some(Self { before, kind, name, after })
    }
}

/// The content of the block that was just opened, and the template after its end.
fn body(template: &str) -> Option<(&str, &str)> {
    const END: &str = "<!--end-->";
    let (mut depth, mut at) = (0usize, 0usize);
    loop {
        let rest = template.get(at..)?;
        let end = rest.find(END)?;
        let open = ["<!--each ", "<!--if "]
            .iter()
            .filter_map(|open| rest.find(open))
            .min()
            .filter(|&open| open < end);
        match (open, depth) {
            (Some(open), _) => {
                depth = depth.checked_add(1)?;
                at = at.checked_add(open)?.checked_add(1)?;
            }
            (None, 0) => {
                let end = at.checked_add(end)?;
                return Some((template.get(..end)?, template.get(end.checked_add(END.len())?..)?));
            }
            (None, _) => {
                depth = depth.checked_sub(1)?;
                at = at.checked_add(end)?.checked_add(END.len())?;
            }
        }
    }
}
