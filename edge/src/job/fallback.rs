//! From a model that upstream no longer has to the next one that is configured.
//!
//! Owns the order: the Ledger grants the dearer worst case before the next model is asked. Must not ask it.

use super::inner::Inner;
use crate::{objects, setup};
use contract::{money::Nano, problem::ProblemKind};
use engine::{
    ledger::{Raise, Raised},
    price,
};
use worker::console_error;

/// Moves the job on. An error is what its picture ends with: nothing was asked of upstream.
pub(super) async fn from(inner: &Inner, gone: &str) -> Result<(), ProblemKind> {
    let missing = ProblemKind::Misconfigured;
    let setup = setup::get(&inner.env).ok_or(missing)?;
    let new = inner.read(|record| record.new.clone()).ok_or(missing)?;
    if new.model != gone {
        // Another picture of this job has found out before.
        return Ok(());
    }
    let models = &setup.config.models;
    let next = models.iter().skip_while(|model| model.id != gone).nth(1);
    let Some(next) = next else {
        console_error!("gateway.model_gone job={} model={gone} next=none", new.id);
        return Err(missing);
    };
    console_error!("gateway.model_gone job={} model={gone} next={}", new.id, next.id);
    let dialect = setup.config.gateway.dialect;
    let each = price::worst(next, dialect, &new.order, &new.upstream_prompt, new.uploads.len())
        .ok_or(missing)?;
    let all = each.max(new.worst_each).checked_mul(u64::from(new.order.count)).ok_or(missing)?;
    match raise(inner, &new.site, new.id, all).await {
        Some(Raised::Granted) => {}
        Some(Raised::Refused) => return Err(ProblemKind::BudgetSpent),
        // Nobody spends what nobody has granted.
        None => return Err(ProblemKind::Busy),
    }
    let moved = inner.change(|record| record.fall_back(gone, &next.id, each));
    moved.map(drop).map_err(|_| ProblemKind::Busy)
}

async fn raise(inner: &Inner, site: &str, job: String, worst: Nano) -> Option<Raised> {
    let ledger = objects::ledger(&inner.env, site).ok()?;
    objects::ask(&ledger, &["/", site, "/raise"].concat(), &Raise { job, worst }).await.ok()
}
