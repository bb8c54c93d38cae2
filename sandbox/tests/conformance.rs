//! The gateway's contract, row by row, over real HTTP on loopback.
//!
//! Each test is named after its row. Rows about the AI SDK's protocol, lookups and reports are not reproduced yet. Other
//! tests cover the faults that a prompt can select, OpenAI's own API, and the stand-in for Turnstile.

#[path = "conformance/accepted.rs"]
mod accepted;
#[path = "conformance/account.rs"]
mod account;
#[path = "conformance/books.rs"]
mod books;
#[path = "conformance/broken.rs"]
mod broken;
#[path = "conformance/challenge.rs"]
mod challenge;
#[path = "conformance/client.rs"]
mod client;
#[path = "conformance/edits.rs"]
mod edits;
#[path = "conformance/events.rs"]
mod events;
#[path = "conformance/faults.rs"]
mod faults;
#[path = "conformance/faulty.rs"]
mod faulty;
#[path = "conformance/models.rs"]
mod models;
#[path = "conformance/openai.rs"]
mod openai;
#[path = "conformance/refused.rs"]
mod refused;
#[path = "conformance/streams.rs"]
mod streams;
#[path = "conformance/wire.rs"]
mod wire;
