//! `--watch`: builds again when a source file changes, lets the supervisor replace the workers, and then tells the pages that are open.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use workers::WorkerState;

use super::{
    build::{Build, Outcome},
    reload::ReloadFile,
    sources::sources,
};

/// How often the files and the workers are looked at: often enough that a person does not wait for it, and too rarely to cost anything.
const INTERVAL: Duration = Duration::from_millis(100);

/// How long a worker that has just been asked to be replaced may stay as it is, before that counts as given up.
const BEGIN: Duration = Duration::from_secs(5);

/// The files that the app was built from, each with the time of its last change; none for one that is gone.
type Sources = BTreeMap<PathBuf, Option<SystemTime>>;

/// What is watched, and who is told.
pub(super) struct Watch {
    pub(super) build: Build,
    pub(super) executable: PathBuf,
    /// The supervisor's: who asks there knows when all workers have been replaced.
    pub(super) control: Option<PathBuf>,
    pub(super) pages: ReloadFile,
}

impl Watch {
    /// Watches in a thread of its own, for as long as the process lives.
    pub(super) fn start(mut self) {
        thread::spawn(move || {
            if let Err(error) = self.run() {
                eprintln!("watching the source files has stopped: {error:#}");
            }
        });
    }

    fn run(&mut self) -> anyhow::Result<()> {
        let mut seen = times(sources(&self.executable)?);
        loop {
            pause();
            let now = times(seen.keys().cloned());
            let changed = now.iter().filter(|(path, time)| seen[*path] != **time);
            let changed: Vec<PathBuf> = changed.map(|(path, _)| path.clone()).collect();
            let Some(first) = changed.first() else {
                continue;
            };
            eprintln!("{} has changed: building again", first.display());
            match self.build.run()? {
                Outcome::Built(_) => self.replace(&changed)?,
                Outcome::Failed(errors) => {
                    eprintln!("it does not build: the old workers go on");
                    self.pages
                        .tell_failure("This app does not build", &errors)?;
                }
                Outcome::Stopped(_) => return Ok(()),
            }
            seen = times(sources(&self.executable)?);
            // A file that changed during the build differs from what it was before, and so is seen the next time.
            seen.extend(now);
        }
    }

    /// Has the workers replaced, and tells the pages when the last one has been: until then an old one might answer a page that reloads.
    fn replace(&mut self, changed: &[PathBuf]) -> anyhow::Result<()> {
        let old = self.pids()?;
        // The supervisor's own signal for this: a new worker is ready before an old one ends.
        kill(Pid::this(), Signal::SIGHUP)?;
        if self.replaced(&old)? {
            self.pages.tell_build(changed)?;
        } else {
            let reason = "The terminal shows what the new one said last. The old workers go on.";
            self.pages
                .tell_failure("This app builds, and then does not start", reason)?;
        }
        Ok(())
    }

    /// Waits until every worker is a new one; false if the supervisor has given that up.
    fn replaced(&self, old: &BTreeSet<u32>) -> anyhow::Result<bool> {
        let asked = Instant::now();
        let mut begun = false;
        while let Some(control) = &self.control {
            let workers = workers::status(control)?.workers;
            let at_rest = workers
                .iter()
                .all(|worker| worker.state == WorkerState::Ready);
            let is_old = |pid: Option<u32>| pid.is_some_and(|pid| old.contains(&pid));
            let any_old = workers.iter().any(|worker| is_old(worker.pid));
            if at_rest && !any_old {
                return Ok(true);
            }
            if at_rest && (begun || asked.elapsed() > BEGIN) {
                return Ok(false);
            }
            begun |= !at_rest;
            pause();
        }
        Ok(true)
    }

    fn pids(&self) -> anyhow::Result<BTreeSet<u32>> {
        let Some(control) = &self.control else {
            return Ok(BTreeSet::new());
        };
        let status =
            workers::status(control).context("the supervisor does not tell its workers")?;
        Ok(status
            .workers
            .iter()
            .filter_map(|worker| worker.pid)
            .collect())
    }
}

fn pause() {
    #[expect(
        clippy::disallowed_methods,
        reason = "files and workers are looked at again and again"
    )]
    thread::sleep(INTERVAL);
}

fn times(paths: impl IntoIterator<Item = PathBuf>) -> Sources {
    let time = |path: &Path| {
        fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    paths
        .into_iter()
        .map(|path| (path.clone(), time(&path)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_gone_differs_from_the_file_that_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lib.rs");
        fs::write(&path, "").unwrap();
        let before = times([path.clone()]);
        fs::remove_file(&path).unwrap();
        assert_ne!(times([path]), before);
    }
}
