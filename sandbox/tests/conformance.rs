//! The gateway's contract, row by row of gateway.md section 12, over real HTTP on loopback.
//!
//! Each test is named after its row. Rows about edits, the AI SDK's protocol, lookups and reports are not played yet.
//! Beside them: the stand-in for Turnstile.

#[path = "conformance/accepted.rs"]
mod accepted;
#[path = "conformance/books.rs"]
mod books;
#[path = "conformance/broken.rs"]
mod broken;
#[path = "conformance/challenge.rs"]
mod challenge;
#[path = "conformance/client.rs"]
mod client;
#[path = "conformance/faults.rs"]
mod faults;
#[path = "conformance/faulty.rs"]
mod faulty;
#[path = "conformance/refused.rs"]
mod refused;
#[path = "conformance/wire.rs"]
mod wire;
