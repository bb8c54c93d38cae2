//! Firefox and WebKit with their drivers, for the tests in engines other than Chromium's.
//!
//! Owns how they are found and installed, and whether that is possible on this machine. Must not start one for a test.

use crate::{
    console::ProgressStep,
    setup::{cargo_tool::CargoTool, debian},
    tools::which,
};
use anyhow::{Result, bail};
use std::{env::consts::ARCH, fs, path::PathBuf};

/// Debian's package of Firefox, which its derivatives lack.
const FIREFOX: &str = "firefox-esr";

/// The driver of Firefox, which Debian does not package.
const GECKODRIVER: CargoTool =
    CargoTool::new("geckodriver", "geckodriver", "0.37.1", "2 min on 2 cores");

/// Finds all of them, or installs those that are missing. Returns a sentence: where they cannot be installed, the reason
/// why the tests in these engines do not run.
pub async fn ensure() -> Result<String> {
    if let Some(reason) = impossible().await {
        return Ok(reason);
    }
    let packages = missing();
    if !packages.is_empty() {
        install(&packages).await?;
    }
    GECKODRIVER.ensure().await?;
    Ok("ready".to_owned())
}

/// Why a machine that lacks one of them cannot get it here.
pub async fn impossible() -> Option<String> {
    let missing = missing();
    if missing.is_empty() {
        return None;
    }
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    reason(&missing, debian::is_possible().await, &system)
}

/// The path of Firefox.
pub fn firefox() -> Option<PathBuf> {
    which("firefox-esr").or_else(|| which("firefox"))
}

/// The path of its driver.
pub fn geckodriver() -> Option<PathBuf> {
    GECKODRIVER.find()
}

/// The path of the browser that WebKitGTK comes with.
pub fn mini_browser() -> Option<PathBuf> {
    let program = PathBuf::from(format!("/usr/lib/{ARCH}-linux-gnu/webkit2gtk-4.1/MiniBrowser"));
    program.is_file().then_some(program)
}

/// The packages whose programs are not here.
fn missing() -> Vec<&'static str> {
    let has = |program| which(program).is_some();
    let all = [
        (FIREFOX, firefox().is_some()),
        ("webkit2gtk-driver", has("WebKitWebDriver") && mini_browser().is_some()),
        ("xvfb", has("Xvfb") && has("xvfb-run")),
        // `xvfb-run` calls it.
        ("xauth", has("xauth")),
    ];
    all.into_iter().filter_map(|(package, is_here)| (!is_here).then_some(package)).collect()
}

/// Why these packages cannot be installed; `apt` tells whether it may be used, `system` is the system's own description.
fn reason(missing: &[&str], apt: bool, system: &str) -> Option<String> {
    let left_out = "the tests in Firefox and WebKit are left out";
    let packages = missing.join(", ");
    if !apt {
        return Some(format!(
            "not here: {packages}. Only Debian's apt installs them, as root: {left_out}"
        ));
    }
    let is_debian = system.lines().any(|line| line == "ID=debian");
    (missing.contains(&FIREFOX) && !is_debian)
        .then(|| format!("Firefox is not here, and only Debian has {FIREFOX}: {left_out}"))
}

async fn install(packages: &[&str]) -> Result<()> {
    debian::announce_apt(
        packages,
        "the tests in Firefox and WebKit need them",
        "install Firefox, WebKitGTK's MiniBrowser and `WebKitWebDriver`, and `xvfb-run`",
    );
    let step = ProgressStep::long("firefox, webkit", "installing with apt");
    if let Err(error) = debian::apt_install(packages, &step).await {
        step.failed();
        return Err(error.context("cannot install Firefox and WebKit"));
    }
    step.done("installed");
    let missing = missing();
    if !missing.is_empty() {
        bail!("apt has installed {}, but not all of their programs are here", missing.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "NAME=\"Debian GNU/Linux\"\nID=debian\n";
    const UBUNTU: &str = "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n";

    #[test]
    fn what_cannot_be_installed_is_one_sentence_that_names_it() {
        let reason = reason(&["xvfb", "xauth"], false, DEBIAN).expect("a reason");
        assert!(reason.contains("xvfb, xauth") && reason.ends_with("are left out"), "{reason}");
    }

    #[test]
    fn root_on_debian_gets_all_and_elsewhere_what_is_packaged() {
        assert_eq!(reason(&[FIREFOX, "xvfb"], true, DEBIAN), None);
        assert_eq!(reason(&["xvfb"], true, UBUNTU), None);
        assert!(reason(&[FIREFOX], true, UBUNTU).is_some());
    }
}
