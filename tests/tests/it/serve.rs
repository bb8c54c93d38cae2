//! An edge on one machine, as `cargo xtask serve` starts it: what it believes of a request, who can read its state, and
//! what it says when its disk is full.

use anyhow::{Context, Result, bail, ensure};
use contract::{job::JobState, money::Nano, problem::ProblemKind, route};
use serde_json::json;
use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tests::{
    canned::{self, Canned},
    hook::Hook,
    raw::Raw,
    run,
    studio::{Setup, Studio},
    visitor::{client, client_from, problem},
};
use tokio::time::{Instant, sleep};
use xtask::workerd::Access;

/// Opens a session with a stated address.
async fn session(studio: &Studio, address: &str) -> Result<reqwest::Response> {
    let url = format!("{}{}", studio.edge.url(), route::SESSIONS);
    Ok(client_from(address)?.post(url).json(&json!({ "site": "demo" })).send().await?)
}

#[test]
fn the_address_is_the_connections_unless_a_proxy_states_it() {
    run(async {
        let one_each = Setup::default().site("network", json!({ "sessions_per_day": 1 }));
        let direct = Setup { access: Access::default(), ..one_each.clone() }.start().await?;
        assert_eq!(session(&direct, "203.0.113.1").await?.status(), 201);
        let refused = problem(session(&direct, "203.0.113.2").await?).await?;
        assert_eq!(refused.kind, ProblemKind::VisitorLimit, "both come from this machine");
        direct.stop().await?;
        let behind = Setup { access: Access::behind_proxy(), ..one_each }.start().await?;
        for address in ["203.0.113.1", "203.0.113.2"] {
            assert_eq!(session(&behind, address).await?.status(), 201, "{address}");
        }
        behind.stop().await
    });
}

#[test]
fn a_request_for_another_host_is_refused() {
    run(async {
        let names = vec!["studio.example.com".to_owned()];
        let access = Access { names, behind_proxy: false };
        let studio = Setup { access, ..Setup::default() }.start().await?;
        let url = studio.edge.url();
        let port = url.rsplit(':').next().context("no port")?;
        let ask = async |line: &str, host: &str| -> Result<(u16, String)> {
            let mut raw = Raw::connect(url).await?;
            let length = if line.starts_with("POST") { "content-length: 0\r\n" } else { "" };
            let head = format!("{line} HTTP/1.1\r\n{host}{length}connection: close\r\n\r\n");
            raw.send(head.as_bytes()).await?;
            let status = raw.head().await?.status;
            let (body, _) = raw.rest(Duration::from_secs(10)).await;
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        };
        for own in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]", "studio.example.com"] {
            for host in [own.to_owned(), format!("{own}:{port}")] {
                let (status, body) = ask("GET /healthz", &format!("host: {host}\r\n")).await?;
                assert_eq!(status, 200, "{host}: {body}");
            }
        }
        for other in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example#localhost",
            "localhost@evil.example",
            "evil.example/localhost",
            "studio.example.com.",
            "localhost:99999",
            "169.254.169.254",
            "0.0.0.0",
            "",
        ] {
            for line in ["GET /healthz", "GET /", "POST /v1/sessions"] {
                let host = format!("host: {other}\r\norigin: http://{other}\r\n");
                let (status, body) = ask(line, &host).await?;
                // workerd itself refuses what is no host.
                assert!(status == 421 || status == 400, "{other}: {status} {body}");
                assert!(!body.contains("evil"), "{body}");
            }
        }
        let (status, body) = ask("GET /healthz", "host: evil.example\r\n").await?;
        assert_eq!(status, 421);
        assert!(body.contains("--name"), "{body}");
        studio.stop().await
    });
}

/// The mode of each file and folder under a folder, and of itself.
fn modes(path: &Path, found: &mut Vec<(String, u32)>) -> Result<()> {
    let facts = fs::symlink_metadata(path)?;
    found.push((path.display().to_string(), facts.permissions().mode() & 0o777));
    if facts.is_dir() {
        for entry in fs::read_dir(path)? {
            modes(&entry?.path(), found)?;
        }
    }
    Ok(())
}

#[test]
fn prompts_and_pictures_on_the_disk_are_their_owners() {
    run(async {
        let studio = Setup::default().quick().start().await?;
        studio.visitor().await?.make(&json!({ "prompt": "private" })).await?;
        let mut found = Vec::new();
        modes(studio.state(), &mut found)?;
        assert!(found.iter().any(|(path, _)| path.ends_with(".sqlite")), "{found:?}");
        let open: Vec<_> = found.iter().filter(|(_, mode)| mode & 0o077 != 0).collect();
        assert!(open.is_empty(), "{open:?}");
        studio.stop().await
    });
}

/// A small file system in memory over a folder; it is gone when this is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this machine does not let a test mount anything.
    fn over(folder: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs"]).arg(folder);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then(|| Self(folder.to_owned()))
    }

    /// Fills it to the last byte, and returns the file to delete again.
    fn fill(&self) -> Result<PathBuf> {
        let file = self.0.join("filler");
        let mut out = fs::File::create(&file)?;
        for piece in [1 << 20, 4096, 1] {
            while out.write_all(&vec![0; piece]).is_ok() {}
        }
        Ok(file)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, because the edge may still have files open.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Asks `/healthz` until it answers this status, and returns the body.
async fn health(studio: &Studio, status: u16) -> Result<String> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let response = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
        let is = response.status().as_u16();
        let body = response.text().await?;
        if is == status {
            return Ok(body);
        }
        ensure!(Instant::now() < until, "{is} instead of {status}: {body}");
        sleep(Duration::from_millis(500)).await;
    }
}

#[test]
fn health_tells_a_full_disk_and_that_there_is_room_again() {
    run(async {
        let empty = std::env::temp_dir().join(format!("easel-full-{}", std::process::id()));
        fs::create_dir_all(&empty)?;
        let mut disk = None;
        let mounted = |state: &Path| {
            disk = SmallDisk::over(state);
            Ok(())
        };
        let studio = Setup::default().quick().start_with(&empty, mounted).await?;
        fs::remove_dir(empty)?;
        let Some(disk) = disk else {
            eprintln!("not checked: this machine does not let a test mount a small disk");
            return studio.stop().await;
        };
        let visitor = studio.visitor().await?;
        let order = json!({ "prompt": "room" });
        assert_eq!(visitor.make(&order).await?.state, JobState::Succeeded);
        health(&studio, 200).await?;
        let filler = disk.fill()?;
        let refused = problem(visitor.ask(&order).await?).await?;
        assert_eq!(refused.kind, ProblemKind::Busy, "no job is made");
        let told = health(&studio, 503).await?;
        assert!(told.contains("ENOSPC"), "{told}");
        fs::remove_file(filler)?;
        assert!(health(&studio, 200).await?.contains(r#""status":"ok""#));
        assert_eq!(visitor.make(&order).await?.state, JobState::Succeeded, "it goes on by itself");
        drop(disk);
        studio.stop().await
    });
}

#[test]
fn asking_for_the_health_writes_seldom() {
    run(async {
        let studio = Setup::default().start().await?;
        health(&studio, 200).await?;
        let file = ledger_file(studio.state())?;
        // On a machine that is slower than the time for which a write is remembered, it is tried again.
        for _ in 0..20 {
            let (before, began) = (fs::metadata(&file)?.modified()?, Instant::now());
            for _ in 0..10 {
                health(&studio, 200).await?;
            }
            let same = fs::metadata(&file)?.modified()? == before;
            if began.elapsed() < Duration::from_secs(4) && same {
                return studio.stop().await;
            }
        }
        bail!("each question for the health writes")
    });
}

/// The write-ahead log of the one Ledger.
fn ledger_file(state: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    modes(state, &mut found)?;
    let is_log = |(path, _): &(String, u32)| path.contains("Ledger") && path.ends_with("-wal");
    let path = found.into_iter().find(is_log).context("the Ledger has no log")?.0;
    Ok(path.into())
}

#[test]
fn an_absurd_price_is_settled_once_and_told() {
    run(async {
        const BOOKED: &str = "9007199.254740991";
        let hook = Hook::start().await?;
        let png = canned::small_png()?;
        let gateway =
            Canned::start(canned::picture_by(&png, r#"{"gateway":{"cost":"10000000"}}"#)).await?;
        let setup = Setup { alerts: Some(hook.url().to_owned()), ..Setup::default() };
        let studio = setup.gateway("base_url", gateway.url().into()).start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "dear" })).await?;
        assert_eq!(job.state, JobState::Succeeded);
        let charged = job.cost.context("shown")?.charged_usd.context("settled")?;
        assert_eq!(charged, BOOKED.parse::<Nano>().expect("an amount"));
        let open = studio.edge.stored("Ledger", "SELECT job FROM booking WHERE charged IS NULL");
        assert!(open.await?.is_empty(), "nothing stays reserved");
        let log = studio.edge.log();
        let told = format!("stated=10000000 booked={BOOKED}");
        let lines = log.lines().filter(|line| line.contains("ledger.absurd_price")).count();
        assert_eq!(lines, 1, "{log}");
        assert!(log.contains(&told) && !log.contains("settle_failed"), "{log}");
        let until = Instant::now() + Duration::from_secs(10);
        let is_told = || hook.received().iter().any(|message| message["alert"] == "absurd-price");
        while !is_told() {
            ensure!(Instant::now() < until, "{:?}", hook.received());
            sleep(Duration::from_millis(50)).await;
        }
        let refused = problem(visitor.ask(&json!({ "prompt": "another" })).await?).await?;
        assert_eq!(refused.kind, ProblemKind::BudgetSpent);
        studio.stop().await
    });
}
