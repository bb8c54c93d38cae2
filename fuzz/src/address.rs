//! The addresses of links, webhooks and the gateway.
//!
//! Owns the promises: the host of an address that is taken is the one that its reader sees, http leads to this machine
//! only, and what version 0.1 took is taken.

use engine::config::address::{self, Form};
use url::{Position, Url};

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (whole, base) = (address::refusal(text, Form::Whole), address::refusal(text, Form::Base));
    for reason in [whole, base].into_iter().flatten() {
        assert!(!reason.is_empty() && reason.is_ascii());
    }
    if took_0_1(text) {
        assert_eq!((whole, base), (None, None), "version 0.1 took it");
    }
    if base.is_none() {
        assert_eq!(whole, None, "what takes paths can be opened as it stands");
        assert!(!text.contains(['?', '#']), "paths are appended");
    }
    if whole.is_none() {
        is_what_it_seems(text);
    }
    // Behind the host, a link may hold what it likes.
    if took_0_1(text) && Url::parse(text).is_ok() {
        let longer = [text, "?a=b@c&d=//e#f@g"].concat();
        assert_eq!(address::refusal(&longer, Form::Whole), None);
        assert_eq!(address::host(&longer), address::host(text));
    }
}

/// A reader who knows no standard looks at the text between `://` and the next `/`, `?` or `#`.
fn is_what_it_seems(text: &str) {
    assert!(text.starts_with("https://") || text.starts_with("http://"));
    assert!(!text.chars().any(|c| c.is_control() || c == ' ' || c == '\\'));
    let (scheme, rest) = text.split_once("://").expect("it begins with one");
    let seen = rest.split(['/', '?', '#']).next().unwrap_or_default();
    assert!(!seen.is_empty() && !seen.contains('@'), "nothing hides the host");
    let Ok(url) = Url::parse(text) else {
        assert_eq!(address::host(text), None);
        assert!(took_0_1(text), "only version 0.1 took what nobody can open");
        return;
    };
    assert_eq!(address::host(text).as_deref(), url.host_str());
    assert!(url.username().is_empty() && url.password().is_none());
    let alone = Url::parse(&[scheme, "://", seen, "/"].concat()).expect("the host reads alone");
    assert_eq!(alone[..Position::AfterPort], url[..Position::AfterPort], "it is the host seen");
    let host = url.host_str().unwrap_or_default();
    assert!(
        url.scheme() == "https" || ["localhost", "127.0.0.1", "[::1]"].contains(&host),
        "http leads to this machine"
    );
}

/// The rule of version 0.1.
fn took_0_1(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = if let Some(inner) = authority.strip_prefix('[') {
        inner.split_once(']').unwrap_or_default()
    } else {
        authority.split_at(authority.find(':').unwrap_or(authority.len()))
    };
    let is_plain =
        url.bytes().all(|b| matches!(b, b'!'..=b'~') && !matches!(b, b'@' | b'\\' | b'?' | b'#'));
    let has_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|number| number.parse::<u16>().is_ok());
    let near = ["localhost", "127.0.0.1", "::1"].contains(&host);
    let leads = scheme == "https" || (scheme == "http" && near);
    is_plain && has_port && leads && !host.is_empty()
}
