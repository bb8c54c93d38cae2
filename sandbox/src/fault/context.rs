//! What a fault can read of the call that it is applied to.
//!
//! Owns the choice between the two shapes of an error, the gateway's and OpenAI's. Must not know any fault.

use crate::{
    errors::{self, MakerError},
    scripted_response::ScriptedResponse,
    shared::Shared,
};
use hyper::{HeaderMap, StatusCode, header};

/// The call that a fault is applied to.
#[derive(Clone, Copy)]
pub(crate) struct FaultContext<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) api: ApiKind,
    /// The gateway's id of this generation; empty for OpenAI's API.
    pub(crate) generation: &'a str,
    /// The prompt; empty if the call has none.
    pub(crate) prompt: &'a str,
    /// The model as the request names it; empty if the call has none.
    pub(crate) model: &'a str,
}

/// Which of the two APIs a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiKind {
    /// The gateway's.
    Gateway,
    /// OpenAI's own.
    OpenAi,
}

impl ApiKind {
    /// The API that a path belongs to.
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/openai/") { Self::OpenAi } else { Self::Gateway }
    }
}

impl FaultContext<'_> {
    /// An error in the shape of the API that was called.
    pub(super) fn error(
        &self,
        status: u16,
        r#type: &'static str,
        code: Option<&'static str>,
        message: &str,
    ) -> ScriptedResponse {
        let status = status_of(status);
        match self.api {
            ApiKind::Gateway => errors::gateway(status, r#type, code, message, None),
            ApiKind::OpenAi => {
                let message = message.to_owned();
                MakerError { message, r#type, param: None, code, moderation_details: None }
                    .to_openai_response(status)
            }
        }
    }

    /// An error of the model's maker, as the called API sends it: OpenAI's directly, the gateway's as it passes it on.
    pub(super) fn maker_error(&self, error: &MakerError) -> ScriptedResponse {
        match self.api {
            ApiKind::Gateway => error
                .to_gateway_response(self.shared.settings.quirks.upstream_errors, self.generation),
            ApiKind::OpenAi => error.to_openai_response(StatusCode::BAD_REQUEST),
        }
    }

    /// Whether this is the first call that has this fault and this prompt.
    pub(super) fn is_first(&self, fault: &str) -> bool {
        self.shared.fault_state.is_first(format!("{fault}\n{}", self.prompt))
    }

    /// The `Authorization` header that the client sent; empty if there is none.
    pub(super) fn authorization(&self) -> &str {
        let value = self.headers.get(header::AUTHORIZATION);
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A URL that no client has a reason to fetch. Calls to it are recorded in [`crate::Sandbox::trap_books`].
    pub(super) fn trap(&self, file: &str) -> String {
        format!("{}/trap/{file}", self.shared.origin)
    }
}

/// The status with this number; 500 if there is none.
pub(super) fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
