//! Whether a model is gone for everybody: upstream's free list of models says so.
//!
//! Owns the minute between two looks at the list. One job's error is a hint; a model is marked for others only when the
//! list no longer has it. Must not spend anything, and must not hold up the job that moves on.

use super::inner::Inner;
use crate::{clock, upstream};
use engine::{gateway::catalogue, ledger};
use std::rc::Rc;
use worker::console_error;

/// Between two looks for one site.
const EVERY_MS: u64 = 60_000;
/// Patience with the list.
const PATIENCE_MS: u32 = 5_000;

/// Looks in the background, unless somebody has looked for this model within the last minute or it is marked already.
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

/// A list that does not come, or cannot be read, proves nothing.
async fn is_gone(inner: &Inner, model: &str) -> bool {
    let Some(setup) = inner.setup() else { return false };
    let gateway = &setup.config.gateway;
    let (path, with_key) = gateway.dialect.probe;
    match upstream::get_text(inner.env(), gateway, path, with_key, PATIENCE_MS).await {
        Some((200, body)) => catalogue::lists(&body, gateway.dialect.model(model)) == Some(false),
        _ => false,
    }
}
