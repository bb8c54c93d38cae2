//! Origins, as browsers write and compare them.
//!
//! Owns their normal form, and the rules for which origins may send requests that change something, and which pages may
//! embed the studio. Must not be taken for authentication: only browsers send these headers truthfully.

use url::Url;

/// The headers in which a browser states where a request comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Provenance<'a> {
    /// The header `Origin`.
    pub origin: Option<&'a str>,
    /// The header `Sec-Fetch-Site`.
    pub fetch_site: Option<&'a str>,
}

/// Whether a request may change something: it may not if a header contradicts our own origin. Missing headers are
/// accepted.
pub fn may_change(provenance: Provenance<'_>, own: &str) -> bool {
    provenance.origin.is_none_or(|origin| origin == own)
        && provenance.fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// Whether the page that requests the studio may embed it. `destination` is the header `Sec-Fetch-Dest`. Without the
/// header `Referer`, only the browser decides, by the studio's `frame-ancestors` policy. `listed` are in their normal
/// form, which is the one that browsers send.
pub fn may_frame(
    destination: Option<&str>,
    referer: Option<&str>,
    own: &str,
    listed: &[String],
) -> bool {
    if destination == Some("document") {
        return true;
    }
    let Some(referer) = referer else { return true };
    let Some(origin) = origin_of(referer) else { return false };
    origin == own || listed.iter().any(|other| other == origin)
}

/// Whether the origin that a query names as `origin=` may embed the studio; `None` if it names none. What is no origin is
/// not listed.
pub fn query_is_listed(query: &str, own: &str, listed: &[String]) -> Option<bool> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let asked = pairs.find_map(|(name, value)| (name == "origin").then_some(value))?;
    let asked = normal(&asked).ok();
    Some(asked.is_some_and(|asked| asked == own || listed.contains(&asked)))
}

/// The origin of a URL, letter by letter as it stands there.
pub fn origin_of(url: &str) -> Option<&str> {
    let authority = url.find("://")?.checked_add(3)?;
    let rest = url.get(authority..)?;
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.get(..authority.checked_add(length)?)
}

/// An origin as browsers write it: scheme and host in small letters, names outside of ASCII in Punycode, IPv4 addresses
/// in four numbers, no default port, and no slash. A dot at the host's end stays, because browsers keep it: it is
/// another origin. The error says why a text is no origin.
///
/// It holds only letters, digits, `-`, `.`, `:` and `/`, so that it can stand in a policy.
pub fn normal(text: &str) -> Result<String, &'static str> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("it holds a space or a control character");
    }
    if text.contains('*') {
        return Err("it holds a *, and each origin is listed by itself");
    }
    let (scheme, default_port, rest) = split_scheme(text)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', '?', '#', '\\']) {
        return Err("it goes on after its host and port");
    }
    if rest.contains('@') {
        return Err("it has a user name before its host");
    }
    if rest.contains(['[', ']']) {
        return Err("it names an IPv6 address, which no browser's policy can");
    }
    let (name, port) =
        rest.rsplit_once(':').map_or((rest, None), |(name, port)| (name, Some(port)));
    if name.is_empty() {
        return Err("it names no host");
    }
    if name.contains(':') {
        return Err("it has two ports");
    }
    let port = match port.map(str::parse::<u16>) {
        None => String::new(),
        Some(Ok(port)) if port == default_port => String::new(),
        Some(Ok(port)) if port != 0 => [":", &port.to_string()].concat(),
        Some(_) => return Err("its port is not a number from 1 to 65535"),
    };
    // Version 0.1 took any of these characters: what browsers cannot read stays as it is, and equals no page's origin.
    let host = browsers_host(scheme, name).unwrap_or_else(|| name.to_ascii_lowercase());
    if !host.bytes().all(is_of_a_name) {
        return Err("it names a host that no browser's policy can name");
    }
    Ok([scheme, &host, &port].concat())
}

fn split_scheme(text: &str) -> Result<(&'static str, u16, &str), &'static str> {
    for (scheme, port) in [("https://", 443), ("http://", 80)] {
        if let Some((start, rest)) = text.split_at_checked(scheme.len())
            && start.eq_ignore_ascii_case(scheme)
        {
            return Ok((scheme, port, rest));
        }
    }
    Err("it does not begin with https:// or http://")
}

/// A host as browsers write it, or `None` if they cannot read it.
fn browsers_host(scheme: &str, name: &str) -> Option<String> {
    Url::parse(&[scheme, name].concat()).ok()?.host_str().map(str::to_owned)
}

/// What a host in a policy is made of.
fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
}

/// The origin of an address as browsers write it, if it adds nothing but itself to a policy: no other source, no other
/// directive, and no name for many hosts.
pub(crate) fn in_policy(address: &str) -> Option<String> {
    let origin = Url::parse(address).map_or_else(
        |_| origin_of(address).map(str::to_owned),
        |url| Some(url.origin().ascii_serialization()),
    )?;
    let fits = |byte: u8| is_of_a_name(byte) || matches!(byte, b':' | b'[' | b']' | b'_');
    let (scheme, host) = origin.split_once("://")?;
    let is_web = matches!(scheme, "http" | "https");
    (is_web && !host.is_empty() && host.bytes().all(fits)).then_some(origin)
}

/// The host of an origin, without its port.
pub fn host_of(origin: &str) -> Option<&str> {
    let authority = origin.split_once("://")?.1;
    if authority.starts_with('[') {
        return authority.split_inclusive(']').next();
    }
    authority.split(':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://studio.example.com";

    #[test]
    fn what_contradicts_our_origin_may_not_change_anything() {
        let ask = |origin, fetch_site| may_change(Provenance { origin, fetch_site }, OWN);
        assert!(ask(None, None));
        assert!(ask(Some(OWN), Some("same-origin")));
        assert!(ask(None, Some("none")));
        for origin in [
            "null",
            "https://studio.example.com.evil.com",
            "https://evil.com",
            "http://studio.example.com",
            "https://studio.example.com:8443",
            "HTTPS://STUDIO.EXAMPLE.COM",
            "https://studio.example.com/",
            "",
        ] {
            assert!(!ask(Some(origin), None), "{origin}");
        }
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            assert!(!ask(Some(OWN), Some(site)), "{site}");
        }
    }

    #[test]
    fn a_host_has_no_port() {
        for (origin, host) in [
            (OWN, "studio.example.com"),
            ("http://127.0.0.1:8787", "127.0.0.1"),
            ("http://[::1]:8787", "[::1]"),
        ] {
            assert_eq!(host_of(origin), Some(host));
        }
        assert_eq!(host_of("nonsense"), None);
    }

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for (text, written) in [
            ("https://a.example", "https://a.example"),
            ("https://A.Example", "https://a.example"),
            ("HTTPS://a.example", "https://a.example"),
            ("https://a.example/", "https://a.example"),
            ("https://a.example:443", "https://a.example"),
            ("https://a.example:443/", "https://a.example"),
            ("https://a.example:0443", "https://a.example"),
            ("http://a.example:80", "http://a.example"),
            ("https://a.example:80", "https://a.example:80"),
            ("http://a.example:443", "http://a.example:443"),
            ("http://localhost:8787", "http://localhost:8787"),
            ("https://a.example:65535", "https://a.example:65535"),
            ("https://a.example.", "https://a.example."),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://BÜCHER.example:8443", "https://xn--bcher-kva.example:8443"),
            ("https://bu\u{308}cher.example", "https://xn--bcher-kva.example"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
            ("https://straße.example", "https://xn--strae-oqa.example"),
            ("https://例え。テスト", "https://xn--r8jz45g.xn--zckzah"),
            ("http://127.1", "http://127.0.0.1"),
            ("http://0x7f.1:8787", "http://127.0.0.1:8787"),
            ("https://a.example:+8443", "https://a.example:8443"),
            ("https://127.1:+80", "https://127.0.0.1:80"),
            // Browsers cannot read these, and version 0.1 took them.
            ("https://256.256.256.256", "https://256.256.256.256"),
            ("https://xn--:443", "https://xn--"),
            ("https://-..", "https://-.."),
        ] {
            assert_eq!(normal(text).as_deref(), Ok(written), "{text}");
            assert_eq!(normal(written).as_deref(), Ok(written), "twice changes nothing: {text}");
        }
    }

    #[test]
    fn what_is_no_origin_says_why() {
        for (text, reason) in [
            ("", "begin with https://"),
            ("null", "begin with https://"),
            ("a.example", "begin with https://"),
            ("ftp://a.example", "begin with https://"),
            ("https:a.example", "begin with https://"),
            ("https://", "no host"),
            ("https://:443", "no host"),
            ("https:///", "no host"),
            ("*", "a *"),
            ("https://*.a.example", "a *"),
            ("https://a b", "space"),
            ("https://a.example\n", "control character"),
            ("https://a.example; script-src", "space"),
            ("https://a.example/page", "goes on"),
            ("https://a.example//", "goes on"),
            ("https://a.example?x", "goes on"),
            ("https://a.example#x", "goes on"),
            ("https://a.example\\", "goes on"),
            ("https://user@a.example", "user name"),
            ("http://[::1]:8787", "IPv6"),
            ("https://a:80:90", "two ports"),
            ("https://a.example:x", "port"),
            ("https://a.example:", "port"),
            ("https://a.example:0", "port"),
            ("https://a.example:65536", "port"),
            ("https://a;b", "no browser's policy"),
            ("https://a,b", "no browser's policy"),
            ("https://a'b", "no browser's policy"),
            ("https://a\"b", "no browser's policy"),
            ("https://a_b.example", "no browser's policy"),
            ("https://a%2fb", "no browser's policy"),
            ("https://a%3b.example", "no browser's policy"),
            ("https://a／b", "no browser's policy"),
            ("https://\u{ad}", "no browser's policy"),
        ] {
            let refusal = normal(text).unwrap_err();
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }

    #[test]
    fn a_policy_gets_an_origin_and_nothing_else() {
        for (address, origin) in [
            (
                "https://challenges.cloudflare.com/turnstile/v0/siteverify",
                "https://challenges.cloudflare.com",
            ),
            (
                "https://Verify.Example:443/v;script-src *,'unsafe-inline'?a;b#c;d",
                "https://verify.example",
            ),
            ("https://bücher.example/v", "https://xn--bcher-kva.example"),
            ("https://a_b.example/v", "https://a_b.example"),
            ("http://127.0.0.1:9/v", "http://127.0.0.1:9"),
            ("http://[::1]:9/v", "http://[::1]:9"),
            ("https://256.1.1.1/v", "https://256.1.1.1"),
        ] {
            assert_eq!(in_policy(address).as_deref(), Some(origin), "{address}");
        }
        for hostile in [
            "https://a;b/v",
            "https://a;script-src'unsafe-inline'/v",
            "https://a,b/v",
            "https://a'b/v",
            "https://a\"b/v",
            "https://a b/v",
            "https://a%3bb/v",
            "https://a%20b/v",
            "https://*/v",
            "https://*.example/v",
            "https://256.1.1.1;b/v",
            "https://[a;b]/v",
            "data:text/plain,x",
            "*",
            "",
        ] {
            assert_eq!(in_policy(hostile), None, "{hostile}");
        }
    }

    #[test]
    fn a_query_asks_whether_an_origin_is_listed() {
        let listed = ["https://acme.com".to_owned(), "http://localhost:8787".to_owned()];
        for (query, answer) in [
            ("", None),
            ("locale=de", None),
            ("origin=https://acme.com", Some(true)),
            ("x=1&origin=https%3A%2F%2FACME.com%3A443%2F", Some(true)),
            ("origin=http%3A%2F%2Flocalhost%3A8787", Some(true)),
            ("origin=https%3A%2F%2Fstudio.example.com", Some(true)),
            ("origin=http://acme.com", Some(false)),
            ("origin=https://acme.com.evil.com", Some(false)),
            ("origin=https://acme.com/page", Some(false)),
            ("origin=*", Some(false)),
            ("origin=", Some(false)),
        ] {
            assert_eq!(query_is_listed(query, OWN, &listed), answer, "{query}");
        }
    }

    #[test]
    fn an_origin_ends_where_its_path_begins() {
        for url in [
            "https://a.example/b",
            "https://a.example?b/c",
            "https://a.example#b",
            "https://a.example",
        ] {
            assert_eq!(origin_of(url), Some("https://a.example"), "{url}");
        }
    }

    #[test]
    fn only_listed_pages_may_show_the_frame() {
        let listed = ["https://acme.com".to_owned()];
        let ask = |destination, referer| may_frame(destination, referer, OWN, &listed);
        assert!(ask(Some("iframe"), Some("https://acme.com/page?x#y")));
        assert!(ask(Some("iframe"), Some("https://acme.com")));
        assert!(ask(Some("iframe"), Some("https://acme.com?x")));
        assert!(ask(Some("iframe"), Some("https://studio.example.com/demo")));
        assert!(ask(Some("iframe"), None));
        assert!(ask(Some("document"), Some("https://evil.com/")));
        assert!(!ask(Some("iframe"), Some("https://acme.com.evil.com/")));
        assert!(!ask(Some("iframe"), Some("https://evil.com/https://acme.com")));
        assert!(!ask(None, Some("nonsense")));
    }
}
