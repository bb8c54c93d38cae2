//! A stand-in for the Vercel AI Gateway on loopback and, under `/openai/v1`, for OpenAI's own Images API, which streams.
//!
//! It plays the contract that `tests/conformance.rs` checks row by row: literal in what it answers, strict in what it
//! accepts, with the quirks that were recorded of the real one. It paints its pictures itself, books play money, and fails
//! on demand (`sandbox:NAME` in a prompt, see [`Fault`]). Beside it, under `/turnstile/v0`, stands a stand-in for
//! Cloudflare Turnstile, with books of its own.
//!
//! Owns the far side of the wire. Must not know the edge: nothing here may depend on what Easel sends or expects,
//! only on what the gateway is known to do. Never shipped.
//!
//! What comes next has its place: another endpoint is a route in `route` and a module beside `images`; another fault
//! a line in one of the tables of `fault`; a body that streams is a script of more steps in `response`.

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
