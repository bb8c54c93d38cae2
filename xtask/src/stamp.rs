//! Skips work whose inputs have not changed since it last succeeded.
//!
//! Owns the stamps: files in `target/xtask` with the hash of all inputs. Must not write a stamp before the work has
//! succeeded.

use crate::{hash, repo};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// The hash of the inputs of some work, and the file that holds the hash of the last success.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Hashes every file under the given paths of the clone, and `also`, on which the work depends too.
    pub fn of(name: &str, inputs: &[&str], also: &str) -> Result<Self> {
        let mut sums = format!("{also}\n");
        for path in inputs.iter().flat_map(|input| repo::files_under(input)) {
            let bytes = std::fs::read(repo::root().join(&path))
                .with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.to_string_lossy();
            sums.extend([&hash::sha256(&bytes), " ", &*name, "\n"]);
        }
        let file = repo::path("target/xtask").join(format!("{name}.stamp"));
        Ok(Self { file, digest: hash::sha256(sums.as_bytes()) })
    }

    /// Whether the last success had the same inputs.
    pub fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|seen| seen == self.digest)
    }

    /// Deletes the stamp before the work begins: if the work fails, its unfinished output must not look up to date.
    pub fn clear(&self) {
        let _ = std::fs::remove_file(&self.file);
    }

    /// Records the success.
    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.file, &self.digest)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    /// The hash of the inputs.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}
