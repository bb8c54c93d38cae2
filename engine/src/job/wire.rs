//! A job's record in JSON: as it goes to its object, and as it lies there.
//!
//! Owns the list of its members. Must not decide anything: a record of another form is none.

use super::record::{Charge, NewJob, Phase, Picture, Record, Stage};
use crate::{
    gateway::refusal::Blame,
    picture::{Facts, upload::Upload},
    wire::{reads, variants, writes},
};

reads!(NewJob {
    id,
    site,
    request_id,
    order,
    upstream_prompt,
    uploads,
    visitor,
    model,
    worst_each,
    show_cost,
    lease_ends,
    total_ms,
    retention_ms,
    expected_ms,
});
writes!(NewJob {
    id,
    site,
    request_id,
    order,
    upstream_prompt,
    uploads,
    visitor,
    model,
    worst_each,
    show_cost,
    lease_ends,
    total_ms,
    retention_ms,
    expected_ms,
});
reads!(Record { new, revision, created, phase, pictures, booked, made_by });
writes!(Record { new, revision, created, phase, pictures, booked, made_by });
variants!(Phase { Queued, Running, Closing { cancelled }, Ended { state, at } });
reads!(Picture { stage, charge, until, put_off, took_ms, blame, previews, preview });
writes!(Picture { stage, charge, until, put_off, took_ms, blame, previews, preview });
variants!(Stage {
    Waiting,
    Started,
    Ready(facts),
    Failed(kind),
    Cancelled { started },
    Gone(facts),
});
variants!(Charge { Open, Refunded, Spent(price) });
variants!(Blame { Description, Upstream, Nobody });
reads!(Facts { media_type, width, height, bytes, credentials });
writes!(Facts { media_type, width, height, bytes, credentials });
reads!(Upload { media_type, width, height, bytes });
writes!(Upload { media_type, width, height, bytes });
