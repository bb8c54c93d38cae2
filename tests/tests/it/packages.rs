//! The package with the wrappers, as a program of somebody else has it: installed from its archive, type-checked,
//! bundled by Vite, and opened in Chromium.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::{
    browser::Browser,
    host::{File, Host},
    run,
    studio::{Setup, Studio},
};
use tokio::process::Command;
use xtask::{release::loader, repo, setup};

/// The programs' own packages, in the versions that were tried.
const PACKAGES: [&str; 7] = [
    "vite@8.4.0",
    "typescript@7.0.2",
    "react@19.3.1",
    "react-dom@19.3.1",
    "@types/react@19.3.3",
    "@types/react-dom@19.3.0",
    "vue@3.5.45",
];

/// A folder with both programs and all that they import.
struct Programs {
    folder: PathBuf,
    node: PathBuf,
}

impl Programs {
    async fn install() -> Result<Self> {
        let folder = repo::path("target/xtask/test-packages");
        let _ = fs::remove_dir_all(&folder);
        let archive = loader::write(&folder)?;
        // Without a package.json of its own, npm would install into the repository.
        fs::write(folder.join("package.json"), r#"{ "private": true, "type": "module" }"#)?;
        for name in ["react", "vue"] {
            let from = repo::path("tests/fixtures/bundled").join(name);
            fs::create_dir_all(folder.join(name))?;
            for file in ["index.html", "main.tsx", "tsconfig.json"] {
                fs::copy(from.join(file), folder.join(name).join(file))?;
            }
        }
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).arg(archive);
        npm.args(PACKAGES).current_dir(&folder);
        ensure!(npm.status().await?.success(), "npm cannot install the programs' packages");
        Ok(Self { folder, node: setup::find_node().await? })
    }

    /// Runs a program of a package; whether it succeeded, and what it said.
    async fn runs(&self, program: &str, words: &[&str]) -> Result<(bool, String)> {
        let mut command = Command::new(&self.node);
        command.arg(self.folder.join("node_modules").join(program)).args(words);
        let output = command.current_dir(&self.folder).output().await?;
        let said =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        Ok((output.status.success(), said.concat()))
    }

    /// Checks the types: the program's own, and one with a wrong attribute, which must be refused.
    async fn checks_types(&self, name: &str) -> Result<()> {
        let (good, said) = self.runs("typescript/bin/tsc", &["-p", name]).await?;
        ensure!(good, "{name}: {said}");
        let main = fs::read_to_string(self.folder.join(name).join("main.tsx"))?;
        ensure!(main.contains("theme=\"dark\""), "{name} sets no theme");
        let wrong = self.folder.join(name).join("wrong.tsx");
        fs::write(&wrong, main.replace("theme=\"dark\"", "theme=\"blue\""))?;
        let (good, said) = self.runs("typescript/bin/tsc", &["-p", name]).await?;
        fs::remove_file(wrong)?;
        ensure!(!good && said.contains("'\"blue\"' is not assignable"), "{name}: {said}");
        Ok(())
    }

    /// Bundles a program; returns the files.
    async fn bundled(&self, name: &str) -> Result<Vec<File>> {
        let (good, said) = self.runs("vite/bin/vite.js", &["build", name]).await?;
        ensure!(good, "{name}: {said}");
        let dist = self.folder.join(name).join("dist");
        let mut files =
            vec![File::page("/index.html", fs::read_to_string(dist.join("index.html"))?)];
        for entry in fs::read_dir(dist.join("assets"))? {
            files.push(script(&entry?.path())?);
        }
        Ok(files)
    }
}

fn script(path: &Path) -> Result<File> {
    let name = path.file_name().context("no name")?.to_string_lossy().into_owned();
    Ok(File {
        path: format!("/assets/{name}"),
        media_type: "text/javascript",
        policy: None,
        isolated: false,
        body: fs::read(path)?,
    })
}

/// Opens a program on an edge that lists its origin, until the frame says that it is ready.
async fn opens(files: Vec<File>) -> Result<()> {
    let host = Host::start(files).await?;
    let origin = host.origin("localhost");
    let studio: Studio = Setup::default().site("origins", json!([origin])).start().await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{origin}/index.html?edge={}", studio.edge.url())).await?;
    browser.read(&format!("ready {}", contract::VERSION)).await?;
    browser.stop().await?;
    studio.stop().await
}

#[test]
#[ignore = "minutes: it installs Vite, React and Vue from npm"]
fn the_wrappers_mount_in_programs_that_are_bundled_and_their_types_refuse_a_wrong_attribute() {
    run(async {
        let programs = Programs::install().await?;
        for name in ["react", "vue"] {
            programs.checks_types(name).await?;
            opens(programs.bundled(name).await?).await.with_context(|| name.to_owned())?;
        }
        Ok(())
    });
}
