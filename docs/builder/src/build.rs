//! Checks the book and builds it, whole or not at all.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use mdbook_driver::{
    MDBook,
    book::{self, BookItem},
    config::Config,
};
use tempfile::TempDir;

use crate::{
    book::Book,
    check,
    finding::{Finding, Place},
    log,
    repository::Repository,
    rewrite, sources,
};

/// mdBook's configuration.
const CONFIG: &str = "docs/book.toml";

/// Every book has this file, and hardly any other folder.
const MARK: &str = "toc.html";

/// A book that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Where it is.
    pub folder: PathBuf,
    /// How many chapters it has.
    pub chapters: usize,
    /// How many files of the repository it shows.
    pub sources: usize,
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chapters have mistakes, each with its place.
    #[error("mistakes in the book: {}", .0.len())]
    Findings(Vec<Finding>),
    /// The folder for the book holds something that is not a book, which building would delete.
    #[error("{} holds something that is no book, and is left as it is; choose an empty folder", .0.display())]
    NotABook(PathBuf),
    /// A file or a folder cannot be read or written.
    #[error("cannot {verb} {}: {source}", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The repository's files or its tutorials cannot be listed.
    #[error("{0:#}")]
    Workspace(anyhow::Error),
    /// mdBook has given up.
    #[error("mdBook cannot build the book: {0:#}")]
    MdBook(anyhow::Error),
}

impl Error {
    pub(crate) fn io(verb: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        Self::Io { verb, path, source }
    }
}

/// Checks the book of `repository` and builds it in `folder`. What was there before stays until the new book is whole; a draft
/// takes its place also with mistakes.
///
/// # Errors
///
/// With all findings, when there are any and this is no draft; when a chapter is missing, without which mdBook builds none; or when a
/// file cannot be read or written.
pub fn build(
    repository: &Repository,
    folder: &Path,
    draft: bool,
) -> Result<(Built, Vec<Finding>), Error> {
    if !may_be_replaced(folder) {
        return Err(Error::NotABook(folder.to_path_buf()));
    }
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|error| Error::io("make", parent, error))?;
    let new = tempfile::Builder::new()
        .prefix(".book-")
        .tempdir_in(parent)
        .map_err(|error| Error::io("make a folder in", parent, error))?;

    // What mdBook only warns of is a finding here.
    let (written, warnings) = log::captured(|| write(repository, new.path()))
        .map_err(|error| Error::io("write", &env::temp_dir(), error))?;
    let (mut built, mut findings) = written?;
    folder.clone_into(&mut built.folder);
    let warnings = warnings.into_iter();
    findings.extend(
        warnings.map(|warning| Place::new(CONFIG, 0).finding(format!("mdBook says: {warning}"))),
    );
    findings.sort();
    findings.dedup();
    if !draft && !findings.is_empty() {
        return Err(Error::Findings(findings));
    }
    put(&new, folder)?;
    Ok((built, findings))
}

fn write(repository: &Repository, folder: &Path) -> Result<(Built, Vec<Finding>), Error> {
    let mut mdbook = load(repository, folder).map_err(Error::MdBook)?;
    let book = Book::read(repository, &mdbook.book)?;
    let mut findings = check::check(&book);
    render_chapters(&mut mdbook, &book).map_err(Error::MdBook)?;
    let sources = render_sources(&mut mdbook, &book, folder)?;
    findings.extend(check::pages::check(&book, folder)?);
    let built = Built {
        folder: folder.to_path_buf(),
        chapters: book.pages.len(),
        sources,
    };
    Ok((built, findings))
}

fn load(repository: &Repository, folder: &Path) -> anyhow::Result<MDBook> {
    let mut config = Config::from_disk(repository.path(CONFIG))?;
    config.build.build_dir = folder.to_path_buf();
    // Includes are resolved already: by mdBook itself a missing one would be a line in the log.
    config.build.use_default_preprocessors = false;
    // A page of errors would have to know at which address the book is served.
    config.set("output.html.input-404", "")?;
    // Source pages share these files with the chapters; see below.
    config.set("output.html.hash-files", false)?;
    MDBook::load_with_config(repository.path("docs"), config)
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
fn render_sources(mdbook: &mut MDBook, book: &Book, folder: &Path) -> Result<usize, Error> {
    let chapters = sources::chapters(book);
    let number = chapters.len();
    if number > 0 {
        let own = folder.join(".sources");
        mdbook.book = book::Book::new_with_items(chapters);
        mdbook.config.build.build_dir.clone_from(&own);
        mdbook.build().map_err(Error::MdBook)?;
        let moved = fs::rename(own.join("source"), folder.join("source"));
        let moved = moved.and_then(|()| fs::remove_dir_all(&own));
        moved.map_err(|error| Error::io("move the source pages to", folder, error))?;
    }
    Ok(number)
}

/// Whether the folder is missing, empty, or a book.
fn may_be_replaced(folder: &Path) -> bool {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    !folder.exists() || is_empty() || folder.join(MARK).is_file()
}

/// Moves the new book to its place. Between the two renames nobody finds a book there, but nobody ever finds half of one.
fn put(new: &TempDir, folder: &Path) -> Result<(), Error> {
    let replace = || {
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
    };
    replace().map_err(|error| Error::io("write", folder, error))
}
