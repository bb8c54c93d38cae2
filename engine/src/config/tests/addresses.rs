//! Origins, links and webhooks in a configuration.

use super::{EDGE, SITE, parse, refuses_site};
use crate::origin;

#[test]
fn origins_are_exact() {
    for bad in [
        "*",
        "https://*.example.com",
        "example.com",
        "https://example.com/page",
        "https://a b",
        "null",
        "https://example.com:x",
        "https://example.com; script-src *",
    ] {
        refuses_site("https://example.com", bad, "is not an origin: it");
    }
    refuses_site(r#"["https://example.com"]"#, "[]", "at least one");
}

#[test]
fn origins_compare_as_browsers_compare_them() {
    let listed = r#"["https://Example.com:443/", "https://example.com", "https://bücher.example"]"#;
    let site = SITE.replace(r#"["https://example.com"]"#, listed);
    let site = parse(EDGE, &site).unwrap().sites.remove(0);
    assert_eq!(site.origins, ["https://example.com", "https://xn--bcher-kva.example"]);
    let shows = |referer| {
        origin::may_frame(Some("iframe"), Some(referer), "https://own.example", &site.origins)
    };
    assert!(shows("https://xn--bcher-kva.example/") && shows("https://example.com/page"));
    assert!(!shows("https://example.com./") && !shows("https://example.com:8443/"));
}

#[test]
fn links_are_opened_as_they_stand_and_a_refusal_names_its_member() {
    let buy = "https://acme.example/buy?utm_source=studio&a=@b#contact";
    for (name, member) in [
        ("privacy_url", r#""privacy_url": "LINK""#),
        ("report_url", r#""report_url": "LINK""#),
        ("call_to_action.url", r#""call_to_action": { "label": "Buy", "url": "LINK" }"#),
    ] {
        let with = |link: &str| {
            let id = format!(r#"{}, "id""#, member.replace("LINK", link));
            parse(EDGE, &SITE.replacen(r#""id""#, &id, 1))
        };
        let site = with(buy).unwrap().sites.remove(0);
        let links = [site.privacy_url, site.report_url, site.call_to_action.map(|offer| offer.url)];
        assert_eq!(links.into_iter().flatten().collect::<Vec<_>>(), [buy], "{name}");
        for (bad, reason) in [
            ("http://acme.example", "must begin with https://"),
            ("javascript:alert(1)", "must begin with https://"),
            ("https://user@acme.example?x", "has a user name before its host"),
            ("https://acme.example:x", "has a port that is not a number"),
            ("https://acme.example/a b", "holds a space"),
        ] {
            let error = with(bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("demo: {name} {reason}")), "{error}");
        }
    }
}

#[test]
fn alerts_go_to_https_or_this_machine() {
    let with = |url: &str| {
        let edge = EDGE.replacen('{', &format!(r#"{{ "alerts": {{ "url": "{url}" }}, "#), 1);
        parse(&edge, SITE).map(|config| config.alerts)
    };
    assert_eq!(with("https://example.com/hook"), Ok(Some("https://example.com/hook".to_owned())));
    assert!(with("http://127.0.0.1:1").is_ok());
    for hook in [
        "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
        "https://prod-1.westeurope.logic.azure.com:443/workflows/0/invoke?sp=%2Frun&sig=s",
        "https://api.telegram.org/bot1:A/sendMessage?chat_id=@acme",
    ] {
        assert_eq!(with(hook), Ok(Some(hook.to_owned())));
    }
    for (bad, reason) in [
        ("http://example.com/?secret", "alerts.url must begin with https://"),
        ("https://secret@example.com/", "alerts.url has a user name"),
        ("https://example.com/a secret", "alerts.url holds a space"),
    ] {
        let error = with(bad).unwrap_err().to_string();
        assert!(error.starts_with(reason) && !error.contains("secret"), "{error}");
    }
    assert_eq!(parse(EDGE, SITE).unwrap().alerts, None);
}
