//! What `GET /healthz` answers.
//!
//! Owns its wire type. Must not hold anything that only an operator may know.

use crate::text::words;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The edge's state; ready when it answers 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Closed if every site is.
    pub status: Status,
    /// The product's version.
    pub version: String,
    /// Whether pictures are samples.
    pub sandbox: bool,
    /// The worst site's breaker.
    pub breaker: Breaker,
    /// What an operator should do something about.
    pub warnings: Vec<String>,
}

words! {
    /// Whether visitors can make pictures.
    Status {
        /// On at least one site.
        Ok = "ok",
        /// On none.
        Closed = "closed",
    }
}

words! {
    /// What stands between the edge and a gateway that fails; the worst last.
    Breaker {
        /// Requests go through.
        Closed = "closed",
        /// One free request finds out.
        Probing = "probing",
        /// None goes through.
        Open = "open",
    }
}
