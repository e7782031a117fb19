//! Building one app with cargo, so that a signal to this program ends the build too.

use std::{
    fs::{self, File},
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{self, Stdio},
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
};

use crate::cargo;

/// What to build: one binary of one package.
#[derive(Debug, Clone)]
pub(super) struct Build {
    pub(super) package: String,
    pub(super) binary: String,
    pub(super) features: Vec<String>,
    pub(super) release: bool,
    /// Cargo's target directory.
    pub(super) target: PathBuf,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// With the path of the program.
    Built(PathBuf),
    /// It does not compile. These are the compiler's errors, which cargo has shown too; none if it was cargo that failed.
    Failed(String),
    /// A signal ended it.
    Stopped(Signal),
}

/// A message of cargo: it names what it has built, or holds what the compiler says.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    target: Option<BuiltTarget>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    /// For a terminal, with colours.
    rendered: Option<String>,
}

#[derive(Debug, Deserialize)]
struct BuiltTarget {
    name: String,
}

impl Build {
    /// Builds it. Progress and compiler messages go to standard error, as cargo's always do.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let _turn = self.turn()?;
        match runtime.block_on(self.build())? {
            Outcome::Built(path) => Ok(Outcome::Built(self.set_apart(&path)?)),
            outcome => Ok(outcome),
        }
    }

    /// Where cargo puts the program.
    pub(super) fn place(&self) -> PathBuf {
        let profile = if self.release { "release" } else { "debug" };
        self.target.join(profile).join(&self.binary)
    }

    /// Waits until no other `run` is building: a program must stay where cargo put it until it is set apart.
    fn turn(&self) -> anyhow::Result<File> {
        let path = self.target.join("xtask-run.lock");
        let lock = || {
            fs::create_dir_all(&self.target)?;
            let file = File::create(&path)?;
            file.lock()?;
            Ok::<_, io::Error>(file)
        };
        lock().with_context(|| format!("cannot lock {}", path.display()))
    }

    /// Gives the program a place of its own, by its features.
    ///
    /// Cargo keeps one program of each name: the next build with other features replaces it. A worker that is replaced later must start the
    /// same program as the one before it.
    fn set_apart(&self, executable: &Path) -> anyhow::Result<PathBuf> {
        let folder = [&["run".to_owned()], &self.features[..]].concat().join("-");
        let apart = executable.with_file_name(folder).join(&self.binary);
        // `--watch` reads the list of sources beside the program.
        let list = |path: &Path| path.with_extension("d");
        place(&list(executable), &list(&apart))?;
        place(executable, &apart)?;
        Ok(apart)
    }

    async fn build(&self) -> anyhow::Result<Outcome> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut cargo = Command::from(self.command())
            .spawn()
            .context("cannot start cargo")?;
        let messages = cargo
            .stdout
            .take()
            .context("cargo's standard output is not piped")?;
        let stopped = tokio::select! {
            said = read(messages, &self.binary) => {
                let status = cargo.wait().await?;
                let (executable, errors) = said?;
                return match executable {
                    Some(path) if status.success() => Ok(Outcome::Built(path)),
                    _ => Ok(Outcome::Failed(errors)),
                };
            }
            _ = interrupt.recv() => Signal::SIGINT,
            _ = terminate.recv() => Signal::SIGTERM,
        };
        end(&mut cargo, stopped).await?;
        Ok(Outcome::Stopped(stopped))
    }

    fn command(&self) -> process::Command {
        let mut command = cargo::command();
        command
            .args(["build", "--message-format", "json-diagnostic-rendered-ansi"])
            .args(["--package", &self.package, "--bin", &self.binary])
            .args(["--features", &self.features.join(",")])
            .args(self.release.then_some("--release"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // A group of its own: a signal then reaches the compilers that cargo has started.
            .process_group(0);
        command
    }
}

/// Reads cargo's messages to their end, and shows the compiler's. Returns the last executable that is named for `binary`, and the errors.
async fn read(
    messages: impl AsyncRead + Unpin,
    binary: &str,
) -> anyhow::Result<(Option<PathBuf>, String)> {
    let mut lines = BufReader::new(messages).lines();
    let (mut executable, mut errors) = (None, String::new());
    while let Some(line) = lines.next_line().await? {
        // A build script may print lines that are not messages.
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        let named = message.target.is_some_and(|target| target.name == binary);
        if message.reason == "compiler-artifact" && named {
            executable = message.executable.or(executable);
        }
        if let Some((level, rendered)) = message
            .message
            .and_then(|said| Some((said.level, said.rendered?)))
        {
            anstream::eprint!("{rendered}");
            if level == "error" {
                errors.push_str(&anstream::adapter::strip_str(&rendered).to_string());
            }
        }
    }
    Ok((executable, errors))
}

/// Passes `signal` on to cargo and its compilers, and waits until cargo has ended.
async fn end(cargo: &mut Child, signal: Signal) -> anyhow::Result<()> {
    // Without an id it has ended already.
    if let Some(id) = cargo.id() {
        killpg(Pid::from_raw(i32::try_from(id)?), signal)?;
    }
    cargo.wait().await?;
    Ok(())
}

/// Makes `to` another name of `from`. A process that runs the old `to` goes on with it.
fn place(from: &Path, to: &Path) -> anyhow::Result<()> {
    let new = to.with_extension(format!("{}", process::id()));
    let place = || {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        fs::hard_link(from, &new).or_else(|_| fs::copy(from, &new).map(drop))?;
        fs::rename(&new, to)?;
        // A rename between two names of one file leaves both.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    };
    place().with_context(|| format!("cannot link {} to {}", from.display(), to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_placed_again_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("with-b/a"));
        for content in ["old", "new", "new"] {
            fs::write(folder.path().join("built"), content).unwrap();
            fs::rename(folder.path().join("built"), &from).unwrap();
            place(&from, &to).unwrap();
            place(&from, &to).unwrap();
            assert_eq!(fs::read_to_string(&to).unwrap(), content);
        }
        assert_eq!(
            fs::read_dir(folder.path().join("with-b")).unwrap().count(),
            1
        );
    }

    #[tokio::test]
    async fn the_executable_is_the_one_that_cargo_names_for_the_binary_and_errors_are_kept_without_colours()
     {
        let messages = r#"
not a message
{"reason":"compiler-artifact","target":{"name":"option2"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"option2-inputs"},"executable":"/target/debug/option2-inputs"}
{"reason":"compiler-artifact","target":{"name":"option2"},"executable":"/target/debug/option2"}
{"reason":"compiler-message","message":{"level":"warning","rendered":"warning: unused\n"}}
{"reason":"compiler-message","message":{"level":"error","rendered":"\u001b[31merror\u001b[0m: expected `;`\n"}}
{"reason":"build-finished","success":true}
"#;
        let (found, errors) = read(messages.as_bytes(), "option2").await.unwrap();
        assert_eq!(found, Some(PathBuf::from("/target/debug/option2")));
        assert_eq!(errors, "error: expected `;`\n");
        let (found, _) = read(messages.as_bytes(), "option3").await.unwrap();
        assert_eq!(found, None);
    }
}
