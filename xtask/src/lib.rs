//! The only build script: `cargo xtask serve`, `test` and their parts.
//!
//! A library too, so that the tests start workerd exactly as `serve` does. It must not decide anything
//! that the product decides: it installs, builds, starts and measures.

pub mod bench;
pub mod build;
pub mod check;
pub mod child;
pub mod clock;
pub mod command;
pub mod console;
pub mod deploy;
pub mod dev;
pub mod hash;
pub mod repo;
pub mod secrets;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod signals;
pub mod size;
pub mod stamp;
pub mod stand_in;
pub mod suite;
pub mod tidy;
pub mod tools;
pub mod workerd;
