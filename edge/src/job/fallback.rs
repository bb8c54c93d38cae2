//! Moves a job from a model that upstream no longer has to the next configured one.
//!
//! Owns the order: the Ledger grants the next model's worst case before a request to that model is sent. Must not send
//! that request.

use super::inner::Inner;
use crate::{clock, objects, setup};
use contract::problem::ProblemKind;
use engine::{
    candidates::{self, Wanted},
    ledger::{Raise, Raised},
};
use worker::console_error;

/// Moves the job to the next model. An error is the problem with which its picture ends, without a further request
/// upstream.
pub(super) async fn from(inner: &Inner, gone: &str) -> Result<(), ProblemKind> {
    let missing = ProblemKind::Misconfigured;
    let setup = setup::get(&inner.env).ok_or(missing)?;
    let new = inner.read(|record| record.new.clone()).ok_or(missing)?;
    if new.model != gone {
        // Another picture of this job has moved the job already.
        return Ok(());
    }
    let config = &setup.config;
    let wanted =
        Wanted { order: &new.order, upstream_prompt: &new.upstream_prompt, uploads: &new.uploads };
    let dialect = config.gateway.dialect;
    let today = clock::now().day();
    let ask = Raise {
        job: new.id.clone(),
        pictures: new.order.count,
        inputs: u32::try_from(new.uploads.len()).unwrap_or(u32::MAX),
        gone: gone.to_owned(),
        candidates: candidates::after_gone(&config.models, dialect, gone, wanted, today),
    };
    let (next, expected_ms) = match raise(inner, &new.site, &ask).await {
        Some(Raised::Granted { candidate, expected_ms }) => (candidate, expected_ms),
        Some(Raised::Refused) => return Err(ProblemKind::BudgetSpent),
        Some(Raised::NoModel) => {
            console_error!(
                "gateway.model_gone job={} model={gone} next=none",
                objects::logged(&new.id)
            );
            return Err(missing);
        }
        // Without the Ledger's grant nothing may be spent.
        None => return Err(ProblemKind::Busy),
    };
    let id = objects::logged(&new.id);
    console_error!("gateway.model_gone job={id} model={gone} next={}", next.model);
    let seeded = || config.model(&next.model)?.expected_ms(new.order.quality);
    let expected_ms = expected_ms.or_else(seeded);
    let mut offered = ask.candidates.iter();
    let configured = offered.find(|it| it.model == next.model).map(|it| it.worst_each);
    let moved = inner.change(|record| record.fall_back(gone, &next, configured, expected_ms));
    moved.map(drop).map_err(|_| ProblemKind::Busy)
}

async fn raise(inner: &Inner, site: &str, ask: &Raise) -> Option<Raised> {
    let ledger = objects::ledger(&inner.env, site).ok()?;
    objects::call_json(&ledger, &["/", site, "/raise"].concat(), ask).await.ok()
}
