//! One good file, and each way in which it must not go live.

use super::*;

/// A configuration that may be deployed.
pub(crate) const GOOD: &str = include_str!("good.jsonc");

fn found(text: &str) -> Findings {
    Deployed::read(text).unwrap().findings("2026-10-01".parse().unwrap())
}

/// The good file with `from` replaced by `to`.
#[track_caller]
fn changed(from: &str, to: &str) -> Findings {
    assert!(GOOD.contains(from), "{from}");
    found(&GOOD.replace(from, to))
}

/// Refused for one reason, which is a sentence that says this.
#[track_caller]
fn refuses(from: &str, to: &str, reason: &str) {
    let Findings { refusals, .. } = changed(from, to);
    let [sentence] = refusals.as_slice() else { panic!("{to}: {refusals:?}") };
    assert!(sentence.contains(reason) && sentence.ends_with('.'), "{sentence}");
}

/// Not refused, but warned of.
#[track_caller]
fn warns(from: &str, to: &str, reason: &str) {
    let Findings { refusals, warnings } = changed(from, to);
    let [sentence] = warnings.as_slice() else { panic!("{to}: {warnings:?}") };
    assert!(refusals.is_empty() && sentence.contains(reason), "{refusals:?} {sentence}");
}

#[test]
fn a_good_file_goes_live() {
    assert_eq!(found(GOOD), Findings::default());
}

#[test]
fn an_invalid_configuration_is_refused_with_its_reason() {
    let text = GOOD.replace(r#""day_usd": "1.00", "#, "");
    let error = format!("{:#}", Deployed::read(&text).err().unwrap());
    assert!(error.contains("missing field `day_usd`"), "{error}");
}

#[test]
fn a_variable_too_long_for_the_platform_is_refused() {
    let with =
        |bytes: usize| format!(r#""prompt": {{ "prefix": "{}" }}, "budget":"#, "x".repeat(bytes));
    refuses(r#""budget":"#, &with(5_000), "EASEL_SITE_demo has 5");
    assert_eq!(changed(r#""budget":"#, &with(4_000)), Findings::default());
}

#[test]
fn the_gateway_is_public() {
    let base = "https://ai-gateway.vercel.sh/v1";
    refuses(base, "http://127.0.0.1:8788/v1", "gateway.base_url is http://127.0.0.1:8788/v1");
    refuses(base, "https://localhost/v1", "gateway.base_url");
    assert_eq!(
        changed(r#", "base_url": "https://ai-gateway.vercel.sh/v1""#, ""),
        Findings::default()
    );
}

#[test]
fn a_platform_that_would_end_jobs_is_refused() {
    let date = r#""2026-11-01""#;
    refuses(date, r#""2026-09-30""#, "compatibility_date is 2026-09-30");
    refuses(date, r#""soon""#, "compatibility_date is soon");
    refuses(r#""compatibility_date""#, r#""compatibility""#, "compatibility_date is missing");
    assert_eq!(changed(date, r#""2026-10-01""#), Findings::default());
    refuses(r#"["enable_request_signal"]"#, "[]", "enable_request_signal");
    refuses("run_worker_first\": true", "run_worker_first\": false", "run_worker_first");
    refuses(r#""name": "easel""#, r#""name": """#, "name is missing");
}

#[test]
fn logs_of_invocations_are_refused_with_the_reason() {
    let name = r#""name": "easel","#;
    let with = |more: &str| format!("{name} {more},");
    for bad in [
        r#""observability": { "enabled": true }"#,
        r#""observability": { "enabled": true, "logs": { "enabled": true } }"#,
        r#""observability": { "enabled": true, "logs": { "invocation_logs": true } }"#,
        r#""observability": { "logs": { "enabled": true } }"#,
    ] {
        refuses(name, &with(bad), "invocation_logs is not false: each request would be logged");
        refuses(name, &with(bad), LOGS);
    }
    refuses(name, &with(r#""observability": { "traces": { "enabled": true } }"#), "address");
    refuses(name, &with(r#""logpush": true"#), "job's id");
    for good in [LOGS, r#"{ "enabled": false }"#, "{}"] {
        let good = with(&format!(r#""observability": {good}"#));
        assert_eq!(changed(name, &good), Findings::default());
    }
}

#[test]
fn the_committed_configuration_keeps_no_visitors_address() {
    let mut found = Findings::default();
    Deployed::read(crate::COMMITTED).unwrap().logs(&mut found);
    assert_eq!(found, Findings::default());
}

#[test]
fn settings_of_one_machine_are_refused() {
    let vars = r#""vars": {"#;
    refuses(vars, r#""vars": { "EASEL_SANDBOX": "true","#, "vars.EASEL_SANDBOX");
    refuses(vars, r#""vars": { "EASEL_SANDBOX": "false","#, "remove it");
    for name in secrets::NAMES {
        let to = format!(r#""vars": {{ "{name}": "hush-hush","#);
        refuses(vars, &to, &format!("vars.{name}"));
        assert!(!changed(vars, &to).refusals[0].contains("hush"), "a secret is repeated");
    }
}

#[test]
fn a_site_that_no_page_may_embed_is_refused() {
    let origins = r#"["https://www.example.com"]"#;
    refuses(
        origins,
        r#"["http://localhost:8787"]"#,
        "demo: origins has only http://localhost:8787",
    );
    refuses(origins, r#"["http://localhost:8787", "http://127.0.0.1:1"]"#, "EASEL_SITE_demo");
    warns(origins, r#"["https://www.example.com", "http://localhost:8787"]"#, "remove it");
    warns(origins, r#"["http://www.example.com"]"#, "without https");
}

#[test]
fn a_site_that_is_not_served_is_warned_of() {
    warns(r#""vars": {"#, r#""vars": { "EASEL_SITE_old": { "id": "old" },"#, "vars.EASEL_SITE_old");
}

#[test]
fn a_model_near_its_end_is_warned_of_and_the_last_one_refused_with_what_to_do() {
    let on = |today: &str| Deployed::read(GOOD).unwrap().findings(today.parse().unwrap());
    let found = on("2026-11-17");
    assert!(found.refusals.is_empty());
    assert!(found.warnings[0].contains("successor"), "{:?}", found.warnings);
    let found = on("2026-11-18");
    let [sentence] = found.refusals.as_slice() else { panic!("{found:?}") };
    assert!(sentence.contains("no configured model lives longer than 13 days"), "{sentence}");
    assert!(sentence.contains(r#"{ "id": "openai/gpt-image-2.5-flare""#), "{sentence}");
}

#[test]
fn a_mistaken_configuration_is_refused() {
    refuses(r#""1024x1024": "0.005""#, r#""1024x1024": "0.0005""#, "worst_usd for low");
    refuses(r#""month_usd": "10""#, r#""month_usd": "0.5""#, "budget.month_usd is 0.5");
}

/// Findings of a rule that the engine of this version may not let a file come to.
fn by(rule: impl FnOnce(&mut Findings)) -> String {
    let mut found = Findings::default();
    rule(&mut found);
    found.refusals.join("\n")
}

#[test]
fn a_challenge_that_lets_everybody_pass_is_refused() {
    let Deployed { config, .. } = Deployed::read(GOOD).unwrap();
    let site = config.site("demo").unwrap();
    let judge = |asked: Value| {
        by(|found| challenge(site, &serde_json::json!({ "challenge": asked }), found))
    };
    let of = |key: &str| serde_json::json!({ "provider": "turnstile", "site_key": key });
    for test_key in [
        "1x00000000000000000000AA",
        "2x00000000000000000000AB",
        "1x00000000000000000000BB",
        "3x00000000000000000000FF",
    ] {
        assert!(judge(of(test_key)).contains("demo: challenge.site_key"), "{test_key}");
    }
    assert_eq!(judge(of("0x4AAAAAAADnPIDROrmt1Wwj")), "");
    assert_eq!(judge(Value::Null), "");
    let near =
        serde_json::json!({ "site_key": "0x4AA", "verify_url": "http://127.0.0.1:9/verify" });
    assert!(judge(near).contains("demo: challenge.verify_url"));
}

#[test]
fn a_webhook_on_this_machine_is_refused_and_not_repeated() {
    let mut deployed = Deployed::read(GOOD).unwrap();
    let mut judge = |url: &str| {
        deployed.file["vars"]["EASEL"]["alerts"] = serde_json::json!({ "url": url });
        by(|found| deployed.addresses(found))
    };
    let sentence = judge("http://127.0.0.1:9/hook-hush");
    assert!(sentence.contains("alerts.url") && !sentence.contains("hush"), "{sentence}");
    assert_eq!(judge("https://hooks.example.com/hush"), "");
}
