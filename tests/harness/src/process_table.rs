//! Which processes run, and who started them.

use std::{fs, path::Path};

use nix::unistd::Pid;

/// The processes of this machine as Linux lists them in `/proc`.
pub struct ProcessTable(Vec<Entry>);

struct Entry {
    pid: Pid,
    parent: Pid,
}

impl ProcessTable {
    /// Reads the table. A process that has ended but that nobody has waited for is not in it.
    ///
    /// # Panics
    ///
    /// On a system without `/proc`.
    pub fn read() -> Self {
        let folder = fs::read_dir("/proc")
            .expect("the process table is read from /proc, so these tests need Linux");
        Self(
            folder
                .flatten()
                .filter_map(|entry| Entry::read(&entry.path()))
                .collect(),
        )
    }

    /// The processes that `parent` has started itself.
    pub fn children(&self, parent: Pid) -> impl Iterator<Item = Pid> {
        self.0
            .iter()
            .filter(move |entry| entry.parent == parent)
            .map(|entry| entry.pid)
    }

    /// The processes that `ancestor` has started, those they have started, and so on.
    pub fn descendants(&self, ancestor: Pid) -> Vec<Pid> {
        let mut found: Vec<Pid> = self.children(ancestor).collect();
        let mut next = 0;
        while let Some(&pid) = found.get(next) {
            found.extend(self.children(pid));
            next += 1;
        }
        found
    }

    /// The processes that have `text` in one of their arguments.
    pub fn with_argument(&self, text: &str) -> Vec<Pid> {
        let has = |pid: &Pid| {
            fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|arguments| String::from_utf8_lossy(&arguments).contains(text))
        };
        self.0.iter().map(|entry| entry.pid).filter(has).collect()
    }

    /// Whether `pid` is running.
    pub fn contains(&self, pid: Pid) -> bool {
        self.0.iter().any(|entry| entry.pid == pid)
    }

    /// The value of `variable` in the environment that `pid` was started with.
    pub fn variable(pid: Pid, variable: &str) -> Option<String> {
        let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
        environment.split(|&byte| byte == 0).find_map(|entry| {
            let (name, value) = std::str::from_utf8(entry).ok()?.split_once('=')?;
            (name == variable).then(|| value.to_owned())
        })
    }
}

impl Entry {
    /// Reads `/proc/<pid>/stat`: the id, the name in parentheses (which may hold any character), the state, the parent.
    fn read(folder: &Path) -> Option<Self> {
        let pid = folder.file_name()?.to_str()?.parse().ok()?;
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        let mut fields = after_name.split_whitespace();
        let state = fields.next()?;
        let parent = fields.next()?.parse().ok()?;
        (state != "Z").then_some(Self {
            pid: Pid::from_raw(pid),
            parent: Pid::from_raw(parent),
        })
    }
}
