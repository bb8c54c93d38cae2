//! The pinned JSON of stored records and of the messages between the objects: one version of the edge reads the JSON
//! that another version stored or sent, so no byte of it may change unnoticed.

use super::*;
use crate::{
    candidates::Candidates,
    gateway::refusal::ForbiddenCause,
    job::{NewJob, Record},
    ledger::{
        Bill, Booked, Claimed, Closing, Estimated, Opened, PictureKind, Raise, Raised, Reserve,
        Reserved, Visitor, breaker::Why,
    },
    metrics::SiteCounts,
};
use contract::{
    job::Order,
    money::Nano,
    operator::{SiteDay, Switch},
    session::Allowance,
};

/// Expects that this text is read as this value, and that the value is written as the same text.
#[track_caller]
fn stays<T: DeserializeOwned + Serialize>(json: &str) {
    let value = read::<T>(json).unwrap_or_else(|error| panic!("{json} is not read: {error}"));
    assert_eq!(text(&value), json);
}

/// Replaces each `{…}` in a template by the text of that name.
fn fill(template: &str) -> String {
    let parts = [
        ("candidate", r#"{"model":"openai/gpt-image-1-mini","worst_each":"0.005"}"#),
        ("allowance", r#"{"remaining":3,"limit":10,"resets_at":"2026-11-30T00:00:00.000Z"}"#),
        (
            "facts",
            r#"{"media_type":"image/webp","width":1024,"height":1536,"bytes":70000,"credentials":true}"#,
        ),
        (
            "order",
            r#"{"prompt":"a \"cat\"\n","count":2,"size":"1024x1536","quality":"low","background":"auto","format":"png","compression":null}"#,
        ),
        ("visitor", r#"{"subject":"5f","network":"a1"}"#),
        (
            "refused",
            r#"{"kind":"visitor-limit","limit":"visitor-day","resets_at":"2026-11-30T00:00:00.000Z"}"#,
        ),
        (
            "bill",
            r#"{"job":"ab","charged":"0.01","unknown":"0.005","pictures":[900,1200],"failed":[["prompt-refused",1]],"faults":0,"cancelled":1,"model":"a/b","other_model":false,"strike":true,"counted":2,"took_ms":1200}"#,
        ),
        ("sums", r#"{"reserved":"0.005","charged":"12.5"}"#),
    ];
    parts
        .iter()
        .fold(template.to_owned(), |text, (name, json)| text.replace(&format!("<{name}>"), json))
}

/// Why a picture failed. Earlier versions wrote none.
const CAUSES: [&str; 18] = [
    r#"{"Answer":{"status":502,"reason":"fault"}}"#,
    r#"{"Answer":{"status":400,"reason":"moderation"}}"#,
    r#"{"Answer":{"status":403,"reason":"terms"}}"#,
    r#"{"Answer":{"status":401,"reason":"key"}}"#,
    r#"{"Answer":{"status":402,"reason":"credits"}}"#,
    r#"{"Answer":{"status":403,"reason":"account"}}"#,
    r#"{"Answer":{"status":404,"reason":"model-gone"}}"#,
    r#"{"Answer":{"status":403,"reason":"forbidden"}}"#,
    r#"{"Answer":{"status":404,"reason":"not-found"}}"#,
    r#"{"Answer":{"status":400,"reason":"request"}}"#,
    r#"{"Answer":{"status":429,"reason":"later"}}"#,
    r#"{"InStream":{"reason":"fault"}}"#,
    r#""NoAnswer""#,
    r#""Cut""#,
    r#""Unreadable""#,
    r#""Stalled""#,
    r#""Late""#,
    r#""NotStored""#,
];

#[test]
fn messages_to_a_ledger_stay_as_they_are() {
    stays::<Reserve>(&fill(
        r#"{"job":"ab","key":"k","fingerprint":"f","fingerprint_0_1":null,"visitor":<visitor>,"pictures":2,"candidates":{"living":[<candidate>,<candidate>],"last_resort":<candidate>},"size":"1024x1024","quality":"high","inputs":1}"#,
    ));
    stays::<Candidates>(&fill(r#"{"living":[],"last_resort":<candidate>}"#));
    stays::<Raise>(&fill(
        r#"{"job":"ab","pictures":2,"inputs":0,"gone":"a/b","candidates":[<candidate>]}"#,
    ));
    stays::<PictureKind>(
        r#"{"size":"1024x1024","quality":"low","models":["a/b"],"last_resort":"a/b"}"#,
    );
    stays::<Bill>(&fill("<bill>"));
    let overrun = r#","overrun":{"configured":"0.005","price":"0.007","inputs":1}}"#;
    stays::<Bill>(&fill("<bill>").replace('}', overrun));
    for cause in CAUSES {
        let bill =
            fill("<bill>").replace(r#","cancelled""#, &format!(r#","cause":{cause},"cancelled""#));
        stays::<Bill>(&bill);
    }
    stays::<Visitor>(&fill("<visitor>"));
    stays::<Visitor>(r#"{"subject":"5f","network":"a1","prefix":"b2"}"#);
    stays::<(String, String)>(r#"["token","network"]"#);
}

#[test]
fn answers_of_a_ledger_stay_as_they_are() {
    for answer in [
        r#"{"Granted":{"lease_ends":"2026-11-29T12:00:00.000Z","candidate":<candidate>,"expected_ms":12000,"allowance":<allowance>}}"#,
        r#"{"Known":{"job":"ab","same":true,"lease_ends":"2026-11-29T12:00:00.000Z","candidate":<candidate>,"expected_ms":null,"allowance":<allowance>}}"#,
        r#"{"Refused":<refused>}"#,
        r#"{"Refused":{"kind":"busy","limit":null,"resets_at":null}}"#,
        r#"{"Probe":"Faults"}"#,
        r#"{"Probe":"Refused"}"#,
    ] {
        stays::<Reserved>(&fill(answer));
    }
    for answer in [r#"{"Counted":<allowance>}"#, r#"{"Refused":<refused>}"#] {
        stays::<Opened>(&fill(answer));
    }
    for answer in [r#""Fresh""#, r#""Spent""#, r#"{"Refused":<refused>}"#] {
        stays::<Claimed>(&fill(answer));
    }
    for answer in
        [r#"{"Granted":{"candidate":<candidate>,"expected_ms":7}}"#, r#""Refused""#, r#""NoModel""#]
    {
        stays::<Raised>(&fill(answer));
    }
    stays::<Estimated>(r#"{"model":"a/b","expected_ms":null,"excess":"0.002"}"#);
    stays::<Option<Booked>>(&fill(r#"{"charged":"0.01","allowance":<allowance>}"#));
    stays::<Option<Booked>>("null");
    for verdict in [r#""Description""#, r#""Key""#, r#""Nobody""#] {
        stays::<ForbiddenCause>(verdict);
    }
    for why in [r#""Faults""#, r#""Refused""#] {
        stays::<Why>(why);
    }
    stays::<SiteCounts>(&fill(
        r#"{"counters":[["picture low ready",2]],"breaker_open":false,"day":<sums>,"month":<sums>}"#,
    ));
}

/// During a deploy the Worker and an object may be of two versions.
#[test]
fn members_that_a_version_before_does_not_send_are_zero() {
    let reserve = fill(
        r#"{"job":"ab","key":"k","fingerprint":"f","fingerprint_0_1":null,"visitor":<visitor>,"pictures":2,"candidates":{"living":[],"last_resort":<candidate>},"size":"1024x1024","quality":"high"}"#,
    );
    assert_eq!(read::<Reserve>(&reserve).map(|ask| ask.inputs).ok(), Some(0));
    let raise = r#"{"job":"ab","pictures":2,"gone":"a/b","candidates":[]}"#;
    assert_eq!(read::<Raise>(raise).map(|ask| ask.inputs).ok(), Some(0));
    let told = read::<Estimated>(r#"{"model":"a/b","expected_ms":null}"#);
    assert_eq!(told.map(|told| told.excess).ok(), Some(Nano::ZERO));
}

#[test]
fn what_a_job_is_made_of_and_answers_stays_as_it_is() {
    for closing in [r#"{"Bill":<bill>}"#, r#""Unreadable""#] {
        stays::<Closing>(&fill(closing));
    }
    stays::<Order>(&fill("<order>"));
    let hash = "7,".repeat(31);
    let new = |expected: &str| {
        fill(&format!(
            r#"{{"id":"ab","site":"demo","request_id":"r","order":<order>,"upstream_prompt":"p","uploads":[{{"media_type":"image/png","width":8,"height":9,"bytes":77}}],"visitor":[{hash}255],"model":"a/b","worst_each":"0.005","show_cost":true,"lease_ends":"2026-11-29T12:00:00.000Z","total_ms":300000,"retention_ms":3600000,"expected_ms":{expected}}}"#
        ))
    };
    stays::<NewJob>(&new("null"));
    stays::<NewJob>(
        &new("null").replace(r#","show_cost""#, r#","configured_each":"0.004","show_cost""#),
    );
    stays::<(NewJob, Allowance)>(&fill(&format!("[{},<allowance>]", new("9"))));
    let picture = |stage: &str, charge: &str, blame: &str, rest: &str| {
        format!(
            r#"{{"stage":{stage},"charge":{charge},"until":null,"put_off":0,"took_ms":null,"blame":"{blame}",{rest}}}"#
        )
    };
    let few = r#""previews":0,"preview":null"#;
    let pictures = [
        picture(r#""Waiting""#, r#""Open""#, "Nobody", few),
        picture(r#""Started""#, r#""Open""#, "Upstream", few),
        picture(
            r#"{"Ready":<facts>}"#,
            r#"{"Spent":"0.002"}"#,
            "Nobody",
            r#""previews":2,"preview":<facts>"#,
        ),
        picture(r#"{"Failed":"prompt-refused"}"#, r#""Refunded""#, "Description", few),
        picture(r#"{"Cancelled":{"started":true}}"#, r#"{"Spent":null}"#, "Nobody", few),
        picture(r#"{"Gone":<facts>}"#, r#"{"Spent":null}"#, "Nobody", few),
        picture(
            r#"{"Failed":"gateway-failed"}"#,
            r#"{"Spent":null}"#,
            "Upstream",
            &format!(r#""cause":{},{few}"#, CAUSES[0]),
        ),
    ];
    for phase in [
        r#""Queued""#,
        r#""Running""#,
        r#"{"Closing":{"cancelled":false}}"#,
        r#"{"Ended":{"state":"succeeded","at":"2026-11-29T12:00:00.000Z"}}"#,
    ] {
        let record = format!(
            r#"{{"new":{},"revision":7,"created":"2026-11-29T11:00:00.000Z","phase":{phase},"pictures":[{}],"booked":{{"charged":"0.01","allowance":<allowance>}},"made_by":"a/b"}}"#,
            new("12000"),
            pictures.join(",")
        );
        stays::<Record>(&fill(&record));
        stays::<Record>(&fill(&record.replace(r#""made_by":"a/b""#, r#""made_by":null"#)));
    }
}

#[test]
fn what_an_operator_sends_and_is_told_stays_as_it_is() {
    stays::<SiteDay>(
        r#"{"day":"2026-11-29","site":"demo","pictures":1,"refusals":2,"reserved_usd":"0.005","charged_usd":"1","refunded_usd":"0","unknown_usd":"0.1"}"#,
    );
    stays::<Switch>(r#"{"site":null,"open":true}"#);
    stays::<Switch>(r#"{"site":"demo","open":false}"#);
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    model: String,
    usd: UniqueMap<String, u32>,
}

#[test]
fn an_array_of_fields_is_no_object() {
    assert!(read::<Switch>(r#"["demo",true]"#).is_ok(), "what a derived struct would take");
    for text in [r#"["demo",true]"#, "", " [", "null", r#""{""#] {
        assert!(read_object::<Switch>(text).is_err(), "{text}");
    }
    assert!(read_object::<Switch>("\n {\"site\":\"demo\",\"open\":true}").is_ok());
}

#[test]
fn an_error_in_a_configuration_names_its_member_and_its_place() {
    let wrong = |text: &str| read_configuration::<Price>(text).unwrap_err().to_string();
    assert_eq!(wrong("{\n \"model\" 1}"), "expected `:` at line 2 column 10");
    assert_eq!(
        wrong(r#"{"model":"a","usd":{"low":"1"}}"#),
        r#"usd.low: invalid type: string "1", expected u32"#
    );
    assert_eq!(wrong("{}"), "missing field `model`");
    assert_eq!(
        wrong(r#"{"models":1}"#),
        "models: unknown field `models`, expected `model` or `usd`"
    );
    assert_eq!(
        wrong(r#"{"model":"a","usd":{"low":1,"high":2,"low":3}}"#),
        "usd: `low` is given twice"
    );
    assert_eq!(wrong("[]"), "expected an object");
    assert_eq!(wrong(r#"{"model":"a","usd":{}} x"#), "trailing characters at line 1 column 24");
    assert!(read_configuration::<Price>(r#" {"model":"a","usd":{"low":1}} "#).is_ok());
}

#[test]
fn an_error_in_a_configuration_repeats_no_address_and_no_secret() {
    const HOOK: &str = "https://hooks.example/services/T0/hush";
    let wrong = |text: &str| read_configuration::<Price>(text).unwrap_err().to_string();
    let secret = "hush".repeat(9);
    for text in [HOOK, HOOK.trim_start_matches("https://"), &secret, "hush\\\", expected hush"] {
        assert_eq!(
            wrong(&format!(r#"{{"model":"a","usd":"{text}"}}"#)),
            "usd: invalid type: string, expected an object"
        );
        assert_eq!(
            wrong(&format!(r#"{{"model":"a","usd":{{"low":"{text}"}}}}"#)),
            "usd.low: invalid type: string, expected u32"
        );
        assert_eq!(
            wrong(&format!(r#"{{"model":"a","{text}":1}}"#)),
            "unknown field, expected `model` or `usd`"
        );
        assert_eq!(
            wrong(&format!(r#"{{"model":"a","usd":{{"{text}":[]}}}}"#)),
            "usd: invalid type: sequence, expected u32"
        );
        let twice = format!(r#"{{"model":"a","usd":{{"{text}":1,"{text}":2}}}}"#);
        assert!(!wrong(&twice).contains("hush"), "{}", wrong(&twice));
    }
    // What a person mistypes is shown.
    assert_eq!(
        wrong(r#"{"model":"a","usd":"0.05 USD"}"#),
        r#"usd: invalid type: string "0.05 USD", expected an object"#
    );
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(read::<serde_json::Value>(&nested(100)).is_ok());
    for depth in [129, 100_000] {
        assert!(read::<serde_json::Value>(&nested(depth)).is_err(), "{depth}");
    }
}
