//! The studio's page as a person has it: each object is one area of it, and says what is there and does what one can do.
//!
//! Owns how a test finds a part of the studio: by role and name in the accessibility tree; what only the page's structure
//! tells is asked in [`structure`], and nowhere else. Must not assert what the product promises: that is each test's.

pub mod composer;
pub mod device;
pub mod embedded;
pub mod selection;
pub mod structure;
pub mod viewer;
pub mod wall;
