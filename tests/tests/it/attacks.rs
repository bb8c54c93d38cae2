//! Attacks of one anonymous visitor on a site with the default limits, in real workerd: what they cost the others.
//!
//! Each test measures one attack, while a hundred visitors of other networks order a picture each, and writes a row of
//! the table: before these limits, now, and the bound that it asserts. Must not change a limit that is under test.
//!
//! Decision: docs/decisions/2026-11-29-attacks-are-tests.md.

mod crowd;
mod faults;
mod money;
mod refusals;
mod school;
mod soak;
mod table;
mod tokens;
mod uploads;
