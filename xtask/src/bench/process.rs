//! The kernel's figures of a process: its CPU time and its memory.
//!
//! Owns the reading of `/proc`. Must not know which process it reads.

use anyhow::{Context, Result, ensure};
use std::{fs, time::Duration};

/// A tick of the times in `/proc`: 10 ms on every Linux, whatever the kernel's internal clock rate.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// A process, by its id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Process(u32);

/// The memory of a process in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    /// The memory that is in RAM now.
    pub(super) resident: u64,
    /// The part of it that is not mapped from files: the allocators' pages.
    pub(super) anonymous: u64,
    /// The highest value of `resident` since [`Process::forget_peak`].
    pub(super) peak: u64,
}

impl Process {
    /// The process of that id.
    pub(super) fn of(pid: u32) -> Result<Self> {
        ensure!(pid != 0, "workerd's process cannot be found: the bench needs Linux's /proc");
        Ok(Self(pid))
    }

    /// CPU time of all its threads, in user mode and in the kernel, in whole ticks.
    pub(super) fn cpu(self) -> Result<Duration> {
        ticks(&self.read("stat")?).map(|ticks| TICK * ticks).context("/proc/PID/stat is unreadable")
    }

    /// The time since it started, to a tick.
    pub(super) fn age(self) -> Result<Duration> {
        let started = start_tick(&self.read("stat")?).context("/proc/PID/stat is unreadable")?;
        let uptime = fs::read_to_string("/proc/uptime").context("/proc/uptime is unreadable")?;
        let uptime = uptime.split(' ').next().and_then(|seconds| seconds.parse().ok());
        let uptime: f64 = uptime.context("/proc/uptime contains no seconds")?;
        Ok(Duration::from_secs_f64(uptime).saturating_sub(TICK * started))
    }

    /// Its memory.
    pub(super) fn memory(self) -> Result<Memory> {
        memory(&self.read("status")?).context("/proc/PID/status is unreadable")
    }

    /// How many files and sockets it has open.
    pub(super) fn open_files(self) -> Result<usize> {
        let open = fs::read_dir(format!("/proc/{}/fd", self.0)).context("workerd has ended")?;
        Ok(open.count())
    }

    /// Resets the peak to the memory that is resident now.
    pub(super) fn forget_peak(self) -> Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.0), "5").context("the peak cannot be reset")
    }

    fn read(self, name: &str) -> Result<String> {
        fs::read_to_string(format!("/proc/{}/{name}", self.0)).context("workerd has ended")
    }
}

/// The sum of utime and stime of a `stat`. The process name before them may contain any character, also spaces and
/// brackets.
fn ticks(stat: &str) -> Option<u32> {
    let (user, kernel) = (field(stat, 14)?, field(stat, 15)?);
    user.checked_add(kernel)
}

/// The starttime of a `stat`: ticks since the machine's start.
fn start_tick(stat: &str) -> Option<u32> {
    field(stat, 22)
}

/// A field of a `stat` by its number, for fields after the name.
fn field(stat: &str, number: usize) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(") ")?;
    // The state, which follows the name, is the third field.
    fields.split(' ').nth(number.checked_sub(3)?)?.parse().ok()
}

fn memory(status: &str) -> Option<Memory> {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024)
    };
    Some(Memory {
        resident: field("VmRSS:")?,
        anonymous: field("RssAnon:")?,
        peak: field("VmHWM:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "42 (a) S (b) S 1 42 42 0 -1 4194560 1000 0 3 0 250 50 7 9 20 0 12 0 100 999 55";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(start_tick(stat), Some(100));
        assert_eq!(ticks("42 (a) S 1"), None);
        assert_eq!(ticks(""), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tworkerd\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nRssAnon:\t     512 kB\nThreads:\t12\n";
        assert_eq!(
            memory(status),
            Some(Memory { resident: 1 << 20, anonymous: 1 << 19, peak: 2 << 20 })
        );
        assert_eq!(memory("Name:\tgone\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_can_be_looked_at() {
        let process = Process::of(std::process::id()).unwrap();
        process.cpu().unwrap();
        assert!(process.age().unwrap() < Duration::from_hours(1));
        assert!(process.open_files().unwrap() > 2);
        process.forget_peak().unwrap();
        let memory = process.memory().unwrap();
        assert!(memory.resident > 100_000 && memory.peak >= memory.resident / 2, "{memory:?}");
        assert!(Process::of(0).is_err());
    }
}
