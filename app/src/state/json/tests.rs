//! What is JSON and what is not, by the standard's own reader.

use super::*;

fn standard(json: &serde_json::Value) -> Json {
    use serde_json::Value;
    match json {
        Value::Null => Json::Null,
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Number(number) => number.as_u64().map_or(Json::Null, Json::Whole),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(list) => Json::List(list.iter().map(standard).collect()),
        Value::Object(members) => Json::Object(
            members.iter().map(|(name, json)| (name.clone(), standard(json))).collect(),
        ),
    }
}

#[test]
fn what_serde_reads_is_read_the_same() {
    for text in [
        "null",
        " [ ] ",
        "{}",
        r#"{"a":[1,2,{"b":null}],"c":true,"d":false}"#,
        r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 plain é 😀""#,
        "[0, 18446744073709551615, -1, 1.5, 2e3, 18446744073709551616]",
        "\t{\n\"a\" : \"b\" ,\r\"c\":[]}  ",
    ] {
        let expected = standard(&serde_json::from_str(text).unwrap());
        assert_eq!(Json::read(text), Some(expected), "{text}");
    }
}

#[test]
fn what_is_cut_or_wrong_is_nothing() {
    let whole = r#"{"a":[1,"\u00e9\ud83d\ude00",null,true],"b":{}}"#;
    assert!(Json::read(whole).is_some());
    for (end, _) in whole.char_indices() {
        assert_eq!(Json::read(whole.get(..end).unwrap()), None, "{end}");
    }
    for bad in [
        "",
        "nul",
        "tru",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "1 1",
    ] {
        assert_eq!(Json::read(bad), None, "{bad}");
    }
    assert_eq!(Json::read(&"[".repeat(100_000)), None);
}

#[test]
fn a_string_is_written_as_serde_reads_it() {
    for text in ["", "plain", "\"quoted\" \\ back", "two\nlines", "é 😀 \u{2028}"] {
        let mut out = String::new();
        write_text(&mut out, text);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
    let mut out = String::new();
    write_text(&mut out, "a\tb\0c");
    assert_eq!(serde_json::from_str::<String>(&out).unwrap(), "a b c");
}
