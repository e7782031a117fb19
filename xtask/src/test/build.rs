//! The one build: every app, every program and every test of the workspace, with one set of features.

use std::{
    fmt,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context;
use serde::Deserialize;

use super::{in_ci, suites::Suite};
use crate::{cargo, workspace::Workspace};

/// What every building command selects.
///
/// Cargo unites the features of everything that one command builds. A command for fewer packages would unite fewer features, and compile their
/// dependencies a second time.
pub(super) const FEATURES: &str = "--workspace --features option1-file-per-session/redis,option1-file-per-session/sqlite,option4-server-cache/process,option4-server-cache/redis";

/// The program that builds the book, the one that judges lessons, and the one that compares the options.
pub(crate) const BUILDER: &str = "builder";
pub(crate) const CHECK: &str = "check";
pub(crate) const COMPARE: &str = "compare";

/// What has been built.
#[derive(Debug, Default)]
pub(super) struct Build {
    pub(super) programs: Vec<TestProgram>,
    has_failed: bool,
}

/// A test program, and where cargo would run it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TestProgram {
    pub(super) package: String,
    pub(super) target: Target,
    pub(super) executable: PathBuf,
    /// The package's folder.
    pub(super) folder: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

/// The message of cargo that names what it has built.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Profile {
    test: bool,
}

impl Build {
    /// Builds what these suites run: everything for several, and only its own targets for one.
    pub(super) fn of(workspace: &Workspace, suites: &[&Suite]) -> anyhow::Result<Self> {
        let selection = match suites {
            _ if !suites.iter().any(|suite| suite.is_built()) => return Ok(Self::default()),
            [suite] => suite.targets,
            _ => "--all-targets",
        };
        println!("$ cargo build {FEATURES} {selection}");
        let mut cargo = command("build", selection)
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(&workspace.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        let messages = cargo.stdout.take().context("cargo's output is not piped")?;
        let mut programs = Vec::new();
        for line in BufReader::new(messages).lines() {
            programs.extend(test_program(&line?, workspace));
        }
        let has_failed = !cargo.wait()?.success();
        Ok(Self {
            programs,
            has_failed,
        })
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }
}

/// The command that runs it, and its package, because several packages may have a target of that name.
impl fmt::Display for TestProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Target { name, .. } = &self.target;
        match () {
            () if self.target.is("test") => write!(f, "cargo t --test {name}")?,
            () if self.target.is("bin") => write!(f, "cargo t --bin {name}")?,
            () => write!(f, "cargo t --lib")?,
        }
        write!(f, " [{}]", self.package)
    }
}

impl Target {
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }
}

/// A cargo command for the whole workspace. In continuous integration an outdated Cargo.lock is a failure, and nothing is kept for an
/// incremental build.
pub(super) fn command(name: &str, arguments: &str) -> Command {
    let mut command = cargo::command();
    command.arg(name);
    if in_ci() {
        command.arg("--locked").env("CARGO_INCREMENTAL", "0");
    }
    command
        .args(FEATURES.split(' '))
        .args(arguments.split_whitespace());
    command
}

fn test_program(line: &str, workspace: &Workspace) -> Option<TestProgram> {
    // A build script may print lines that are not messages.
    let message: Message = serde_json::from_str(line).ok()?;
    let target = message.target?;
    let is_test = message.reason == "compiler-artifact" && message.profile?.test;
    // Benchmarks are built like tests, but running them as tests shows nothing.
    if !is_test || target.is("bench") {
        return None;
    }
    let folder = message.manifest_path?.parent().map(Path::to_path_buf)?;
    let mut packages = workspace.packages.iter();
    let package = packages.find(|package| package.folder() == folder)?;
    Some(TestProgram {
        package: package.name.clone(),
        target,
        executable: message.executable?,
        folder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::tests::{package, workspace};

    #[test]
    fn the_alias_for_one_test_selects_what_the_whole_run_builds() {
        let config = include_str!("../../../.cargo/config.toml");
        assert!(
            config.contains(&format!("\nt = \"test {FEATURES}\"\n")),
            "{config}"
        );
    }

    #[test]
    fn a_test_program_is_known_by_cargos_message_and_a_benchmark_is_none() {
        let workspace = workspace(vec![package("crates/serve", serde_json::Value::Null)]);
        let message = |kind: &str, test: bool| {
            let line = serde_json::json!({
                "reason": "compiler-artifact",
                "manifest_path": "/workspace/crates/serve/Cargo.toml",
                "target": {"name": "it", "kind": [kind]},
                "profile": {"test": test},
                "executable": "/target/debug/deps/it-1",
            });
            test_program(&line.to_string(), &workspace)
        };
        let program = message("test", true).unwrap();
        assert_eq!(
            (program.package.as_str(), program.folder),
            ("serve", PathBuf::from("/workspace/crates/serve"))
        );
        assert_eq!(message("bin", false), None);
        assert_eq!(message("bench", true), None);
        assert_eq!(test_program("not a message", &workspace), None);
    }
}
