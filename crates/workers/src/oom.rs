//! Whether the kernel killed a worker for want of memory.

use std::{fs, path::Path};

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
}
