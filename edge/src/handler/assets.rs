//! `/assets/{name}`: files whose name holds their content's hash.
//!
//! Owns caching and encoding. Must not serve anything whose content can change.

use super::Call;
use crate::failure::Failure;
use contract::problem::ProblemKind;
use worker::{EncodeBody, Env, Request, Response, ResponseBuilder};

/// A hashed file: it may be kept for ever.
pub(crate) async fn file(call: &Call<'_>, name: &str) -> Result<Response, Failure> {
    let not_found = || Failure::of(ProblemKind::NotFound);
    let media_type = media_type(name).ok_or_else(not_found)?;
    let brotli = call.header("accept-encoding").is_some_and(|accepted| takes_brotli(&accepted));
    let path = ["/assets/", name, if brotli { ".br" } else { "" }].concat();
    let found = fetch(call.env, &path).await?.ok_or_else(not_found)?;
    let (_, body) = found.into_parts();
    let mut builder = ResponseBuilder::new()
        .with_header("content-type", media_type)?
        .with_header("cache-control", "public, max-age=31536000, immutable")?
        .with_header("vary", "accept-encoding")?;
    if brotli {
        builder =
            builder.with_header("content-encoding", "br")?.with_encode_body(EncodeBody::Manual);
    }
    Ok(builder.body(body))
}

/// A file of the build, by its path; nothing if there is none.
pub(crate) async fn fetch(env: &Env, path: &str) -> Result<Option<Response>, Failure> {
    // Not by `Fetcher::fetch`: its options would bring 13 KB of settings that nothing here has.
    let request = web_sys::Request::new_with_str(&["https://assets", path].concat())?;
    let response = env.assets("ASSETS")?.fetch_request(Request::from(request)).await?;
    Ok((response.status_code() == 200).then_some(response))
}

/// The types that the build makes; all else is not served.
fn media_type(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
        return None;
    }
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

fn takes_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "br"
            && weight
                .trim()
                .strip_prefix("q=")
                .is_none_or(|q| !q.trim_matches(['0', '.']).is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_whoever_takes_it() {
        for accepted in ["br", "gzip, deflate, br", "gzip;q=1, br;q=0.5", " br ; q=1"] {
            assert!(takes_brotli(accepted), "{accepted}");
        }
        for accepted in ["", "gzip", "brotli", "br;q=0", "gzip, br;q=0.000"] {
            assert!(!takes_brotli(accepted), "{accepted}");
        }
    }

    #[test]
    fn only_what_the_build_makes_is_served() {
        assert_eq!(media_type("studio-0123abcd.wasm"), Some("application/wasm"));
        for name in ["studio", "a/b.js", "..", "studio.html", "x.br", "%2e.js", "a b.js"] {
            assert_eq!(media_type(name), None, "{name}");
        }
    }
}
