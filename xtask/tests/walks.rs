//! Walks: what a person does by the documents, with the documents' own commands, in a fresh copy of the repository.
//!
//! A block of commands belongs to a walk if the comment above it names the walk's test. Each walk compiles in a folder
//! that all walks share.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};
use tokio::time::Instant;
use xtask::repo;

/// One walk at a time: `cargo xtask` starts the program at a path in the shared folder, where another walk would put its
/// own, which belongs to another copy.
static ALONE: Mutex<()> = Mutex::new(());

/// The blocks of commands of a walk, in the order in which a person reads them.
fn commands(walk: &str) -> Result<String> {
    let documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
    let under = repo::files_under("docs");
    let under = under.iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let under = under.filter_map(|path| path.to_str());
    let mut script = String::new();
    for path in documents.into_iter().chain(under) {
        let text = fs::read_to_string(repo::path(path))?;
        let mut above = "";
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.trim() == "```sh" && above.contains(walk) {
                for line in lines.by_ref().take_while(|line| line.trim() != "```") {
                    script.push_str(line);
                    script.push('\n');
                }
            }
            above = line;
        }
    }
    ensure!(!script.is_empty(), "no block of commands belongs to {walk}");
    Ok(script)
}

/// A copy of what git tracks or would add, as a repository of its own.
fn fresh_copy(name: &str) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("easel-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let list = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(repo::root())
        .output()?;
    for path in String::from_utf8(list.stdout)?.split('\0').filter(|path| !path.is_empty()) {
        let (from, to) = (repo::path(path), folder.join(path));
        if from.is_file() {
            fs::create_dir_all(to.parent().context("no folder")?)?;
            fs::copy(from, to)?;
        }
    }
    let commit = "git init -q && git add -A && git -c user.name=a -c user.email=a@example.com \
                  -c commit.gpgsign=false commit -qm copy";
    ensure!(Command::new("sh").args(["-c", commit]).current_dir(&folder).status()?.success());
    Ok(folder)
}

/// Runs a walk's commands in a folder; the error has what they said.
fn run(script: &str, folder: &Path) -> Result<String> {
    // A walk that failed has left nothing that the next one could not replace.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = Instant::now();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", repo::path("target/walks"))
        .output()?;
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    ensure!(output.status.success(), "{script}\n{}", said.concat());
    eprintln!("{:.1} s", begun.elapsed().as_secs_f32());
    Ok(said.concat())
}

/// Runs the walk in a fresh copy, and removes it.
fn walk(name: &str) -> Result<(String, String)> {
    let script = commands(name)?;
    let folder = fresh_copy(name)?;
    let said = run(&script, &folder);
    let changed = Command::new("git").args(["diff"]).current_dir(&folder).output()?;
    fs::remove_dir_all(&folder)?;
    Ok((said?, String::from_utf8_lossy(&changed.stdout).into_owned()))
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn walk_an_operator_adds_an_origin() {
    let (said, changed) = walk("walk_an_operator_adds_an_origin").unwrap();
    assert!(changed.contains(r#"+      "origins": ["https://shop.example.com", "#), "{changed}");
    assert!(said.contains("valid"), "{said}");
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn walk_an_operator_goes_live_up_to_the_account() {
    let script = commands("walk_an_operator_goes_live_up_to_the_account").unwrap();
    let folder = fresh_copy("walk_live").unwrap();
    // What the step before says in words: the site's own origins.
    let file = folder.join("edge/wrangler.jsonc");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("http://localhost:8787", "https://www.example.com")).unwrap();
    let said = run(&script, &folder);
    fs::remove_dir_all(&folder).unwrap();
    let said = said.unwrap();
    for part in ["valid", "safe to deploy", "would be deployed", "Nothing was changed."] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn walk_a_contributor_changes_a_word_and_adds_a_problem_kind() {
    let name = "walk_a_contributor_changes_a_word_and_adds_a_problem_kind";
    let (_, changed) = walk(name).unwrap();
    for file in [
        "texts/en.json",
        "texts/de.json",
        "contract/src/problem.rs",
        "contract/src/text_keys.rs",
        "contract/tests/golden/problems.json",
        "app/src/texts.rs",
        "public/easel.d.ts",
        "docs/api.md",
    ] {
        assert!(changed.contains(&format!("+++ b/{file}")), "{file} is not changed");
    }
}

/// It changes nothing and compiles nothing, so it runs where the repository is.
#[test]
fn walk_a_reader_finds_how_a_cap_is_kept() {
    let script = commands("walk_a_reader_finds_how_a_cap_is_kept").unwrap();
    run(&script, &repo::root()).unwrap();
}
