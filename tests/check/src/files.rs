//! What a run leaves behind: its history, and a picture.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use histories::{History, Place, Verdict, picture};
use xtask::registry::{App, Claim};

use crate::verdicts::Expected;

/// How many events a picture shows beside each of two that contradict each other.
const SHOWN: usize = 8;

/// Reads a history of an app.
pub(crate) fn read(file: &Path, app: &App) -> anyhow::Result<History> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let history = History::parse(&text).with_context(|| file.display().to_string())?;
    let lesson = &history.header().lesson;
    anyhow::ensure!(
        *lesson == app.id,
        "{}: line 1: this is a history of {lesson}; expected one of {}",
        file.display(),
        app.id
    );
    Ok(history)
}

/// Where a run's picture goes if nobody says.
pub(crate) fn usual(root: &Path, history: &History) -> PathBuf {
    let header = history.header();
    let seed = header.seed.unwrap_or_default();
    root.join(format!(
        "target/histories/{}-{}-{seed}.svg",
        header.lesson, header.workers
    ))
}

/// Writes a picture of where a history breaks or of its beginning.
pub(crate) fn draw(
    file: &Path,
    app: &App,
    history: &History,
    expected: &[Expected],
) -> anyhow::Result<()> {
    let mut verdicts = expected
        .iter()
        .map(|expected| expected.guarantee.judge(history));
    let broken = verdicts.find(|verdict| matches!(verdict, Verdict::Broken(_)));
    let verdict = broken.unwrap_or(Verdict::Holds(history.calls().len()));
    let (part, verdict) = history.excerpt(&verdict, SHOWN);
    let options = &history.header().options;
    let is_here = |place: &&xtask::registry::Place| {
        place.options.last().is_none_or(|own| options.contains(own))
    };
    let place = app.places.iter().find(is_here).or(app.places.first());
    let name = place.map_or("", |place| &place.name);
    let in_browser = app
        .operation
        .as_ref()
        .is_some_and(|operation| operation.held.is_some());
    let place = match (in_browser, app.claim(8)) {
        (true, _) => Place::People,
        (_, Claim::Breaks) => Place::Workers,
        (_, Claim::Holds) => Place::Outside(name),
    };
    write(file, &picture(&part, place, &verdict))
}

/// Writes a file, in a folder that is made for it.
pub(crate) fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    written.with_context(|| format!("cannot write {}", file.display()))
}
