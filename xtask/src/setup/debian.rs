//! The wasm32 target where rustup offers none: Debian's `rustc-web`, with a standard library that is built once from
//! `rust-web-src`, since Debian packages none for wasm32.
//!
//! Owns every call of apt. Must not install anything without announcing it.

use crate::{
    child,
    console::{self, ProgressStep},
    tools::{self, TARGET},
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The path of Debian's compiler.
pub(crate) const RUSTC: &str = "/usr/bin/rustc";

const PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "libstd-rust-web-dev", "rust-web-src", "rust-web-clippy", "lld-22"];

/// Whether this is Debian and apt may be used.
pub async fn is_possible() -> bool {
    let mut id = tools::program("id");
    id.arg("-u");
    Path::new("/etc/debian_version").exists()
        && tools::which("apt-get").is_some()
        && child::read_stdout(id).await.as_deref() == Some("0")
}

/// Prints, before apt runs, what it will install, the reason, and how to avoid it.
pub fn announce_apt(packages: &[&str], purpose: &str, instead: &str) {
    console::text(&announcement(packages, purpose, instead));
}

fn announcement(packages: &[&str], purpose: &str, instead: &str) -> String {
    let packages = packages.join(" ");
    format!(
        "  apt-get will now install {packages}: {purpose}. To avoid it, stop here with Ctrl-C and {instead}; what is there \
         is used."
    )
}

/// Brings apt's list of packages up to date.
pub async fn apt_update(step: &ProgressStep) -> Result<()> {
    let mut update = tools::program("apt-get");
    update.arg("update");
    child::run_quietly(update, step).await.map(drop)
}

/// Installs packages with apt.
pub async fn apt_install(packages: &[&str], step: &ProgressStep) -> Result<()> {
    apt_update(step).await?;
    let mut install = tools::program("apt-get");
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    child::run_quietly(install, step).await?;
    Ok(())
}

/// Downloads packages and unpacks them into an empty folder. Nothing is installed: no program of theirs is started.
pub async fn apt_unpack(packages: &[String], folder: &Path, step: &ProgressStep) -> Result<()> {
    let archives = folder.join("archives");
    fs::create_dir_all(&archives).with_context(|| format!("cannot write {}", folder.display()))?;
    let mut download = tools::program("apt-get");
    // As the one who asks, who alone may write into the folder.
    download.args(["--option", "APT::Sandbox::User=", "download"]).args(packages);
    download.current_dir(&archives);
    child::run_quietly(download, step).await?;
    for archive in fs::read_dir(&archives)? {
        let mut unpack = tools::program("dpkg-deb");
        unpack.arg("--extract").arg(archive?.path()).arg(folder);
        child::run_quietly(unpack, step).await?;
    }
    Ok(fs::remove_dir_all(archives)?)
}

/// The packages that a package recommends.
pub async fn recommended_by(package: &str) -> Result<Vec<String>> {
    let mut depends = tools::program("apt-cache");
    depends.args(["depends", package]);
    let depends = child::read_stdout(depends).await;
    Ok(recommended(&depends.with_context(|| format!("apt knows no package {package}"))?))
}

fn recommended(depends: &str) -> Vec<String> {
    let names = depends.lines().filter_map(|line| line.trim().strip_prefix("Recommends: "));
    names.map(str::to_owned).collect()
}

/// Installs the compiler, builds the standard library and copies it into the compiler's sysroot.
pub async fn install() -> Result<()> {
    announce_apt(
        &PACKAGES,
        "rustup gives this machine no wasm32-unknown-unknown, so that Debian's compiler is used, whose standard library for \
         wasm32 is built once",
        "install the target yourself (`rustup target add wasm32-unknown-unknown`, or your system's package of it)",
    );
    let step = ProgressStep::long("rustc-web", "installing Debian's compiler");
    apt_install(&PACKAGES, &step).await?;
    step.done("installed");

    let step = ProgressStep::long(TARGET, "building its standard library (about 1 min)");
    let scratch = tools::cache().join("build/std-for-wasm");
    let outcome = build_std(&scratch, &step).await;
    let _ = fs::remove_dir_all(&scratch);
    match &outcome {
        Ok(()) => step.done("installed"),
        Err(_) => step.failed(),
    }
    outcome.context("cannot build the standard library for wasm32")
}

/// Builds an empty crate, which makes cargo build the standard library.
async fn build_std(scratch: &Path, step: &ProgressStep) -> Result<()> {
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    )?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    let mut cargo = tools::program("/usr/bin/cargo");
    cargo
        .args(["build", "-Zbuild-std=std,panic_abort", "--release", "--target", TARGET])
        .current_dir(scratch)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in the rlibs, fat LTO fails because it finds no ".llvmbc" in them.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22")
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN");
    child::run_quietly(cargo, step).await?;
    copy_rlibs(
        &scratch.join("target").join(TARGET).join("release/deps"),
        &sysroot_folder().await?,
    )?;
    // Crates that were compiled against another standard library cannot be linked with this one.
    let _ = fs::remove_dir_all(crate::repo::path("target/debian"));
    Ok(())
}

async fn sysroot_folder() -> Result<PathBuf> {
    let mut command = tools::program(RUSTC);
    command.args(["--print", "sysroot"]);
    let sysroot = child::read_stdout(command).await.context("Debian's rustc does not start")?;
    Ok(Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib"))
}

fn copy_rlibs(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut copied = 0;
    for entry in fs::read_dir(from)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            fs::copy(&path, to.join(entry.file_name()))?;
            copied += 1;
        }
    }
    ensure!(copied > 0, "{} contains no rlib", from.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_is_announced_with_its_packages_and_the_way_round_it() {
        let text = announcement(&["one", "two"], "tests need them", "install both yourself");
        for part in ["one two", "tests need them", "To avoid it", "install both yourself"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn what_a_package_recommends_is_read_from_what_apt_prints() {
        let depends = "one\n  Depends: two\n |Depends: three\n  Recommends: four\n  Recommends: five\n  Suggests: six\n";
        assert_eq!(recommended(depends), ["four", "five"]);
    }
}
