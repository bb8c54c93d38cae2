//! `/v1/jobs/{id}/pictures/{n}`: the original bytes.
//!
//! Owns the checks on the path. The bytes pass by: they never enter this program's memory.

use super::Call;
use crate::{failure::Failure, objects};
use contract::problem::ProblemKind;
use worker::Response;

/// The original bytes, as the gateway sent them.
pub(crate) async fn original(call: &Call<'_>, id: &str, index: &str) -> Result<Response, Failure> {
    let index = read(index)?;
    let stub = objects::job(call.env, id).ok_or_else(|| Failure::of(ProblemKind::UnknownJob))?;
    let query = match (call.query, call.is_head()) {
        ("download", false) => "?download",
        ("download", true) => "?download&head",
        (_, true) => "?head",
        _ => "",
    };
    let response = objects::call(&stub, &format!("/pictures/{index}{query}"), None).await?;
    match response.status_code() {
        200 => {
            // An answer of an object cannot be changed, a new one round the same body can.
            let headers = response.headers().clone();
            let (_, body) = response.into_parts();
            Ok(worker::ResponseBuilder::new().with_headers(headers).body(body))
        }
        410 => Err(Failure::of(ProblemKind::PictureGone)),
        404 => Err(Failure::of(ProblemKind::UnknownJob)),
        _ => Err(Failure::of(ProblemKind::NotFound)),
    }
}

/// No partial picture is kept: the gateway does not stream them.
pub(crate) async fn preview(call: &Call<'_>, id: &str, index: &str) -> Result<Response, Failure> {
    read(index)?;
    drop(super::jobs::view(call, id).await?);
    Err(Failure::of(ProblemKind::NotFound))
}

fn read(index: &str) -> Result<u32, Failure> {
    let plain = index.len() <= 2
        && index.bytes().all(|b| b.is_ascii_digit())
        && (index.len() == 1 || !index.starts_with('0'));
    index.parse().ok().filter(|_| plain).ok_or_else(|| Failure::of(ProblemKind::NotFound))
}
