//! Page objects of the studio: each is one area of the page, with the facts that a person perceives and the actions
//! that a person has.
//!
//! Owns how a test finds a part of the studio: by role and name in the accessibility tree. Facts that only the page's
//! structure holds are read in [`structure`], and nowhere else. Must not assert what the product promises: each test
//! does that.
//!
//! Decision: docs/decisions/2026-11-29-tests-find-by-role-and-name.md.

pub mod composer;
pub mod console;
pub mod contrast;
pub mod device;
pub mod early;
pub mod embedded;
pub mod engines;
pub mod roles;
pub mod selection;
pub mod strange;
pub mod structure;
pub mod trace;
pub mod viewer;
pub mod wall;
pub mod wordpress;
