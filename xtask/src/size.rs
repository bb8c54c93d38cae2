//! The size budgets: the size of the built files, raw, with gzip and with brotli, and whether each budget is kept.
//!
//! Owns the budgets, and the list of what the frame loads first and later. Must not build anything; `document` asks the
//! built edge for the document.

mod document;

use crate::{
    build::{edge, finish},
    console, repo,
};
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Which size counts for a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SizeKind {
    Brotli,
    Gzip,
}

/// Files that are measured together, and their maximum size.
struct Budget {
    name: &'static str,
    by: SizeKind,
    most: usize,
    /// What it is to come down to, where it is above that.
    goal: Option<usize>,
    files: &'static [&'static [&'static str]],
}

/// The name of what the edge renders.
const DOCUMENT: &str = "the document";
/// What is loaded beside the document until the first picture hangs.
const FIRST: &[&str] = &["studio.css", "studio.js", "studio.wasm", "image_worker.js"];
/// What is loaded after the first picture.
const LATER: &[&str] = &["lazy.wasm", "zip.js"];

/// Why two of them are above their goals: `docs/decisions/2026-11-29-size-of-the-program.md`.
const BUDGETS: &[Budget] = &[
    Budget {
        name: "loader",
        by: SizeKind::Brotli,
        most: 2048,
        goal: None,
        files: &[&["easel.js"]],
    },
    Budget {
        name: "painted form, before any wasm",
        by: SizeKind::Brotli,
        most: 14 * 1024,
        goal: None,
        files: &[&[DOCUMENT]],
    },
    Budget {
        name: "first use, until a picture hangs",
        by: SizeKind::Brotli,
        most: 216 * 1024,
        goal: Some(140 * 1024),
        files: &[&[DOCUMENT], FIRST],
    },
    Budget {
        name: "everything that the frame loads",
        by: SizeKind::Brotli,
        most: 260 * 1024,
        goal: Some(195 * 1024),
        files: &[&[DOCUMENT], FIRST, LATER],
    },
    Budget {
        name: "Worker",
        by: SizeKind::Gzip,
        most: 600 * 1024, // `bench edge` measures the cost of this size: first response and CPU
        goal: None,
        files: &[&["index_bg.wasm", "index.js"]],
    },
];

/// The most lines that the scripts beside the program may have, comments included, as prettier prints them at the width
/// that `.prettierrc.json` says.
const MOST_LINES: usize = 150;

/// The sizes of one file.
#[derive(Debug, Clone, Copy, Default)]
struct Sizes {
    raw: usize,
    gzip: usize,
    /// 0 where gzip counts.
    brotli: usize,
}

/// What was measured so far, by the names of the files.
type Measured = HashMap<&'static str, Sizes>;

/// Prints the table; fails if a budget is exceeded, a file is missing, or one belongs to no budget.
pub async fn run() -> Result<()> {
    console::heading("Size in bytes");
    let document = document::served().await?;
    console::text(&row("", &["raw", "gzip -9", "brotli 11", "budget"], ""));
    let mut over = Vec::new();
    let mut measured = HashMap::new();
    for budget in BUDGETS {
        if !print(budget, &document, &mut measured)? {
            over.push(budget.name);
        }
    }
    if !print_scripts()? {
        over.push("lines of script");
    }
    let unknown = unknown()?;
    if !unknown.is_empty() {
        bail!("no budget counts these files of dist/assets: {}", unknown.join(", "));
    }
    if !over.is_empty() {
        bail!("over the size budget: {}", over.join("; "));
    }
    Ok(())
}

/// Prints a budget and its files; returns whether the budget is kept.
fn print(budget: &Budget, document: &[u8], measured: &mut Measured) -> Result<bool> {
    let file_sizes = file_sizes(budget, document, measured)?;
    let sum = file_sizes.iter().fold(Sizes::default(), |sum, (_, weight)| sum.plus(*weight));
    let counts = if budget.by == SizeKind::Brotli { sum.brotli } else { sum.gzip };
    let kept = counts <= budget.most;
    let share = format!("{} % {}", counts * 100 / budget.most, word(budget.by));
    let share = if kept { console::green(&share) } else { console::red(&share) };
    let over =
        |goal: usize| format!("{share}, {} above its goal of {goal}", counts.saturating_sub(goal));
    let share = budget.goal.filter(|goal| counts > *goal).map_or_else(|| share.clone(), over);
    console::text(&row(budget.name, &sum.cells(budget.most), &share));
    for (stem, weight) in file_sizes {
        console::text(&console::faint(&row(&format!("  {stem}"), &weight.cells(0), "")));
    }
    Ok(kept)
}

/// The sizes of each file. Compressing takes seconds, and a file may belong to several budgets.
fn file_sizes(
    budget: &Budget,
    document: &[u8],
    measured: &mut Measured,
) -> Result<Vec<(&'static str, Sizes)>> {
    let mut file_sizes = Vec::new();
    for stem in budget.files.iter().copied().flatten() {
        let sizes = match measured.get(stem) {
            Some(sizes) => *sizes,
            None if *stem == DOCUMENT => measure(document, budget.by, None)?,
            None => {
                let file = find(stem);
                let file =
                    file.with_context(|| format!("{stem} is not built; run `cargo xtask build`"))?;
                measure(&finish::read(&file)?, budget.by, served(&file))?
            }
        };
        measured.insert(stem, sizes);
        file_sizes.push((*stem, sizes));
    }
    Ok(file_sizes)
}

/// The files of `dist/assets` that neither the frame loads by the lists above nor an owner's page names.
fn unknown() -> Result<Vec<String>> {
    let mut pages = String::new();
    for page in repo::files_under("dist") {
        if page.extension().is_some_and(|extension| extension == "html") {
            pages.push_str(&finish::text(&repo::root().join(page))?);
        }
    }
    let mut unknown = Vec::new();
    for file in fs::read_dir(repo::path("dist/assets"))? {
        let file = file?.path();
        let compressed = file.extension().is_some_and(|kind| kind == "br");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !compressed && !is_known(&name, &pages) {
            unknown.push(name);
        }
    }
    unknown.sort();
    Ok(unknown)
}

fn is_known(name: &str, pages: &str) -> bool {
    FIRST.iter().chain(LATER).any(|stem| is_of(name, stem))
        || pages.contains(&["/assets/", name].concat())
}

/// Prints the lines of the scripts that are written by hand and that browsers load; returns whether those beside the
/// program are few enough. `cargo xtask test` checks that prettier would print them as they are.
fn print_scripts() -> Result<bool> {
    let files = repo::files_under("app").into_iter();
    let scripts = files.filter(|file| file.extension().is_some_and(|extension| extension == "js"));
    let mut all = 0;
    let mut rows = Vec::new();
    for file in scripts.chain([PathBuf::from("public/easel.js")]) {
        let lines = finish::text(&repo::root().join(&file))?.lines().count();
        if file.starts_with("app") {
            all += lines;
        }
        rows.push(format!("    {:<34}{lines:>11}", file.display()));
    }
    console::text(&format!("  {all} of at most {MOST_LINES} lines of script in app/"));
    for row in rows {
        console::text(&console::faint(&row));
    }
    Ok(all <= MOST_LINES)
}

impl Sizes {
    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }

    /// The sizes as text, and the budget's where there is one.
    fn cells(self, most: usize) -> [String; 4] {
        let some = |bytes| if bytes == 0 { String::new() } else { grouped(bytes) };
        [grouped(self.raw), grouped(self.gzip), some(self.brotli), some(most)]
    }
}

fn word(by: SizeKind) -> &'static str {
    match by {
        SizeKind::Brotli => "brotli",
        SizeKind::Gzip => "gzip",
    }
}

/// Finds a file by its name without the content hash.
fn find(stem: &str) -> Option<PathBuf> {
    match stem {
        "easel.js" => Some(repo::path("dist/easel.js")),
        "index_bg.wasm" | "index.js" => Some(edge::main().with_file_name(stem)),
        _ => hashed(&repo::path("dist/assets"), stem),
    }
    .filter(|file| file.is_file())
}

fn hashed(folder: &Path, stem: &str) -> Option<PathBuf> {
    let mut files = fs::read_dir(folder).ok()?.flatten();
    files.find(|file| is_of(&file.file_name().to_string_lossy(), stem)).map(|file| file.path())
}

/// Whether a file's name is this stem with a content hash.
fn is_of(name: &str, stem: &str) -> bool {
    let (base, extension) = stem.rsplit_once('.').unwrap_or((stem, ""));
    name.strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(extension))
        .is_some_and(|hash| hash.len() == 17 && hash.ends_with('.'))
}

/// The size of the compressed copy that is served in place of a file, where there is one. It was compressed by the build,
/// and compressing takes seconds.
fn served(file: &Path) -> Option<usize> {
    let copy = fs::metadata(file.with_added_extension("br")).ok()?;
    usize::try_from(copy.len()).ok()
}

/// Measures what is not compressed yet.
fn measure(bytes: &[u8], by: SizeKind, served: Option<usize>) -> Result<Sizes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len();
    let brotli = match (by, served) {
        (SizeKind::Gzip, _) => 0,
        (SizeKind::Brotli, Some(served)) => served,
        (SizeKind::Brotli, None) => finish::brotli(bytes)?.len(),
    };
    Ok(Sizes { raw: bytes.len(), gzip, brotli })
}

fn row(name: &str, cells: &[impl AsRef<str>; 4], note: &str) -> String {
    let [raw, gzip, brotli, budget] = cells.each_ref().map(AsRef::as_ref);
    let text = format!("  {name:<36}{raw:>11}{gzip:>11}{brotli:>11}{budget:>11}  {note}");
    text.trim_end().to_owned()
}

/// A number with its digits in groups of three: `61,440`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(61_440), "61,440");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }

    #[test]
    fn a_file_that_nobody_counts_is_noticed() {
        let pages = "<link href=\"/assets/page-0123456789abcdef.css\">";
        for known in ["studio-0123456789abcdef.js", "page-0123456789abcdef.css"] {
            assert!(is_known(known, pages), "{known}");
        }
        for other in ["more-0123456789abcdef.js", "studio-0123456789abcdef.svg", "studio.js"] {
            assert!(!is_known(other, pages), "{other}");
        }
    }

    #[test]
    fn compression_compresses() {
        let measure = |by, served| measure(&[b'a'; 4096], by, served).unwrap();
        let weight = measure(SizeKind::Brotli, None);
        assert_eq!(weight.raw, 4096);
        assert!(weight.gzip < 100 && (1..100).contains(&weight.brotli), "{weight:?}");
        assert_eq!(measure(SizeKind::Brotli, Some(7)).brotli, 7);
        assert_eq!(measure(SizeKind::Gzip, Some(7)).brotli, 0);
    }
}
