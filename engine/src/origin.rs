//! The origin of the page that sent a request, as its browser states it.
//!
//! Owns the rules for which origins may send requests that change something, and which pages may embed the studio. Must
//! not be taken for authentication: only browsers send these headers truthfully.

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
/// header `Referer`, only the browser decides, by the studio's `frame-ancestors` policy.
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

/// The origin of a URL.
pub fn origin_of(url: &str) -> Option<&str> {
    let authority = url.find("://")?.checked_add(3)?;
    let length = url.get(authority..)?.find('/').unwrap_or(url.len().saturating_sub(authority));
    url.get(..authority.checked_add(length)?)
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
    fn only_listed_pages_may_show_the_frame() {
        let listed = ["https://acme.com".to_owned()];
        let ask = |destination, referer| may_frame(destination, referer, OWN, &listed);
        assert!(ask(Some("iframe"), Some("https://acme.com/page?x#y")));
        assert!(ask(Some("iframe"), Some("https://acme.com")));
        assert!(ask(Some("iframe"), Some("https://studio.example.com/demo")));
        assert!(ask(Some("iframe"), None));
        assert!(ask(Some("document"), Some("https://evil.com/")));
        assert!(!ask(Some("iframe"), Some("https://acme.com.evil.com/")));
        assert!(!ask(Some("iframe"), Some("https://evil.com/https://acme.com")));
        assert!(!ask(None, Some("nonsense")));
    }
}
