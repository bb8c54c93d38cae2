//! The environment of child processes: the paths of the tools, and the variables that every child gets or must not get.
//!
//! Owns PATH, the cache that all clones of a user share, and the rule that no child finds a secret in its environment:
//! compilers and package managers run the code of others. Must not install anything.
//!
//! Decision: docs/decisions/2026-11-29-one-maker-of-child-processes.md.

use crate::secrets;
use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// The compiler target of the studio and of the Worker.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_TARGET: &str = "target/debian";

/// The folder of the installed tools, with one folder for each tool and version.
pub fn cache() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("EASEL_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("easel")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/easel")))
        .unwrap_or_else(|| crate::repo::path("target/tools"))
}

/// Finds a program on PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The tools that set-up found or installed.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    /// The path of Node.
    pub node: PathBuf,
    /// Whether wasm is compiled with Debian's compiler, because rustup has no such target.
    pub debian: bool,
}

impl Tools {
    /// The path of a tool from `package.json`.
    pub fn node_tool(name: &str) -> PathBuf {
        crate::repo::path("node_modules/.bin").join(name)
    }

    /// A command that finds every tool.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self::program(program.as_ref());
        command.env("PATH", self.path()).current_dir(crate::repo::root());
        command
    }

    /// A command that compiles to wasm.
    pub fn wasm_command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.command(program);
        // wasm-bindgen's macros use js-sys then, and need one crate less. All builds have it: they share crates.
        command.env("WASM_BINDGEN_USE_JS_SYS", "1");
        if self.debian {
            // Debian's compiler gets its own target folder: with one folder, each compiler would rebuild what the other
            // one built.
            command
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO", "/usr/bin/cargo")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22")
                .env("CARGO_TARGET_DIR", crate::repo::path(DEBIAN_TARGET))
                .env_remove("RUSTUP_TOOLCHAIN");
        }
        command
    }

    /// The target folder of wasm builds, which holds a folder for each profile.
    pub fn wasm_target_folder(&self) -> PathBuf {
        let given = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let folder = match given {
            _ if self.debian => crate::repo::path(DEBIAN_TARGET),
            Some(given) => crate::repo::root().join(given),
            None => crate::repo::path("target"),
        };
        folder.join(TARGET)
    }

    fn path(&self) -> OsString {
        let debian = self.debian.then(|| PathBuf::from("/usr/bin"));
        let found = self.node.parent().map(Path::to_owned);
        let given = env::var_os("PATH").unwrap_or_default();
        let folders =
            debian.into_iter().chain(found).chain([crate::repo::path("node_modules/.bin")]);
        let all = folders.filter(|folder| folder.is_absolute()).chain(env::split_paths(&given));
        env::join_paths(all).unwrap_or(given)
    }
}

/// The command of every child: without the secrets that this process has in its environment, without telemetry, and
/// with Node's compile cache in the shared folder. The edge gets its secrets over the driver's stdin.
pub fn program(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in secrets::NAMES {
        command.env_remove(name);
    }
    command
        .env("WRANGLER_SEND_METRICS", "false")
        .env("NODE_COMPILE_CACHE", cache().join("node-compile-cache"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child;
    use std::fs;

    /// The secrets that a child finds in its environment, as `NAME=value` lines.
    async fn found_by(mut command: Command) -> Vec<String> {
        command.args(["-c", "env"]);
        let environment = child::read_stdout(command).await.expect("a shell");
        assert!(environment.contains("WRANGLER_SEND_METRICS=false"), "{environment}");
        let is_secret =
            |line: &&str| secrets::NAMES.iter().any(|name| line.split('=').next() == Some(name));
        environment.lines().filter(is_secret).map(str::to_owned).collect()
    }

    /// Runs this test once more as a child that has every secret in its environment.
    #[tokio::test]
    async fn a_child_finds_no_secret_in_its_environment() {
        const AGAIN: &str = "EASEL_TEST_WITH_SECRETS";
        if env::var_os(AGAIN).is_some() {
            for name in secrets::NAMES {
                assert_eq!(env::var(name).as_deref(), Ok("hush"), "the check has its secrets");
            }
            let tools = Tools { node: "/node".into(), debian: true };
            for command in [program("sh"), tools.command("sh"), tools.wasm_command("sh")] {
                assert_eq!(found_by(command).await, Vec::<String>::new());
            }
            return;
        }
        let mut again = program(env::current_exe().unwrap());
        again.args(["--exact", "tools::tests::a_child_finds_no_secret_in_its_environment"]);
        again.env(AGAIN, "1").envs(secrets::NAMES.map(|name| (name, "hush")));
        let child::Ended { status, output } = child::run_shown(again).await.unwrap();
        assert!(status.success() && output.contains("1 passed"), "{output}");
    }

    /// A command that is made in another place would hand the secrets on.
    #[test]
    fn every_command_is_made_here() {
        fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    visit(&path, found);
                } else if fs::read_to_string(&path)
                    .unwrap()
                    .contains(&["Command::", "new("].concat())
                {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        visit(&crate::repo::path("xtask/src"), &mut found);
        let elsewhere: Vec<_> = found.iter().filter(|path| !path.ends_with("tools.rs")).collect();
        assert!(found.len() > elsewhere.len() && elsewhere.is_empty(), "{elsewhere:?}");
    }
}
