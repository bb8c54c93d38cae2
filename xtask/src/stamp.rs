//! Skips work whose inputs have not changed since it last succeeded.
//!
//! A stamp is a file in `target/xtask` with the hash of all inputs. It is written only after success.

use crate::{hash, repo};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// The state of some work's inputs.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Hashes every file under the given paths of the clone, and what else the work depends on.
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

    /// The last success had the same inputs.
    pub fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|seen| seen == self.digest)
    }

    /// Before the work: should it fail, its half-done output must not look finished.
    pub fn clear(&self) {
        let _ = std::fs::remove_file(&self.file);
    }

    /// Notes the success.
    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.file, &self.digest)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    /// The hash itself.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}
