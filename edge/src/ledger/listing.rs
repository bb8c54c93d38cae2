//! Whether a model is gone for every job: upstream's free list of models says so.
//!
//! Owns the minute between two reads of the list. One job's error is a hint; a model is marked for other jobs only if
//! the list no longer has it. Must not spend money, and must not delay the job, which goes on with another model.

use super::inner::Inner;
use crate::{clock, upstream};
use engine::{gateway::catalogue, ledger};
use std::rc::Rc;
use worker::console_error;

/// The time between two reads of the list for the same model.
const EVERY_MS: u64 = 60_000;
/// How long a read of the list waits.
const PATIENCE_MS: u32 = 5_000;

/// Reads the list in the background, unless it was read for this model within the last minute or the model is marked
/// already.
pub(super) fn refresh(inner: &Rc<Inner>, model: &str) {
    let now = clock::now();
    if inner.step(|book| ledger::is_marked(book, model, now)).unwrap_or(true) {
        return;
    }
    if !inner.may_look(model, now, EVERY_MS) {
        return;
    }
    let (shared, model) = (Rc::clone(inner), model.to_owned());
    inner.state.wait_until(async move {
        if !is_gone(&shared, &model).await {
            return;
        }
        match shared.step(|book| ledger::mark(book, &model, clock::now())) {
            Ok(()) => console_error!("gateway.model_marked model={model}"),
            Err(error) => console_error!("gateway.model_not_marked model={model} reason={error}"),
        }
    });
}

/// Whether the list lacks the model. A list that cannot be fetched or parsed proves nothing.
async fn is_gone(inner: &Inner, model: &str) -> bool {
    let Some(setup) = inner.setup() else { return false };
    let gateway = &setup.config.gateway;
    let (path, with_key) = gateway.dialect.probe;
    match upstream::get_text(inner.env(), gateway, path, with_key, PATIENCE_MS).await {
        Some((200, body)) => catalogue::lists(&body, gateway.dialect.model(model)) == Some(false),
        _ => false,
    }
}
