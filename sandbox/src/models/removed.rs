//! Models that were removed, and the error for requests for them.
//!
//! Owns the list of models that were removed, before the sandbox started or while it runs. Must not know which models
//! exist.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The form of the error for a removed model. Unless stated otherwise, the message names the model as the request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gone {
    /// 404 `model_not_found`, in the words of the API that was called.
    #[default]
    NotFound,
    /// 404 where only the message says it: "Model openai/gpt-image-1.5 not found". The message was seen from the gateway
    /// in December 2025; the error's type was not.
    Told,
    /// 400 `image_generation_user_error` with the code `invalid_value`, as OpenAI sent it on 2026-06-02. It names the
    /// model without the prefix `openai/`.
    UserError,
    /// The same message as the gateway wraps it: with the type `invalid_request_error`, and again in the list of
    /// attempts.
    Wrapped,
    /// 403 with the code `model_not_found`, as OpenAI sends it to a project without access to the model. It names the
    /// model without the prefix `openai/`.
    NoAccess,
    /// 422 with the message of [`Gone::UserError`]. Resellers are said to send it; it was not seen.
    Unprocessable,
}

/// One removed model.
#[derive(Debug, Clone)]
struct RemovedModel {
    id: String,
    gone: Gone,
    /// Whether the listings of models still contain it.
    listed: bool,
}

/// The removed models.
#[derive(Debug)]
pub(crate) struct RemovedModels(Mutex<Vec<RemovedModel>>);

impl RemovedModels {
    /// The models that are removed from the beginning.
    pub(crate) fn without(ids: &[String], gone: Gone) -> Self {
        let removed = |id: &String| RemovedModel { id: id.clone(), gone, listed: false };
        Self(Mutex::new(ids.iter().map(removed).collect()))
    }

    /// Makes requests for this model fail with this error from now on.
    pub(crate) fn remove(&self, id: &str, gone: Gone, listed: bool) {
        let mut removed = self.removed();
        removed.retain(|known| known.id != id);
        removed.push(RemovedModel { id: id.to_owned(), gone, listed });
    }

    /// Takes the removal of this model back.
    pub(crate) fn restore(&self, id: &str) {
        self.removed().retain(|known| known.id != id);
    }

    /// The error for this model, if it was removed.
    pub(crate) fn refusal_kind(&self, id: &str) -> Option<Gone> {
        self.removed().iter().find(|known| known.id == id).map(|known| known.gone)
    }

    /// Whether the listings of models contain it.
    pub(crate) fn is_listed(&self, id: &str) -> bool {
        !self.removed().iter().any(|known| known.id == id && !known.listed)
    }

    fn removed(&self) -> MutexGuard<'_, Vec<RemovedModel>> {
        // A poisoned lock can be used: a panic between two changes leaves at worst a model that is not removed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
