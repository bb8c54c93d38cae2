//! The device history's pictures that this tab knows: handles of bytes that lie on the disk.
//!
//! Owns them by path, for whoever needs a picture's bytes. `device_history` fills it; must not store anything.

use super::original;
use std::{cell::RefCell, collections::HashMap};
use web_sys::{Blob, File};

/// The bytes of a picture as the edge made them, and their file's name.
struct Original {
    bytes: Blob,
    name: String,
}

thread_local! {
    static ORIGINALS: RefCell<HashMap<String, Original>> = RefCell::default();
}

/// Adds the picture of a path.
pub(super) fn add(url: String, bytes: Blob, name: String) {
    ORIGINALS.with_borrow_mut(|all| drop(all.insert(url, Original { bytes, name })));
}

/// The device does not have this one any more.
pub(super) fn remove(url: &str) {
    ORIGINALS.with_borrow_mut(|all| drop(all.remove(url)));
}

/// The device does not have any of them any more.
pub(super) fn clear() {
    ORIGINALS.take();
}

/// The bytes of the picture at this path, if the device keeps them.
pub(crate) fn original(url: &str) -> Option<File> {
    let known = ORIGINALS.with_borrow(|all| {
        all.get(url).map(|original| (original.bytes.clone(), original.name.clone()))
    });
    let (bytes, name) = known?;
    original::named(&bytes, &name)
}
