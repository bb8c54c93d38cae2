//! The size budgets: the size of the built files, raw, with gzip and with brotli, and whether each budget is kept. Must
//! not build anything.

use crate::{build::finish, console, repo};
use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, write::GzEncoder};
use std::{
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
    files: &'static [&'static str],
}

const BUDGETS: &[Budget] = &[
    Budget { name: "loader", by: SizeKind::Brotli, most: 2048, files: &["easel.js"] },
    Budget {
        name: "painted form, before any wasm",
        by: SizeKind::Brotli,
        most: 20 * 1024,
        files: &["studio.en.html", "studio.css", "boot.js"],
    },
    Budget {
        name: "everything that the frame ever loads",
        by: SizeKind::Brotli,
        most: 195 * 1024, // includes the parts that are loaded after the first picture
        files: &[
            "studio.en.html",
            "studio.css",
            "boot.js",
            "shrink.js",
            "wall.js",
            "paint.js",
            "viewer.js",
            "kept.js",
            "studio.js",
            "studio.wasm",
        ],
    },
    Budget {
        name: "Worker",
        by: SizeKind::Gzip,
        most: 600 * 1024, // `bench edge` measures the cost of this size: first response and CPU
        files: &["index_bg.wasm", "index.js"],
    },
];

/// The sizes of one file.
#[derive(Debug, Clone, Copy, Default)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints the table; fails if a budget is exceeded or a file is missing.
pub fn run() -> Result<()> {
    console::heading("Size in bytes");
    console::text(&row("", &["raw", "gzip -9", "brotli 11", "budget"], ""));
    let mut over = Vec::new();
    for budget in BUDGETS {
        if !print(budget)? {
            over.push(budget.name);
        }
    }
    if !over.is_empty() {
        bail!("over the size budget: {}", over.join("; "));
    }
    Ok(())
}

/// Prints a budget and its files; returns whether the budget is kept.
fn print(budget: &Budget) -> Result<bool> {
    let Some(file_sizes) = file_sizes(budget)? else {
        console::text(&row(budget.name, &[""; 4], "not built yet"));
        return Ok(true);
    };
    let sum = file_sizes.iter().fold(Sizes::default(), |sum, (_, weight)| sum.plus(*weight));
    let counts = if budget.by == SizeKind::Brotli { sum.brotli } else { sum.gzip };
    let kept = counts <= budget.most;
    let share = format!("{} % {}", counts * 100 / budget.most, word(budget.by));
    let share = if kept { console::green(&share) } else { console::red(&share) };
    console::text(&row(budget.name, &sum.cells(budget.most), &share));
    for (stem, weight) in file_sizes {
        console::text(&console::faint(&row(&format!("  {stem}"), &weight.cells(0), "")));
    }
    Ok(kept)
}

/// The sizes of each file; `None` for the loader if it does not exist yet.
fn file_sizes(budget: &Budget) -> Result<Option<Vec<(&'static str, Sizes)>>> {
    let mut file_sizes = Vec::new();
    for stem in budget.files {
        let Some(file) = find(stem) else {
            ensure!(*stem == "easel.js", "{stem} is not built; run `cargo xtask build`");
            return Ok(None);
        };
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        file_sizes.push((*stem, measure(&bytes)?));
    }
    Ok(Some(file_sizes))
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
        let most = if most == 0 { String::new() } else { grouped(most) };
        [grouped(self.raw), grouped(self.gzip), grouped(self.brotli), most]
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
        "studio.en.html" => Some(repo::path("dist/studio.en.html")),
        "easel.js" => Some(repo::path("dist/easel.js")),
        "index_bg.wasm" | "index.js" => Some(repo::path("edge/build").join(stem)),
        _ => hashed(&repo::path("dist/assets"), stem),
    }
    .filter(|file| file.is_file())
}

fn hashed(folder: &Path, stem: &str) -> Option<PathBuf> {
    let (base, extension) = stem.rsplit_once('.')?;
    let wanted = |name: &str| {
        name.strip_prefix(base)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(extension))
            .is_some_and(|hash| hash.len() == 17 && hash.ends_with('.'))
    };
    let mut files = fs::read_dir(folder).ok()?.flatten();
    files.find(|file| wanted(&file.file_name().to_string_lossy())).map(|file| file.path())
}

fn measure(bytes: &[u8]) -> Result<Sizes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len();
    Ok(Sizes { raw: bytes.len(), gzip, brotli: finish::brotli(bytes)?.len() })
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
    fn compression_compresses() {
        let weight = measure(&[b'a'; 4096]).unwrap();
        assert_eq!(weight.raw, 4096);
        assert!(weight.gzip < 100 && weight.brotli < 100, "{weight:?}");
    }
}
