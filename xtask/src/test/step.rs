//! One step of a suite: a command, built test programs, or a check in this process.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

use anyhow::{Context, bail};

use super::{
    build::{self, Build, TestProgram},
    log::Log,
    suites::Suite,
};
use crate::{docs, files, tidy, workspace::Workspace};

/// Where the browser client's `package.json` is.
const CLIENT: &str = "crates/callbacks/client";

/// How many tests of a program run at once. They wait for processes and browsers more than they compute.
const AT_ONCE: usize = 4;

/// One step of a suite. No argument of a command contains a space.
#[derive(Debug)]
pub(super) enum Step {
    /// The house rules, in this process.
    Tidy,
    /// A cargo command with these arguments.
    Cargo(&'static str, &'static str),
    /// A cargo command for the whole workspace, with these extra arguments.
    Workspace(&'static str, &'static str),
    /// The suite's test programs.
    Tests,
    /// The suite's test programs; a snapshot that none of them uses is a failure.
    TestsWithSnapshots,
    /// npm with these arguments, for the browser client.
    Npm(&'static str),
    /// A program of the workspace with these arguments.
    Program(&'static str, &'static str),
    /// A script, with the packages that the book's Python needs.
    Python(&'static str),
}

/// What a run gives to each step.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub(super) workspace: &'a Workspace,
    /// Arguments of the test programs: names of tests, and options.
    pub(super) tests: &'a [String],
    pub(super) settings: Vec<(&'static str, String)>,
}

impl Step {
    pub(super) fn has_tests(&self) -> bool {
        matches!(self, Self::Tests | Self::TestsWithSnapshots)
    }

    pub(super) fn is_built(&self) -> bool {
        self.has_tests() || matches!(self, Self::Program(..) | Self::Python(_))
    }

    pub(super) fn run(
        &self,
        suite: &Suite,
        build: &Build,
        run: &Run<'_>,
        log: &mut Log,
    ) -> anyhow::Result<()> {
        let root = &run.workspace.root;
        match *self {
            Self::Tidy => {
                let findings = tidy::findings(run.workspace)?;
                findings.iter().for_each(|finding| log.line(finding));
                if !findings.is_empty() {
                    bail!("findings against the house rules: {}", findings.len());
                }
                Ok(())
            }
            Self::Cargo(name, arguments) => {
                let mut cargo = crate::cargo::command();
                cargo.arg(name).args(arguments.split(' ')).current_dir(root);
                log.run(&format!("cargo {name} {arguments}"), &mut cargo)
            }
            Self::Workspace(name, arguments) => {
                let mut cargo = build::command(name, arguments);
                cargo.envs(rustdoc_flags(name)).current_dir(root);
                let shown = format!("cargo {name} {} {arguments}", build::FEATURES);
                log.run(&shown, &mut cargo)
            }
            Self::Tests => tests(suite, build, run, &[], log),
            Self::TestsWithSnapshots => with_snapshots(suite, build, run, log),
            Self::Npm(arguments) => {
                let mut npm = Command::new("npm");
                npm.args(arguments.split(' '))
                    .current_dir(root.join(CLIENT));
                log.run(&format!("cd {CLIENT} && npm {arguments}"), &mut npm)
            }
            Self::Program(name, arguments) => {
                let program = run.workspace.target_directory.join("debug").join(name);
                let mut program = Command::new(program);
                program.args(arguments.split_whitespace()).current_dir(root);
                if name == build::BUILDER {
                    program.args(docs::destination(run.workspace));
                }
                program.envs(run.settings.iter().map(|(name, value)| (name, value)));
                log.run(&format!("target/debug/{name} {arguments}"), &mut program)
            }
            Self::Python(script) => {
                for line in [
                    "python3 -m venv target/python",
                    "target/python/bin/pip install --quiet --require-hashes -r docs/python/requirements.txt",
                    &format!("target/python/bin/python {script}"),
                ] {
                    let (program, arguments) = line.split_once(' ').unwrap_or_default();
                    let mut python = Command::new(program);
                    python.args(arguments.split(' ')).current_dir(root);
                    log.run(line, &mut python)?;
                }
                Ok(())
            }
        }
    }
}

impl Run<'_> {
    /// A test program as cargo would run it.
    fn command(&self, program: &TestProgram) -> Command {
        let mut command = Command::new(&program.executable);
        command
            .args(self.tests)
            .args(["--test-threads", &AT_ONCE.to_string()])
            .current_dir(&program.folder)
            .env("CARGO_MANIFEST_DIR", &program.folder)
            .env("CARGO_PKG_NAME", &program.package)
            .env("CARGO", crate::cargo::command().get_program())
            .env("INSTA_WORKSPACE_ROOT", &self.workspace.root)
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// In the documentation a warning is an error.
fn rustdoc_flags(command: &str) -> Option<(&'static str, &'static str)> {
    (command == "doc").then_some(("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs the test programs of a suite with these extra variables. All of them run, even after one has failed.
fn tests(
    suite: &Suite,
    build: &Build,
    run: &Run<'_>,
    variables: &[(&str, &Path)],
    log: &mut Log,
) -> anyhow::Result<()> {
    let mut failed = 0;
    for program in build.programs.iter().filter(|program| suite.runs(program)) {
        let mut command = run.command(program);
        command.envs(suite.variables.iter().copied());
        command.envs(variables.iter().copied());
        let shown = format!("{program} {}", run.tests.join(" "));
        failed += usize::from(log.run(shown.trim_end(), &mut command).is_err());
    }
    match failed {
        0 => Ok(()),
        1 => bail!("a test program has failed"),
        many => bail!("{many} test programs have failed"),
    }
}

/// Runs the tests, then looks for snapshots that none of them used.
fn with_snapshots(
    suite: &Suite,
    build: &Build,
    run: &Run<'_>,
    log: &mut Log,
) -> anyhow::Result<()> {
    // insta appends the path of each snapshot that a test uses to the file that this variable names.
    let list = run
        .workspace
        .target_directory
        .join(format!("used-snapshots-{}", process::id()));
    let variables = [
        ("INSTA_UPDATE", Path::new("no")),
        ("INSTA_SNAPSHOT_REFERENCES_FILE", &list),
    ];
    let result = tests(suite, build, run, &variables, log);
    let used = fs::read_to_string(&list).unwrap_or_default();
    let _ = fs::remove_file(&list);
    result?;
    // Where tests are chosen, the snapshots of the others are unused.
    if !run.tests.is_empty() {
        return Ok(());
    }
    let used = used
        .lines()
        .filter_map(|line| Path::new(line).canonicalize().ok());
    let left_over = unused(&run.workspace.root, &used.collect())?;
    for path in &left_over {
        let path = run.workspace.relative(path).display();
        log.line(&format!("{path}: no test uses this snapshot; delete it"));
    }
    if !left_over.is_empty() {
        bail!("snapshots that no test uses: {}", left_over.len());
    }
    Ok(())
}

/// The snapshots below `folder` that are not among those `used`.
fn unused(folder: &Path, used: &HashSet<PathBuf>) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = files::below(folder).context("the snapshots cannot be listed")?;
    files.retain(|path| {
        let is_used = path.canonicalize().is_ok_and(|path| used.contains(&path));
        files::has_extension(path, &["snap"]) && !is_used
    });
    Ok(files)
}
