//! The build's files: `/assets/{name}` and `/sites/{id}/{name}`, whose names contain a hash of their content, and the
//! loader.
//!
//! Owns caching and encoding. Must not serve a document: that goes through `documents`.
//!
//! Decision: docs/decisions/2026-11-29-the-worker-serves-every-file.md.

use super::Call;
use crate::{failure::Failure, headers, reply::Reply};
use contract::problem::ProblemKind;
use web_sys::Response;
use worker::Env;

/// For files whose content never changes under the same name.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For files that the next deploy may change.
const SOON: &str = "public, max-age=300, stale-while-revalidate=86400";
/// The beginning of the path of the only script that a document starts as a worker.
const IMAGE_WORKER: &str = "/assets/image_worker-";
/// The media type of documents.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// Serves a file by its path. Only loaders may be read by other origins.
pub(crate) async fn file(call: &Call<'_>, path: &str) -> Result<Response, Failure> {
    let not_found = || Failure::of(ProblemKind::NotFound);
    let is_served = |media_type: &&str| {
        *media_type != HTML && is_picture(media_type) == path.starts_with("/sites/")
    };
    let media_type = media_type(path).filter(is_served);
    let media_type = media_type.ok_or_else(not_found)?;
    // A picture is compressed already: the build makes no second copy of it.
    let picture = is_picture(media_type);
    let brotli =
        !picture && call.header("accept-encoding").is_some_and(|accepted| takes_brotli(&accepted));
    let stored = [path, if brotli { ".br" } else { "" }].concat();
    let found = fetch(call.env, &stored).await?.ok_or_else(not_found)?;
    let named_for_ever = ["/assets/", "/v/", "/sites/"].iter().any(|start| path.starts_with(start));
    let mut reply = Reply::new(200, call.secure)?
        .header("content-type", media_type)?
        .header("cache-control", if named_for_ever { FOREVER } else { SOON })?;
    if !picture {
        reply = reply.header("vary", "accept-encoding")?;
    }
    if brotli {
        reply = reply.encoded("br")?;
    }
    if path.ends_with("/easel.js") {
        reply = reply
            .header("access-control-allow-origin", "*")?
            .header(headers::SHARED.0, headers::SHARED.1)?;
    }
    // A worker must be as isolated as the document that starts it.
    if path.starts_with(IMAGE_WORKER) {
        reply = reply.header(headers::ISOLATED.0, headers::ISOLATED.1)?;
    }
    Ok(match found.body() {
        Some(body) => reply.stream(&body)?,
        None => reply.empty()?,
    })
}

/// Reads a file of the build by its path; `None` if there is none.
pub(crate) async fn fetch(env: &Env, path: &str) -> Result<Option<Response>, Failure> {
    let assets = env.assets("ASSETS")?;
    let answer: Response = assets.fetch(["https://assets", path].concat(), None).await?.into();
    Ok((answer.status() == 200).then_some(answer))
}

/// The media types of the build's files. A file of any other type is not served.
pub(crate) fn media_type(path: &str) -> Option<&'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/');
    if !path.bytes().all(plain) || path.contains("..") {
        return None;
    }
    match path.rsplit_once('.')?.1 {
        "html" => Some(HTML),
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "svg" => Some("image/svg+xml"),
        "json" => Some("application/json"),
        "ts" => Some("text/plain; charset=utf-8"),
        "webp" => Some("image/webp"),
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        _ => None,
    }
}

/// Whether files of this media type are pictures of presets.
fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/webp" | "image/png" | "image/jpeg")
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
        assert_eq!(media_type("/assets/studio-0123abcd.wasm"), Some("application/wasm"));
        assert_eq!(media_type("/demo/form.html"), Some(HTML));
        assert_eq!(media_type("/sites/demo/poster-0123abcd.webp"), Some("image/webp"));
        for path in ["/studio", "/v/../easel.js", "/..", "/x.br", "/%2e.js", "/a b.js", "/demo"] {
            assert_eq!(media_type(path), None, "{path}");
        }
    }
}
