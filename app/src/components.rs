//! What the studio adds to the document: the wall, its pictures, waits and problems.
//!
//! Must not hold state or name the browser: places come in, events go out.

mod picture;
mod problem;
mod wall;

pub(crate) use wall::wall;
