//! Runs other programs: with their output kept for an error, with their output shown, or for what they print.
//!
//! Owns the processes: every child is killed when the future that runs it is dropped. Must not decide which programs
//! run.

use crate::{
    console::{self, ProgressStep},
    tools,
};
use anyhow::{Context, Result, bail};
use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    time::interval,
};

/// The end of a child process.
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its output on stdout and stderr, in the order of the lines.
    pub output: String,
}

/// Runs a program that must succeed, and shows its last line of output meanwhile; the error holds all of its output.
pub async fn run_quietly(command: Command, step: &ProgressStep) -> Result<String> {
    let name = name_of(&command);
    let Ended { status, output } = run_to_end(command, step).await?;
    if !status.success() {
        bail!("`{name}` failed ({status}):\n\n{}", without_progress(&output));
    }
    Ok(output)
}

/// Runs a program to its end, whatever its status, and shows its last line of output meanwhile. Dropping the future
/// also kills the processes that the program started.
pub async fn run_to_end(command: Command, step: &ProgressStep) -> Result<Ended> {
    let (mut child, mut group) = start_group(command)?;
    let (sender, mut lines) = mpsc::channel(64);
    let readers = [
        child.stdout.take().map(|out| tokio::spawn(forward(out, sender.clone()))),
        child.stderr.take().map(|err| tokio::spawn(forward(err, sender))),
    ];
    let mut output = String::new();
    let mut last = String::new();
    let mut second = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => {
                    output.push_str(&line);
                    output.push('\n');
                    last = line;
                }
                None => break,
            },
            _ = second.tick() => step.tick(&last),
        }
    }
    for reader in readers.into_iter().flatten() {
        reader.await?;
    }
    let status = child.wait().await?;
    group.has_ended();
    Ok(Ended { status, output })
}

/// Runs a program to its end, whatever its status, and both shows and returns its output. Dropping the future also
/// kills the processes that the program started.
pub async fn run_shown(command: Command) -> Result<Ended> {
    let (mut child, mut group) = start_group(command)?;
    let (sender, mut lines) = mpsc::channel(64);
    let readers = [
        child.stdout.take().map(|out| tokio::spawn(forward(out, sender.clone()))),
        child.stderr.take().map(|err| tokio::spawn(forward(err, sender))),
    ];
    let mut output = String::new();
    while let Some(line) = lines.recv().await {
        console::text(&line);
        output.push_str(&line);
        output.push('\n');
    }
    for reader in readers.into_iter().flatten() {
        reader.await?;
    }
    let status = child.wait().await?;
    group.has_ended();
    Ok(Ended { status, output })
}

/// Starts a child that leads a process group; dropping the group kills all of its processes.
fn start_group(mut command: Command) -> Result<(Child, Group)> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let child = command.spawn().with_context(|| missing(&name_of(&command)))?;
    let group = Group(child.id());
    Ok((child, group))
}

/// A process group, by the id of its leader. Dropping it kills the processes.
struct Group(Option<u32>);

impl Group {
    /// The leader has ended by itself: the system may soon reuse its id, so the group must not be killed any more.
    fn has_ended(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let group = format!("-{leader}");
            let _ = tools::program("kill").into_std().args(["-KILL", "--", &group]).status();
        }
    }
}

/// What a program prints to stdout, trimmed; nothing if the program is missing or fails.
pub async fn read_stdout(mut command: Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim().to_owned())
}

/// The output without cargo's lines about crates that were built: they hide the error.
fn without_progress(output: &str) -> String {
    const PROGRESS: [&str; 5] =
        ["Compiling ", "Checking ", "Downloading ", "Downloaded ", "Fresh "];
    let is_relevant =
        |line: &&str| !PROGRESS.iter().any(|word| line.trim_start().starts_with(word));
    output.trim_end().lines().filter(is_relevant).collect::<Vec<_>>().join("\n")
}

async fn forward(stream: impl AsyncRead + Unpin, to: mpsc::Sender<String>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if to.send(line).await.is_err() {
            return;
        }
    }
}

fn name_of(command: &Command) -> String {
    let command = command.as_std();
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let first = command.get_args().next().map(|arg| format!(" {}", arg.to_string_lossy()));
    format!("{}{}", name.to_string_lossy(), first.unwrap_or_default())
}

fn missing(name: &str) -> String {
    format!("`{name}` cannot be started")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, sleep, timeout};

    #[tokio::test]
    async fn dropping_the_future_kills_the_childs_processes() {
        let file = std::env::temp_dir().join(format!("easel-child-{}", std::process::id()));
        let script = format!("sleep 600 & echo $! > '{}'; wait", file.display());
        let mut shell = tools::program("sh");
        shell.args(["-c", &script]);
        assert!(timeout(Duration::from_millis(500), run_shown(shell)).await.is_err());
        let grandchild = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let began = Instant::now();
        let mut asked = tools::program("kill");
        asked.args(["-0", grandchild.trim()]).stderr(Stdio::null());
        while asked.status().await.unwrap().success() {
            assert!(began.elapsed() < Duration::from_secs(10), "it lives on");
            sleep(Duration::from_millis(20)).await;
        }
    }

    #[tokio::test]
    async fn shown_output_is_returned_also_after_a_failure() {
        let mut shell = tools::program("sh");
        shell.args(["-c", "echo one; echo two >&2; exit 3"]);
        let Ended { status, output } = run_shown(shell).await.unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(output.contains("one\n") && output.contains("two\n"), "{output}");
    }
}
