//! `/v1/sites/{site}`: what a browser may know of a site.
//!
//! Owns nothing but the answer.

use super::Call;
use crate::{failure::Failure, router::json};
use worker::Response;

/// The site's public facts.
pub(crate) fn site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    json(200, &call.site(id)?.public(call.setup.sandbox))
}
