//! Paths in the clone.
//!
//! Owns the root and the listing of files. Must not read or write them.

use std::path::{Path, PathBuf};

/// The root of the clone that this script was compiled in.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// A path in the clone.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// All files under a folder or file of the clone, relative to its root, in a fixed order; none if the path does not
/// exist.
pub fn files_under(relative: &str) -> Vec<PathBuf> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(relative)];
    while let Some(path) = folders.pop() {
        if path.is_file() {
            found.extend(path.strip_prefix(&root).map(Path::to_owned));
        } else if let Ok(entries) = std::fs::read_dir(&path) {
            folders.extend(entries.flatten().map(|entry| entry.path()));
        }
    }
    found.sort();
    found
}
