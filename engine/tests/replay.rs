//! The seeds of the fuzz targets, fed to the same functions on any machine.
//!
//! Owns nothing but the walk over `fuzz/seeds`. What must hold for each is in `fuzz/src`.

#[path = "../../fuzz/src/lib.rs"]
pub mod targets;

use engine::picture::Inspector;
use std::{
    fs,
    path::{Path, PathBuf},
};

fn seeds(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target)
}

#[track_caller]
fn replay(target: &str, check: impl Fn(&[u8])) {
    let folder = seeds(target);
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} is missing", folder.display()))
    {
        let path = entry.unwrap().path();
        // A failure says no more than that something broke: the name comes first.
        println!("{}", path.display());
        check(&fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count >= 7, "only {count} seeds for {target}");
}

#[test]
fn upstreams_json_and_base64() {
    replay("answer", targets::answer::check);
}

#[test]
fn the_stream_of_events() {
    replay("events", targets::events::check);
}

#[test]
fn the_bodies_of_errors() {
    replay("error", targets::error::check);
}

#[test]
fn session_tokens() {
    replay("session", targets::session::check);
}

#[test]
fn retry_after() {
    replay("retry_after", targets::retry_after::check);
}

#[test]
fn addresses() {
    replay("address", targets::address::check);
}

#[test]
fn origins() {
    replay("origin", targets::origin::check);
}

#[test]
fn configurations() {
    replay("configuration", targets::configuration::check);
}

#[test]
fn pictures() {
    replay("picture", targets::picture::check);
}

/// Seeds whose name says so were written by common encoders: progressive, with restarts, with alpha, moving.
#[test]
fn what_encoders_write_is_taken() {
    let folder = seeds("picture");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"whole_")) {
            let seed = fs::read(&path).unwrap();
            let mut inspector = Inspector::default();
            let facts = inspector.feed(&seed[1..]).and_then(|()| inspector.finish());
            let size = facts.map(|facts| (facts.width, facts.height));
            assert_eq!(size, Ok((16, 12)), "{}", path.display());
            count += 1;
        }
    }
    assert_eq!(count, 9);
}
