//! What a fault may know of the call that it strikes.
//!
//! Owns the two shapes of an error, the gateway's and OpenAI's. Must not know any fault.

use crate::{
    answer::Answer,
    errors::{self, Upstream},
    server::Shared,
};
use hyper::{HeaderMap, StatusCode, header};

/// The call that a fault strikes.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) side: Side,
    /// The gateway's name for this attempt.
    pub(crate) generation: &'a str,
    /// The prompt; empty where there is none.
    pub(crate) prompt: &'a str,
    /// The model that was asked for, as it was written; empty where there is none.
    pub(crate) model: &'a str,
}

/// Who is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The gateway.
    Gateway,
    /// The model's maker itself.
    OpenAi,
}

impl Side {
    /// Who is spoken to under a path.
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/openai/") { Self::OpenAi } else { Self::Gateway }
    }
}

impl Scene<'_> {
    /// An error in the shape of who is spoken to.
    pub(super) fn error(
        &self,
        status: u16,
        r#type: &'static str,
        code: Option<&'static str>,
        message: &str,
    ) -> Answer {
        let status = status_of(status);
        match self.side {
            Side::Gateway => errors::gateway(status, r#type, code, message, None),
            Side::OpenAi => {
                let message = message.to_owned();
                Upstream { message, r#type, param: None, code, moderation_details: None }
                    .answer_directly(status)
            }
        }
    }

    /// An error of the model's maker: as it is, or as the gateway passes it on.
    pub(super) fn maker(&self, error: &Upstream) -> Answer {
        match self.side {
            Side::Gateway => {
                error.answer(self.shared.settings.quirks.upstream_errors, self.generation)
            }
            Side::OpenAi => error.answer_directly(StatusCode::BAD_REQUEST),
        }
    }

    /// Whether this is the first call that has this fault and this prompt.
    pub(super) fn is_first(&self, fault: &str) -> bool {
        self.shared.weather.is_first(format!("{fault}\n{}", self.prompt))
    }

    /// The key that the client sent, with its scheme.
    pub(super) fn authorization(&self) -> &str {
        let value = self.headers.get(header::AUTHORIZATION);
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// An address that no client has a reason to visit: its books are `Sandbox::trap`.
    pub(super) fn trap(&self, file: &str) -> String {
        format!("{}/trap/{file}", self.shared.origin)
    }
}

/// A status by its number.
pub(super) fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
