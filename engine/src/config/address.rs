//! The addresses in a configuration: links that browsers open, webhooks and the gateway that the edge calls.
//!
//! Owns which addresses are taken, and the reason for each that is not. Must not send requests, and must not repeat an
//! address in a reason: a webhook's address is often its only secret.

use super::ConfigError;
use url::{ParseError, Url};

/// What an address may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A query and a fragment too: it is opened as it stands.
    Whole,
    /// ASCII without a query, a fragment or an `@`: paths are appended to it.
    Base,
}

const SCHEME: &str = "must begin with https://";
const PLAIN_HTTP: &str = "must begin with https://, or point to this machine (http://127.0.0.1, http://localhost): plain http could be read and changed on its way";
const SPACE: &str = "holds a space or a control character: write %20 for a space";
const BACKSLASH: &str = "holds a backslash, which browsers read as a slash: write / or %5C";
const NO_HOST: &str = "names no host after its ://";
const USER: &str =
    "has a user name before its host (name@host), which hides the host that is opened: remove it";
const PORT: &str = "has a port that is not a number up to 65535";
const HOST: &str = "names a host that no browser can open";
const QUERY: &str = "holds a query or a fragment (? or #), but paths are appended to it: remove it";
const BASE: &str = "holds an @ or a letter outside of ASCII: write it as %40, or percent-encoded";

/// Checks the address of a member; the error begins with the member's name.
pub(crate) fn check(name: &str, address: &str, form: Form) -> Result<(), ConfigError> {
    match refusal(address, form) {
        None => Ok(()),
        Some(reason) => Err(ConfigError::new(format!("{name} {reason}"))),
    }
}

/// Why an address is refused, as the rest of a sentence that begins with its name. `None` takes it.
pub fn refusal(address: &str, form: Form) -> Option<&'static str> {
    if is_plain(address) {
        return None;
    }
    let read = read(address);
    match form {
        Form::Whole => read.err(),
        Form::Base if address.contains(['?', '#']) => read.err().or(Some(QUERY)),
        Form::Base => read.err().or(Some(BASE)),
    }
}

/// The host that browsers and the edge's requests reach, as they write it. `None` if they reach none.
pub fn host(address: &str) -> Option<String> {
    read(address).ok()?.host_str().map(str::to_owned)
}

/// Reads an address of any form; the error is the reason.
fn read(address: &str) -> Result<Url, &'static str> {
    // The parser skips some of these; a person who reads the file does not.
    if address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(SPACE);
    }
    if address.contains('\\') {
        return Err(BACKSLASH);
    }
    let (secure, rest) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Err(SCHEME),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(NO_HOST);
    }
    if authority.contains('@') {
        return Err(USER);
    }
    let url = Url::parse(address).map_err(|error| match error {
        ParseError::InvalidPort => PORT,
        _ => HOST,
    })?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if secure || loopback { Ok(url) } else { Err(PLAIN_HTTP) }
}

/// Whether an address is https, or http to this machine, in ASCII and without a query, a fragment, or an `@`: what
/// version 0.1 took, wherever its host may be.
fn is_plain(address: &str) -> bool {
    let (rest, secure) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return false,
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or_default(),
        None => authority.find(':').map_or((authority, ""), |at| authority.split_at(at)),
    };
    let plain = |text: &str| {
        text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'@' | b'\\' | b'?' | b'#'))
    };
    let port_is_number =
        port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok());
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "::1");
    !host.is_empty() && plain(address) && port_is_number && (secure || loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_webhooks_are_opened_as_they_stand() {
        for (address, reached) in [
            ("https://acme.example/buy?utm_source=studio", "acme.example"),
            ("https://acme.example/#contact", "acme.example"),
            ("https://acme.example?a=b#c", "acme.example"),
            ("https://acme.example/@acme/shop?mail=a@b.example#@", "acme.example"),
            ("https://acme.example#@evil.example", "acme.example"),
            ("https://acme.example?@evil.example/", "acme.example"),
            (
                "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=t%3D",
                "chat.googleapis.com",
            ),
            (
                "https://prod-1.westeurope.logic.azure.com:443/workflows/0/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers&sig=s",
                "prod-1.westeurope.logic.azure.com",
            ),
            ("https://api.telegram.org/bot1:AA-b_c/sendMessage?chat_id=@acme", "api.telegram.org"),
            ("https://bücher.example/Größe?q=ß", "xn--bcher-kva.example"),
            ("https://acme.example:8443/a?b", "acme.example"),
            ("http://127.0.0.1:9/hook?x", "127.0.0.1"),
            ("http://[::1]:9/hook#x", "[::1]"),
            ("http://LOCALHOST/?x", "localhost"),
        ] {
            assert_eq!(refusal(address, Form::Whole), None, "{address}");
            assert_eq!(host(address).as_deref(), Some(reached), "{address}");
        }
    }

    #[test]
    fn a_refusal_says_the_reason() {
        for (address, reason) in [
            ("", SCHEME),
            ("acme.example/?x", SCHEME),
            ("ftp://127.0.0.1/?x", SCHEME),
            ("javascript:alert(1)//https://a.example", SCHEME),
            ("https:/acme.example", SCHEME),
            ("//acme.example", SCHEME),
            ("http://acme.example/?x", PLAIN_HTTP),
            ("http://127.0.0.1.acme.example", PLAIN_HTTP),
            ("https://", NO_HOST),
            ("https://?x", NO_HOST),
            ("https:///acme.example", NO_HOST),
            ("https://user@acme.example", USER),
            ("https://good.example@evil.example/?x", USER),
            ("https://good.example:443@evil.example/", USER),
            ("https://@acme.example", USER),
            ("http://localhost@acme.example", USER),
            ("https://acme.example:99999/?x", PORT),
            ("https://acme.example:x/", PORT),
            ("http://127.0.0.1:99999", PORT),
            ("https://acme.example/a b", SPACE),
            (" https://acme.example", SPACE),
            ("https://acme.example/\t", SPACE),
            ("https://acme.example/\u{a0}", SPACE),
            ("https://acme\n.example/?x", SPACE),
            ("https://good.example\\@evil.example", BACKSLASH),
            ("https://[::1/?x", HOST),
            ("https://a<b>.example/?x", HOST),
            ("https://a%00.example/?x", HOST),
        ] {
            assert_eq!(refusal(address, Form::Whole), Some(reason), "{address}");
            assert_eq!(refusal(address, Form::Base), Some(reason), "{address}");
        }
    }

    #[test]
    fn a_base_has_nothing_behind_its_path() {
        for good in [
            "https://ai-gateway.vercel.sh/v1",
            "http://127.0.0.1:8788/v1",
            "http://localhost/v1",
            "http://[::1]:1/v1",
        ] {
            assert_eq!(refusal(good, Form::Base), None, "{good}");
        }
        for (address, reason) in [
            ("https://a.example/v1?x", QUERY),
            ("https://a.example/v1#x", QUERY),
            ("https://a.example/@v1", BASE),
            ("https://bücher.example/v1", BASE),
        ] {
            assert_eq!(refusal(address, Form::Base), Some(reason), "{address}");
            assert_eq!(refusal(address, Form::Whole), None, "{address}");
        }
    }

    #[test]
    fn what_version_0_1_took_is_taken_wherever_it_leads() {
        for odd in [
            "https://a:+80/x",
            "https://a:0",
            "https://[zz]/",
            "https://256.1.1.1/",
            "https://a|b/",
            "https://xn--/",
            "http://localhost:+1/",
        ] {
            assert_eq!(refusal(odd, Form::Whole), None, "{odd}");
            assert_eq!(refusal(odd, Form::Base), None, "{odd}");
        }
    }
}
