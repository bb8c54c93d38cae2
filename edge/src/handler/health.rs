//! `/healthz`: whether this edge can make pictures.
//!
//! Owns nothing but the answer.

use super::Call;
use crate::{clock, failure::Failure, router::json};
use contract::health::{Breaker, Health, Status};
use worker::Response;

/// Ready when it answers 200.
pub(crate) fn health(call: &Call<'_>) -> Result<Response, Failure> {
    let health = Health {
        status: Status::Ok,
        version: contract::VERSION.to_owned(),
        sandbox: call.setup.sandbox,
        breaker: Breaker::Closed,
        warnings: call.setup.config.warnings(clock::now().day()),
    };
    json(200, &health)
}
