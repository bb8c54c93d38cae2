//! A stand-in for the Vercel AI Gateway on loopback and, under `/openai/v1`, for OpenAI's own Images API, which streams.
//!
//! `tests/conformance.rs` checks its behaviour row by row: responses are literal copies of recorded ones, requests are
//! checked as strictly as the gateway checks them, and recorded quirks are reproduced. It paints the pictures itself,
//! charges play money, and fails on demand (`sandbox:NAME` in a prompt, see [`Fault`]). Under `/turnstile/v0` it also
//! replaces Cloudflare Turnstile, with a record of calls of its own.
//!
//! Owns the upstream's side of every connection. Must not know the edge: nothing here may depend on what Easel sends or
//! expects, only on what the gateway is known to do. Never shipped.
//!
//! Where additions go: an endpoint is a route in `route` and a module beside `images`; a fault is a line in one of the
//! tables of `fault`; a streamed body is a list of `BodyStep`s in `scripted_response`.

mod body;
mod books;
mod clock;
mod connection;
mod decode;
mod edit;
mod encode;
mod errors;
mod fault;
mod fault_state;
mod identity;
mod images;
mod maker;
mod models;
mod openai;
mod paint;
mod route;
mod scripted_response;
mod server;
mod settings;
mod tokens;
mod turnstile;

pub use books::{Books, Call};
pub use encode::{carries_credentials, encode};
pub use fault::Fault;
pub use models::Gone;
pub use paint::{Bitmap, GRID_SIDE, Source, Subject, paint};
pub use scripted_response::Header;
pub use server::Sandbox;
pub use settings::{Charge, Credits, MetadataCase, Pace, Quirks, Settings, UpstreamErrors, Usage};
pub use turnstile::{ChallengeToken, SiteverifyFault};
