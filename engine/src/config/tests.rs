//! Mistakes that an operator could make in a configuration.

mod addresses;
mod presets;

use super::{model::InputTokens, site::Network, tests_support::INPUTS, *};
use contract::{
    money::Nano,
    options::{Format, Quality},
};

pub(super) const EDGE: &str = r#"{
  "models": [{ "id": "openai/gpt-image-1-mini",
    "usd_per_million": { "text_in": "2.00", "text_in_cached": "0.20", "picture_in": "2.50", "out": "8.00" },
    "worst_usd": { "low":    { "1024x1024": "0.005", "1024x1536": "0.006", "1536x1024": "0.006" },
                   "medium": { "1024x1024": "0.011", "1024x1536": "0.015", "1536x1024": "0.015" },
                   "high":   { "1024x1024": "0.036", "1024x1536": "0.052", "1536x1024": "0.052" } },
    "shuts_down": "2026-12-01" }],
  "sites": ["demo"] }"#;
pub(super) const SITE: &str = r#"{ "id": "demo", "origins": ["https://example.com"], "budget": { "day_usd": "1.00", "month_usd": "10" } }"#;

fn parse(edge: &str, site: &str) -> Result<Config, ConfigError> {
    Config::from_parts(edge, &[("demo".to_owned(), site.to_owned())])
}

/// Replaces `from` in the good site's JSON and expects a refusal that says `reason`.
#[track_caller]
fn refuses_site(from: &str, to: &str, reason: &str) {
    assert!(SITE.contains(from));
    let error = parse(EDGE, &SITE.replace(from, to)).expect_err("is wrong").to_string();
    assert!(error.contains(reason), "{error}");
}

#[track_caller]
fn refuses_edge(from: &str, to: &str, reason: &str) {
    assert!(EDGE.contains(from));
    let error = parse(&EDGE.replace(from, to), SITE).expect_err("is wrong").to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn what_is_left_out_takes_its_default() {
    let config = parse(EDGE, SITE).unwrap();
    let site = config.site("demo").unwrap();
    assert_eq!(config.gateway.base_url, "https://ai-gateway.vercel.sh/v1");
    assert_eq!((config.gateway.total_ms, config.gateway.stall_ms), (300_000, 30_000));
    assert_eq!(
        (site.visitor.per_hour, site.visitor.per_day, site.max_count, site.retention_minutes),
        (10, 30, 4, 60)
    );
    assert_eq!(
        site.sizes.len() * site.qualities.len() * site.formats.len() * site.backgrounds.len(),
        81
    );
    assert_eq!(
        config.models[0].worst("high".parse().unwrap(), "1024x1536".parse().unwrap()).unwrap().0,
        52_000_000
    );
}

#[test]
fn the_shipped_configuration_is_the_default_one() {
    // The default is a cap of one dollar a day.
    assert_eq!(parse(EDGE, SITE).unwrap().sites[0].budget.day_usd, Nano::USD);
}

#[test]
fn required_fields_are_required() {
    refuses_site(r#""id": "demo", "#, "", "missing field `id`");
    refuses_site(r#""origins": ["https://example.com"], "#, "", "missing field `origins`");
    refuses_site(
        r#", "budget": { "day_usd": "1.00", "month_usd": "10" }"#,
        "",
        "missing field `budget`",
    );
    refuses_site(r#""day_usd": "1.00", "#, "", "missing field `day_usd`");
}

#[test]
fn unknown_fields_are_refused_at_every_depth() {
    refuses_site(r#""id": "demo""#, r#""id": "demo", "colour": "red""#, "unknown field `colour`");
    refuses_site(r#""day_usd""#, r#""week_usd": "1", "day_usd""#, "unknown field `week_usd`");
    refuses_edge(r#""sites""#, r#""gateway": { "key": "x" }, "sites""#, "unknown field `key`");
}

#[test]
fn texts_are_known_and_fit() {
    let texts = |texts: &str| format!("{{ \"texts\": {{ {texts} }},");
    let long = format!("\"create\": \"{}\"", "x".repeat(501));
    refuses_site(
        "{ \"id\"",
        &(texts(r#""creat": "Paint""#) + "\"id\""),
        "texts: creat must be 1 to 500 characters in one line, by one of these names: offline",
    );
    refuses_site("{ \"id\"", &(texts(r#""": "Paint""#) + "\"id\""), "by one of these names");
    refuses_site(
        "{ \"id\"",
        &(texts(r#""create cancel": "x""#) + "\"id\""),
        "by one of these names",
    );
    for wrong in [r#""create": """#, r#""create": "two\nlines""#, &long] {
        refuses_site(
            "{ \"id\"",
            &(texts(wrong) + "\"id\""),
            "texts: create must be 1 to 500 characters",
        );
    }
    let good = texts(r#""create": "Paint", "kept": "{n} minutes""#) + "\"id\"";
    let config = parse(EDGE, &SITE.replacen("{ \"id\"", &good, 1)).unwrap();
    assert_eq!(config.sites[0].public(INPUTS, true).texts["create"], "Paint");
}

#[test]
fn a_model_is_named_with_its_maker_and_priced() {
    refuses_edge("openai/gpt-image-1-mini", "gpt-image-1-mini", "write openai/gpt-image-1-mini");
    refuses_edge(r#", "1536x1024": "0.052""#, "", "mini has no worst_usd for high 1536x1024");
    refuses_edge(r#""0.005""#, r#""-1""#, "Nano");
}

#[test]
fn a_model_may_lack_what_another_one_makes() {
    let second = r#""shuts_down": "2026-12-01" }, { "id": "a/b",
        "usd_per_million": { "text_in": "2.00", "picture_in": "2.50", "out": "8.00" },
        "worst_usd": { "high": { "1536x1024": "0.1" } },
        "input_picture_tokens": { "base": 10, "per_megapixel": 5 }, "max_input_side": 1536, "inputs": 2,
        "expected_seconds": { "high": 45 }, "backgrounds": ["auto"], "formats": null }]"#;
    let edge = EDGE.replace(r#""shuts_down": "2026-12-01" }]"#, second);
    let models = parse(&edge.replace(r#", "1536x1024": "0.052""#, ""), SITE).unwrap().models;
    let (high, wide) = ("high".parse().unwrap(), "1536x1024".parse().unwrap());
    assert_eq!(models[0].worst(high, wide), None);
    let [first, second] = [0, 1].map(|at| {
        let model: &model::Model = &models[at];
        (model.inputs, model.max_input_side, model.expected_ms(high), model.input_picture_tokens)
    });
    assert_eq!(first, (4, 2048, None, InputTokens::Flat(2000)));
    let by_pixels = InputTokens::ByPixels { base: 10, per_megapixel: 5 };
    assert_eq!(second, (2, 1536, Some(45_000), by_pixels));
    // Half a megapixel is rounded up: 10 + ⌈5 × 0.5⌉.
    assert_eq!((by_pixels.of(1000, 500), by_pixels.of(1, 1)), (Some(13), Some(11)));
    let neither = edge.replace(r#", "1536x1024": "0.052""#, "").replace("\"0.1\"", "\"x\"");
    assert!(parse(&neither, SITE).is_err());
    refuses_edge(
        "\"shuts_down\"",
        "\"backgrounds\": [\"auto\", \"opaque\"], \"shuts_down\"",
        "no transparent among its backgrounds",
    );
    refuses_edge(
        "\"shuts_down\"",
        "\"formats\": [\"png\"], \"shuts_down\"",
        "no webp among its formats",
    );
    refuses_edge("\"shuts_down\"", "\"inputs\": 5, \"shuts_down\"", "inputs must lie between");
    refuses_edge("\"shuts_down\"", "\"max_input_side\": 0, \"shuts_down\"", "max_input_side");
}

#[test]
fn a_request_takes_the_sites_defaults_and_those_are_on_offer() {
    let with = |fields: &str| {
        let site = SITE.replacen("{ \"id\"", &format!("{{ {fields}, \"id\""), 1);
        parse(EDGE, &site).map(|config| config.sites[0].clone())
    };
    let plain = parse(EDGE, SITE).unwrap().sites.remove(0);
    assert_eq!(plain.formats, [Format::Webp, Format::Png, Format::Jpeg]);
    assert_eq!((plain.compression, plain.default_quality), (Some(85), Quality::Low));
    assert_eq!(plain.default_size.to_string(), "1024x1024");
    let site =
        with(r#""default_size": "1536x1024", "default_quality": "medium", "compression": null"#);
    let site = site.unwrap();
    assert_eq!((site.compression, site.default_quality), (None, Quality::Medium));
    assert_eq!(site.default_size.to_string(), "1536x1024");
    for (fields, reason) in [
        (r#""default_size": "512x512""#, "default_size: 512x512 is not on offer"),
        (r#""qualities": ["low"], "default_quality": "high""#, "default_quality: high is not"),
        (r#""compression": 101"#, "compression must lie between 0 and 100"),
    ] {
        let error = with(fields).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn ranges_are_kept() {
    refuses_site(
        r#""id": "demo""#,
        r#""id": "demo", "max_count": 11"#,
        "max_count must lie between 1 and 10",
    );
    refuses_site(r#""id": "demo""#, r#""id": "demo", "retention_minutes": 0"#, "retention_minutes");
    refuses_site(
        r#""id": "demo""#,
        r#""id": "demo", "visitor": { "per_hour": 0 }"#,
        "visitor.per_hour",
    );
    refuses_site(
        r#""id": "demo""#,
        r#""id": "demo", "prompt": { "max_chars": 32000, "suffix": "x" }"#,
        "add up to more than",
    );
    refuses_edge(
        r#""sites""#,
        r#""gateway": { "total_seconds": 9 }, "sites""#,
        "total_seconds must lie between 10 and 840",
    );
    refuses_edge(
        r#""sites""#,
        r#""gateway": { "base_url": "http://example.com" }, "sites""#,
        "gateway: base_url must begin with https://",
    );
    refuses_edge(
        r#""sites""#,
        r#""gateway": { "base_url": "https://example.com/v1?x" }, "sites""#,
        "gateway: base_url holds a query or a fragment",
    );
}

#[test]
fn each_provider_has_an_address_and_a_key_of_its_own() {
    let with = |gateway: &str| {
        let edge = EDGE.replace(r#""sites""#, &format!(r#""gateway": {gateway}, "sites""#));
        parse(&edge, SITE).unwrap().gateway
    };
    let vercel = with("{}");
    assert_eq!(vercel, with(r#"{ "provider": "vercel" }"#));
    let openai = with(r#"{ "provider": "openai" }"#);
    assert_eq!(openai.base_url, "https://api.openai.com/v1");
    assert_eq!(openai.dialect.key_name, "OPENAI_API_KEY");
    refuses_edge(r#""sites""#, r#""gateway": { "provider": "azure" }, "sites""#, "unknown variant");
}

#[test]
fn a_model_near_its_end_is_warned_of() {
    let config = parse(EDGE, SITE).unwrap();
    let on = |day: &str| config.warnings(day.parse().unwrap(), &GatewayStatus::default());
    assert!(on("2026-10-31").is_empty());
    assert_eq!(on("2026-11-01").len(), 1);
    assert!(on("2027-01-01")[0].contains("successor"));
    let status = GatewayStatus {
        ends: vec![
            ("openai/other".to_owned(), "2026-01-01".parse().unwrap()),
            ("openai/gpt-image-1-mini".to_owned(), "2026-09-09".parse().unwrap()),
        ],
        balance: None,
    };
    let sooner = config.warnings("2026-09-01".parse().unwrap(), &status);
    assert!(sooner[0].contains("2026-09-09"), "the gateway knows of an earlier end: {sooner:?}");
}

#[test]
fn a_warning_of_an_end_says_the_days_and_what_follows() {
    let config = parse(EDGE, SITE).unwrap();
    let on = |config: &Config, day: &str| {
        config.warnings(day.parse().unwrap(), &GatewayStatus::default()).join("\n")
    };
    let start = "openai/gpt-image-1-mini shuts down on 2026-12-01, in 3 days: add a successor after it in \"models\", such as { ";
    let warning = on(&config, "2026-11-28");
    assert!(warning.starts_with(start), "{warning}");
    assert!(on(&config, "2026-11-30").contains("in 1 day:"));
    assert!(
        on(&config, "2026-12-01")
            .starts_with("openai/gpt-image-1-mini has shut down, by 2026-12-01:")
    );
    // The printed block can be pasted after the model, and is then its successor.
    let (_, block) = warning.split_once("such as ").unwrap();
    let pasted = EDGE.replacen(
        "\"shuts_down\": \"2026-12-01\" }",
        &format!("\"shuts_down\": \"2026-12-01\" }}, {block}"),
        1,
    );
    assert_ne!(pasted, EDGE);
    let config = parse(&pasted, SITE).unwrap();
    assert_eq!(config.models.len(), 2);
    assert!(
        on(&config, "2026-11-28").ends_with("in 3 days: openai/gpt-image-2.5-flare follows it")
    );
    // A model that ends soon too does not count as a successor.
    let with_end = |end: &str| {
        let block = block.replacen("{ ", &format!("{{ \"shuts_down\": \"{end}\", "), 1);
        let edge = EDGE.replacen(
            "\"shuts_down\": \"2026-12-01\" }",
            &format!("\"shuts_down\": \"2026-12-01\" }}, {block}"),
            1,
        );
        on(&parse(&edge, SITE).unwrap(), "2026-11-28")
    };
    assert!(with_end("2027-12-01").ends_with("openai/gpt-image-2.5-flare follows it"));
    assert!(with_end("2026-12-05").contains("such as { \"id\": \"openai/gpt-image-2.6-flare\""));
}

#[test]
fn credits_below_what_a_day_may_cost_are_warned_of() {
    let config = parse(EDGE, SITE).unwrap();
    let with = |balance: Option<Nano>| {
        let status = GatewayStatus { ends: Vec::new(), balance };
        config.warnings("2026-01-01".parse().unwrap(), &status).len()
    };
    let cap = Nano::USD;
    assert_eq!([with(None), with(Some(cap)), with(Some(Nano(cap.0 - 1)))], [0, 0, 1]);
}

#[test]
fn a_challenge_is_turnstiles_and_its_test_keys_stay_on_this_machine() {
    let with = |challenge: &str| {
        let site = SITE.replacen('{', &format!(r#"{{ "challenge": {challenge}, "#), 1);
        parse(EDGE, &site).map(|config| config.sites[0].challenge.clone().unwrap())
    };
    let real = with(r#"{ "provider": "turnstile", "site_key": "0x4AAAAAAA-b_c" }"#).unwrap();
    assert_eq!((real.origin(), real.is_local()), ("https://challenges.cloudflare.com", false));
    assert_eq!(
        real.public().script,
        "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit"
    );
    let test = "1x00000000000000000000AA";
    let local = format!(
        r#"{{ "provider": "turnstile", "site_key": "{test}", "verify_url": "http://127.0.0.1:9/v" }}"#
    );
    let local = with(&local).unwrap();
    assert_eq!((local.origin(), local.is_local()), ("http://127.0.0.1:9", true));
    let hostile = r#"{ "provider": "turnstile", "site_key": "x", "verify_url": "https://V.example:443/a;b,c'd?e;f" }"#;
    assert_eq!(with(hostile).unwrap().origin(), "https://v.example");
    for (bad, reason) in [
        (format!(r#"{{ "provider": "turnstile", "site_key": "{test}" }}"#), "test keys"),
        (r#"{ "provider": "recaptcha", "site_key": "x" }"#.to_owned(), "unknown variant"),
        (r#"{ "provider": "turnstile", "site_key": "" }"#.to_owned(), "site_key"),
        (r#"{ "provider": "turnstile", "site_key": "a b" }"#.to_owned(), "site_key"),
        (r#"{ "provider": "turnstile", "site_key": "x", "secret": "y" }"#.to_owned(), "unknown"),
        (
            r#"{ "provider": "turnstile", "site_key": "x", "verify_url": "http://example.com" }"#
                .to_owned(),
            "challenge.verify_url must begin with https://",
        ),
        (
            r#"{ "provider": "turnstile", "site_key": "x", "verify_url": "https://a;b,c/v" }"#
                .to_owned(),
            "challenge.verify_url names a host that no browser's policy can name",
        ),
    ] {
        let error = with(&bad).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn networks_have_limits() {
    let site = parse(EDGE, SITE).unwrap().sites.remove(0);
    assert_eq!((site.network.per_day, site.network.sessions_per_day), (60, 200));
    refuses_site(
        r#""id": "demo""#,
        r#""id": "demo", "network": { "per_day": 0 }"#,
        "network.per_day",
    );
}

#[test]
fn shares_pace_and_spare_have_defaults_and_ranges() {
    let site = parse(EDGE, SITE).unwrap().sites.remove(0);
    let Network { share_percent, refusals_per_day, rate_limit, .. } = site.network;
    assert_eq!((share_percent, refusals_per_day, rate_limit), (25, 20, true));
    assert_eq!((site.budget.hour_percent, site.budget.spare_percent), (50, 20));
    for (part, field, bad) in [
        ("budget", "hour_percent", vec![0, 101]),
        ("budget", "spare_percent", vec![91]),
        ("network", "share_percent", vec![0, 101]),
        ("network", "refusals_per_day", vec![0, 1_000_001]),
    ] {
        for value in bad {
            let mut site: serde_json::Value = serde_json::from_str(SITE).unwrap();
            site[part][field] = value.into();
            let site = ("demo".to_owned(), site.to_string());
            let error = Config::from_parts(EDGE, &[site]).unwrap_err().to_string();
            assert!(error.contains(&format!("{part}.{field} must")), "{error}");
        }
    }
}

#[test]
fn an_error_names_no_type_of_this_program() {
    let edge = EDGE.replacen('{', r#"{ "alerts": 7, "#, 1);
    let error = Config::from_parts(&edge, &[]).unwrap_err().to_string();
    assert_eq!(error, "EASEL: alerts: invalid type: integer `7`, expected an object");
    for part in ["budget", "visitor", "network", "prompt", "challenge", "call_to_action"] {
        let mut site: serde_json::Value = serde_json::from_str(SITE).unwrap();
        site[part] = 7.into();
        let site = ("demo".to_owned(), site.to_string());
        let error = Config::from_parts(EDGE, &[site]).unwrap_err().to_string();
        assert!(error.ends_with("expected an object"), "{error}");
    }
}
