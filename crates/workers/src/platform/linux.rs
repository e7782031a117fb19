//! What Linux alone tells and does: `/proc`, control groups, orphans, filters of packets.

use std::{fs, io, os::fd::AsFd, path::Path, process};

use nix::{
    sys::{
        prctl,
        wait::{Id, WaitPidFlag, waitid, waitpid},
    },
    unistd::{Pid, getpgid, getpgrp},
};
use socket2::{SockFilter, SockRef};
use tracing::debug;

/// The kernel's count of processes that it killed for want of memory.
///
/// A worker's exit status says SIGKILL and not who sent it. The kernel counts such a kill before it sends the signal, so
/// that a count which has risen since the last look tells it from a `kill -9`.
#[derive(Debug)]
pub(crate) struct OomKills {
    file: Option<String>,
    /// How many of them have been accounted for.
    seen: u64,
}

impl OomKills {
    /// Looks for the count that is nearest: that of our own control group, or else that of the machine.
    pub(crate) fn watch() -> Self {
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let own = groups.lines().find_map(|line| line.strip_prefix("0::"));
        let own = own.map(|path| format!("/sys/fs/cgroup{path}/memory.events"));
        let files = own.into_iter().chain(["/proc/vmstat".to_owned()]);
        Self::watch_first(files)
    }

    fn watch_first(mut files: impl Iterator<Item = String>) -> Self {
        let found = files.find_map(|file| Some((count(&file)?, file)));
        let (seen, file) = found.map_or((0, None), |(seen, file)| (seen, Some(file)));
        Self { file, seen }
    }

    /// Whether there was one more; to be asked once for each worker that SIGKILL ended.
    pub(crate) fn one_more(&mut self) -> bool {
        let now = self.file.as_ref().and_then(count).unwrap_or(self.seen);
        let more = now > self.seen;
        // One at a time: two workers may have been killed before the first of them is asked about.
        self.seen += u64::from(more);
        more
    }
}

fn count(file: impl AsRef<Path>) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count?.trim().parse().ok()
}

/// How much memory of the machine a process occupies, in bytes.
pub(crate) fn memory(pid: u32) -> Option<u64> {
    // `status` has the same number as `statm`, in a unit that does not depend on the machine.
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = resident.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Whether it was started with `nohup`, to outlive the terminal.
pub(crate) fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The lowest bit stands for signal 1, which is HUP.
    ignored.is_some_and(|mask| mask & 1 == 1)
}

/// Whether processes whose parent has ended become this one's children: it is the first process of a container, or was told to
/// take them (`PR_SET_CHILD_SUBREAPER`).
pub(crate) fn adopts() -> bool {
    process::id() == 1 || prctl::get_child_subreaper().unwrap_or(false)
}

/// Takes the exit status of orphans that have ended, so that they do not stay as zombies. Those of workers are left to their tasks,
/// and those of our own process group to whoever started them.
pub(crate) fn reap(is_worker: impl Fn(Pid) -> bool) {
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    // Only the first that has ended is shown. If it is not ours to take, there is another look when it is gone.
    while let Some(pid) = waitid(Id::All, look).ok().and_then(|status| status.pid()) {
        if is_worker(pid) || getpgid(Some(pid)) == Ok(getpgrp()) {
            return;
        }
        let status = waitpid(pid, Some(WaitPidFlag::WNOHANG));
        debug!(%pid, ?status, "an orphan has ended");
    }
}

/// Has the kernel drop the first packet of each new connection to this listening socket. What waits in its queue stays, and a
/// client that was turned away sends the packet again after a second: then the socket is closed, and another one of its port gets it.
pub(crate) fn turn_away(socket: &impl AsFd) -> io::Result<()> {
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const SYN_AND_ACK: u32 = 0x12;
    SockRef::from(socket).attach_filter(&[
        // A packet begins with the header of TCP. Load the byte with its flags, and look at two of them.
        SockFilter::new(0x30, 0, 0, FLAGS),
        SockFilter::new(0x54, 0, 0, SYN_AND_ACK),
        // SYN alone: nothing of it is taken. All of any other.
        SockFilter::new(0x15, 0, 1, SYN),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kill_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.events");
        fs::write(&path, "oom 9\noom_kill 3\noom_group_kill 0\n").unwrap();
        let missing = folder.path().join("missing");
        let files = [missing, path.clone()].map(|path| path.to_str().unwrap().to_owned());
        let mut kills = OomKills::watch_first(files.into_iter());
        assert!(!kills.one_more(), "what was before us is not ours");
        fs::write(&path, "oom 12\noom_kill 5\n").unwrap();
        assert_eq!([(); 3].map(|()| kills.one_more()), [true, true, false]);
    }

    #[test]
    fn without_a_count_nothing_is_claimed() {
        assert!(!OomKills::watch_first(std::iter::empty()).one_more());
    }

    #[test]
    fn this_process_occupies_memory() {
        assert!(memory(process::id()).is_some_and(|bytes| bytes > 100 * 1024));
    }
}
