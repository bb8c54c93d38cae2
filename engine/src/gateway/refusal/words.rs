//! What the words of an error say, in the shapes that are known: nested, flat, within a list of attempts, as text within
//! text, cut off, or no JSON at all.
//!
//! Owns where in a body a word counts: a code under a code's name, a sentence under a message's. Must not keep any of
//! them, and must not believe what the visitor may have written: upstream repeats descriptions.

use super::{
    gone,
    table::{self, Meaning},
};
use serde_json::{Deserializer, Value};

/// How deep JSON within a text within JSON is read.
const LAYERS: u8 = 3;

/// What was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that may have been said")]
pub(super) struct Words {
    /// Moderation refused the description or the picture.
    pub(super) moderation: bool,
    /// The operator's account is at the end of its money.
    pub(super) billing: bool,
    /// The operator's account is not allowed to do this.
    pub(super) account: bool,
    /// A provider's terms forbid the description.
    pub(super) terms: bool,
    /// The model that was asked is not there (any more).
    pub(super) model_gone: bool,
    /// The type that stands for moderation where no code says otherwise.
    user_error: bool,
    /// A code that is not moderation's.
    other_code: bool,
    /// The key or its owner is spoken of.
    about_key: bool,
}

impl Words {
    /// Reads the beginning of a body, cut anywhere. Without a model's name none is gone by a sentence.
    pub(super) fn of(body: &[u8], model: &str) -> Self {
        let mut reader = Reader { words: Self::default(), model };
        match serde_json::from_slice::<Value>(body) {
            Ok(json) => reader.value(&json, Place::Text, Layer::OUTERMOST),
            Err(_) => reader.cut(&String::from_utf8_lossy(body)),
        }
        let words = reader.words;
        Self { terms: words.terms && !words.about_key, ..words }
    }

    /// Whether moderation is told by the type alone.
    pub(super) fn is_bare_user_error(self) -> bool {
        self.user_error && !self.other_code
    }
}

/// What a name within JSON says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A code.
    Code,
    /// A type or a state: it names a family of errors, which a code beside it may narrow.
    Type,
    /// Why something ended: a code or a sentence.
    Reason,
    /// Why something was blocked: whatever it is, moderation did it.
    Blocked,
    /// A sentence for people, or a whole error as text.
    Text,
    /// It belongs to a parameter of the request: codes count, sentences may be the visitor's.
    Parameter,
    /// A part of the request that is told back.
    Request,
    Other,
}

impl Place {
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

/// How far within texts a value stands, and whether upstream itself must have written it.
#[derive(Debug, Clone, Copy)]
struct Layer {
    depth: u8,
    is_upstreams: bool,
}

impl Layer {
    const OUTERMOST: Self = Self { depth: 0, is_upstreams: true };

    fn within(self, is_upstreams: bool) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            is_upstreams: self.is_upstreams && is_upstreams,
        }
    }
}

struct Reader<'a> {
    words: Words,
    model: &'a str,
}

impl Reader<'_> {
    /// Reads a value; `serde_json` has bounded its depth.
    fn value(&mut self, value: &Value, place: Place, layer: Layer) {
        match value {
            Value::String(text) => self.string(text, place, layer),
            Value::Array(values) => {
                for value in values {
                    self.value(value, place, layer);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    // A rule that the operator has made denies it: upstream names the rule.
                    self.words.account |= name == "ruleId" && layer.is_upstreams;
                    let inner = match (place, Place::of(name)) {
                        (_, Place::Request) => continue,
                        (Place::Parameter, Place::Code) => Place::Code,
                        (Place::Parameter, _) => Place::Parameter,
                        (_, own) => own,
                    };
                    self.value(value, inner, layer);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, text: &str, place: Place, layer: Layer) {
        match place {
            Place::Code => {
                let letters = letters(text);
                let meaning = table::code(&letters);
                // A number repeats the status, and no code at all is no other one.
                let is_none = letters.bytes().all(|byte| byte.is_ascii_digit());
                self.words.other_code |=
                    !is_none && !matches!(meaning, Some(Meaning::Moderation | Meaning::UserError));
                self.learn(meaning, layer);
            }
            Place::Type => self.learn(table::code(&letters(text)), layer),
            Place::Reason => {
                self.words.moderation |= table::is_reason(&letters(text));
                self.learn(table::code(&letters(text)), layer);
                self.sentence(text, layer);
            }
            Place::Blocked => {
                let reason = letters(text);
                self.words.moderation |= !reason.is_empty() && !reason.ends_with("unspecified");
            }
            Place::Text => self.text(text, layer),
            Place::Parameter | Place::Request | Place::Other => {}
        }
    }

    fn learn(&mut self, meaning: Option<Meaning>, layer: Layer) {
        match meaning {
            Some(Meaning::Moderation) => self.words.moderation = true,
            Some(Meaning::UserError) => self.words.user_error = true,
            Some(Meaning::Terms) => self.words.terms = true,
            Some(Meaning::ModelGone) => self.words.model_gone = true,
            // It may close the site for everybody.
            Some(Meaning::Billing) => self.words.billing |= layer.is_upstreams,
            Some(Meaning::Account) => self.words.account |= layer.is_upstreams,
            None => {}
        }
    }

    /// A message: a sentence, and perhaps a whole error in JSON, alone or behind some words.
    fn text(&mut self, text: &str, layer: Layer) {
        self.sentence(text, layer);
        if layer.depth >= LAYERS {
            return;
        }
        let Some(start) = text.find('{') else { return };
        let (before, json) = text.split_at_checked(start).unwrap_or_default();
        let layer = layer.within(before.trim().is_empty());
        if let Some(Ok(inner)) = Deserializer::from_str(json).into_iter::<Value>().next() {
            self.value(&inner, Place::Text, layer);
        }
    }

    fn sentence(&mut self, text: &str, layer: Layer) {
        let text = plain(text);
        self.words.moderation |= table::moderates(&text);
        self.words.model_gone |= gone::says(&text, self.model);
        self.words.about_key |= table::is_about_key(&text);
        self.learn(table::account(&text), layer);
    }

    /// Searches what is no whole JSON for the codes and phrases that are known.
    fn cut(&mut self, text: &str) {
        // Within JSON no description has a bare quote; in any other text it may.
        let is_json = text.trim_start().starts_with(['{', '[']);
        self.members(text, Layer::OUTERMOST.within(is_json));
        let unescaped = text.replace('\\', "");
        self.members(&unescaped, Layer::OUTERMOST.within(false));
        self.sentence(&unescaped, Layer::OUTERMOST);
    }

    /// Finds `"code": "…"` and its like in a text.
    fn members(&mut self, text: &str, layer: Layer) {
        let mut strings = text.split('"').skip(1).peekable();
        while let Some(name) = strings.next() {
            let place = Place::of(name);
            let colon = strings.peek().is_some_and(|between| between.trim() == ":");
            if !colon || matches!(place, Place::Parameter | Place::Request | Place::Other) {
                continue;
            }
            let _ = strings.next();
            // A value that is cut in the middle says nothing: it has no closing quote.
            if let Some(value) = strings.next()
                && strings.peek().is_some()
            {
                self.string(value, place, layer);
            }
        }
    }
}

/// The letters and digits of a short word, small.
fn letters(word: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    letters.take(64).map(|c| c.to_ascii_lowercase()).collect()
}

/// A text in small letters, with one space between words.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word.to_ascii_lowercase());
    }
    plain
}
