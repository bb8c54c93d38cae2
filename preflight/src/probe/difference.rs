//! Where two answers differ.
//!
//! Owns what is compared, and the sentences. By value: the status, the media type, in an error all but its message, the
//! prices of a model, the members of [`BY_VALUE`], and how many pictures there are. By JSON type alone: all the rest,
//! such as ids, times, costs, tokens and texts, which differ from call to call. Must not repeat a text of the gateway
//! that a terminal would not print as it stands.

use super::reading::{Content, Reading};
use serde_json::{Map, Value};

/// Members whose values are the same in each answer to the same request.
const BY_VALUE: [&str; 11] = [
    "background",
    "height",
    "media_type",
    "object",
    "outputFormat",
    "output_format",
    "owned_by",
    "quality",
    "size",
    "type",
    "width",
];
/// Members in which everything is compared by value.
const WHOLE_BY_VALUE: [&str; 2] = ["error", "pricing"];
/// Members of those that are texts for people.
const FOR_PEOPLE: [&str; 2] = ["message", "values"];
/// Lists with one item for each picture.
const COUNTED: [&str; 2] = ["data", "images"];
/// The longest value and the longest path that a sentence repeats.
const MOST_REPEATED: usize = 60;
const MOST_OF_PATH: usize = 200;

/// Every difference, as a sentence. `listed` are the models that a list of models must have.
pub(super) fn all(expected: &Reading, seen: &Reading, listed: &[String]) -> Vec<String> {
    let mut found = Found { sentences: Vec::new(), listed };
    if seen.has_key {
        found.sentences.push("it repeats the key".to_owned());
    }
    if seen.status != expected.status {
        found.say("status", &seen.status.to_string(), &expected.status.to_string());
    }
    let has_body = expected.content != Content::Empty && seen.content != Content::Empty;
    if has_body && seen.media_type != expected.media_type {
        let quoted = |text: &str| shown(&text.into());
        found.say("content-type", &quoted(&seen.media_type), &quoted(&expected.media_type));
    }
    match (&expected.content, &seen.content) {
        (Content::Json(expected), Content::Json(seen)) => {
            found.compare("", "", false, expected, seen);
        }
        (Content::Events(expected), Content::Events(seen)) => found.events(expected, seen),
        (Content::Empty, Content::Empty) | (Content::Text(_), Content::Text(_)) => {}
        (expected, seen) => found.say("body", kind_of(seen), kind_of(expected)),
    }
    found.sentences
}

struct Found<'a> {
    sentences: Vec<String>,
    listed: &'a [String],
}

impl Found<'_> {
    fn say(&mut self, path: &str, seen: &str, expected: &str) {
        self.sentences.push(format!(
            "{} is {seen}; the sandbox sends {expected}",
            printable(path, MOST_OF_PATH)
        ));
    }

    /// `member` is the name of the value's member; `whole` says that everything in it is compared by value.
    fn compare(&mut self, path: &str, member: &str, whole: bool, expected: &Value, seen: &Value) {
        match (expected, seen) {
            (Value::Object(expected), Value::Object(seen)) => {
                self.members(path, whole, expected, seen);
            }
            (Value::Array(expected), Value::Array(seen)) => {
                self.items(path, member, whole, expected, seen);
            }
            _ if type_of(expected) != type_of(seen) => {
                self.say(path_or_body(path), type_of(seen), type_of(expected));
            }
            _ if (whole || BY_VALUE.contains(&member)) && expected != seen => {
                self.say(path_or_body(path), &shown(seen), &shown(expected));
            }
            _ => {}
        }
    }

    fn members(
        &mut self,
        path: &str,
        whole: bool,
        expected: &Map<String, Value>,
        seen: &Map<String, Value>,
    ) {
        let below = |name: &str| {
            if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
        };
        for (name, expected) in expected {
            match seen.get(name) {
                Some(seen) => {
                    let for_people = FOR_PEOPLE.contains(&name.as_str());
                    let whole = (whole || WHOLE_BY_VALUE.contains(&name.as_str())) && !for_people;
                    self.compare(&below(name), name, whole, expected, seen);
                }
                None => self.sentences.push(format!("{} is missing", below(name))),
            }
        }
        for name in seen.keys().filter(|name| !expected.contains_key(*name)) {
            self.sentences.push(format!(
                "{} is there; the sandbox has none",
                printable(&below(name), MOST_OF_PATH)
            ));
        }
    }

    fn items(&mut self, path: &str, member: &str, whole: bool, expected: &[Value], seen: &[Value]) {
        if !expected.is_empty() && expected.iter().all(|item| id(item).is_some()) {
            return self.entries(path, expected, seen);
        }
        if (whole || COUNTED.contains(&member)) && expected.len() != seen.len() {
            let items = |count: usize| format!("{count} long");
            self.say(path_or_body(path), &items(seen.len()), &items(expected.len()));
        }
        // The items of any other list are alike, so that the first ones stand for all.
        let compared = if whole { usize::MAX } else { 1 };
        for (at, (expected, seen)) in expected.iter().zip(seen).enumerate().take(compared) {
            self.compare(&format!("{path}[{at}]"), member, whole, expected, seen);
        }
    }

    /// A list of models. Models come and go, so that only those that both have are compared, and only a configured one
    /// is missed.
    fn entries(&mut self, path: &str, expected: &[Value], seen: &[Value]) {
        let find =
            |list: &[Value], name: &str| list.iter().find(|entry| id(entry) == Some(name)).cloned();
        for entry in expected {
            let name = id(entry).unwrap_or_default();
            let below = format!("{path}[{name}]");
            match find(seen, name) {
                Some(seen) => self.compare(&below, "", false, entry, &seen),
                None if self.listed.iter().any(|listed| listed == name) => {
                    self.sentences.push(format!("{below} is missing"));
                }
                None => {}
            }
        }
        let unknown = self.listed.iter().filter(|name| find(expected, name).is_none());
        for name in unknown.filter(|name| find(seen, name).is_none()) {
            self.sentences.push(format!("{path}[{name}] is missing"));
        }
    }

    /// Events by their type: how many partial pictures are sent differs from call to call.
    fn events(&mut self, expected: &[Value], seen: &[Value]) {
        let named = |events: &[Value]| {
            let named = events.iter().map(|event| (kind(event).to_owned(), event.clone()));
            named.collect::<Map<String, Value>>()
        };
        let (expected, mut seen) = (named(expected), named(seen));
        let optional = |name: &str| name.ends_with(".partial_image");
        for name in expected.keys().filter(|name| optional(name)) {
            if !seen.contains_key(name) {
                seen.extend(
                    expected.get_key_value(name).map(|(name, it)| (name.clone(), it.clone())),
                );
            }
        }
        self.members("events", false, &expected, &seen);
    }
}

fn id(entry: &Value) -> Option<&str> {
    entry.get("id")?.as_str()
}

fn kind(event: &Value) -> &str {
    event.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn path_or_body(path: &str) -> &str {
    if path.is_empty() { "body" } else { path }
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

const fn kind_of(content: &Content) -> &'static str {
    match content {
        Content::Empty => "empty",
        Content::Text(_) => "a text that is not JSON",
        Content::Json(_) => "JSON",
        Content::Events(_) => "a stream of events",
    }
}

/// A value as JSON, as far as it is printed.
fn shown(value: &Value) -> String {
    printable(&value.to_string(), MOST_REPEATED)
}

/// The beginning of a text, with a question mark for what a terminal could take for a command.
fn printable(text: &str, most: usize) -> String {
    let plain = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let mut printed: String = text.chars().take(most).map(plain).collect();
    if text.chars().nth(most).is_some() {
        printed.push_str("...");
    }
    printed
}
