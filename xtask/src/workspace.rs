//! What cargo knows of the workspace: its packages, their targets, and what each depends on.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::cargo;

/// The workspace, as `cargo metadata --no-deps` describes it.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    #[serde(rename = "workspace_root")]
    /// The folder with the workspace's manifest.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target_directory: PathBuf,
    /// Its members.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`, as an absolute path.
    pub manifest_path: PathBuf,
    pub(crate) targets: Vec<Target>,
    pub(crate) dependencies: Vec<Dependency>,
    /// `[package.metadata]`, null when there is none.
    pub metadata: serde_json::Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub name: String,
    pub kind: Vec<String>,
    pub src_path: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub name: String,
    /// Where a dependency inside the workspace is.
    pub path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo for the workspace around the current folder. Nothing is resolved or downloaded for the answer.
    ///
    /// # Errors
    ///
    /// When there is no cargo, or when it cannot read a manifest.
    pub fn load() -> anyhow::Result<Self> {
        let output = cargo::command()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start cargo; it comes with Rust, see https://rustup.rs")?;
        if !output.status.success() {
            bail!("cargo cannot read the workspace's manifests; its message is above");
        }
        serde_json::from_slice(&output.stdout)
            .context("cannot understand the output of `cargo metadata`")
    }

    pub(crate) fn package(&self, name: &str) -> anyhow::Result<&Package> {
        let found = self.packages.iter().find(|package| package.name == name);
        found.with_context(|| format!("the workspace has no package `{name}`"))
    }

    pub(crate) fn is_tutorial(&self, package: &Package) -> bool {
        package.folder().starts_with(self.root.join("tutorials"))
    }

    /// `path` as seen from the workspace's root, for messages.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

impl Package {
    /// The folder of its manifest.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }
}

impl Target {
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A workspace in `/workspace` that exists only in memory.
    pub(crate) fn workspace(packages: Vec<Package>) -> Workspace {
        Workspace {
            root: PathBuf::from("/workspace"),
            target_directory: PathBuf::from("/workspace/target"),
            packages,
        }
    }

    /// A package in this folder of that workspace, named after it, without targets and dependencies.
    pub(crate) fn package(folder: &str, metadata: serde_json::Value) -> Package {
        let folder = Path::new("/workspace").join(folder);
        Package {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            manifest_path: folder.join("Cargo.toml"),
            targets: Vec::new(),
            dependencies: Vec::new(),
            metadata,
        }
    }

    #[test]
    fn the_workspace_holds_this_package() {
        let workspace = Workspace::load().unwrap();
        let xtask = workspace.package("xtask").unwrap();
        assert_eq!(workspace.relative(xtask.folder()), Path::new("xtask"));
        assert!(xtask.targets.iter().any(|target| target.is("bin")));
    }
}
