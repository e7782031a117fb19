//! `--watch`: builds again when a source file changes, and lets the supervisor replace the workers.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{
    build::{Build, Outcome},
    sources::sources,
};

/// How often the files are looked at: often enough for a person, and too rarely to cost anything.
const INTERVAL: Duration = Duration::from_millis(500);

/// The files that the app was built from, each with the time of its last change; none for one that is gone.
type Sources = BTreeMap<PathBuf, Option<SystemTime>>;

/// Watches in a thread of its own, for as long as the process lives.
pub(super) fn start(build: Build, executable: PathBuf) {
    thread::spawn(move || {
        if let Err(error) = watch(&build, &executable) {
            eprintln!("watching the source files has stopped: {error:#}");
        }
    });
}

fn watch(build: &Build, executable: &Path) -> anyhow::Result<()> {
    let mut seen = times(sources(executable)?);
    loop {
        #[expect(clippy::disallowed_methods, reason = "polls the source files")]
        thread::sleep(INTERVAL);
        let now = times(seen.keys().cloned());
        if let Some((path, _)) = now.iter().find(|(path, time)| seen[*path] != **time) {
            eprintln!("{} has changed: building again", path.display());
            match build.run()? {
                // The supervisor's own signal for this: a new worker is ready before an old one ends.
                Outcome::Built(_) => kill(Pid::this(), Signal::SIGHUP)?,
                Outcome::Failed => eprintln!("it does not build: the old workers go on"),
                Outcome::Stopped(_) => return Ok(()),
            }
            seen = times(sources(executable)?);
            // A file that changed during the build differs from what it was before, and so is seen the next time.
            seen.extend(now);
        }
    }
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
