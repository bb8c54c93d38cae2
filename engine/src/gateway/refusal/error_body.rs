//! Reads the body of an error in all known shapes: nested, flat, in a list of attempts, as JSON in a string, cut off, or
//! not JSON at all.
//!
//! Owns which members count: codes in members for codes, sentences in members for messages. Must not keep any text, and
//! must not trust text that the visitor may have written: upstream repeats prompts.

use super::{
    model_gone,
    table::{self, Meaning},
};
use serde_json::{Deserializer, Value};

/// How many levels of JSON in a string in JSON are read.
const MAX_NESTED_JSON: u8 = 3;

/// The facts found in an error's body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub(super) struct ErrorFacts {
    /// Moderation refused the prompt or the picture.
    pub(super) moderation: bool,
    /// The operator's account has no money left.
    pub(super) billing: bool,
    /// The operator's account has no permission for this.
    pub(super) account: bool,
    /// A provider's terms of service forbid the prompt.
    pub(super) terms: bool,
    /// The requested model does not exist, or no longer.
    pub(super) model_gone: bool,
    /// The error has a type that means moderation, unless a code has another meaning.
    user_error: bool,
    /// The error has a code that does not mean moderation.
    other_code: bool,
    /// The error is about the key or its owner.
    about_key: bool,
}

impl ErrorFacts {
    /// Reads the beginning of a body, cut at any byte. If `model` is empty, no sentence counts as one about the model.
    pub(super) fn of(body: &[u8], model: &str) -> Self {
        let mut reader = ErrorReader { facts: Self::default(), model };
        match serde_json::from_slice::<Value>(body) {
            Ok(json) => reader.value(&json, MemberKind::Text, TextLayer::OUTERMOST),
            Err(_) => reader.search_cut_body(&String::from_utf8_lossy(body)),
        }
        let facts = reader.facts;
        Self { terms: facts.terms && !facts.about_key, ..facts }
    }

    /// Whether only the error's type means moderation, and no code contradicts it.
    pub(super) fn is_bare_user_error(self) -> bool {
        self.user_error && !self.other_code
    }
}

/// How a member's value is read, by the member's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MemberKind {
    /// The value is a code.
    Code,
    /// The value is a type or a status: a group of errors, which a code may narrow.
    Type,
    /// The value is the reason for an end: a code or a sentence.
    Reason,
    /// The value is the reason for a block, which is always moderation.
    Blocked,
    /// The value is a sentence for people, or an error in JSON as a string.
    Text,
    /// The value is about a parameter of the request: codes count, but sentences may repeat the visitor's text.
    Parameter,
    /// The value repeats a part of the request.
    Request,
    Other,
}

impl MemberKind {
    fn of(name: &str) -> Self {
        match letters(name).as_str() {
            "code" | "errorcode" => Self::Code,
            "type" | "status" | "errortype" => Self::Type,
            "reason" | "finishreason" => Self::Reason,
            "blockreason"
            | "blockedreason"
            | "raireason"
            | "raifilteredreason"
            | "raimediafilteredreasons" => Self::Blocked,
            "message" | "msg" | "error" | "errors" | "errormessage" | "detail" | "details"
            | "title" | "description" | "statusmessage" | "blockreasonmessage" | "responsebody"
            | "body" | "cause" | "text" => Self::Text,
            "param" | "params" | "issues" => Self::Parameter,
            "prompt" | "input" | "request" | "requestbodyvalues" | "instances" => Self::Request,
            _ => Self::Other,
        }
    }
}

/// How many strings a value is nested in, and whether upstream itself must have written it.
#[derive(Debug, Clone, Copy)]
struct TextLayer {
    depth: u8,
    from_upstream: bool,
}

impl TextLayer {
    const OUTERMOST: Self = Self { depth: 0, from_upstream: true };

    fn within(self, from_upstream: bool) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            from_upstream: self.from_upstream && from_upstream,
        }
    }
}

struct ErrorReader<'a> {
    facts: ErrorFacts,
    model: &'a str,
}

impl ErrorReader<'_> {
    /// Reads a value, whose depth `serde_json` has limited.
    fn value(&mut self, value: &Value, kind: MemberKind, layer: TextLayer) {
        match value {
            Value::String(text) => self.string(text, kind, layer),
            Value::Array(values) => {
                for value in values {
                    self.value(value, kind, layer);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    // Upstream names a routing rule of the operator that denied the request.
                    self.facts.account |= name == "ruleId" && layer.from_upstream;
                    let inner = match (kind, MemberKind::of(name)) {
                        (_, MemberKind::Request) => continue,
                        (MemberKind::Parameter, MemberKind::Code) => MemberKind::Code,
                        (MemberKind::Parameter, _) => MemberKind::Parameter,
                        (_, own) => own,
                    };
                    self.value(value, inner, layer);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, text: &str, kind: MemberKind, layer: TextLayer) {
        match kind {
            MemberKind::Code => {
                let letters = letters(text);
                let meaning = table::code(&letters);
                // A number only repeats the status, and an empty code has no meaning.
                let is_none = letters.bytes().all(|byte| byte.is_ascii_digit());
                self.facts.other_code |=
                    !is_none && !matches!(meaning, Some(Meaning::Moderation | Meaning::UserError));
                self.record(meaning, layer);
            }
            MemberKind::Type => self.record(table::code(&letters(text)), layer),
            MemberKind::Reason => {
                self.facts.moderation |= table::is_reason(&letters(text));
                self.record(table::code(&letters(text)), layer);
                self.sentence(text, layer);
            }
            MemberKind::Blocked => {
                let reason = letters(text);
                self.facts.moderation |= !reason.is_empty() && !reason.ends_with("unspecified");
            }
            MemberKind::Text => self.text(text, layer),
            MemberKind::Parameter | MemberKind::Request | MemberKind::Other => {}
        }
    }

    fn record(&mut self, meaning: Option<Meaning>, layer: TextLayer) {
        match meaning {
            Some(Meaning::Moderation) => self.facts.moderation = true,
            Some(Meaning::UserError) => self.facts.user_error = true,
            Some(Meaning::Terms) => self.facts.terms = true,
            Some(Meaning::ModelGone) => self.facts.model_gone = true,
            // These two may close the site for all visitors, so that only upstream's own text counts.
            Some(Meaning::Billing) => self.facts.billing |= layer.from_upstream,
            Some(Meaning::Account) => self.facts.account |= layer.from_upstream,
            None => {}
        }
    }

    /// Reads a message: a sentence, which may contain an error in JSON, alone or after some words.
    fn text(&mut self, text: &str, layer: TextLayer) {
        self.sentence(text, layer);
        if layer.depth >= MAX_NESTED_JSON {
            return;
        }
        let Some(start) = text.find('{') else { return };
        let (before, json) = text.split_at_checked(start).unwrap_or_default();
        let layer = layer.within(before.trim().is_empty());
        if let Some(Ok(inner)) = Deserializer::from_str(json).into_iter::<Value>().next() {
            self.value(&inner, MemberKind::Text, layer);
        }
    }

    fn sentence(&mut self, text: &str, layer: TextLayer) {
        let text = normalized(text);
        self.facts.moderation |= table::is_moderation(&text);
        self.facts.model_gone |= model_gone::says_model_gone(&text, self.model);
        self.facts.about_key |= table::is_about_key(&text);
        self.record(table::account(&text), layer);
    }

    /// Searches a body that is not complete JSON for known codes and phrases.
    fn search_cut_body(&mut self, text: &str) {
        // In JSON, a repeated prompt cannot contain an unescaped quote. In other text it can, so that it is not trusted.
        let is_json = text.trim_start().starts_with(['{', '[']);
        self.search_members(text, TextLayer::OUTERMOST.within(is_json));
        let unescaped = text.replace('\\', "");
        self.search_members(&unescaped, TextLayer::OUTERMOST.within(false));
        self.sentence(&unescaped, TextLayer::OUTERMOST);
    }

    /// Finds members such as `"code": "…"` in a text.
    fn search_members(&mut self, text: &str, layer: TextLayer) {
        let mut strings = text.split('"').skip(1).peekable();
        while let Some(name) = strings.next() {
            let kind = MemberKind::of(name);
            let colon = strings.peek().is_some_and(|between| between.trim() == ":");
            if !colon
                || matches!(kind, MemberKind::Parameter | MemberKind::Request | MemberKind::Other)
            {
                continue;
            }
            let _ = strings.next();
            // A value without a closing quote was cut off and is not read.
            if let Some(value) = strings.next()
                && strings.peek().is_some()
            {
                self.string(value, kind, layer);
            }
        }
    }
}

/// The ASCII letters and digits of a word in lower case, at most 64.
fn letters(word: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    letters.take(64).map(|c| c.to_ascii_lowercase()).collect()
}

/// The text in lower case, with one space between words.
fn normalized(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normalized.is_empty() {
            normalized.push(' ');
        }
        normalized.push_str(&word.to_ascii_lowercase());
    }
    normalized
}
