//! A job's life: its states, what may change them, and what has to be done next.
//!
//! Owns every transition of a job and its pictures, as changes of one record that the edge stores. Must not fetch, wait
//! or store. One rule holds everywhere: once a request has gone upstream, an unknown outcome is spent.

mod bill;
mod bytes;
mod file_name;
mod new_job;
mod outcome;
mod record;
pub mod stored;
mod view;
mod wake;

pub use bytes::{Slot, upload_slot};
pub use new_job::NewJob;
pub use outcome::Outcome;
pub use record::Record;
pub use wake::{LONGEST_MS, Wake};

#[cfg(test)]
mod tests;
