//! A release as a package of npm: `npx` installs the packed archive in an empty folder and serves it, with Node alone.

use super::release::address;
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Stdio,
};
use tests::{money::order, run, visitor::Visitor};
use tokio::{
    process::{Child, Command},
    time::{Duration, Instant, sleep, timeout},
};
use xtask::{command::Release, release, repo, setup, tools};

/// From the call to the bytes of a picture, with the download of what the archive needs.
const LONGEST: Duration = Duration::from_mins(1);
/// How long the edge may take to end.
const END: Duration = Duration::from_secs(20);
/// By which this machine reaches npm's registry.
const REACHES: [&str; 6] = [
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "npm_config_registry",
    "npm_config_userconfig",
];

/// A machine with Node and a shell: a folder that is all of its PATH, a home, and an empty folder.
struct Machine {
    folder: PathBuf,
}

impl Machine {
    async fn new(folder: PathBuf) -> Result<Self> {
        for part in ["bin", "home", "empty"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let npx = tools::which("npx").context("npx is missing")?;
        let shell = tools::which("sh").context("sh is missing")?;
        let programs = [("node", setup::find_node().await?), ("npx", npx), ("sh", shell)];
        for (name, program) in programs {
            symlink(fs::canonicalize(program)?, folder.join("bin").join(name))?;
        }
        Ok(Self { folder })
    }

    /// Starts `npx` in the empty folder, in a process group of its own.
    fn npx(&self, archive: &Path, words: &[&str]) -> Result<Group> {
        let [bin, home, empty] = ["bin", "home", "empty"].map(|part| self.folder.join(part));
        let mut command = Command::new(bin.join("npx"));
        command.args(["--yes", "--package"]).arg(archive).args(words).current_dir(empty);
        command.env_clear().env("HOME", home).env("PATH", bin);
        command.envs(REACHES.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        Ok(Group(command.spawn()?))
    }
}

/// A program and all that it has started, as a terminal has them: a signal goes to each.
struct Group(Child);

impl Group {
    fn signal(&self, signal: &str) {
        // Once the leader was waited for, its id may be another's.
        if let Some(leader) = self.0.id() {
            let group = format!("-{leader}");
            let mut kill = std::process::Command::new("kill");
            let _ = kill.args([signal, "--", &group]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal("-KILL");
    }
}

/// Waits until nothing answers at an address.
async fn is_silent(url: &str) -> Result<()> {
    let client = tests::visitor::client()?;
    let wait = async {
        while client.get(format!("{url}/healthz")).send().await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(END, wait).await.context("the edge still answers")
}

#[test]
#[ignore = "minutes: npx installs wrangler and workerd from npm"]
fn npx_serves_the_packed_archive_up_to_a_sample_picture_within_a_minute() {
    run(async {
        let out = repo::path("target/xtask/test-release/npx");
        let _ = fs::remove_dir_all(&out);
        let archive = release::write(Release { before: None, out: Some(out.clone()) }).await?;
        let machine = Machine::new(out.join("machine")).await?;
        let began = Instant::now();
        let mut npx = machine.npx(&archive, &["easel", "serve", "--port", "0"])?;
        let (url, said) = address(&mut npx.0).await?;
        assert!(said.contains("every picture is a sample"), "{said}");
        let installed = began.elapsed();
        let visitor = Visitor::open(&url).await?;
        let job = visitor.make(&order()).await?;
        let picture = job.pictures.first().context("no picture")?;
        let path = picture.url.as_deref().with_context(|| format!("{job:?}"))?;
        let bytes = visitor.get(path).await?.error_for_status()?.bytes().await?;
        let took = began.elapsed();
        eprintln!(
            "npx: the address after {:.1} s, {} bytes of a picture after {:.1} s",
            installed.as_secs_f32(),
            bytes.len(),
            took.as_secs_f32()
        );
        assert!(bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"RIFF"), "it is no picture");
        assert_eq!(picture.bytes, Some(bytes.len() as u64));
        assert!(took < LONGEST, "{took:?}");
        // The folder has the state alone: what was installed lies in npm's own folder.
        let left = fs::read_dir(machine.folder.join("empty"))?;
        let left: Vec<_> = left.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
        assert_eq!(left, [".easel"]);
        npx.signal("-TERM");
        is_silent(&url).await?;
        ensure!(timeout(END, npx.0.wait()).await.is_ok(), "npx does not end");
        Ok(())
    });
}
