//! A response as data, and the parts of it that the checks read.
//!
//! Owns the reading. Must not decide whether a response is right.

use contract::problem::{Problem, ProblemKind};
use serde::de::DeserializeOwned;

/// The longest text of a response that a sentence repeats. A longer one is not cut, since half a secret is one too.
const LONGEST: usize = 200;

/// A response, whatever its status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in small letters, and values; a name may be there twice.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value. Of a header that is there twice both values, as a browser joins them; `None` without any.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> =
            self.headers.iter().filter(|(own, _)| own == name).map(|(_, it)| it.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The kind, if it is one of Easel's problem documents.
    pub fn problem(&self) -> Option<ProblemKind> {
        self.json::<Problem>().map(|problem| problem.kind)
    }

    /// The response in words: its status, and a problem's kind with what the product says of it.
    pub fn describe(&self) -> String {
        match self.problem() {
            Some(kind) => format!("{} {kind} ({})", self.status, kind.title()),
            None => format!("status {}", self.status),
        }
    }
}

/// A text of a response for a sentence: without characters that a terminal could obey.
pub fn shown(text: &str) -> String {
    if text.len() > LONGEST {
        return format!("a text of {} bytes", text.len());
    }
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    format!("`{}`", text.chars().map(plain).collect::<String>())
}

#[cfg(test)]
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned()));
    Answer { status, headers: headers.collect(), body: body.as_bytes().to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_there_twice_has_both_values() {
        let twice = answer(200, &[("a", "1"), ("b", "x"), ("a", "2")], "");
        assert_eq!(twice.header("a").as_deref(), Some("1, 2"));
        assert_eq!(twice.header("c"), None);
    }

    #[test]
    fn only_the_products_own_words_of_a_problem_are_repeated() {
        let problem = Problem { detail: "hush".into(), ..Problem::new(ProblemKind::Busy, "r") };
        let body = serde_json::to_string(&problem).unwrap();
        let said = answer(503, &[], &body).describe();
        assert!(said.starts_with("503 busy") && !said.contains("hush"), "{said}");
        assert_eq!(answer(500, &[], "hush").describe(), "status 500");
    }

    #[test]
    fn a_text_is_shown_whole_or_not_at_all() {
        assert_eq!(shown("a\u{1b}[2J"), "`a?[2J`");
        assert_eq!(shown(&"x".repeat(201)), "a text of 201 bytes");
    }
}
