//! The tutorials, as `[package.metadata.tutorial]` of their manifests registers them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Context;
use histories::Fault;
use serde::{Deserialize, Serialize};

use crate::{
    usage::{UsageError, nearest},
    workspace::Workspace,
};

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

/// What a call does to an app's data, and the properties, as `id.property`, in which a page has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// What it does.
    pub kind: histories::Operation,
    /// What the call is about, such as the name of a session; none if there is one thing for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is written; none if the call writes what it has read or computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<String>,
    /// Where the browser holds the data between two callbacks: what one has as its output, and the next as an input or a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// The output that shows what was read.
    pub read: String,
    /// The output that begins with `miss`, `wait` or `hit`: where a computed value came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// A place in which an app can keep its data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name that never changes: of the row in the table of all places, and on the command line.
    pub id: String,
    /// What tells it from the app's other places; empty if there are none.
    #[serde(default)]
    pub name: String,
    /// The app's options for it. `redis://127.0.0.1` stands for any Redis server.
    #[serde(default)]
    pub options: Vec<String>,
}

/// Guarantees, by their names, under some number of workers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// With so many workers: 1, or 8 for any number above 1.
    pub workers: Vec<u16>,
    /// The option of the app that it is about, such as `--cache process`; none if it is about all of them that no other promise names.
    pub option: Option<String>,
    /// What every history keeps, also under these faults.
    #[serde(default)]
    pub holds: Vec<String>,
    /// What breaks, sooner or later, if there are these faults.
    #[serde(default)]
    pub breaks: Vec<String>,
    /// `kill`, `pause`, `reload`, `leave`.
    #[serde(default)]
    pub faults: Vec<Fault>,
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
    /// What is promised of a guarantee with so many workers, these options of the app and these faults: that it holds, that it breaks, or
    /// nothing.
    pub fn promised(
        &self,
        guarantee: &str,
        workers: u16,
        options: &[String],
        faults: &[Fault],
    ) -> Option<bool> {
        let options = options.join(" ").replace('=', " ");
        let is_meant = |promise: &&Promise| {
            let given = |option: &String| options.contains(option.as_str());
            promise.option.as_ref().is_none_or(given)
        };
        let several = if workers > 1 { 8 } else { 1 };
        let promises = self.promises.iter().filter(is_meant);
        let mut promises: Vec<_> = promises
            .filter(|promise| promise.workers.contains(&several))
            .collect();
        // What is promised of this option alone comes before what is promised of all.
        promises.sort_by_key(|promise| promise.option.is_none());
        promises.into_iter().find_map(|promise| {
            let lists = |list: &[String]| list.iter().any(|name| name == guarantee);
            let breaks = promise.faults.iter().all(|fault| faults.contains(fault));
            let holds = faults
                .iter()
                .all(|fault| *fault == Fault::Resume || promise.faults.contains(fault));
            match (
                lists(&promise.breaks) && breaks,
                lists(&promise.holds) && holds,
            ) {
                (true, _) => Some(false),
                (_, true) => Some(true),
                _ => None,
            }
        })
    }

    /// Whether the lesson's claim holds with so many workers: all that is promised of the app does, without faults and options.
    #[must_use]
    pub fn claim(&self, workers: u16) -> Claim {
        let plain = |promise: &&Promise| promise.option.is_none() && promise.faults.is_empty();
        let mut plain = self.promises.iter().filter(plain);
        match plain.any(|promise| promise.workers.contains(&workers) && !promise.breaks.is_empty())
        {
            true => Claim::Breaks,
            false => Claim::Holds,
        }
    }

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
