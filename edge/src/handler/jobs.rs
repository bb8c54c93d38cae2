//! `/v1/jobs` and `/v1/jobs/{id}`.
//!
//! Owns the steps from a request to a granted job. Must not start a job without a grant of the Ledger.
//!
//! Decision: docs/decisions/2026-11-29-limits-stand-before-work.md.

use super::Call;
use crate::{
    body, clock,
    failure::Failure,
    form::{self, Form},
    objects,
    panics::{self, Place},
    rate_limit, steady_body,
    upload_slots::UploadSlot,
};
use contract::{
    limits::json_body_bytes, problem::ProblemKind, session::Allowance, time::Timestamp,
};
use engine::{
    candidates::{self, Candidate, Unable, Wanted},
    config::site::Site,
    idempotency,
    job::NewJob,
    json,
    ledger::{MayOrder, Refused, Reserve, Reserved, Visitor},
    network, order,
};
use web_sys::Response;

/// How long a form that has arrived may take until its pictures are stored: two calls of objects, and some slack.
const STORING_MS: u64 = 30_000;

/// Creates a job, or finds the one that was created with this key.
pub(crate) async fn create(call: &Call<'_>) -> Result<Response, Failure> {
    let (session, site) = call.session()?;
    let who = call.visitor(&session);
    rate_limit::pass(call.env, site, rate_limit::JOBS, &who.network).await?;
    let key = call.header("idempotency-key").filter(|key| idempotency::is_key(key));
    let key = key.ok_or_else(|| {
        Failure::invalid("Idempotency-Key must be 1 to 255 visible ASCII characters.")
    })?;
    let key = idempotency::scoped(&session.subject, &key);
    let Form { json: text, pictures, slot } = read(call, site, &who, &key).await?;
    let request = order::request(&text).map_err(|invalid| Failure::invalid(invalid.0))?;
    let order = order::check(&request, site).map_err(|invalid| Failure::invalid(invalid.0))?;
    let gateway = &call.setup.config.gateway;
    let upstream_prompt = order::upstream_prompt(&order, site);
    let uploads: Vec<_> = pictures.iter().map(|picture| picture.upload).collect();
    let hashes: Vec<_> = pictures.iter().map(|picture| picture.hash).collect();
    let wanted = Wanted { order: &order, upstream_prompt: &upstream_prompt, uploads: &uploads };
    let today = clock::now().day();
    let candidates = candidates::of(&call.setup.config.models, gateway.dialect, wanted, today)
        .map_err(unable)?;
    let minted = objects::new_job_id(call.env)?;
    let (fingerprint, fingerprint_0_1) = idempotency::fingerprints(&request, &order, site, &hashes);
    let reserve = Reserve {
        job: minted.clone(),
        key,
        fingerprint,
        fingerprint_0_1,
        visitor: who.clone(),
        pictures: order.count,
        candidates,
        size: order.size,
        quality: order.quality,
        inputs: u32::try_from(uploads.len()).unwrap_or(u32::MAX),
    };
    let ledger = objects::ledger(call.env, &site.id)?;
    let reserved =
        objects::call_json(&ledger, &["/", &site.id, "/reserve"].concat(), &reserve).await?;
    let Grant { known, id, lease_ends, candidate, expected_ms, allowance } =
        grant(reserved, minted)?;
    let seeded = || call.setup.config.model(&candidate.model)?.expected_ms(order.quality);
    let expected_ms = expected_ms.or_else(seeded);
    if !known {
        panics::at(Place::Granted, &upstream_prompt);
    }
    let new = NewJob {
        id: id.clone(),
        site: site.id.clone(),
        request_id: call.request_id.get().to_owned(),
        order,
        upstream_prompt,
        uploads,
        visitor: network::code_for_maker(&call.setup.keys, &who.network),
        configured_each: reserve.candidates.configured(&candidate.model),
        model: candidate.model,
        worst_each: candidate.worst_each,
        show_cost: site.show_cost,
        lease_ends,
        total_ms: gateway.total_ms,
        retention_ms: u64::from(site.retention_minutes) * 60_000,
        expected_ms,
    };
    let stub = objects::job(call.env, &id)
        .ok_or_else(|| Failure::Internal("the id of the new job was refused".to_owned()))?;
    let body = json::text(&(new, allowance));
    let path = if known { "/create?known" } else { "/create" };
    let created = objects::call_with(&stub, path, call.secure, body, &pictures).await?;
    // The Job has stored the pictures.
    drop(slot);
    panics::at(Place::Created, &text);
    forward(created)
}

/// Reads an order: JSON, or a form with pictures to edit. A form is read only if the visitor may order at all and this
/// instance has room for it.
async fn read(
    call: &Call<'_>,
    site: &Site,
    who: &Visitor,
    scoped_key: &str,
) -> Result<Form, Failure> {
    let json_bytes = json_body_bytes(site.prompt.max_chars);
    if !form::is_form(call.request)? {
        let json = body::json(call.request, json_bytes).await?;
        return Ok(Form { json, pictures: Vec::new(), slot: None });
    }
    let length = form::length(call.request, json_bytes)?;
    let ask = MayOrder { key: scoped_key.to_owned(), visitor: who.clone() };
    let ledger = objects::ledger(call.env, &site.id)?;
    let refused: Option<Refused> =
        objects::call_json(&ledger, &["/", &site.id, "/may-order"].concat(), &ask).await?;
    if let Some(refused) = refused {
        return Err(Failure::limited(refused));
    }
    let ms = steady_body::most_ms(length).saturating_add(STORING_MS);
    let slot = UploadSlot::take(who.party(), length, ms, clock::now())
        .ok_or_else(Failure::too_many_uploads)?;
    form::read(call.request, json_bytes, slot).await
}

/// The Ledger's grant.
struct Grant {
    /// Whether the key had a job already.
    known: bool,
    id: String,
    lease_ends: Timestamp,
    candidate: Candidate,
    expected_ms: Option<u64>,
    allowance: Allowance,
}

fn grant(reserved: Reserved, minted: String) -> Result<Grant, Failure> {
    match reserved {
        Reserved::Granted { lease_ends, candidate, expected_ms, allowance } => {
            Ok(Grant { known: false, id: minted, lease_ends, candidate, expected_ms, allowance })
        }
        Reserved::Known { job: id, same: true, lease_ends, candidate, expected_ms, allowance } => {
            Ok(Grant { known: true, id, lease_ends, candidate, expected_ms, allowance })
        }
        Reserved::Known { .. } => Err(Failure::of(ProblemKind::IdempotencyMismatch)),
        Reserved::Refused(Refused { kind: ProblemKind::InvalidRequest, .. }) => {
            Err(Failure::invalid(
                "This order may cost more than this site allows at all: ask for fewer pictures, or a lower quality.",
            ))
        }
        Reserved::Refused(refused) => Err(Failure::limited(refused)),
        // The Ledger probes by itself and asks again. `Probe` here means that the breaker opened once more in the
        // meantime.
        Reserved::Probe(_) => Err(Failure::of(ProblemKind::Busy)),
    }
}

/// The problem for an order that no model can make.
fn unable(unable: Unable) -> Failure {
    match unable {
        Unable::NoModelMakesIt => {
            Failure::invalid("No model makes this size, quality, background and format together.")
        }
        Unable::TooManyPictures => {
            Failure::invalid("No model can edit this many pictures at once.")
        }
        Unable::PictureTooLarge => Failure::of(ProblemKind::TooLarge),
        Unable::NoPrice => Failure::of(ProblemKind::Misconfigured),
    }
}

/// The whole state of a job.
pub(crate) async fn view(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    state(call, id, "/state").await
}

/// Cancels a running job. A job that is over loses its pictures, unless the query is `if=running`.
pub(crate) async fn delete(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let path = match call.query {
        "if=running" => "/cancel",
        "" => "/delete",
        _ => return Err(Failure::invalid("The query must be if=running or empty.")),
    };
    state(call, id, path).await
}

/// Asks a Job for its state. A forged id has no object and a deleted job no record: both are an unknown job.
async fn state(call: &Call<'_>, id: &str, path: &str) -> Result<Response, Failure> {
    let unknown = || Failure::of(ProblemKind::UnknownJob);
    let stub = objects::job(call.env, id).ok_or_else(unknown)?;
    let response = objects::call(&stub, path, call.secure).await?;
    if response.status() == 404 { Err(unknown()) } else { forward(response) }
}

/// Passes a Job's response on unchanged; this program does not read it.
fn forward(response: Response) -> Result<Response, Failure> {
    match response.status() {
        200 | 201 => Ok(response),
        status => Err(Failure::Internal(format!("job answered {status}"))),
    }
}
