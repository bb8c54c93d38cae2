//! A release as its operator has it: unpacked on a machine with Node alone, started, checked, rehearsed. Nothing here
//! finds cargo.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Stdio,
};
use tests::{
    browser::Browser,
    host::{File, Host},
    money::order,
    run,
    studio::{OPERATOR, Setup, Studio},
    visitor::client,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{Duration, Instant, timeout},
};
use xtask::{command::Release, hash, release, repo, setup};

/// How long a program may take to say its address.
const START: Duration = Duration::from_mins(2);

/// An unpacked release with its Node tools, as `npm ci` installs them.
pub(super) struct Unpacked {
    node: PathBuf,
    pub(super) folder: PathBuf,
}

impl Unpacked {
    /// A release of this build in a folder of this name, with the packages that `npm ci` would install: its lock file
    /// is a part of this clone's.
    async fn new(name: &str) -> Result<Self> {
        let release = Self::without_packages(name).await?;
        symlink(repo::path("node_modules"), release.folder.join("node_modules"))?;
        Ok(release)
    }

    /// The same without packages, for commands that need none.
    pub(super) async fn without_packages(name: &str) -> Result<Self> {
        let out = repo::path("target/xtask/test-release").join(name);
        let _ = fs::remove_dir_all(&out);
        let archive = release::write(Release { before: None, out: Some(out.clone()) }).await?;
        let tar = Command::new("tar").arg("-xzf").arg(archive).current_dir(&out).status().await?;
        ensure!(tar.success(), "tar cannot unpack the archive");
        let folder = out.join(format!("{}-{}", release::NAME, contract::VERSION));
        Ok(Self { node: setup::find_node().await?, folder })
    }

    /// A command of the release, in a folder of its own, with no other program on PATH.
    fn easel(&self, words: &[&str]) -> Result<Command> {
        let home = self.folder.join("home");
        fs::create_dir_all(&home)?;
        let mut command = Command::new(&self.node);
        command.arg(self.folder.join("bin/easel.mjs")).args(words).current_dir(&home);
        command.env_clear().env("HOME", &home).env("PATH", "/nowhere");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        Ok(command)
    }

    /// Runs a command to its end: whether it succeeded, and what it said.
    pub(super) async fn ends(
        &self,
        words: &[&str],
        more: &[(&str, String)],
    ) -> Result<(bool, String)> {
        let mut command = self.easel(words)?;
        command.envs(more.iter().map(|(name, value)| (name, value)));
        let output = command.output().await?;
        let text =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        Ok((output.status.success(), text.concat()))
    }
}

/// Reads what a running `serve` says until its address.
pub(super) async fn address(serve: &mut Child) -> Result<(String, String)> {
    let mut lines = BufReader::new(serve.stdout.take().context("no stdout")?).lines();
    let mut said = String::new();
    let read = async {
        while let Some(line) = lines.next_line().await? {
            said += &line;
            said.push('\n');
            if let Some(rest) = line.strip_prefix("Easel: ") {
                let address = rest.split(' ').next().unwrap_or_default().to_owned();
                // It is read to its end, so that the program never waits for this test.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(address);
            }
        }
        anyhow::bail!("it ended")
    };
    let address = timeout(START, read).await.context("no address in time")?;
    Ok((address.with_context(|| said.clone())?, said))
}

#[test]
fn from_the_archive_to_a_sample_picture_with_node_alone() {
    run(async {
        let release = Unpacked::new("serve").await?;
        let began = Instant::now();
        let mut serve = release.easel(&["serve", "--port", "0", "--state", "state"])?.spawn()?;
        let (url, said) = address(&mut serve).await?;
        assert!(said.contains("every picture is a sample"), "{said}");
        let health: Value = client()?.get(format!("{url}/healthz")).send().await?.json().await?;
        assert_eq!(
            (&health["version"], &health["sandbox"]),
            (&json!(contract::VERSION), &json!(true))
        );
        let browser = Browser::start().await?;
        browser.open(&format!("{url}/studio/demo")).await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("A lighthouse made of paper").await?;
        browser.click("button", "Create").await?;
        browser.see("image", "A lighthouse made of paper").await?;
        browser.read("Your picture is ready.").await?;
        eprintln!("from the archive to a sample picture: {:.1} s", began.elapsed().as_secs_f32());
        browser.stop().await?;
        // Ctrl-C ends it, and its secrets are its owner's.
        let state = release.folder.join("home/state");
        assert_eq!(fs::metadata(state.join("secrets"))?.permissions().mode() & 0o777, 0o600);
        let pid = serve.id().context("it ended")?.to_string();
        ensure!(Command::new("kill").args(["-TERM", &pid]).status().await?.success(), "no kill");
        assert!(timeout(START, serve.wait()).await??.success(), "it ends in order");
        Ok(())
    });
}

/// The configuration of a release for a site in the world.
fn for_the_world(release: &Path) -> Result<PathBuf> {
    let committed = fs::read_to_string(release.join("edge/wrangler.jsonc"))?;
    let file = release.join("home/my-wrangler.jsonc");
    fs::create_dir_all(release.join("home"))?;
    fs::write(
        &file,
        committed.replace(r#""http://localhost:8787""#, r#""https://www.example.com""#),
    )?;
    Ok(file)
}

#[test]
fn the_archive_checks_itself_and_rehearses_a_deploy_with_the_real_wrangler() {
    run(async {
        let release = Unpacked::new("deploy").await?;
        // Each checksum is right, and each file has one.
        let sums = fs::read_to_string(release.folder.join("SHA256SUMS"))?;
        for line in sums.lines() {
            let (sum, path) = line.split_once("  ").context("a line without a path")?;
            assert_eq!(hash::sha256(&fs::read(release.folder.join(path))?), sum, "{path}");
        }
        for path in ["bin/kit/kit_bg.wasm", "dist/easel.js", "sbom.cdx.json", "THIRD-PARTY.txt"] {
            assert!(sums.contains(&format!("  {path}\n")), "{path}");
        }
        let (good, said) = release.ends(&["check"], &[]).await?;
        assert!(good && said.contains("valid") && said.contains("demo"), "{said}");
        // A configuration of one's own is read in its folder, and is not replaced.
        let own = release.folder.join("home/wrangler.jsonc");
        assert!(release.ends(&["init"], &[]).await?.0);
        let changed = fs::read_to_string(&own)?.replace("\"demo\"", "\"mine\"");
        fs::write(&own, changed.replace("EASEL_SITE_demo", "EASEL_SITE_mine"))?;
        let (good, said) = release.ends(&["init"], &[]).await?;
        assert!(!good && said.contains("is there already"), "{said}");
        let (good, said) = release.ends(&["check"], &[]).await?;
        assert!(good && said.contains("mine"), "{said}");
        fs::remove_file(own)?;
        // It says what `cargo xtask deploy` says, since the rules are the same.
        let (good, said) = release.ends(&["deploy", "--dry-run"], &[]).await?;
        assert!(!good && said.contains("origins has only http://localhost:8787"), "{said}");
        let (good, said) = release.ends(&["deploy"], &[]).await?;
        assert!(!good && said.contains("--first"), "{said}");

        let file = for_the_world(&release.folder)?.display().to_string();
        let words = ["deploy", "--dry-run", "--config", &file];
        let account =
            Host::start(vec![secrets(&["EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN"])]).await?;
        let (good, said) = release.ends(&words, &environment(&account)).await?;
        assert!(!good && said.contains("AI_GATEWAY_API_KEY is missing in the account"), "{said}");
        let all = ["AI_GATEWAY_API_KEY", "EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN"];
        let account = Host::start(vec![secrets(&all)]).await?;
        let (good, said) = release.ends(&words, &environment(&account)).await?;
        assert!(good && said.contains("would be deployed"), "{said}");
        Ok(())
    });
}

fn environment(account: &Host) -> Vec<(&'static str, String)> {
    vec![
        ("CLOUDFLARE_API_BASE_URL", format!("{}/client/v4", account.origin("127.0.0.1"))),
        ("CLOUDFLARE_API_TOKEN", "not-a-token".to_owned()),
        ("CLOUDFLARE_ACCOUNT_ID", "0123".to_owned()),
        ("WRANGLER_HIDE_BANNER", "true".to_owned()),
        ("WRANGLER_SEND_ERROR_REPORTS", "false".to_owned()),
    ]
}

/// An account's list of secrets.
fn secrets(names: &[&str]) -> File {
    let list: Vec<Value> =
        names.iter().map(|name| json!({ "name": name, "type": "secret_text" })).collect();
    let answer = json!({ "success": true, "errors": [], "messages": [], "result": list });
    File {
        path: "/client/v4/accounts/0123/workers/scripts/easel/secrets".to_owned(),
        media_type: "application/json",
        policy: None,
        isolated: false,
        body: answer.to_string().into_bytes(),
    }
}

#[test]
fn the_template_deploys_with_the_real_wrangler() {
    run(async {
        let release = Unpacked::new("template").await?;
        let out = release.folder.parent().context("no folder")?;
        let name = format!("{}-template-{}", release::NAME, contract::VERSION);
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(format!("{name}.tgz")).current_dir(out);
        ensure!(tar.status().await?.success(), "tar cannot unpack the template");
        let mut wrangler = Command::new(&release.node);
        wrangler.arg(repo::path("node_modules/wrangler/wrangler-dist/cli.js"));
        wrangler.args(["deploy", "--dry-run"]).current_dir(out.join(name)).stdin(Stdio::null());
        wrangler.env("HOME", out).env("XDG_CONFIG_HOME", out).env("WRANGLER_SEND_METRICS", "false");
        let output = wrangler.output().await?;
        let said =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        assert!(output.status.success(), "{}", said.concat());
        assert!(said.concat().contains("--dry-run: exiting now."), "{}", said.concat());
        Ok(())
    });
}

/// In place of wrangler: it knows the account's secrets, and writes down what an upload would have met.
const WRANGLER: &str = r#"
const { appendFileSync } = require("node:fs");
const words = process.argv.slice(2);
(async () => {
  if (words[0] === "secret") {
    const names = ["AI_GATEWAY_API_KEY", "EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN"];
    return console.log(JSON.stringify(names.map((name) => ({ name, type: "secret_text" }))));
  }
  const read = async (path) => (await fetch(process.env.EDGE + path)).json();
  const job = await read(process.env.JOB);
  const health = await read("/healthz");
  const told = Object.keys(process.env).filter((name) => /EASEL|GATEWAY/.test(name));
  appendFileSync("uploads", `${words[0]}: ${health.status}, ${job.state}, told ${told}\n`);
  if (process.env.FAILS) {
    console.error("\u001b[31m✘ [ERROR]\u001b[0m the upload was refused\n");
    process.exit(1);
  }
  console.log("Deployed easel triggers (0.4 sec)\n  https://easel.a.workers.dev\n");
})();
"#;

/// Whether the edge's sites are open.
async fn open_sites(studio: &Studio) -> Result<Vec<(String, bool)>> {
    let url = format!("{}/v1/operator/ledger", studio.edge.url());
    let report: Value = client()?.get(url).bearer_auth(OPERATOR).send().await?.json().await?;
    let switches = report["switches"].as_array().context("no switches")?;
    let read = |it: &Value| Some((it["site"].as_str()?.to_owned(), it["open"].as_bool()?));
    switches.iter().map(|it| read(it).context("no switch")).collect()
}

#[test]
fn a_deploy_by_the_archive_waits_for_jobs_and_opens_only_what_it_closed() {
    run(async {
        let release = Unpacked::without_packages("window").await?;
        let wrangler = release.folder.join("node_modules/wrangler/wrangler-dist");
        fs::create_dir_all(&wrangler)?;
        fs::write(wrangler.join("cli.js"), WRANGLER)?;
        // Only a version whose loader is released is deployed.
        let manifest = fs::read_to_string(release.folder.join("package.json"))?;
        let says = |is: bool| {
            manifest.replace(&format!("\"released\": {}", !is), &format!("\"released\": {is}"))
        };
        let setup = Setup { more: vec!["shut".to_owned()], samples: false, ..Setup::default() };
        let studio = setup.start().await?;
        let switch = client()?.put(format!("{}/v1/operator/switch", studio.edge.url()));
        let shut = switch.bearer_auth(OPERATOR).json(&json!({ "site": "shut", "open": false }));
        shut.send().await?.error_for_status()?;
        let before = [("demo".to_owned(), true), ("shut".to_owned(), false)];
        assert_eq!(open_sites(&studio).await?, before);

        let file = for_the_world(&release.folder)?.display().to_string();
        let words = ["deploy", "--url", studio.edge.url(), "--config", &file];
        let environment = |job: &str, more: &[(&'static str, &str)]| {
            let base =
                [("EDGE", studio.edge.url()), ("JOB", job), ("EASEL_OPERATOR_TOKEN", OPERATOR)];
            let all = base.iter().chain(more);
            all.map(|(name, value)| (*name, (*value).to_owned())).collect::<Vec<_>>()
        };
        fs::write(release.folder.join("package.json"), says(false))?;
        let (good, said) = release.ends(&words, &environment("", &[])).await?;
        assert!(!good && said.contains("whose loader is not released"), "{said}");
        fs::write(release.folder.join("package.json"), says(true))?;

        let job = studio.visitor().await?.create(&order()).await?;
        let path = format!("/v1/jobs/{}", job.id);
        let (good, said) = release.ends(&words, &environment(&path, &[])).await?;
        assert!(good && said.contains("https://easel.a.workers.dev"), "{said}");
        assert!(!said.contains(OPERATOR), "{said}");
        assert_eq!(open_sites(&studio).await?, before);
        let (good, said) = release.ends(&words, &environment(&path, &[("FAILS", "yes")])).await?;
        assert!(!good && said.contains("the upload was refused"), "{said}");
        assert_eq!(open_sites(&studio).await?, before);
        let uploads = fs::read_to_string(release.folder.join("home/uploads"))?;
        assert_eq!(uploads, "deploy: closed, succeeded, told \n".repeat(2));
        studio.stop().await
    });
}

/// The archives in a folder, each by its name with the hash of its bytes.
fn archives(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "tgz") {
            let name = path.file_name().context("no name")?.to_string_lossy().into_owned();
            found.insert(name, hash::sha256(&fs::read(&path)?));
        }
    }
    Ok(found)
}

#[test]
#[ignore = "minutes: it compiles everything once more"]
fn a_clone_in_another_folder_makes_the_same_archive() {
    run(async {
        let git = |words: &[&str]| {
            let mut git = Command::new("git");
            git.args(words).current_dir(repo::root());
            git
        };
        let changed = git(&["status", "--porcelain"]).output().await?.stdout;
        ensure!(changed.is_empty(), "a clone has what is committed: commit first");
        let out = repo::path("target/xtask/test-release/here");
        let _ = fs::remove_dir_all(&out);
        // By the command in both, as whoever releases has it.
        let release = async |root: &Path, out: &Path| {
            let mut cargo = Command::new("cargo");
            cargo.args(["xtask", "release", "--out"]).arg(out);
            cargo.current_dir(root).env_remove("CARGO_TARGET_DIR");
            ensure!(cargo.status().await?.success(), "no release in {}", root.display());
            archives(out)
        };
        let here = release(&repo::root(), &out).await?;
        let clone = std::env::temp_dir().join(format!("easel-another-{}", std::process::id()));
        let folder = clone.to_str().context("a path is no text")?;
        let there = async {
            ensure!(git(&["clone", "-q", ".", folder]).status().await?.success(), "no clone");
            release(&clone, &clone.join("target/release-archive")).await
        };
        let there = there.await;
        // Gigabytes, also where something failed.
        fs::remove_dir_all(&clone)?;
        assert_eq!(here.len(), 3, "{here:?}");
        assert_eq!(here, there?);
        Ok(())
    });
}
