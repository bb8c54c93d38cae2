//! `/healthz`: whether this edge can make pictures.
//!
//! Owns nothing but the answer: closed if every site is, and the worst site's breaker.

use super::{Call, warnings};
use crate::{failure::Failure, objects};
use contract::health::{Breaker, Health, Status};
use web_sys::Response;

/// Ready when it answers 200. Closed if every site is.
pub(crate) async fn health(call: &Call<'_>) -> Result<Response, Failure> {
    let (mut status, mut breaker) = (Status::Closed, Breaker::Closed);
    for site in &call.setup.config.sites {
        let ledger = objects::ledger(call.env, &site.id)?;
        let path = ["/", &site.id, "/state"].concat();
        let (closed, own): (bool, Breaker) = objects::call_json(&ledger, &path, &()).await?;
        if !closed {
            status = Status::Ok;
        }
        breaker = breaker.max(own);
    }
    let health = Health {
        status,
        version: contract::VERSION.to_owned(),
        sandbox: call.setup.sandbox,
        breaker,
        warnings: warnings::all(call).await,
    };
    call.json(200, &health)
}
