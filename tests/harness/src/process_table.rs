//! Which processes run, who started them, and what they need.

use std::ffi::OsStr;

use nix::unistd::Pid;
use procfs::process::{self, Process, Stat};

/// The processes of this machine as Linux lists them in `/proc`.
pub struct ProcessTable(Vec<Stat>);

impl ProcessTable {
    /// Reads the table. A process that has ended but that nobody has waited for is not in it.
    pub fn read() -> Self {
        let all = process::all_processes()
            .expect("the process table is read from /proc, so these tests need Linux");
        // One that ends between the list and the look is in no table either.
        let running = all.filter_map(|process| process.ok()?.stat().ok());
        Self(running.filter(|stat| stat.state != 'Z').collect())
    }

    /// The processes that `parent` has started itself.
    pub fn children(&self, parent: Pid) -> impl Iterator<Item = Pid> {
        let started = move |stat: &&Stat| stat.ppid == parent.as_raw();
        self.0.iter().filter(started).map(pid)
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
            let arguments = Process::new(pid.as_raw()).and_then(|process| process.cmdline());
            arguments.is_ok_and(|arguments| arguments.iter().any(|word| word.contains(text)))
        };
        self.0.iter().map(pid).filter(has).collect()
    }

    /// Whether `pid` is running.
    pub fn contains(&self, pid: Pid) -> bool {
        self.0.iter().any(|stat| stat.pid == pid.as_raw())
    }

    /// The value of `variable` in the environment that `pid` was started with.
    pub fn variable(pid: Pid, variable: &str) -> Option<String> {
        let mut environment = Process::new(pid.as_raw()).ok()?.environ().ok()?;
        environment.remove(OsStr::new(variable))?.into_string().ok()
    }

    /// The memory that `pid` has in use (its resident set), in KiB; none if it has ended.
    pub fn memory_kib(pid: Pid) -> Option<u64> {
        Process::new(pid.as_raw()).ok()?.status().ok()?.vmrss
    }
}

fn pid(stat: &Stat) -> Pid {
    Pid::from_raw(stat.pid)
}
