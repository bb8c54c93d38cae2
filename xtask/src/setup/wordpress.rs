//! A WordPress for the test of its plugin: PHP and MariaDB from apt, and WordPress's own files from Debian's package.
//!
//! Owns how they are found and installed, and whether that is possible on this machine. Must not start one for a test,
//! nor install a web server: Debian's package of WordPress needs one, which would then run on this machine, so that the
//! package is only unpacked.

use crate::{
    child,
    console::ProgressStep,
    setup::{debian, kept},
    tools::{self, which},
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The packages that are unpacked beside WordPress: its files are links to theirs.
const LINKED: [&str; 4] = ["php-getid3", "libjs-cropper", "libjs-underscore", "libjs-lodash"];

/// Where Debian's package of WordPress has its files.
const FILES: &str = "usr/share/wordpress";

/// PHP, where it is on PATH or named by `EASEL_PHP`.
pub fn php() -> PathBuf {
    env::var_os("EASEL_PHP").map_or_else(|| "php".into(), PathBuf::from)
}

/// The path of MariaDB's server, which is on no PATH but root's.
pub fn mariadbd() -> Option<PathBuf> {
    let usual = PathBuf::from("/usr/sbin/mariadbd");
    which("mariadbd").or_else(|| usual.is_file().then_some(usual))
}

/// Why a machine that lacks a part of it cannot get it here.
pub async fn impossible() -> Option<String> {
    let mut missing = missing().await;
    if files().is_none() {
        missing.push("wordpress");
    }
    reason(&missing, debian::is_possible().await)
}

/// Finds all of it, or installs what is missing. Returns the folder of WordPress's files.
pub async fn ensure() -> Result<PathBuf> {
    let packages = missing().await;
    if !packages.is_empty() {
        install(&packages).await?;
    }
    match files() {
        Some(files) => Ok(files),
        None => unpack().await,
    }
}

/// The folder of WordPress's files: the one named by `EASEL_WORDPRESS`, that of this system, or the one unpacked before.
fn files() -> Option<PathBuf> {
    let given = env::var_os("EASEL_WORDPRESS").map(PathBuf::from);
    let mut all = given.into_iter().chain([Path::new("/").join(FILES), unpacked().join(FILES)]);
    all.find(|folder| folder.join("wp-load.php").exists())
}

/// Where Debian's packages are unpacked.
fn unpacked() -> PathBuf {
    kept("wordpress", "debian")
}

/// The packages whose programs are not here.
async fn missing() -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut modules = tools::program(php());
    modules.arg("-m");
    let modules = child::read_stdout(modules).await;
    if modules.is_none() {
        missing.push("php-cli");
    }
    if !modules.is_some_and(|modules| modules.lines().any(|module| module == "mysqli")) {
        missing.push("php-mysql");
    }
    if mariadbd().is_none() {
        missing.push("mariadb-server-core");
    }
    missing
}

/// Why these packages cannot be installed; `apt` tells whether it may be used.
fn reason(missing: &[&str], apt: bool) -> Option<String> {
    (!missing.is_empty() && !apt).then(|| {
        format!(
            "not here: {}. Only Debian's apt installs them, as root: the test in WordPress is left out",
            missing.join(", ")
        )
    })
}

async fn install(packages: &[&str]) -> Result<()> {
    debian::announce_apt(
        packages,
        "the test in WordPress needs them",
        "install PHP with mysqli, and MariaDB's server",
    );
    let step = ProgressStep::long("php, mariadb", "installing with apt");
    if let Err(error) = debian::apt_install(packages, &step).await {
        step.failed();
        return Err(error.context("cannot install PHP and MariaDB"));
    }
    step.done("installed");
    let missing = missing().await;
    if !missing.is_empty() {
        bail!("apt has installed {}, but not all of them work", missing.join(", "));
    }
    Ok(())
}

/// Downloads WordPress, its theme and what it links to, and unpacks them beside the other tools.
async fn unpack() -> Result<PathBuf> {
    let step = ProgressStep::long("wordpress", "downloading Debian's packages");
    let folder = unpacked();
    let scratch = tools::cache().join("build/wordpress");
    let _ = fs::remove_dir_all(&scratch);
    let outcome = async {
        debian::apt_update(&step).await?;
        let mut packages = vec!["wordpress".to_owned(), theme().await?];
        packages.extend(LINKED.map(str::to_owned));
        debian::apt_unpack(&packages, &scratch, &step).await?;
        // What is there has no WordPress in it.
        let _ = fs::remove_dir_all(&folder);
        fs::rename(&scratch, &folder).with_context(|| format!("{} is in use", folder.display()))
    }
    .await;
    match &outcome {
        Ok(()) => step.done("unpacked"),
        Err(_) => step.failed(),
    }
    outcome.context("cannot unpack Debian's WordPress")?;
    files().context("Debian's package has no WordPress in it")
}

/// The package of the theme that this WordPress begins with.
async fn theme() -> Result<String> {
    let recommended = debian::recommended_by("wordpress").await?;
    let mut themes = recommended.into_iter().filter(|name| name.starts_with("wordpress-theme-"));
    themes.next().context("Debian's wordpress recommends no theme")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_installed_is_one_sentence_that_names_it() {
        let missing = ["php-cli", "wordpress"];
        let reason = reason(&missing, false).expect("a reason");
        assert!(reason.contains("php-cli, wordpress") && reason.ends_with("left out"), "{reason}");
        assert_eq!(super::reason(&missing, true), None, "root on Debian gets all");
        assert_eq!(super::reason(&[], false), None, "nothing is missing");
    }
}
