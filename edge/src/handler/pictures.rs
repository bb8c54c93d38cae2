//! `/v1/jobs/{id}/pictures/{n}`: the original bytes, and a preview before they are ready.
//!
//! Owns the checks on the path. Must not read the bytes: they never enter this program's memory.

use super::Call;
use crate::{failure::Failure, objects};
use contract::problem::ProblemKind;
use web_sys::Response;

/// The original bytes, as the gateway sent them.
pub(crate) async fn original(call: &Call<'_>, id: &str, index: &str) -> Result<Response, Failure> {
    bytes(call, id, index, "", call.query == "download").await
}

/// The newest preview of a picture that is not ready, if the gateway streams previews.
pub(crate) async fn preview(call: &Call<'_>, id: &str, index: &str) -> Result<Response, Failure> {
    bytes(call, id, index, "/preview", false).await
}

async fn bytes(
    call: &Call<'_>,
    id: &str,
    index: &str,
    which: &str,
    download: bool,
) -> Result<Response, Failure> {
    let index = read(index)?;
    let stub = objects::job(call.env, id).ok_or_else(|| Failure::of(ProblemKind::UnknownJob))?;
    let query = match (download, call.is_head()) {
        (true, false) => "?download",
        (true, true) => "?download&head",
        (_, true) => "?head",
        _ => "",
    };
    let path = ["/pictures/", index, which, query].concat();
    let response = objects::call(&stub, &path, call.secure).await?;
    match response.status() {
        200 => Ok(response),
        410 => Err(Failure::of(ProblemKind::PictureGone)),
        404 => Err(Failure::of(ProblemKind::UnknownJob)),
        status @ 500.. => Err(Failure::Internal(format!("job answered {status}"))),
        _ => Err(Failure::of(ProblemKind::NotFound)),
    }
}

/// A picture's number in its one spelling: no sign and no leading zero, so that a picture has one URL.
fn read(index: &str) -> Result<&str, Failure> {
    let plain = index.len() <= 2
        && index.bytes().all(|b| b.is_ascii_digit())
        && (index.len() == 1 || !index.starts_with('0'));
    if plain { Ok(index) } else { Err(Failure::of(ProblemKind::NotFound)) }
}
