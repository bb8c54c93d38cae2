//! `/v1/sites/{site}`: what a browser may know of a site.
//!
//! Owns nothing but the answer.

use super::{Call, estimates};
use crate::{failure::Failure, router::json};
use worker::Response;

/// The site's public facts.
pub(crate) async fn site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    json(200, &estimates::public(call, call.site(id)?).await)
}
