//! Splits the studio's program at its split points, as a library: the program that starts, and the parts that it fetches
//! later.
//!
//! Owns the names of the parts, and what the parts import from the program. Must not compile, bind or minify. The
//! functions that only a part reaches are moved into it by the linker's relocations, so cargo must be told to emit them.

use crate::build::finish;
use anyhow::{Context, Result, anyhow, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_split_cli_support::{Options, transform};

/// What rustc must be given, so that the linker writes its relocations into the wasm.
pub const RELOCATIONS: &str = "-Clink-args=--emit-relocs";

/// The script that fetches the parts. wasm-bindgen's glue imports it by this name, and it imports the glue.
pub const LINK: &str = "__wasm_split.js";
/// What the splitter puts before a part's name.
const PREFIX: &str = "split_";

/// A program that was split.
pub struct Split {
    /// The program that starts.
    pub program: PathBuf,
    /// The parts, each named as in the source: `lazy.wasm`.
    pub parts: Vec<PathBuf>,
    /// The script that fetches the parts. It names them by placeholders: `%asset:lazy.wasm%`.
    pub link: PathBuf,
}

/// Empties the folder and writes the program, its parts and their script into it. `glue` is the name of the file into which
/// wasm-bindgen will write the program's glue.
pub async fn split(compiled: PathBuf, folder: PathBuf, glue: String) -> Result<Split> {
    // Splitting computes, so it runs on a thread of its own and does not stop the other tasks.
    let work = tokio::task::spawn_blocking(move || write(&compiled, &folder, &glue));
    work.await.context("the splitter panicked")?
}

fn write(compiled: &Path, folder: &Path, glue: &str) -> Result<Split> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let program = folder.join("program.wasm");
    let input = finish::read(compiled)?;
    let main_module = ["./", glue].concat();
    let link_name = ["./", LINK].concat();
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &program;
    options.main_module = &main_module;
    options.link_name = &link_name;
    options.emit_dwarf = false;
    options.target.web();
    let split = transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .with_context(|| format!("cannot split {}", compiled.display()))?;
    let link = folder.join(LINK);
    let mut script = finish::text(&link)?;
    let mut parts = Vec::new();
    for file in split.split_modules {
        let name = part_name(&file)?;
        let part = file.with_file_name(&name);
        fs::rename(&file, &part)?;
        script = named(&script, &file, &name)?;
        parts.push(part);
    }
    fs::write(&link, script)?;
    Ok(Split { program, parts, link })
}

/// The name of a part, as its split point has it.
fn part_name(file: &Path) -> Result<String> {
    let name = file.file_name().and_then(|name| name.to_str()).context("a part has no name")?;
    Ok(name.strip_prefix(PREFIX).unwrap_or(name).to_owned())
}

/// The script with a placeholder in the place of a part's file.
fn named(script: &str, file: &Path, name: &str) -> Result<String> {
    let file = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path = format!("\"./{file}\"");
    ensure!(script.contains(&path), "{LINK} does not fetch {file}");
    Ok(script.replace(&path, &format!("\"%asset:{name}%\"")))
}

/// Whether the parts import this export of the program: it must keep its name.
pub fn is_shared(link: &str, export: &str) -> bool {
    let shared = link.split_once("const { ").and_then(|(_, rest)| rest.split_once('}'));
    shared.is_some_and(|(names, _)| names.split(',').any(|name| name.trim() == export))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_fetched_by_the_name_that_it_is_served_under() {
        let script = "fetch(new URL(\"./split_lazy.wasm\", import.meta.url))";
        let file = Path::new("target/split_lazy.wasm");
        assert_eq!(part_name(file).unwrap(), "lazy.wasm");
        let script = named(script, file, "lazy.wasm").unwrap();
        assert_eq!(script, "fetch(new URL(\"%asset:lazy.wasm%\", import.meta.url))");
        assert!(named(&script, file, "lazy.wasm").is_err(), "a part that nothing fetches");
    }

    #[test]
    fn what_the_parts_import_is_known() {
        let link =
            "const { __indirect_function_table, memory,  } = initSync(undefined, undefined);";
        for name in ["memory", "__indirect_function_table"] {
            assert!(is_shared(link, name), "{name}");
        }
        for name in ["mem", "start", ""] {
            assert!(!is_shared("const { memory } = it;", name), "{name}");
        }
    }
}
