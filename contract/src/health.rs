//! The response of `GET /healthz`.
//!
//! Owns its JSON type. Must not hold anything that only the operator may know.

use crate::text::wire_enum;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The edge's state. The edge is ready if the response's status is 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Closed if every site is closed.
    pub status: Status,
    /// The product's version.
    pub version: String,
    /// Whether the pictures are samples, because there is no gateway key.
    pub sandbox: bool,
    /// The circuit breaker of the site whose state is the worst.
    pub breaker: Breaker,
    /// Sentences about conditions that the operator should act on, in English.
    pub warnings: Vec<String>,
}

wire_enum! {
    /// Whether visitors can make pictures.
    Status {
        /// On at least one site.
        Ok = "ok",
        /// On none.
        Closed = "closed",
    }
}

wire_enum! {
    /// The state of a circuit breaker in front of the gateway, from the best to the worst.
    Breaker {
        /// Requests are sent.
        Closed = "closed",
        /// One request that costs nothing tests whether the gateway works again.
        Probing = "probing",
        /// No request is sent.
        Open = "open",
    }
}
