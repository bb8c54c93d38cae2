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
struct Missing {
    id: String,
    gone: Gone,
    /// Whether the lists of models have it all the same.
    listed: bool,
}

/// The models that are not there.
#[derive(Debug)]
pub(crate) struct Catalogue(Mutex<Vec<Missing>>);

impl Catalogue {
    /// Without these from the beginning.
    pub(crate) fn without(ids: &[String], gone: Gone) -> Self {
        let missing = |id: &String| Missing { id: id.clone(), gone, listed: false };
        Self(Mutex::new(ids.iter().map(missing).collect()))
    }

    /// From now on this model is refused so.
    pub(crate) fn remove(&self, id: &str, gone: Gone, listed: bool) {
        let mut missing = self.missing();
        missing.retain(|known| known.id != id);
        missing.push(Missing { id: id.to_owned(), gone, listed });
    }

    /// From now on this model is there again.
    pub(crate) fn restore(&self, id: &str) {
        self.missing().retain(|known| known.id != id);
    }

    /// How a request for this model is refused, if it is.
    pub(crate) fn gone(&self, id: &str) -> Option<Gone> {
        self.missing().iter().find(|known| known.id == id).map(|known| known.gone)
    }

    /// Whether the lists of models have it.
    pub(crate) fn lists(&self, id: &str) -> bool {
        !self.missing().iter().any(|known| known.id == id && !known.listed)
    }

    fn missing(&self) -> MutexGuard<'_, Vec<Missing>> {
        // A panic elsewhere leaves at worst a model that is there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
