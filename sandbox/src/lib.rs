//! A stand-in for the Vercel AI Gateway on loopback and, under `/openai/v1`, for OpenAI's own Images API, which streams.
//!
//! `tests/conformance.rs` checks its behaviour row by row: responses are literal copies of recorded ones, requests are
//! checked as strictly as the gateway checks them, and recorded quirks are reproduced. `painter` paints the pictures; it
//! charges play money, and fails on demand (`sandbox:NAME` in a prompt, see [`Fault`]). Under `/turnstile/v0` it also
//! replaces Cloudflare Turnstile, with a record of calls of its own.
//!
//! Owns the upstream's side of every connection. Must not know the edge: nothing here may depend on what Easel sends or
//! expects, only on what the gateway is known to do.
//!
//! In wasm there is no listener: [`Answers`] computes the responses, and a program of Node receives the requests and
//! sends what it is told to. That build comes with a release, so that `serve` works without a key; no edge contains it.
//!
//! Where additions go: an endpoint is a route in `route` and a module beside `images`; a fault is a line in one of the
//! tables of `fault`; a streamed body is a list of `BodyStep`s in `scripted_response`.

#![cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "what a test asks of a running sandbox has no caller in wasm")
)]

#[cfg(target_arch = "wasm32")]
mod answers;
mod body;
mod books;
mod clock;
#[cfg(not(target_arch = "wasm32"))]
mod connection;
mod edit;
mod errors;
mod fault;
mod fault_state;
mod identity;
mod images;
mod maker;
mod models;
mod openai;
mod render_cache;
mod route;
mod runtime;
mod scripted_response;
#[cfg(not(target_arch = "wasm32"))]
mod server;
mod settings;
mod shared;
mod tokens;
mod turnstile;

#[cfg(target_arch = "wasm32")]
pub use answers::{Answer, Answers, Step};
pub use books::{Books, Call};
pub use fault::Fault;
pub use models::Gone;
pub use scripted_response::Header;
#[cfg(not(target_arch = "wasm32"))]
pub use server::Sandbox;
pub use settings::{Charge, Credits, MetadataCase, Pace, Quirks, Settings, UpstreamErrors, Usage};
pub use turnstile::{ChallengeToken, SiteverifyFault};
