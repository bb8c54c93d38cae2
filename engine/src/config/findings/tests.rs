//! One configuration without findings, and a change for each finding.

use super::*;

const EDGE: &str = r#"{ "models": [
    { "id": "openai/gpt-image-2.5-flare",
      "usd_per_million": { "text_in": "5.00", "picture_in": "8.00", "out": "30.00" },
      "worst_usd": { "low": { "1024x1024": "0.007", "1536x1024": "0.006" } },
      "input_picture_tokens": { "base": 1000, "per_megapixel": 2500 }, "max_input_side": 1536 }],
  "sites": ["demo"] }"#;
const SITE: &str = r#"{ "id": "demo", "origins": ["https://www.example.com"], "budget": { "day_usd": "1", "month_usd": "10" },
  "qualities": ["low"], "sizes": ["1024x1024", "1536x1024"] }"#;

/// The findings after `from` is replaced by `to` in either part.
#[track_caller]
fn changed(from: &str, to: &str) -> Vec<Finding> {
    assert!(EDGE.contains(from) || SITE.contains(from), "{from}");
    on("2026-11-28", DAYS_TO_LIVE, &EDGE.replace(from, to), &SITE.replace(from, to))
}

fn on(today: &str, to_live: u32, edge: &str, site: &str) -> Vec<Finding> {
    let config = Config::from_parts(edge, &[("demo".to_owned(), site.to_owned())]).unwrap();
    findings(&config, today.parse().unwrap(), to_live)
}

/// Expects one finding of that weight whose sentence contains this text.
#[track_caller]
fn finds(found: &[Finding], weight: Weight, words: &str) {
    let [Finding { weight: is, sentence }] = found else { panic!("{found:?}") };
    assert!(*is == weight && sentence.contains(words) && sentence.ends_with('.'), "{sentence}");
}

#[track_caller]
fn refuses(from: &str, to: &str, words: &str) {
    finds(&changed(from, to), Weight::Refused, words);
}

#[track_caller]
fn warns(from: &str, to: &str, words: &str) {
    finds(&changed(from, to), Weight::Warned, words);
}

#[test]
fn nothing_is_found_in_what_is_meant() {
    assert_eq!(changed("demo", "demo"), []);
    assert_eq!(changed("0.007", "0.01"), []);
    assert_eq!(changed("gpt-image-2.5-flare", "gpt-image-9"), [], "nothing is known of it");
}

#[test]
fn a_worst_case_under_what_is_known_is_refused() {
    refuses(
        r#""0.007""#,
        r#""0.0007""#,
        "worst_usd for low 1024x1024 is 0.0007, but it may cost 0.007",
    );
    warns(r#""out": "30.00""#, r#""out": "3.00""#, "usd_per_million.out is 3, and was 30 on");
}

#[test]
fn input_pictures_have_a_bound() {
    let bound = r#"{ "base": 1000, "per_megapixel": 2500 }"#;
    refuses(bound, "0", "input_picture_tokens is 0");
    refuses(bound, r#"{ "base": 0, "per_megapixel": 0 }"#, "input_picture_tokens is 0");
    warns(bound, "2000", "come to 2000 for a picture of 1536 pixels a side, but may be 6899");
    let none =
        format!(r#"0, "inputs": 0, "note": {bound}"#).replace(&format!(r#", "note": {bound}"#), "");
    assert_eq!(changed(bound, &none), [], "a model that takes none reserves for none");
}

#[test]
fn a_model_that_is_not_known_is_compared_with_all_that_are() {
    let unknown = |from: &str, to: &str| {
        let edge = EDGE.replace("2.5-flare", "9").replace(from, to);
        on("2026-11-28", DAYS_TO_LIVE, &edge, SITE)
    };
    for low in ["0.0007", "0.000001", "0"] {
        let found = unknown(r#""0.007""#, &format!(r#""{low}""#));
        let words =
            format!("low 1024x1024 is {low}, and no known model makes it for less than 0.005");
        finds(&found, Weight::Warned, &words);
    }
    let bound = r#"{ "base": 1000, "per_megapixel": 2500 }"#;
    // What the block of the first generation says, copied for a successor.
    finds(
        &unknown(bound, "2000"),
        Weight::Warned,
        "come to 2000 for a picture of 1536 pixels a side, but are with a known model up to 6899",
    );
    assert_eq!(unknown(bound, "6899"), []);
}

#[test]
fn a_share_below_the_dearest_order_is_warned_of() {
    let network =
        |percent: u8| format!(r#""network": {{ "share_percent": {percent} }}, "qualities""#);
    // Four pictures of 0.007 $ and 1,000 characters of four bytes at 5,000 nano-dollars each.
    warns(
        r#""qualities""#,
        &network(10),
        "demo: network.share_percent is 10, so that one network may take 0.1 USD of a day's 1, and 4 of the dearest \
         pictures with the longest prompt reserve 0.108",
    );
    assert_eq!(changed(r#""qualities""#, &network(11)), []);
    warns(
        r#""day_usd": "1""#,
        r#""day_usd": "1", "hour_percent": 10"#,
        "budget.hour_percent is 10, so that an hour may take 0.1 USD",
    );
    // The site's own words count too: 20 bytes on either side.
    let words = "aaaaaaaaaaaaaaaaaaaa";
    let short = |max_chars: u32| {
        let prompt = format!(
            r#""prompt": {{ "max_chars": {max_chars}, "prefix": "{words}", "suffix": "{words}" }}, {}"#,
            network(10)
        );
        changed(r#""qualities""#, &prompt)
    };
    assert_eq!(short(890), []);
    finds(&short(891), Weight::Warned, "reserve 0.10008");
    let one = format!(r#""max_count": 1, {}"#, network(1));
    assert_eq!(changed(r#""qualities""#, &one), [], "one picture is always allowed");
    // A day that allows the dearest picture with few words, and not with the most.
    let found = changed(r#""day_usd": "1""#, r#""day_usd": "0.02""#);
    assert_eq!(found.len(), 2, "{found:?}");
    for finding in found {
        finds(
            &[finding],
            Weight::Warned,
            "may take 0.02 USD of a day's 0.02, and 4 of the dearest",
        );
    }
}

#[test]
fn caps_let_something_through_and_fit_each_other() {
    refuses(
        r#""day_usd": "1""#,
        r#""day_usd": "10.01""#,
        "day_usd is 10.01 and budget.month_usd is 10",
    );
    // 0.006 $ + one byte at 5,000 nano-dollars.
    refuses(
        r#""day_usd": "1""#,
        r#""day_usd": "0.006""#,
        "the cheapest picture on offer reserves 0.006005",
    );
    assert_eq!(changed(r#""day_usd": "1""#, r#""day_usd": "0.006005""#), []);
    let prefix = r#""prompt": { "prefix": "In ink: " }, "qualities""#;
    let both = SITE
        .replace(r#""qualities""#, prefix)
        .replace(r#""day_usd": "1""#, r#""day_usd": "0.006005""#);
    finds(&on("2026-11-28", 14, EDGE, &both), Weight::Refused, "reserves 0.006045");
}

#[test]
fn a_page_without_https_is_warned_of() {
    let origin = "https://www.example.com";
    warns(origin, "http://www.example.com", "origins has http://www.example.com");
    for near in ["http://localhost:8787", "http://127.0.0.1:1", "http://a.localhost"] {
        assert_eq!(changed(origin, near), [], "{near}");
    }
}

#[test]
fn some_model_lives_on() {
    let ends = |day: &str| {
        let with = format!(r#""shuts_down": "{day}", "input_picture_tokens""#);
        EDGE.replace(r#""input_picture_tokens""#, &with)
    };
    let found = |today, to_live, end| on(today, to_live, &ends(end), SITE);
    assert_eq!(found("2026-12-01", 14, "2026-12-15"), []);
    let short = found("2026-12-01", 14, "2026-12-14");
    finds(&short, Weight::Refused, "no configured model lives longer than 13 days");
    assert!(short[0].sentence.contains(r#"{ "id": "openai/gpt-image-2.6-flare""#), "{short:?}");
    assert_eq!(found("2026-12-13", 0, "2026-12-14"), []);
    finds(
        &found("2026-12-14", 0, "2026-12-14"),
        Weight::Refused,
        "every configured model has ended",
    );
    finds(
        &found("2027-01-01", 0, "2026-12-14"),
        Weight::Refused,
        "every configured model has ended",
    );
}

#[test]
fn an_end_that_only_the_table_knows_is_told() {
    let mini = EDGE.replace("2.5-flare", "1-mini").replace("0.006", "0.008");
    let found = on("2026-10-01", 14, &mini, SITE);
    finds(&found, Weight::Warned, r#"write "shuts_down": "2026-12-01""#);
    let found = on("2026-11-28", 14, &mini, SITE);
    assert_eq!(found.len(), 2);
    assert!(
        found[1].sentence.contains("no configured model lives longer than 3 days"),
        "{found:?}"
    );
}
