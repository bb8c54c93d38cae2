//! Which models are not there, and how that is said.
//!
//! Owns the models that were removed, before the sandbox started or while it runs. Must not know which models there
//! are.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a request for a model that is not there is refused. Each names the model as it was asked for, except where
/// another is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gone {
    /// 404 `model_not_found`, in the words of who is asked.
    #[default]
    NotFound,
    /// 404 whose message alone says it: "Model openai/gpt-image-1.5 not found". The words were seen of the gateway in
    /// December 2025, the type was not.
    Told,
    /// 400 `image_generation_user_error` with the code `invalid_value`, as OpenAI sent it on 2026-06-02. It names the
    /// model as OpenAI does, without its maker.
    UserError,
    /// The same message in the gateway's own words: under `invalid_request_error`, and once more in the list of
    /// attempts.
    Wrapped,
    /// 403 with the code `model_not_found`: what OpenAI tells a project that may not use the model. It names the model
    /// without its maker.
    NoAccess,
    /// 422 with that message. Not seen of anybody; resellers answer so.
    Unprocessable,
}

/// A model that is not there.
#[derive(Debug, Clone)]
struct RemovedModel {
    id: String,
    gone: Gone,
    /// Whether the lists of models have it all the same.
    listed: bool,
}

/// The models that are not there.
#[derive(Debug)]
pub(crate) struct RemovedModels(Mutex<Vec<RemovedModel>>);

impl RemovedModels {
    /// Without these from the beginning.
    pub(crate) fn without(ids: &[String], gone: Gone) -> Self {
        let removed = |id: &String| RemovedModel { id: id.clone(), gone, listed: false };
        Self(Mutex::new(ids.iter().map(removed).collect()))
    }

    /// From now on this model is refused so.
    pub(crate) fn remove(&self, id: &str, gone: Gone, listed: bool) {
        let mut removed = self.removed();
        removed.retain(|known| known.id != id);
        removed.push(RemovedModel { id: id.to_owned(), gone, listed });
    }

    /// From now on this model is there again.
    pub(crate) fn restore(&self, id: &str) {
        self.removed().retain(|known| known.id != id);
    }

    /// How a request for this model is refused, if it is.
    pub(crate) fn refusal_kind(&self, id: &str) -> Option<Gone> {
        self.removed().iter().find(|known| known.id == id).map(|known| known.gone)
    }

    /// Whether the lists of models have it.
    pub(crate) fn is_listed(&self, id: &str) -> bool {
        !self.removed().iter().any(|known| known.id == id && !known.listed)
    }

    fn removed(&self) -> MutexGuard<'_, Vec<RemovedModel>> {
        // A panic elsewhere leaves at worst a model that is there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
