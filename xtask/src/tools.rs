//! Programs that the tests need and cargo does not build: found, or installed where that is allowed.

use std::{
    env,
    ffi::OsStr,
    fs,
    process::{Command, Stdio},
};

/// A program from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    Chromium,
    ChromeDriver,
    Node,
    Npm,
    Redis,
    Nginx,
    OpenSsl,
    Curl,
    Jq,
    Python,
}

impl Tool {
    /// The names that it goes by; one of them in `PATH` is enough.
    ///
    /// Chrome comes first: a Chromium that is installed beside it may not fit the ChromeDriver.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["google-chrome", "chromium", "chromium-browser"],
            Self::ChromeDriver => &["chromedriver"],
            Self::Node => &["node"],
            Self::Npm => &["npm"],
            Self::Redis => &["redis-server"],
            Self::Nginx => &["nginx"],
            Self::OpenSsl => &["openssl"],
            Self::Curl => &["curl"],
            Self::Jq => &["jq"],
            Self::Python => &["python3"],
        }
    }

    /// Debian's package.
    fn package(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::ChromeDriver => "chromium-driver",
            Self::Node => "nodejs",
            Self::Npm => "npm",
            Self::Redis => "redis-server",
            Self::Nginx => "nginx",
            Self::OpenSsl => "openssl",
            Self::Curl => "curl",
            Self::Jq => "jq",
            Self::Python => "python3-venv",
        }
    }

    fn is_in(self, path: &OsStr) -> bool {
        let programs = self.programs();
        // Servers are where only root's `PATH` leads.
        let folders = env::split_paths(path).chain(["/usr/sbin".into()]);
        folders.into_iter().any(|folder| {
            programs
                .iter()
                .any(|program| folder.join(program).is_file())
        })
    }
}

/// Installs those of `tools` that are not in `PATH`, in one call, and says so. Returns those that are still missing.
pub(crate) fn provide(tools: Vec<Tool>) -> Vec<Tool> {
    let missing = absent(tools);
    if missing.is_empty() {
        return missing;
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let installable = installable(&release, &missing);
    if let (false, Some(apt_get)) = (installable.is_empty(), privileged_apt_get()) {
        println!("{}; installing.", sentence(&missing));
        install(apt_get, &installable);
    }
    absent(missing)
}

/// Which of the tools that a suite `needs` are missing, as a sentence that says what to install.
pub(crate) fn missing(needs: &[Tool], missing: &[Tool]) -> Option<String> {
    let needed = needs.iter().copied().filter(|tool| missing.contains(tool));
    let needed: Vec<Tool> = needed.collect();
    (!needed.is_empty()).then(|| sentence(&needed))
}

fn absent(mut tools: Vec<Tool>) -> Vec<Tool> {
    let path = env::var_os("PATH").unwrap_or_default();
    tools.retain(|tool| !tool.is_in(&path));
    tools
}

/// Those that the system with this `/etc/os-release` has as packages under Debian's names.
///
/// Ubuntu's browsers are snaps, which cannot see our temporary folders: there a person has to install another.
fn installable(release: &str, tools: &[Tool]) -> Vec<Tool> {
    let is = |id: &str| release.lines().any(|line| line == format!("ID={id}"));
    let mut tools = tools.to_vec();
    tools.retain(|tool| match tool {
        Tool::Chromium | Tool::ChromeDriver => is("debian"),
        _ => is("debian") || is("ubuntu"),
    });
    tools
}

/// `apt-get` with the right to install: as root, or through a `sudo` that asks for no password.
fn privileged_apt_get() -> Option<&'static [&'static str]> {
    if nix::unistd::geteuid().is_root() {
        Some(&["apt-get"])
    } else if succeeds(&["sudo", "-n", "true"]) {
        Some(&["sudo", "-n", "apt-get"])
    } else {
        None
    }
}

fn succeeds(line: &[&str]) -> bool {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).stdin(Stdio::null());
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// Runs apt-get. The caller checks afterwards which programs are there.
fn install(apt_get: &[&str], tools: &[Tool]) {
    let mut install = vec!["install", "--yes", "--quiet=2", "--no-install-recommends"];
    install.extend(tools.iter().map(|tool| tool.package()));
    for arguments in [vec!["update", "--quiet=2"], install] {
        println!("$ {} {}", apt_get.join(" "), arguments.join(" "));
        let status = Command::new(apt_get[0])
            .args(&apt_get[1..])
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .status();
        if let Err(error) = status {
            println!("{}: {error}", apt_get[0]);
        }
    }
}

/// "missing: Chromium, ChromeDriver; Debian's packages: chromium, chromium-driver".
fn sentence(tools: &[Tool]) -> String {
    let names: Vec<_> = tools.iter().map(|tool| format!("{tool:?}")).collect();
    let packages: Vec<_> = tools.iter().map(|tool| tool.package()).collect();
    format!(
        "missing: {}; Debian's packages: {}",
        names.join(", "),
        packages.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn one_of_a_tools_programs_in_any_folder_of_the_path_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("google-chrome"), "").unwrap();
        let path = env::join_paths([Path::new("/nowhere"), folder.path()]).unwrap();
        assert!(Tool::Chromium.is_in(&path));
        assert!(!Tool::ChromeDriver.is_in(&path));
    }

    #[test]
    fn a_browser_is_installed_on_debian_alone() {
        let tools = [Tool::Chromium, Tool::Redis];
        assert_eq!(installable("ID=debian\n", &tools), tools);
        assert_eq!(
            installable("ID=ubuntu\nID_LIKE=debian\n", &tools),
            [Tool::Redis]
        );
        assert_eq!(installable("ID=fedora\n", &tools), []);
    }

    #[test]
    fn what_a_suite_misses_is_named_with_its_packages() {
        let needs = [Tool::Chromium, Tool::ChromeDriver, Tool::Jq];
        let sentence = missing(&needs, &[Tool::ChromeDriver, Tool::Chromium, Tool::Node]);
        assert_eq!(
            sentence.unwrap(),
            "missing: Chromium, ChromeDriver; Debian's packages: chromium, chromium-driver"
        );
        assert_eq!(missing(&needs, &[Tool::Node]), None);
    }
}
