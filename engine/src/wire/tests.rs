//! Own JSON is serde's: it reads the same texts, and writes the same.

use super::*;
use ::contract::{
    health::{Breaker, Health, Status},
    job::{Cost, Job, JobRequest, JobState, Order, Picture, PictureState},
    money::Nano,
    operator::{Books, DayOfSite, Switch},
    options::{Background, Format, MediaType, Quality, Size},
    problem::{Problem, ProblemKind},
    session::{Allowance, Session, SessionRequest},
    site::{CallToAction, Challenge, Estimate, History, Preset, Site},
    time::{Day, Timestamp},
};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_795_343_999_999);
const SIZE: Size = Size { width: 1024, height: 1536 };

fn order() -> Order {
    Order {
        prompt: "a \"red\"\nballoon \u{1} \u{7f} 🎈 \\ \u{8}\u{c}\r\t/".to_owned(),
        count: 2,
        size: SIZE,
        quality: Quality::High,
        background: Background::Transparent,
        format: Format::Webp,
        compression: Some(80),
    }
}

fn allowance() -> Allowance {
    Allowance { remaining: 3, limit: 10, resets_at: NOW }
}

fn picture(full: bool) -> Picture {
    let problem = Problem {
        retry_after_seconds: full.then_some(2),
        resets_at: full.then_some(NOW),
        ..Problem::new(ProblemKind::Busy, "r")
    };
    Picture {
        index: 1,
        state: PictureState::Ready,
        url: full.then(|| "/v1/p".to_owned()),
        preview_url: None,
        media_type: full.then_some(MediaType::Webp),
        width: full.then_some(1),
        height: full.then_some(2),
        bytes: full.then_some(u64::MAX),
        credentials: full,
        problem: Some(problem),
    }
}

fn job(full: bool) -> Job {
    let cost = Cost { reserved_usd: Nano(12_500_000_000), charged_usd: full.then_some(Nano(1)) };
    Job {
        id: "ab".to_owned(),
        revision: 7,
        state: JobState::Running,
        request: order(),
        model: "a/b".to_owned(),
        pictures: vec![picture(full), picture(!full)],
        elapsed_ms: 5,
        expected_ms: full.then_some(6),
        waiting_until: full.then_some(NOW),
        allowance: full.then(allowance),
        cost: full.then_some(cost),
        problem: full.then(|| Problem::new(ProblemKind::PromptRefused, "r")),
    }
}

fn site(full: bool) -> Site {
    let offer = CallToAction { label: "Shop".to_owned(), url: "https://a".to_owned() };
    let challenge = Challenge {
        provider: "turnstile".to_owned(),
        site_key: "k".to_owned(),
        script: "https://s".to_owned(),
    };
    let estimate = |usd| Estimate { size: SIZE, quality: Quality::Low, expected_ms: Some(9), usd };
    Site {
        id: "demo".to_owned(),
        sizes: vec![SIZE],
        default_size: SIZE,
        qualities: Quality::ALL.to_vec(),
        default_quality: Quality::Medium,
        max_inputs: 4,
        max_input_side: 1536,
        formats: Format::ALL.to_vec(),
        backgrounds: Background::ALL.to_vec(),
        max_count: 4,
        max_prompt_chars: 1000,
        presets: vec![Preset { label: "<b>".to_owned(), prompt: "'".to_owned() }],
        texts: [("b", "2"), ("a", "1")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        challenge: full.then_some(challenge),
        history: History::Device,
        choose: full,
        show_cost: !full,
        estimates: full.then(|| vec![estimate(None), estimate(Some(Nano::USD))]),
        call_to_action: full.then_some(offer),
        privacy_url: full.then(String::new),
        report_url: None,
        retention_minutes: 60,
        sandbox: full,
    }
}

#[track_caller]
fn is_as_serde_writes<T: ToJson + serde::Serialize>(value: &T) {
    assert_eq!(text(value), serde_json::to_string(value).unwrap());
}

#[track_caller]
fn reads_back<T>(value: &T)
where
    T: FromJson + ToJson + serde::Serialize + PartialEq + std::fmt::Debug,
{
    is_as_serde_writes(value);
    assert_eq!(read::<T>(&text(value)).as_ref(), Ok(value));
}

#[test]
fn public_types_are_what_the_contract_derives() {
    for full in [false, true] {
        is_as_serde_writes(&job(full));
        is_as_serde_writes(&site(full));
        reads_back(&Switch { site: full.then(|| "demo".to_owned()), open: full });
    }
    is_as_serde_writes(&Session { token: "t".to_owned(), expires_at: NOW, allowance: allowance() });
    let (version, warnings) = ("1".to_owned(), vec!["w".to_owned()]);
    let (status, breaker) = (Status::Closed, Breaker::Probing);
    is_as_serde_writes(&Health { status, version, sandbox: true, breaker, warnings });
    let day = DayOfSite {
        day: Day::from_number(20_000),
        site: "demo".to_owned(),
        pictures: 1,
        refusals: 2,
        reserved_usd: Nano(3),
        charged_usd: Nano(4),
        refunded_usd: Nano(5),
        unknown_usd: Nano(6),
    };
    reads_back(&day);
    is_as_serde_writes(&Books { days: vec![day], switches: Vec::new(), warnings: Vec::new() });
    reads_back(&order());
    reads_back(&allowance());
}

/// Both take it as the same value, or both refuse it.
#[track_caller]
fn both<T: FromJson + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
    assert_eq!(read::<T>(text).ok(), serde_json::from_str::<T>(text).ok(), "{text}");
}

#[test]
fn requests_are_read_as_the_contract_derives() {
    for text in [
        r#"{"prompt":"x"}"#,
        " {\r\n\t\"prompt\" : \"x\" , \"count\":null, \"size\":\"1024x1024\", \"compression\":255 } ",
        r#"{"prompt":"\u00e9\ud83c\udf88\"\\\/\b\f\n\r\t"}"#,
        r#"{"\u0070rompt":"x","quality":"low","format":"png","background":"auto"}"#,
        r#"{"count":1}"#,
        r#"{"prompt":"x","prompt":"y"}"#,
        r#"{"prompt":"x","colour":"red"}"#,
        r#"{"prompt":1}"#,
        r#"{"prompt":null}"#,
        r#"{"prompt":"x","count":1.0}"#,
        r#"{"prompt":"x","count":-1}"#,
        r#"{"prompt":"x","count":4294967296}"#,
        r#"{"prompt":"x","count":99999999999999999999999}"#,
        r#"{"prompt":"x","count":"1"}"#,
        r#"{"prompt":"x","compression":256}"#,
        r#"{"prompt":"x","size":"0x0"}"#,
        r#"{"prompt":"x","quality":"LOW"}"#,
        r#"{"prompt":"x",}"#,
        r#"{"prompt":"x"}}"#,
        r#"{"prompt":"\ud83c"}"#,
        r#"{"prompt":"\ud83cx"}"#,
        r#"{"prompt":"\udf88"}"#,
        r#"{"prompt":"\ud83c\ud83c"}"#,
        r#"{"prompt":"\u+123"}"#,
        r#"{"prompt":"\x"}"#,
        "{\"prompt\":\"a\nb\"}",
        "{\"prompt\":\"x",
        "{'prompt':'x'}",
        "[]",
        "null",
        "",
    ] {
        both::<JobRequest>(text);
    }
    for text in [
        r#"{"site":null,"open":true}"#,
        r#"{"site":"a","open":false}"#,
        r#"{"open":true}"#,
        r#"{"site":"a"}"#,
        r#"{"site":"a","open":1}"#,
        r#"{"site":"a","open":true,"x":1}"#,
    ] {
        both::<Switch>(text);
    }
    both::<SessionRequest>(r#"{"site":"demo"}"#);
    both::<SessionRequest>(r#"{"site":"demo","challenge":"x"}"#);
    both::<SessionRequest>(r#"{"challenge":"x"}"#);
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(parse::parse(&nested(64)).is_ok());
    assert!(parse::parse(&nested(66)).is_err());
    assert!(parse::parse(&nested(100_000)).is_err());
}

#[test]
fn what_is_wrong_says_where() {
    let told = |text: &str| read::<SessionRequest>(text).unwrap_err().to_string();
    assert_eq!(told("{\n \"site\" 1}"), "it is not JSON, at line 2 column 8");
    assert_eq!(told(r#"{"site":1}"#), "site: expected a string");
    assert_eq!(told("{}"), "missing field `site`");
    assert_eq!(told(r#"{"site":"a","x":1}"#), "unknown field `x`, expected one of site, challenge");
}

/// Pieces that JSON is made of, so that texts of them are often JSON, and often nearly.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\", "\\u00e9", "0", "-", "1", ".", "e", "+",
        "true", "false", "null", " ", "\n", "é", "\u{0}",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".*".prop_map(serde_json::Value::String),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((".*", inner), 0..4)
                .prop_map(|members| { serde_json::Value::Object(members.into_iter().collect()) }),
        ]
    })
}

/// The same tree for serde.
fn tree(json: &Json<'_>) -> serde_json::Value {
    match json {
        Json::Null => serde_json::Value::Null,
        Json::Flag(flag) => (*flag).into(),
        Json::Number(digits) => serde_json::from_str(digits).unwrap(),
        Json::Text(text) => text.to_string().into(),
        Json::List(list) => list.iter().map(tree).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, json)| (name.to_string(), tree(json))).collect()
        }
    }
}

proptest! {
    #[test]
    fn what_is_json_and_what_is_not(text in pieces()) {
        let trusted = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(parse::parse(&text).is_ok(), trusted);
    }

    #[test]
    fn every_tree_is_read_as_serde_reads_it(json in json()) {
        let text = serde_json::to_string_pretty(&json).unwrap();
        prop_assert_eq!(tree(&parse::parse(&text).unwrap()), json);
    }

    #[test]
    fn every_string_is_written_as_serde_writes_it(string in ".*|[\u{0}-\u{ff}]*") {
        prop_assert_eq!(text(&string), serde_json::to_string(&string).unwrap());
    }
}
