//! The tutorials, as `[package.metadata.tutorial]` of their manifests registers them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::Deserialize;

use crate::{
    usage::{UsageError, nearest},
    workspace::Workspace,
};

mod promise;

pub use promise::{Operation, Place, Promise};

/// All tutorials, in the order in which they are read.
#[derive(Debug)]
pub struct Registry {
    /// One for each registered package.
    pub tutorials: Vec<Tutorial>,
}

/// One package of `tutorials/`, with one app or more.
#[derive(Debug)]
pub struct Tutorial {
    /// The package's name.
    pub package: String,
    /// The package's folder, as an absolute path.
    pub folder: PathBuf,
    /// What its manifest says.
    pub entry: Entry,
}

/// `[package.metadata.tutorial]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The place in the table of tutorials and in the book.
    pub order: u32,
    /// The chapter's heading.
    pub title: String,
    /// The chapter's file, as seen from `docs/src`.
    pub chapter: String,
    /// Its programs; a chapter may have several.
    pub apps: Vec<App>,
}

/// `[[package.metadata.tutorial.apps]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// The name that never changes: of the binary, of the folder in `.data`, and on the command line.
    pub id: String,
    /// The other name on the command line, which says what the app is about.
    pub slug: String,
    /// The file with `pub fn app()`, as seen from the package's folder.
    pub listing: PathBuf,
    /// What the stage shows besides: `place` and `kept`, the properties that name a place outside the workers and what it holds; `ttl`, for how
    /// many seconds a computed value is kept.
    #[serde(default)]
    pub stage: serde_json::Map<String, serde_json::Value>,
    /// What the reader sees, in one sentence. May hold Markdown code marks.
    pub summary: String,
    /// What a second person does to the lesson's claim, with one worker.
    #[serde(default)]
    pub people: Claim,
    /// What a call does to the data; none for an app that keeps nothing.
    pub operation: Option<Operation>,
    /// Where it can keep its data, in the order of the table of all places.
    #[serde(default)]
    pub places: Vec<Place>,
    /// What it promises of its data, and what it shows to be broken.
    #[serde(default)]
    pub promises: Vec<Promise>,
    /// Features that are compiled only when an option needs them.
    #[serde(default)]
    pub features: Vec<OptionalFeature>,
}

/// A feature of the package that a value of one of the app's options needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionalFeature {
    /// The option with its dashes, as in `--store`.
    option: String,
    /// The beginning of the values that need the feature: `redis` also stands for `redis://localhost`.
    value_prefix: String,
    pub(crate) feature: String,
}

/// Whether a lesson's claim holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// It does.
    #[default]
    Holds,
    /// It does not, and the lesson shows that.
    Breaks,
}

impl Claim {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Breaks => "breaks",
        }
    }
}

impl Entry {
    /// The chapter's page in the built book.
    pub fn page(&self) -> String {
        Path::new(&self.chapter)
            .with_extension("html")
            .to_string_lossy()
            .into_owned()
    }
}

impl App {
    /// The features that an app with these options needs.
    pub(crate) fn features_for(&self, options: &[OsString]) -> Vec<String> {
        let needed = self
            .features
            .iter()
            .filter(|feature| feature.is_needed(options));
        needed.map(|feature| feature.feature.clone()).collect()
    }
}

impl OptionalFeature {
    /// Whether `--option value` or `--option=value` is among the options.
    fn is_needed(&self, options: &[OsString]) -> bool {
        let matches = |value: &str| value.starts_with(&self.value_prefix);
        let words: Vec<_> = options
            .iter()
            .map(|option| option.to_string_lossy())
            .collect();
        let apart = words
            .windows(2)
            .any(|pair| pair[0] == self.option && matches(&pair[1]));
        let joined = words.iter().any(|word| {
            let value = word
                .strip_prefix(&self.option)
                .and_then(|rest| rest.strip_prefix('='));
            value.is_some_and(matches)
        });
        apart || joined
    }
}

impl Registry {
    /// Reads the registry of the workspace around the current folder.
    ///
    /// # Errors
    ///
    /// When cargo cannot read the workspace, or a manifest's table is not as expected.
    pub fn load() -> anyhow::Result<Self> {
        Self::of(&Workspace::load()?)
    }

    /// Reads the manifests' tables. A package without one is not a tutorial.
    ///
    /// # Errors
    ///
    /// When a table is not as expected, with the manifest and the field.
    pub fn of(workspace: &Workspace) -> anyhow::Result<Self> {
        let mut tutorials = Vec::new();
        for package in &workspace.packages {
            let Some(table) = package.metadata.get("tutorial") else {
                continue;
            };
            let entry = Entry::deserialize(table).with_context(|| {
                let manifest = workspace.relative(&package.manifest_path).display();
                format!("{manifest}: [package.metadata.tutorial] is not as expected")
            })?;
            tutorials.push(Tutorial {
                package: package.name.clone(),
                folder: package.folder().to_path_buf(),
                entry,
            });
        }
        tutorials.sort_by_key(|tutorial| tutorial.entry.order);
        Ok(Self { tutorials })
    }

    /// Every app with its tutorial, in reading order.
    pub fn apps(&self) -> impl Iterator<Item = (&Tutorial, &App)> {
        self.tutorials.iter().flat_map(|tutorial| {
            let apps = tutorial.entry.apps.iter();
            apps.map(move |app| (tutorial, app))
        })
    }

    /// Finds an app by its id or its slug.
    ///
    /// # Errors
    ///
    /// There is none; the error names the nearest.
    pub fn find(&self, name: &str) -> Result<(&Tutorial, &App), UsageError> {
        self.apps()
            .find(|(_, app)| app.id == name || app.slug == name)
            .ok_or_else(|| UsageError(self.unknown(name)))
    }

    fn unknown(&self, name: &str) -> String {
        let names = self.apps().flat_map(|(_, app)| {
            let slug = (app.slug != app.id).then_some(app.slug.as_str());
            [Some(app.id.as_str()), slug]
        });
        let near = nearest(name, names.flatten());
        let meant = match near.as_slice() {
            [] => ";".to_owned(),
            near => format!("; did you mean `{}`?", near.join("` or `")),
        };
        format!("there is no tutorial `{name}`{meant} `cargo xtask list` shows them all")
    }
}

#[cfg(test)]
pub(crate) mod tests;
