//! Changes to an edge's stored state while no edge runs, as another version would have left it.
//!
//! Owns access to the databases. Must not know their tables.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use xtask::setup;

/// A program that runs SQL on databases.
pub struct Sql(std::path::PathBuf);

impl Sql {
    /// Finds Node, which has SQLite.
    pub async fn find() -> Result<Self> {
        setup::find_node().await.map(Self)
    }

    /// Runs statements on the database of every object of a class.
    pub fn run(&self, state: &Path, class: &str, statements: &str) -> Result<()> {
        const SCRIPT: &str = "const { DatabaseSync } = require('node:sqlite');
            const [file, statements] = process.argv.slice(1);
            new DatabaseSync(file).exec(statements);";
        let folder = state.join("do").join(format!("easel-{class}"));
        let mut changed = 0;
        for entry in std::fs::read_dir(&folder).context("no object has stored anything")? {
            let file = entry?.path();
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !name.ends_with(".sqlite") || name == "metadata.sqlite" {
                continue;
            }
            let node = std::process::Command::new(&self.0)
                .args(["--no-warnings", "-e", SCRIPT])
                .arg(&file)
                .arg(statements)
                .output()?;
            ensure!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
            changed += 1;
        }
        ensure!(changed > 0, "no object of the class {class} has stored anything");
        Ok(())
    }
}
