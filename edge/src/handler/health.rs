//! `/healthz`: whether this edge can make pictures.
//!
//! Owns nothing but the answer.

use super::Call;
use crate::{clock, failure::Failure, objects, router::json};
use contract::health::{Breaker, Health, Status};
use worker::Response;

/// Ready when it answers 200. Closed if every site is.
pub(crate) async fn health(call: &Call<'_>) -> Result<Response, Failure> {
    let mut status = Status::Closed;
    for site in &call.setup.config.sites {
        let ledger = objects::ledger(call.env, &site.id)?;
        if !objects::ask::<_, bool>(&ledger, &["/", &site.id, "/closed"].concat(), &()).await? {
            status = Status::Ok;
            break;
        }
    }
    let health = Health {
        status,
        version: contract::VERSION.to_owned(),
        sandbox: call.setup.sandbox,
        breaker: Breaker::Closed,
        warnings: call.setup.config.warnings(clock::now().day()),
    };
    json(200, &health)
}
