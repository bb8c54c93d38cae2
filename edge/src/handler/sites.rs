//! `/v1/sites/{site}`: what a browser may know of a site.
//!
//! Owns nothing but the answer.

use super::{Call, estimates};
use crate::failure::Failure;
use web_sys::Response;

/// The site's public facts.
pub(crate) async fn site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    call.json(200, &estimates::public(call, call.site(id)?).await)
}
