//! The table of fields against the types: every field, every default, every bound and every example.

use super::*;
use crate::config::{Config, ConfigError};
use contract::{
    options::{Background, Format, Quality},
    site::{CallToActionWhen, History},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The least configuration: required fields alone.
fn least() -> Value {
    let example = |path: &str| value(all().find(|field| field.path == path).unwrap().example);
    json!({ "models": example("models"), "sites": example("sites") })
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Reads a configuration as `--config` takes it.
fn read(whole: &Value) -> Result<Config, ConfigError> {
    let mut edge = whole.clone();
    let sites: Vec<(String, String)> = edge["sites"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|site| (site["id"].as_str().unwrap_or("acme").to_owned(), site.to_string()))
        .collect();
    edge["sites"] = sites.iter().map(|(id, _)| id.as_str()).collect();
    Config::from_parts(&edge.to_string(), &sites)
}

/// The object at a path, of a list its first. An object on the way that is missing is empty if its default is, else it is
/// the example of its field.
fn object<'a>(whole: &'a mut Value, path: &str) -> &'a mut Map<String, Value> {
    let mut at = whole;
    let mut so_far = String::new();
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        if !so_far.is_empty() {
            so_far.push('.');
        }
        let name = segment.trim_end_matches("[]");
        let field = all().find(|field| field.path == [&so_far, name].concat()).unwrap();
        so_far.push_str(segment);
        let missing = field.default.filter(|default| *default == "{}").unwrap_or(field.example);
        let inner = at.as_object_mut().unwrap().entry(name).or_insert_with(|| value(missing));
        at = if segment.ends_with("[]") { &mut inner[0] } else { inner };
    }
    at.as_object_mut().unwrap_or_else(|| panic!("{path} is no object"))
}

/// The least configuration with this field set, or without it.
fn with(field: &Field, to: Option<Value>) -> Value {
    let mut whole = least();
    let object = object(&mut whole, field.object());
    match to {
        Some(to) => object.insert(field.name().to_owned(), to),
        None => object.remove(field.name()),
    };
    whole
}

/// The fields that the type of an object has, by the error about one that it has not.
fn fields_of_type(object_path: &str) -> BTreeSet<String> {
    let mut whole = least();
    object(&mut whole, object_path).insert("no_such_field".into(), json!(0));
    let error = read(&whole).unwrap_err().to_string();
    let (_, expected) = error.split_once(" expected ").unwrap_or_else(|| panic!("{error}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_field_of_the_types_is_described_and_no_other() {
    let objects = std::iter::once(String::new()).chain(all().filter_map(Field::holds));
    for object in objects {
        let described: BTreeSet<String> = of(&object).map(|it| it.name().to_owned()).collect();
        assert_eq!(fields_of_type(&object), described, "the fields of \"{object}\"");
    }
    let paths: BTreeSet<&str> = all().map(|field| field.path).collect();
    assert_eq!(paths.len(), all().count(), "a field is described twice");
}

#[test]
fn every_default_is_what_the_types_take_for_a_missing_field() {
    for field in all() {
        let without = read(&with(field, None));
        match field.default {
            None => assert!(without.is_err(), "{} is described as required", field.path),
            Some(default) => {
                let explicit = read(&with(field, Some(value(default))));
                assert_eq!(without, explicit, "{}: the default is not {default}", field.path);
                without.unwrap_or_else(|error| panic!("{}: {error}", field.path));
            }
        }
    }
}

#[test]
fn every_example_is_taken() {
    for field in all() {
        read(&with(field, Some(value(field.example))))
            .unwrap_or_else(|error| panic!("{}: {error}", field.path));
    }
}

#[test]
fn a_field_that_may_be_null_takes_null() {
    for field in all().filter(|field| field.takes_null()) {
        let read = read(&with(field, Some(Value::Null)));
        assert!(read.is_ok(), "{}: {}", field.path, read.unwrap_err());
    }
}

#[test]
fn every_bound_is_the_types() {
    for field in all() {
        let Kind::Number(least, most) = field.kind else { continue };
        let takes = |number: i128| {
            let number: Value = value(&number.to_string());
            read(&with(field, Some(number))).is_ok()
        };
        let (least, most) = (i128::from(least), i128::from(most));
        assert!(takes(least) && takes(most), "{}: {least} to {most}", field.path);
        assert!(!takes(least - 1), "{} takes less than {least}", field.path);
        assert!(!takes(most + 1), "{} takes more than {most}", field.path);
    }
}

#[test]
fn every_list_of_words_is_the_types() {
    fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|it| word(*it)).collect()
    }
    assert_eq!(QUALITIES, words(Quality::ALL, Quality::word));
    assert_eq!(FORMATS, words(Format::ALL, Format::word));
    assert_eq!(BACKGROUNDS, words(Background::ALL, Background::word));
    for (path, expected) in [
        ("sites[].history", words(History::ALL, History::word)),
        ("sites[].call_to_action.when", words(CallToActionWhen::ALL, CallToActionWhen::word)),
    ] {
        let field = all().find(|field| field.path == path).unwrap();
        assert!(matches!(field.kind, Kind::Word(words) if words == expected), "{path}");
    }
    for field in all() {
        let Kind::Word(words) = field.kind else { continue };
        for word in words {
            let read = read(&with(field, Some(json!(word))));
            assert!(read.is_ok(), "{} does not take {word}", field.path);
        }
        assert!(read(&with(field, Some(json!("other")))).is_err(), "{}", field.path);
    }
}

#[test]
fn a_field_is_found_by_its_path_and_by_its_end() {
    let paths = |name: &str| named(name).iter().map(|field| field.path).collect::<Vec<_>>();
    assert_eq!(paths("sites[].budget.day_usd"), ["sites[].budget.day_usd"]);
    assert_eq!(paths("sites.budget.day_usd"), ["sites[].budget.day_usd"]);
    assert_eq!(paths("budget.day_usd"), ["sites[].budget.day_usd"]);
    assert_eq!(paths("day_usd"), ["sites[].budget.day_usd"]);
    assert_eq!(paths("per_day"), ["sites[].visitor.per_day", "sites[].network.per_day"]);
    assert_eq!(paths("gateway"), ["gateway"]);
    assert!(paths("nothing").is_empty());
}
