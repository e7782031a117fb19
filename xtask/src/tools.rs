//! Programs that the tests need and cargo does not build: found, or installed where that is allowed.

use std::{
    env,
    ffi::OsStr,
    fs,
    process::{Command, Stdio},
};

/// A program from outside, and the system packages that hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    name: &'static str,
    /// The names that it goes by; one of them in `PATH` is enough.
    programs: &'static [&'static str],
    debian: &'static str,
    ubuntu: &'static str,
}

pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    debian: "chromium",
    ubuntu: "chromium-browser",
};

pub(crate) const CHROMEDRIVER: Tool = Tool {
    name: "ChromeDriver",
    programs: &["chromedriver"],
    debian: "chromium-driver",
    ubuntu: "chromium-chromedriver",
};

pub(crate) const NODE: Tool = Tool {
    name: "Node",
    programs: &["node"],
    debian: "nodejs",
    ubuntu: "nodejs",
};

pub(crate) const NPM: Tool = Tool {
    name: "npm",
    programs: &["npm"],
    debian: "npm",
    ubuntu: "npm",
};

pub(crate) const REDIS: Tool = Tool {
    name: "Redis",
    programs: &["redis-server"],
    debian: "redis-server",
    ubuntu: "redis-server",
};

pub(crate) const CURL: Tool = Tool {
    name: "curl",
    programs: &["curl"],
    debian: "curl",
    ubuntu: "curl",
};

pub(crate) const JQ: Tool = Tool {
    name: "jq",
    programs: &["jq"],
    debian: "jq",
    ubuntu: "jq",
};

/// Tools that are not there and could not be installed.
#[derive(Debug, thiserror::Error)]
#[error("{tools} missing: install the {packages}{because}")]
pub(crate) struct MissingTools {
    tools: String,
    packages: String,
    /// Why it was not done here, if there is something to say.
    because: &'static str,
}

/// The systems whose packages this program may install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Debian,
    Ubuntu,
}

/// Makes sure that all `tools` are in `PATH`; installs those that are not, and says so.
pub(crate) fn provide(tools: &[Tool]) -> Result<(), MissingTools> {
    let missing = absent(tools, &env::var_os("PATH").unwrap_or_default());
    if missing.is_empty() {
        return Ok(());
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let Some(system) = System::of(&release) else {
        return Err(MissingTools::new(&missing, System::Debian, ""));
    };
    let Some(apt_get) = privileged_apt_get() else {
        let because = " (this program may not do that here)";
        return Err(MissingTools::new(&missing, system, because));
    };
    println!(
        "{} missing: installing the {}.",
        names(&missing),
        packages(&missing, system)
    );
    install(apt_get, &missing, system);
    let missing = absent(&missing, &env::var_os("PATH").unwrap_or_default());
    if missing.is_empty() {
        Ok(())
    } else {
        let because = " (apt-get could not; its message is above)";
        Err(MissingTools::new(&missing, system, because))
    }
}

impl Tool {
    fn package(&self, system: System) -> &'static str {
        match system {
            System::Debian => self.debian,
            System::Ubuntu => self.ubuntu,
        }
    }
}

impl MissingTools {
    fn new(tools: &[Tool], system: System, because: &'static str) -> Self {
        Self {
            tools: names(tools),
            packages: packages(tools, system),
            because,
        }
    }
}

impl System {
    /// Reads `/etc/os-release`. Derived systems name their ancestors in `ID_LIKE`.
    fn of(release: &str) -> Option<Self> {
        let families: Vec<&str> = release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches('"').split_whitespace())
            .collect();
        if families.contains(&"ubuntu") {
            Some(Self::Ubuntu)
        } else if families.contains(&"debian") {
            Some(Self::Debian)
        } else {
            None
        }
    }
}

/// The tools of which no program is in any folder of `path`.
fn absent(tools: &[Tool], path: &OsStr) -> Vec<Tool> {
    let there =
        |program: &&str| env::split_paths(path).any(|folder| folder.join(program).is_file());
    let absent = |tool: &Tool| !tool.programs.iter().any(there);
    tools.iter().copied().filter(absent).collect()
}

/// `apt-get` with the right to install: as root, or through a `sudo` that asks for no password.
fn privileged_apt_get() -> Option<&'static [&'static str]> {
    if !succeeds(&["apt-get", "--version"]) {
        None
    } else if is_root() {
        Some(&["apt-get"])
    } else if succeeds(&["sudo", "-n", "true"]) {
        Some(&["sudo", "-n", "apt-get"])
    } else {
        None
    }
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeeds(line: &[&str]) -> bool {
    let quiet = Command::new(line[0])
        .args(&line[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// Runs apt-get. Whether it helped is seen afterwards, by the programs that are there.
fn install(apt_get: &[&str], tools: &[Tool], system: System) {
    let packages = tools.iter().map(|tool| tool.package(system));
    let update = vec!["update"];
    let install = ["install", "--yes", "--no-install-recommends"]
        .into_iter()
        .chain(packages)
        .collect();
    for arguments in [update, install] {
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

/// "Chromium and ChromeDriver are", "Node is".
fn names(tools: &[Tool]) -> String {
    let names: Vec<_> = tools.iter().map(|tool| tool.name).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", listed(&names))
}

/// "packages chromium and chromium-driver", "package nodejs".
fn packages(tools: &[Tool], system: System) -> String {
    let packages: Vec<_> = tools.iter().map(|tool| tool.package(system)).collect();
    let noun = if packages.len() == 1 {
        "package"
    } else {
        "packages"
    };
    format!("{noun} {}", listed(&packages))
}

/// "a", "a and b", "a, b and c".
fn listed(names: &[&str]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        names => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_system_is_known_by_its_own_name_or_its_ancestors() {
        assert_eq!(
            System::of("NAME=\"Debian GNU/Linux\"\nID=debian\n"),
            Some(System::Debian)
        );
        assert_eq!(
            System::of("ID=ubuntu\nID_LIKE=debian\n"),
            Some(System::Ubuntu)
        );
        assert_eq!(
            System::of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Some(System::Ubuntu)
        );
        assert_eq!(System::of("ID=fedora\nPRETTY_NAME=\"not debian\"\n"), None);
    }

    #[test]
    fn one_of_a_tools_programs_in_any_folder_of_the_path_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("google-chrome"), "").unwrap();
        let path = env::join_paths([Path::new("/nowhere"), folder.path()]).unwrap();
        let absent = absent(&[CHROMIUM, CHROMEDRIVER], &path);
        let names: Vec<_> = absent.iter().map(|tool| tool.name).collect();
        assert_eq!(names, ["ChromeDriver"]);
    }

    #[test]
    fn several_names_are_listed_as_people_say_them() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn what_cannot_be_installed_is_named_with_its_packages() {
        let missing = MissingTools::new(&[CHROMIUM, CHROMEDRIVER], System::Ubuntu, "");
        assert_eq!(
            missing.to_string(),
            "Chromium and ChromeDriver are missing: install the packages chromium-browser and chromium-chromedriver"
        );
        let missing = MissingTools::new(&[NODE], System::Debian, " (why)");
        assert_eq!(
            missing.to_string(),
            "Node is missing: install the package nodejs (why)"
        );
    }
}
