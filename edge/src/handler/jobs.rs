//! `/v1/jobs` and `/v1/jobs/{id}`.
//!
//! Owns the way from a request to a granted job. Must not start anything without a grant of the Ledger.

use super::Call;
use crate::{
    body,
    failure::Failure,
    form::{self, Form},
    objects,
    panics::{self, Place},
};
use contract::{
    limits::json_body_bytes, problem::ProblemKind, session::Allowance, time::Timestamp,
};
use engine::{
    idempotency,
    job::NewJob,
    ledger::{Reserve, Reserved},
    order, price, wire,
};
use web_sys::Response;

/// Creates a job, or finds the one that this key has created.
pub(crate) async fn create(call: &Call<'_>) -> Result<Response, Failure> {
    let (session, site) = call.session()?;
    let key = call.header("idempotency-key").filter(|key| idempotency::is_key(key));
    let key = key.ok_or_else(|| {
        Failure::invalid("Idempotency-Key must be 1 to 255 visible ASCII characters.")
    })?;
    let json_bytes = json_body_bytes(site.prompt.max_chars);
    let form = if form::is_form(call.request)? {
        form::read(call.request, json_bytes).await?
    } else {
        Form { json: body::json(call.request, json_bytes).await?, pictures: Vec::new() }
    };
    let order = order::read(&form.json, site).map_err(|invalid| Failure::invalid(invalid.0))?;
    let gateway = &call.setup.config.gateway;
    let upstream_prompt = order::upstream_prompt(&order, site);
    let misconfigured = || Failure::of(ProblemKind::Misconfigured);
    let model = call.setup.config.models.first().ok_or_else(misconfigured)?;
    let uploads: Vec<_> = form.pictures.iter().map(|picture| picture.upload).collect();
    let hashes: Vec<_> = form.pictures.iter().map(|picture| picture.hash).collect();
    let worst_each = price::worst(model, gateway.dialect, &order, &upstream_prompt, uploads.len())
        .ok_or_else(misconfigured)?;
    let minted = objects::new_job_id(call.env)?;
    let reserve = Reserve {
        job: minted.clone(),
        key: idempotency::scoped(&session.subject, &key),
        fingerprint: idempotency::fingerprint(&order, &hashes),
        visitor: call.visitor(&session),
        pictures: order.count,
        worst: worst_each.checked_mul(u64::from(order.count)).ok_or_else(misconfigured)?,
        size: order.size,
        quality: order.quality,
    };
    let ledger = objects::ledger(call.env, &site.id)?;
    let reserved = objects::ask(&ledger, &["/", &site.id, "/reserve"].concat(), &reserve).await?;
    let (known, id, lease_ends, expected_ms, allowance) = grant(reserved, minted)?;
    panics::at(Place::Granted, &upstream_prompt);
    let new = NewJob {
        id: id.clone(),
        site: site.id.clone(),
        request_id: call.request_id.get().to_owned(),
        order,
        upstream_prompt,
        uploads,
        visitor: session.visitor(&call.setup.keys),
        model: model.id.clone(),
        worst_each,
        show_cost: site.show_cost,
        lease_ends,
        total_ms: gateway.total_ms,
        retention_ms: u64::from(site.retention_minutes) * 60_000,
        expected_ms,
    };
    let stub = objects::job(call.env, &id)
        .ok_or_else(|| Failure::Ours("minted id was refused".to_owned()))?;
    let text = wire::text(&(new, allowance));
    let path = if known { "/create?known" } else { "/create" };
    let created = objects::call_with(&stub, path, call.secure, text, &form.pictures).await?;
    panics::at(Place::Created, &form.json);
    passed(created)
}

/// Whether the key was known, and what its job begins with.
type Grant = (bool, String, Timestamp, Option<u64>, Allowance);

fn grant(reserved: Reserved, minted: String) -> Result<Grant, Failure> {
    match reserved {
        Reserved::Granted { lease_ends, expected_ms, allowance } => {
            Ok((false, minted, lease_ends, expected_ms, allowance))
        }
        Reserved::Known { job, same: true, lease_ends, expected_ms, allowance } => {
            Ok((true, job, lease_ends, expected_ms, allowance))
        }
        Reserved::Known { .. } => Err(Failure::of(ProblemKind::IdempotencyMismatch)),
        Reserved::Refused(refused) => Err(Failure::limited(refused.kind, refused.resets_at)),
        // The Ledger probes by itself; a second one is on its way.
        Reserved::Probe(_) => Err(Failure::of(ProblemKind::Busy)),
    }
}

/// A job's whole state.
pub(crate) async fn view(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    state(call, id, "/state").await
}

/// Cancels a job that runs; else forgets its bytes, unless only a running one was meant.
pub(crate) async fn delete(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let path = match call.query {
        "if=running" => "/cancel",
        "" => "/delete",
        _ => return Err(Failure::invalid("The query may be if=running, or nothing.")),
    };
    state(call, id, path).await
}

/// Asks a Job for its state. Both ways of calling are one here: a forged id finds no object, a lost one no record.
async fn state(call: &Call<'_>, id: &str, path: &str) -> Result<Response, Failure> {
    let unknown = || Failure::of(ProblemKind::UnknownJob);
    let stub = objects::job(call.env, id).ok_or_else(unknown)?;
    let response = objects::call(&stub, path, call.secure).await?;
    if response.status() == 404 { Err(unknown()) } else { passed(response) }
}

/// A Job's answer goes on as it is: this program does not read it.
fn passed(response: Response) -> Result<Response, Failure> {
    match response.status() {
        200 | 201 => Ok(response),
        status => Err(Failure::Ours(format!("job answered {status}"))),
    }
}
