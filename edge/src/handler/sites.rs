//! `/v1/sites/{site}`: the public facts of a site.
//!
//! Owns this response. Must not add private facts: the engine decides what is public.

use super::{Call, estimates};
use crate::failure::Failure;
use web_sys::Response;

/// A site's public facts.
pub(crate) async fn site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    call.json(200, &estimates::public(call, call.site(id)?).await)
}
