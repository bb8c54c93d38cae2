//! The environment of child processes: the paths of the tools, and variables that all children get.
//!
//! Owns PATH and the cache that all clones of a user share. Must not install anything.

use std::{
    env,
    ffi::OsString,
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
        let mut command = Command::new(program.as_ref());
        command.env("PATH", self.path()).current_dir(crate::repo::root());
        clean(&mut command);
        command
    }

    /// A command that compiles to wasm.
    pub fn wasm_command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.command(program);
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

/// Turns off telemetry, and puts the compile cache of Node into the shared folder.
pub fn clean(command: &mut Command) {
    command
        .env("WRANGLER_SEND_METRICS", "false")
        .env("NODE_COMPILE_CACHE", cache().join("node-compile-cache"));
}
