//! The only build script: `cargo xtask serve`, `test` and their parts.
//!
//! It is a library too, so that the tests start workerd exactly as `serve` does. Owns installing, building, starting
//! and measuring. Must not decide anything that the product decides.

pub mod audit;
pub mod bench;
pub mod build;
pub mod check;
pub mod child;
pub mod clock;
pub mod command;
pub mod console;
pub mod deploy;
pub mod dev;
pub mod examples;
pub mod hash;
pub mod private;
pub mod probe;
pub mod reference;
pub mod release;
pub mod repo;
pub mod sandbox_server;
pub mod secrets;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod signals;
pub mod size;
pub mod smoke;
pub mod stamp;
pub mod suite;
pub mod tidy;
pub mod tools;
pub mod workerd;

pub use preflight::{exposure, rate_limit};
