//! Origins of pages.
//!
//! Owns the promises: an origin is written as another reader writes it, writing it twice changes nothing, it can stand
//! in a policy, and what version 0.1 took is taken.

use engine::origin;
use url::Url;

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let normal = origin::normal(text);
    if took_0_1(text) {
        assert!(normal.is_ok(), "version 0.1 took it: {normal:?}");
    }
    match normal {
        Ok(origin) => is_normal(text, &origin),
        Err(reason) => assert!(!reason.is_empty() && reason.is_ascii()),
    }
    frames(text);
}

fn is_normal(text: &str, origin: &str) {
    assert_eq!(origin::normal(origin).as_deref(), Ok(origin), "twice changes nothing");
    assert!(can_stand_in_a_policy(origin), "{origin}");
    // A page with this origin is the one that browsers tell of, and only that one.
    let page = [origin, "/page?x=https://other.example#y"].concat();
    assert_eq!(origin::origin_of(&page), Some(origin));
    if let Ok(url) = Url::parse(text) {
        assert_eq!(url.origin().ascii_serialization(), origin, "as another reader writes it");
    }
    let listed = [origin.to_owned()];
    let shows =
        |page: &str| origin::may_frame(Some("iframe"), Some(page), "https://own.example", &listed);
    assert!(shows(&page));
    assert!(!shows(&[origin, ".evil.example/page"].concat()), "a longer host is another one");
}

/// No header of a request makes an origin that is not listed pass.
fn frames(referer: &str) {
    let listed = ["https://listed.example".to_owned()];
    let own = "https://own.example";
    if origin::may_frame(Some("iframe"), Some(referer), own, &listed) {
        let at = [own, &listed[0]].iter().any(|allowed| {
            let rest = referer.strip_prefix(allowed);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        });
        assert!(at, "{referer}");
    }
    let host = origin::host_of(referer);
    assert!(host.is_none_or(|host| referer.contains(host)));
}

/// Letters, digits and what joins them: neither another source nor another directive.
pub(crate) fn can_stand_in_a_policy(origin: &str) -> bool {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:[]".contains(&b);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(fits))
}

/// The rule of version 0.1.
fn took_0_1(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let (name, port) = match rest.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (rest, None),
    };
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    !name.is_empty() && name.bytes().all(fits) && has_port
}
