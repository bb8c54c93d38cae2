//! An answer without what must not be kept: the key, pictures, the account's names and credits.
//!
//! Owns what is removed, and what stands in its place. Must not compare.

use super::Answer;
use base64::{Engine, prelude::BASE64_STANDARD};
use engine::picture::Inspector;
use serde_json::{Map, Value, json};

/// The shortest text that can be a key: a shorter one could stand in any text.
const LEAST_KEY: usize = 12;
/// The shortest text that is looked at as a picture in base64, whatever its member is called.
const LEAST_PICTURE: usize = 256;
/// The longest text that is kept of a body that is not JSON.
const MOST_TEXT: usize = 2000;
/// The headers that are kept.
const HEADERS: [&str; 7] =
    ["allow", "cache-control", "content-type", "retry-after", "server", "vary", "x-matched-path"];
/// How words begin that name an account.
const ACCOUNTS: [&str; 3] = ["org-", "proj_", "team_"];
/// The members that say how much money an account has.
const CREDITS: [&str; 2] = ["balance", "total_used"];

/// Removes the key. It cannot be printed.
pub(super) struct Scrubber(String);

impl Scrubber {
    /// For a key; `None` if it is too short, or has characters that JSON would write differently.
    pub(super) fn new(key: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        let fits = key.len() >= LEAST_KEY && key.bytes().all(plain);
        fits.then(|| Self(key.to_owned()))
    }

    /// Whether a text contains the key.
    pub(super) fn finds(&self, text: &str) -> bool {
        text.contains(&self.0)
    }

    /// The text without the key and without the names of accounts.
    fn clean(&self, text: &str) -> String {
        let text = text.replace(&self.0, "[key]");
        let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let mut cleaned = String::with_capacity(text.len());
        for piece in text.split_inclusive(|c| !is_inside(c)) {
            let word = piece.trim_end_matches(|c| !is_inside(c));
            let names =
                ACCOUNTS.iter().any(|start| word.len() > start.len() && word.starts_with(start));
            cleaned.push_str(if names { "[account]" } else { word });
            cleaned.push_str(piece.strip_prefix(word).unwrap_or_default());
        }
        cleaned
    }
}

/// What an answer's body is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Empty,
    Text(String),
    Json(Value),
    Events(Vec<Value>),
}

/// An answer, cleaned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub(super) status: u16,
    /// Without its parameters; empty if none is stated.
    pub(super) media_type: String,
    pub(super) content: Content,
    /// Whether the answer contained the key.
    pub(super) has_key: bool,
    headers: Map<String, Value>,
}

impl Reading {
    /// Cleans an answer.
    pub(super) fn of(answer: &Answer, scrubber: &Scrubber) -> Self {
        let header = |wanted: &str| {
            let found = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| scrubber.clean(value))
        };
        let media_type = header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        let text = String::from_utf8_lossy(&answer.body);
        let content = match serde_json::from_slice(&answer.body) {
            _ if answer.body.is_empty() => Content::Empty,
            Ok(json) => Content::Json(without_pictures(json, scrubber)),
            Err(_) if media_type.eq_ignore_ascii_case("text/event-stream") => {
                Content::Events(events(&text, scrubber))
            }
            Err(_) => Content::Text(scrubber.clean(&text).chars().take(MOST_TEXT).collect()),
        };
        let kept =
            HEADERS.iter().filter_map(|name| Some(((*name).to_owned(), header(name)?.into())));
        let has_key = scrubber.finds(&text)
            || answer
                .headers
                .iter()
                .any(|(name, value)| scrubber.finds(name) || scrubber.finds(value))
            || content.says("[key]");
        Self {
            status: answer.status,
            media_type: media_type.to_ascii_lowercase(),
            content,
            has_key,
            headers: kept.collect(),
        }
    }

    /// The JSON in which an answer states its cost: the whole body, or a stream's last event.
    pub(super) fn last(&self) -> Option<&Value> {
        match &self.content {
            Content::Json(body) => Some(body),
            Content::Events(events) => events.last(),
            Content::Empty | Content::Text(_) => None,
        }
    }

    /// The answer as the fixture keeps it.
    pub(super) fn kept(&self) -> Value {
        let body = match &self.content {
            Content::Empty => Value::Null,
            Content::Text(text) => json!({ "text": text }),
            Content::Json(json) => json!({ "json": json }),
            Content::Events(events) => json!({ "events": events }),
        };
        json!({ "status": self.status, "headers": self.headers, "body": body })
    }
}

impl Content {
    /// Whether a mark stands in it: a key that JSON had written in escapes is seen only after it was read.
    fn says(&self, mark: &str) -> bool {
        match self {
            Self::Empty => false,
            Self::Text(text) => text.contains(mark),
            Self::Json(json) => json.to_string().contains(mark),
            Self::Events(events) => events.iter().any(|event| event.to_string().contains(mark)),
        }
    }
}

/// The JSON of each event of a stream.
fn events(text: &str, scrubber: &Scrubber) -> Vec<Value> {
    let text = text.replace("\r\n", "\n");
    let data = text.split("\n\n").map(|event| {
        let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
        lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
    });
    let json = data.filter_map(|data| serde_json::from_str(&data).ok());
    json.map(|json| without_pictures(json, scrubber)).collect()
}

/// The same JSON with facts in place of each picture, cleaned.
pub(super) fn without_pictures(json: Value, scrubber: &Scrubber) -> Value {
    cleaned("", json, scrubber)
}

fn cleaned(member: &str, json: Value, scrubber: &Scrubber) -> Value {
    match json {
        Value::String(text) => match picture(member, &text) {
            Some(facts) => facts,
            None if CREDITS.contains(&member) => zeroes(&text).into(),
            None => scrubber.clean(&text).into(),
        },
        Value::Number(_) if CREDITS.contains(&member) => 0.into(),
        Value::Array(list) => {
            list.into_iter().map(|item| cleaned(member, item, scrubber)).collect()
        }
        Value::Object(members) => {
            let clean = |(name, value): (String, Value)| {
                let value = cleaned(&name, value, scrubber);
                (scrubber.clean(&name), value)
            };
            Value::Object(members.into_iter().map(clean).collect())
        }
        other => other,
    }
}

fn zeroes(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// The facts of a picture in base64, in a data URL or alone; `None` if the text is none.
fn picture(member: &str, text: &str) -> Option<Value> {
    let data = text.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
    let (text, named) = match data {
        Some((_, text)) => (text, true),
        None => (text, member == "b64_json"),
    };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if !named && (text.len() < LEAST_PICTURE || !text.bytes().all(is_base64)) {
        return None;
    }
    let mut inspector = Inspector::default();
    let facts = BASE64_STANDARD.decode(text).ok().and_then(|bytes| {
        inspector.feed(&bytes).ok()?;
        inspector.finish().ok()
    });
    let characters = text.len();
    Some(match facts {
        Some(facts) => json!({ "picture": {
            "characters": characters, "media_type": facts.media_type.word(),
            "width": facts.width, "height": facts.height,
        } }),
        None => {
            json!({ "picture": { "characters": characters, "media_type": "none: not a whole picture" } })
        }
    })
}
