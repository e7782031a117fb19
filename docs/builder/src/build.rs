//! Checks the book and builds it, whole or not at all.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use mdbook_driver::{
    MDBook,
    book::{self, BookItem},
    config::Config,
};
use mdbook_summary::parse_summary;
use tempfile::TempDir;
use xtask::{registry::Registry, workspace::Workspace};

use crate::{
    book::Book,
    check,
    finding::{Finding, Place},
    kernel, log,
    repository::Repository,
    rewrite, sources,
};

/// mdBook's configuration.
const CONFIG: &str = "docs/book.toml";
const SUMMARY: &str = "docs/src/SUMMARY.md";

/// The line of the summary that the tutorials' chapters replace.
const TUTORIALS: &str = "<!-- The chapters of all tutorials, from their manifests. -->\n";

/// How it is told that mdBook has given up.
const NO_BOOK: &str = "mdBook cannot build the book";

/// Every book has this file, and hardly any other folder.
const MARK: &str = "toc.html";

/// A book that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) folder: PathBuf,
    pub(crate) chapters: usize,
    /// How many files of the repository it shows.
    pub(crate) sources: usize,
}

/// Why there is no new book: the chapters have mistakes, each with its place.
#[derive(Debug, thiserror::Error)]
#[error("mistakes in the book: {}", .0.len())]
pub(crate) struct Mistakes(pub(crate) Vec<Finding>);

/// Checks the book of `repository` and builds it in `folder`. What was there before stays until the new book is whole; a draft
/// takes its place also with mistakes.
pub(crate) fn build(
    repository: &Repository,
    folder: &Path,
    draft: bool,
) -> anyhow::Result<(Built, Vec<Finding>)> {
    ensure!(
        may_be_replaced(folder),
        "{} holds something that is no book, and is left as it is; choose an empty folder",
        folder.display()
    );
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let new = TempDir::with_prefix_in(".book-", parent)
        .with_context(|| format!("cannot make a folder in {}", parent.display()))?;

    // What mdBook only warns of is a finding here.
    let (written, warnings) = log::captured(|| write(repository, new.path()))
        .context("cannot keep what mdBook logs in a temporary file")?;
    let (chapters, sources, mut findings) = written?;
    let warnings = warnings.into_iter();
    findings.extend(
        warnings.map(|warning| Place::new(CONFIG, 0).finding(format!("mdBook says: {warning}"))),
    );
    findings.sort();
    findings.dedup();
    if !draft && !findings.is_empty() {
        return Err(Mistakes(findings).into());
    }
    put(&new, folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let built = Built {
        folder: folder.to_path_buf(),
        chapters,
        sources,
    };
    Ok((built, findings))
}

/// Gives the number of chapters and that of source pages with what is wrong.
fn write(repository: &Repository, folder: &Path) -> anyhow::Result<(usize, usize, Vec<Finding>)> {
    let registry = Registry::of(&Workspace::load()?)?;
    let mut mdbook = load(repository, &registry, folder).context(NO_BOOK)?;
    let book = Book::read(repository, registry, &mdbook.book)?;
    let mut findings = check::check(&book);
    render_chapters(&mut mdbook, &book).context(NO_BOOK)?;
    kernel::write(repository, folder)?;
    let sources = render_sources(&mut mdbook, &book, folder)?;
    findings.extend(check::pages::check(&book, folder)?);
    Ok((book.pages.len(), sources, findings))
}

fn load(repository: &Repository, registry: &Registry, folder: &Path) -> anyhow::Result<MDBook> {
    let mut config = Config::from_disk(repository.path(CONFIG))?;
    config.build.build_dir = folder.to_path_buf();
    // Includes are resolved already: by mdBook itself a missing one would be a line in the log.
    config.build.use_default_preprocessors = false;
    // A page of errors would have to know at which address the book is served.
    config.set("output.html.input-404", "")?;
    // Source pages share these files with the chapters; see below.
    config.set("output.html.hash-files", false)?;
    let summary = parse_summary(&summary(repository, registry)?)?;
    MDBook::load_with_config_and_summary(repository.path("docs"), config, summary)
}

/// The book's contents: those of `SUMMARY.md`, with the tutorials in the place of the comment that announces them.
fn summary(repository: &Repository, registry: &Registry) -> anyhow::Result<String> {
    let mut chapters = String::new();
    for tutorial in &registry.tutorials {
        let entry = &tutorial.entry;
        chapters += &format!("- [{}]({})\n", entry.title, entry.chapter);
    }
    let file = repository.path(SUMMARY);
    let summary =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(summary.replace(TUTORIALS, &chapters))
}

fn render_chapters(mdbook: &mut MDBook, book: &Book) -> anyhow::Result<()> {
    mdbook.book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item
            && let Some(file) = chapter.path.as_deref()
            && let Some(page) = book.pages.iter().find(|page| Path::new(&page.file) == file)
        {
            chapter.content = rewrite::rewrite(page, book);
        }
    });
    mdbook.build()
}

/// Renders the source pages as a book of their own, and moves them to that of the chapters. So neither its contents nor its
/// search nor its print page has them, and they have all three. Gives their number.
fn render_sources(mdbook: &mut MDBook, book: &Book, folder: &Path) -> anyhow::Result<usize> {
    let chapters = sources::chapters(book);
    let number = chapters.len();
    if number > 0 {
        let own = folder.join(".sources");
        mdbook.book = book::Book::new_with_items(chapters);
        mdbook.config.build.build_dir.clone_from(&own);
        mdbook.build().context(NO_BOOK)?;
        let moved = fs::rename(own.join("source"), folder.join("source"));
        let moved = moved.and_then(|()| fs::remove_dir_all(&own));
        moved.context("cannot move the source pages to the book")?;
    }
    Ok(number)
}

/// Whether the folder is missing, empty, or a book.
fn may_be_replaced(folder: &Path) -> bool {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    !folder.exists() || is_empty() || folder.join(MARK).is_file()
}

/// Moves the new book to its place. Between the two renames nobody finds a book there, but nobody ever finds half of one.
fn put(new: &TempDir, folder: &Path) -> io::Result<()> {
    let old = new.path().with_extension("old");
    if folder.exists() {
        fs::rename(folder, &old)?;
    }
    fs::rename(new, folder)?;
    // A folder that a temporary directory has made is its owner's alone.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    match fs::remove_dir_all(&old) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
