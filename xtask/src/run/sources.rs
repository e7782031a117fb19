//! What a program was built from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// Makes sure that `executable` is there and that none of its sources has changed since it was built.
pub(super) fn check_built(executable: &Path) -> anyhow::Result<()> {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let program = executable.display();
    let built = modified(executable).with_context(|| {
        format!(
            "{program} is not built, although TUTORIALS_BUILT is set; `cargo xtask test` builds it"
        )
    })?;
    for source in sources(executable)? {
        // A source that is gone has changed too.
        if modified(&source).map_or(true, |changed| changed > built) {
            bail!(
                "{program} is older than {}; `cargo xtask test SUITE -- NAME` builds it before it runs a test",
                source.display()
            );
        }
    }
    Ok(())
}

/// The files that people wrote and `executable` was built from.
///
/// Cargo lists all of them beside it, in a file that `make` can read.
pub(super) fn sources(executable: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let list = executable.with_extension("d");
    let rule =
        fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let mut files = prerequisites(&rule);
    // What a build script has generated changes with every build that a source file causes. It is where cargo has put the program, which
    // need not be where it is now.
    let target = rule.split_once(": ").map(|(target, _)| unescaped(target));
    if let Some(built) = target.as_deref().and_then(Path::parent) {
        files.retain(|file| !file.starts_with(built));
    }
    Ok(files)
}

/// The paths after the colon of a rule for `make`, in which a space inside a path is escaped.
fn prerequisites(rule: &str) -> Vec<PathBuf> {
    let (_, paths) = rule.split_once(": ").unwrap_or_default();
    let protected = paths.replace("\\ ", "\0");
    let paths = protected.split_whitespace();
    paths
        .map(|path| PathBuf::from(path.replace('\0', " ")))
        .collect()
}

fn unescaped(path: &str) -> PathBuf {
    PathBuf::from(path.replace("\\ ", " "))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_program_that_is_not_built_or_older_than_a_source_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let [program, source] = ["option2", "lib.rs"].map(|file| folder.path().join(file));
        let missing = check_built(&program).unwrap_err().to_string();
        assert!(missing.contains("option2 is not built"), "{missing}");
        // Outside the program's folder, where every file counts as generated.
        let elsewhere = tempfile::tempdir().unwrap();
        let source = elsewhere.path().join(source.file_name().unwrap());
        fs::write(&program, "").unwrap();
        fs::write(&source, "").unwrap();
        let rule = format!("{}: {}\n", program.display(), source.display());
        fs::write(program.with_extension("d"), rule).unwrap();
        let changed = |time| fs::File::open(&source).unwrap().set_modified(time).unwrap();
        changed(SystemTime::now() - Duration::from_secs(60));
        check_built(&program).unwrap();
        changed(SystemTime::now() + Duration::from_secs(60));
        let stale = check_built(&program).unwrap_err().to_string();
        assert!(stale.contains("option2 is older than "), "{stale}");
    }

    #[test]
    fn the_sources_are_what_stands_behind_the_colon() {
        let rule = "/w/target/debug/option2: /w/src/lib.rs /w/My\\ Notes/a.css\n";
        let expected = [
            PathBuf::from("/w/src/lib.rs"),
            PathBuf::from("/w/My Notes/a.css"),
        ];
        assert_eq!(prerequisites(rule), expected);
    }

    #[test]
    fn what_the_build_has_written_is_not_watched() {
        let folder = tempfile::tempdir().unwrap();
        let built = |file: &str| folder.path().join(file);
        let generated = built("build/callbacks/out/client.js");
        let (program, generated) = (built("option2"), generated.display());
        let rule = format!("{}: /w/src/lib.rs {generated}\n", program.display());
        // Beside the program, and where `run` has set it apart.
        fs::create_dir(built("run")).unwrap();
        for place in ["option2", "run/option2"] {
            fs::write(built(place).with_extension("d"), &rule).unwrap();
            assert_eq!(
                sources(&built(place)).unwrap(),
                [PathBuf::from("/w/src/lib.rs")]
            );
        }
    }
}
