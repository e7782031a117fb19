//! One step of a suite: a command, shown and then run, or a check in this program.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use anyhow::{Context, bail};

use crate::{cargo, compare, docs, files, tidy, workspace::Workspace};

/// What every building command selects.
///
/// Cargo unites the features of all that one command builds. A command for one package alone would unite fewer, and
/// so compile the dependencies a second time.
pub(crate) const SELECTION: &str = "--workspace --features option1-file-per-session/redis,option1-file-per-session/sqlite,option4-server-cache/redis";

/// The package whose snapshots are what crosses the wire, and its test of them.
const SNAPSHOTS: (&str, &str) = ("tests", "snapshots");

/// The program that builds the book, in cargo's folder, and a test of it.
const BOOK: &str = "debug/builder";
const BOOK_TEST: &str = "builder";

/// Where the browser client's `package.json` is.
const CLIENT: &str = "crates/callbacks/client";

/// One step of a suite. The arguments of commands have no spaces in them.
#[derive(Debug)]
pub(crate) enum Step {
    /// The house rules, in this process.
    Tidy,
    /// Cargo with these arguments.
    Cargo(&'static str),
    /// A command of cargo for the whole workspace, with these arguments more.
    Workspace(&'static str, &'static str),
    /// `cargo doc`, where a warning is an error.
    Rustdoc,
    /// The integration test of a package that is named.
    Test(&'static str, &'static str),
    /// All integration tests of these packages.
    Tests(&'static [&'static str]),
    /// The snapshot tests; a snapshot that none of them uses is a failure.
    Snapshots,
    /// npm with these arguments, for the browser client.
    Npm(&'static str),
    /// The program that builds the book, with these arguments.
    Book(&'static str),
    /// The program that compares the options, with these arguments.
    Compare(&'static str),
}

/// A command line as it is shown and run.
#[derive(Debug)]
struct Line {
    program: String,
    arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
    folder: PathBuf,
}

impl Step {
    /// Does it. Output goes where this program's goes; `settings` are environment variables.
    pub(crate) fn run(
        &self,
        workspace: &Workspace,
        settings: &[(&'static str, String)],
    ) -> anyhow::Result<()> {
        let root = &workspace.root;
        let line = match *self {
            Self::Tidy => return tidy::check(workspace),
            Self::Snapshots => return snapshots(workspace),
            Self::Compare(arguments) => return compare::run(workspace, arguments),
            Self::Cargo(arguments) => Line::new("cargo", arguments, root),
            Self::Workspace(command, arguments) => Line::cargo(command, arguments, root),
            Self::Rustdoc => {
                Line::cargo("doc", "--no-deps", root).variable("RUSTDOCFLAGS", "-D warnings")
            }
            Self::Test(_, target) => Line::cargo("test", &format!("--test {target}"), root),
            Self::Tests(packages) => {
                let targets = integration_tests(workspace, packages);
                if targets.is_empty() {
                    bail!("no integration test in {}", packages.join(", "));
                }
                Line::cargo(
                    "test",
                    &format!("--no-fail-fast {}", targets.join(" ")),
                    root,
                )
            }
            Self::Npm(arguments) => Line::new("npm", arguments, &root.join(CLIENT)),
            Self::Book(arguments) => {
                let program = book_program(workspace)?.display().to_string();
                let mut line = Line::new(&program, arguments, root);
                line.arguments.extend(docs::destination(workspace));
                line
            }
        };
        let add = |line: Line, (name, value): &(&'static str, String)| line.variable(name, value);
        settings.iter().fold(line, add).run(workspace)
    }

    /// Whether this step runs the integration test `target` of `package`.
    pub(super) fn runs_target(&self, package: &str, target: &str) -> bool {
        match *self {
            Self::Test(own, name) => (own, name) == (package, target),
            Self::Tests(packages) => packages.contains(&package),
            Self::Snapshots => SNAPSHOTS == (package, target),
            Self::Tidy
            | Self::Cargo(_)
            | Self::Workspace(..)
            | Self::Rustdoc
            | Self::Npm(_)
            | Self::Book(_)
            | Self::Compare(_) => false,
        }
    }
}

impl Line {
    fn new(program: &str, arguments: &str, folder: &Path) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.split_whitespace().map(String::from).collect(),
            variables: Vec::new(),
            folder: folder.to_path_buf(),
        }
    }

    fn cargo(command: &str, arguments: &str, root: &Path) -> Self {
        Self::new("cargo", &format!("{command} {SELECTION} {arguments}"), root)
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// The line for a shell whose folder is the workspace's root.
    fn shown(&self, workspace: &Workspace) -> String {
        let folder = workspace.relative(&self.folder).display().to_string();
        let mut words = Vec::new();
        if !folder.is_empty() {
            words.push(format!("cd {folder} &&"));
        }
        for (name, value) in &self.variables {
            let quote = if value.contains(' ') { "'" } else { "" };
            words.push(format!("{name}={quote}{value}{quote}"));
        }
        let program = workspace.relative(Path::new(&self.program));
        words.push(program.display().to_string());
        words.extend(self.arguments.iter().cloned());
        words.join(" ")
    }

    fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        println!("$ {}", self.shown(workspace));
        let mut command = match self.program.as_str() {
            "cargo" => cargo::command(),
            program => Command::new(program),
        };
        let status = command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .status()
            .with_context(|| format!("cannot start {}", self.program))?;
        if !status.success() {
            bail!("{} ended with {status}", self.program);
        }
        Ok(())
    }
}

/// Builds the program `book` for a suite, and says where it is.
fn book_program(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    // The build of its tests has the program too, with the dependencies as the other suites have built them.
    let build = format!("--no-run --test {BOOK_TEST}");
    Line::cargo("test", &build, &workspace.root).run(workspace)?;
    Ok(workspace.target_directory.join(BOOK))
}

/// Builds the program `book` for who only wants to read, and says where it is: nothing is compiled that only tests need.
pub(crate) fn readers_book_program(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    Line::new(
        "cargo",
        "build --package builder --bin builder",
        &workspace.root,
    )
    .run(workspace)?;
    Ok(workspace.target_directory.join(BOOK))
}

/// `--test NAME` for each integration test of `packages`.
fn integration_tests(workspace: &Workspace, packages: &[&str]) -> Vec<String> {
    let packages = workspace
        .packages
        .iter()
        .filter(|package| packages.contains(&package.name.as_str()));
    let targets = packages
        .flat_map(|package| &package.targets)
        .filter(|target| target.is("test"));
    targets
        .map(|target| format!("--test {}", target.name))
        .collect()
}

/// Runs the snapshot tests and compares the snapshots that they used with those that there are.
fn snapshots(workspace: &Workspace) -> anyhow::Result<()> {
    let (package, target) = SNAPSHOTS;
    // insta appends the path of each snapshot that a test uses to the file that this variable names.
    let used = workspace
        .target_directory
        .join(format!("used-snapshots-{}", process::id()));
    let run = Line::cargo("test", &format!("--test {target}"), &workspace.root)
        .variable("INSTA_UPDATE", "no")
        .variable(
            "INSTA_SNAPSHOT_REFERENCES_FILE",
            &used.display().to_string(),
        )
        .run(workspace);
    let list = fs::read_to_string(&used).unwrap_or_default();
    let _ = fs::remove_file(&used);
    run?;
    let used = list
        .lines()
        .filter_map(|line| Path::new(line).canonicalize().ok())
        .collect();
    let unused = unused(workspace.package(package)?.folder(), &used)?;
    for path in &unused {
        println!(
            "{}: no test uses this snapshot; delete it",
            workspace.relative(path).display()
        );
    }
    if !unused.is_empty() {
        bail!("{} of the snapshots are left over", unused.len());
    }
    Ok(())
}

/// The snapshots below `folder` that are not among those `used`.
fn unused(folder: &Path, used: &HashSet<PathBuf>) -> anyhow::Result<Vec<PathBuf>> {
    let files =
        files::below(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let unused = |path: &PathBuf| {
        let used = path.canonicalize().is_ok_and(|path| used.contains(&path));
        files::has_extension(path, &["snap"]) && !used
    };
    Ok(files.into_iter().filter(unused).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::tests::workspace;

    #[test]
    fn a_command_is_shown_as_a_shell_takes_it() {
        let workspace = workspace(Vec::new());
        let line = Line::new("npm", "run check", &workspace.root.join(CLIENT));
        assert_eq!(
            line.shown(&workspace),
            "cd crates/callbacks/client && npm run check"
        );
        let line = Line::cargo("doc", "--no-deps", &workspace.root)
            .variable("RUSTDOCFLAGS", "-D warnings");
        let shown = line.shown(&workspace);
        assert_eq!(
            shown,
            format!("RUSTDOCFLAGS='-D warnings' cargo doc {SELECTION} --no-deps")
        );
    }

    #[test]
    fn a_command_that_fails_is_an_error() {
        let workspace = workspace(Vec::new());
        let folder = tempfile::tempdir().unwrap();
        let error = Line::new("cargo", "no-such-command", folder.path())
            .run(&workspace)
            .unwrap_err();
        assert_eq!(error.to_string(), "cargo ended with exit status: 101");
    }

    #[test]
    fn a_snapshot_that_no_test_uses_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (used, left_over) = (
            folder.path().join("used.snap"),
            folder.path().join("left_over.snap"),
        );
        fs::write(&used, "").unwrap();
        fs::write(&left_over, "").unwrap();
        fs::write(folder.path().join("notes.md"), "").unwrap();
        let used = HashSet::from([used.canonicalize().unwrap()]);
        assert_eq!(unused(folder.path(), &used).unwrap(), [left_over]);
    }
}
