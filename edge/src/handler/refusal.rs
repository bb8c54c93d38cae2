//! The page in place of a studio that cannot be shown: to whoever looks it says why, to the operator what to do, to the
//! page around the frame the kind of the problem.
//!
//! Owns this page's words and its policy. Must not be rendered by the studio's components, nor say more to the page than
//! the kind: everybody may frame it.

use super::{Call, assets::HTML, documents};
use crate::{failure::Failure, reply::Reply};
use contract::problem::ProblemKind;
use engine::{document::language::Language, origin};
use std::collections::BTreeMap;
use web_sys::Response;

/// The page's only script. A loader of 0.1.0 shows the page; later ones show the element's children, if it has any: then
/// only the console tells the owner.
const SCRIPT: &str = r#"parent.postMessage({ easel: 1, type: "problem", kind: document.body.id }, "*"); console.warn(document.body.innerText)"#;
const STYLE: &str = ":root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif } \
    body { display: grid; align-content: center; justify-items: center; min-height: 100vh; margin: 0; padding: 1rem; box-sizing: border-box; text-align: center } \
    h1 { font-size: 17px; font-weight: 560 } p { max-width: 34rem; margin: 0; overflow-wrap: anywhere }";
/// Its script and its style are allowed by their hashes, and nothing else is. It is shown in every frame, also in those
/// that may not show the studio.
const POLICY: &str = "default-src 'none'; script-src 'sha256-WqXg3ykNkCuDjn23cBHiiHnKfX0cn9O3HKGzBoamhKQ='; \
    style-src 'sha256-MGBLaQktf7rqBBm7GMdzJlm6oiHwQLef/AF+jDhXrA0='; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// Whether a browser shows the response as a document: to everybody else a problem is JSON.
pub(super) fn is_shown(call: &Call<'_>) -> bool {
    call.header("sec-fetch-dest").is_some()
        || call.header("accept").is_some_and(|types| types.contains("text/html"))
}

/// The site's id is none that the edge knows.
pub(super) fn unknown_site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let is_of_an_id = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    // Anybody can have written it: it is repeated only where it can be an id.
    let site = if id.bytes().all(is_of_an_id) { code(id) } else { String::new() };
    let language = language(call);
    let (what, todo) = if language == "de" {
        (
            ["Ein Studio ", &site, " gibt es hier nicht"].concat(),
            "Für den Betrieb dieser Seite: bitte <code>site</code> am Element prüfen.",
        )
    } else {
        (
            ["There is no studio ", &site, " here"].concat(),
            "For the owner of this page: check <code>site</code> of the element.",
        )
    };
    page(call, ProblemKind::UnknownSite, language, &what, todo)
}

/// The page around the frame is none of the site's origins.
pub(super) fn unlisted(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let referer = call.header("referer").unwrap_or_default();
    // In its normal form an origin holds nothing that HTML could read as its own.
    let asked = origin::origin_of(&referer).and_then(|asked| origin::normal(asked).ok());
    let (asked, site, language) = (asked.map(|asked| code(&asked)), code(id), language(call));
    let (what, todo) = if language == "de" {
        let asked = asked.as_deref().unwrap_or("die Adresse der Seite");
        (
            "Diese Seite darf das Studio nicht zeigen",
            ["Für den Betrieb:<br>", asked, " bei <code>origins</code> von ", &site, " ergänzen."],
        )
    } else {
        let asked = asked.as_deref().unwrap_or("the page’s origin");
        (
            "This page may not show the studio",
            ["For its operator:<br>Add ", asked, " to <code>origins</code> of ", &site, "."],
        )
    };
    page(call, ProblemKind::OriginNotAllowed, language, what, &todo.concat())
}

fn code(text: &str) -> String {
    ["<code>", text, "</code>"].concat()
}

/// A language that this page has words in.
fn language(call: &Call<'_>) -> &'static str {
    let accepted = call.header("accept-language");
    Language::choose(documents::locale(call), accepted.as_deref(), &BTreeMap::new()).words
}

/// `what` and `todo` are HTML.
fn page(
    call: &Call<'_>,
    kind: ProblemKind,
    language: &str,
    what: &str,
    todo: &str,
) -> Result<Response, Failure> {
    let (head, kind_name) = ("<meta charset=\"utf-8\">\n<title>Easel</title>", kind.word());
    let html = [
        "<!doctype html>\n<html lang=\"",
        language,
        "\">\n<head>\n",
        head,
        "\n<style>",
        STYLE,
        "</style>\n</head>\n<body id=\"",
        kind_name,
        "\">\n<main><h1>",
        what,
        "</h1>\n<p>",
        todo,
        "</p></main>\n<script>",
        SCRIPT,
        "</script>\n</body>\n</html>\n",
    ];
    let reply = Reply::new(kind.status(), call.secure)?
        .header("content-type", HTML)?
        .header("content-security-policy", POLICY)?
        .for_isolated_pages()?;
    Ok(reply.text(&html.concat())?)
}
