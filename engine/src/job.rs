//! A job's life: what it is, what may happen to it, and what has to be done next.
//!
//! Owns every transition of a job and its pictures, as changes of one record that the edge keeps. Must not fetch, wait
//! or store. The rule that runs through it: once a request has gone upstream, what is not known is spent.

mod bill;
mod bytes;
mod new_job;
mod record;
pub mod stored;
mod view;
mod wake;

pub use bytes::{Slot, upload_slot};
pub use new_job::NewJob;
pub use record::{Outcome, Record};
pub use wake::{LONGEST_MS, Wake};

#[cfg(test)]
mod tests;
