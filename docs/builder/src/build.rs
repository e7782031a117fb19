//! Checks the book and builds it, whole or not at all.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use mdbook_driver::{MDBook, book::BookItem, config::Config};

use tempfile::TempDir;

use crate::{
    book::Book,
    check::{self, Python},
    finding::{Finding, Place},
    log,
    repository::Repository,
    rewrite, source_page,
};

/// mdBook's configuration.
const CONFIG: &str = "docs/book.toml";

/// Every book has this file, and hardly any other folder.
const MARK: &str = "toc.js";

/// A book that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Where it is.
    pub folder: PathBuf,
    /// How many chapters it has.
    pub chapters: usize,
    /// How many files of the repository it shows.
    pub sources: usize,
    /// What was not checked on this machine, and why, in sentences.
    pub left_out: Vec<String>,
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chapters have mistakes, each with its place.
    #[error("the book has {}", Count(.0.len()))]
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
    /// mdBook has given up.
    #[error("mdBook cannot build the book: {0}")]
    MdBook(String),
    /// mdBook's page has changed so that no source page can be made of it.
    #[error(
        "a page of mdBook's is not as expected, so that no source page can be made of it; see docs/builder/src/source_page.rs"
    )]
    Model,
}

/// "1 mistake", "3 mistakes".
struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 mistake"),
            many => write!(f, "{many} mistakes"),
        }
    }
}

impl Error {
    pub(crate) fn io(verb: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        Self::Io { verb, path, source }
    }
}

/// Checks the book of `repository` and builds it in `folder`. What was there before stays until the new book is whole.
///
/// # Errors
///
/// With all findings, when there are any; or when a file cannot be read or written.
pub fn build(repository: &Repository, folder: &Path) -> Result<Built, Error> {
    let (new, built, findings) = attempt(repository, folder)?;
    if !findings.is_empty() {
        return Err(Error::Findings(findings));
    }
    put(&new, folder)?;
    Ok(built)
}

/// Builds the book for its authors, mistakes and all, and gives the mistakes beside it.
///
/// # Errors
///
/// When a chapter is missing, without which mdBook builds none; or when a file cannot be read or written.
pub fn draft(repository: &Repository, folder: &Path) -> Result<(Built, Vec<Finding>), Error> {
    let (new, built, findings) = attempt(repository, folder)?;
    put(&new, folder)?;
    Ok((built, findings))
}

/// Builds it beside `folder`, with everything that is wrong with it.
fn attempt(
    repository: &Repository,
    folder: &Path,
) -> Result<(TempDir, Built, Vec<Finding>), Error> {
    if !may_be_replaced(folder) {
        return Err(Error::NotABook(folder.to_path_buf()));
    }
    let python = Python::find();
    let (book, mut findings) = Book::read(repository);
    findings.extend(check::check(&book, &python));
    if !book.is_whole {
        return Err(Error::Findings(sorted(findings)));
    }
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|error| Error::io("make", parent, error))?;
    let new = tempfile::Builder::new()
        .prefix(".book-")
        .tempdir_in(parent)
        .map_err(|error| Error::io("make a folder in", parent, error))?;
    findings.extend(render(&book, new.path())?);
    let sources = source_page::write(&book, new.path())?;
    findings.extend(check::built::check(&book, new.path(), findings.is_empty()));
    let without_python = "python3 is not in PATH: the Python blocks were not checked";
    let built = Built {
        folder: folder.to_path_buf(),
        chapters: book.pages.len(),
        sources,
        left_out: (!python.is_there())
            .then(|| without_python.to_owned())
            .into_iter()
            .collect(),
    };
    Ok((new, built, sorted(findings)))
}

/// Moves the new book to its place.
fn put(new: &TempDir, folder: &Path) -> Result<(), Error> {
    replace(folder, new.path()).map_err(|error| Error::io("write", folder, error))
}

/// Lets mdBook write the pages. What it only warns of is a finding here.
fn render(book: &Book, folder: &Path) -> Result<Vec<Finding>, Error> {
    let failed = |error: mdbook_driver::errors::Error| Error::MdBook(format!("{error:#}"));
    let mut config = Config::from_disk(book.repository.path(CONFIG)).map_err(failed)?;
    config.build.build_dir = folder.to_path_buf();
    // Includes are resolved already: by mdBook itself a missing one would be a line in the log.
    config.build.use_default_preprocessors = false;
    // A page of errors would have to know at which address the book is served.
    config.set("output.html.input-404", "").map_err(failed)?;
    let (rendered, warnings) = log::captured(|| {
        let mut mdbook = MDBook::load_with_config(book.repository.path("docs"), config)?;
        mdbook.book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item {
                let file = chapter.path.as_ref().map(|path| path.display().to_string());
                let page = book
                    .pages
                    .iter()
                    .find(|page| Some(&page.entry.file) == file.as_ref());
                if let Some(page) = page {
                    chapter.content = rewrite::rewrite(page, book);
                }
            }
        });
        mdbook.build()
    });
    rendered.map_err(failed)?;
    let warnings = warnings.into_iter();
    Ok(warnings
        .map(|warning| Place::new(CONFIG, 0).finding(format!("mdBook says: {warning}")))
        .collect())
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort();
    findings.dedup();
    findings
}

/// Whether the folder is missing, empty, or a book.
fn may_be_replaced(folder: &Path) -> bool {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    let is_book = || {
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let (stem, end) = MARK.split_once('.').unwrap_or((MARK, ""));
        // mdBook puts a hash of its content into the name.
        names.any(|name| name.starts_with(stem) && name.ends_with(end))
    };
    !folder.exists() || is_empty() || is_book()
}

/// Puts `new` in the place of `folder`. Between the two renames nobody finds a book there, but nobody ever finds half of one.
fn replace(folder: &Path, new: &Path) -> io::Result<()> {
    let old = new.with_extension("old");
    if folder.exists() {
        fs::rename(folder, &old)?;
    }
    fs::rename(new, folder)?;
    // A folder that a temporary directory has made is its owner's alone.
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    match fs::remove_dir_all(&old) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_holds_something_else_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letters.txt"), "mine").unwrap();
        let error = build(&Repository::new("/nowhere"), folder.path()).unwrap_err();
        assert!(matches!(error, Error::NotABook(_)), "{error}");
        assert!(folder.path().join("letters.txt").is_file());
    }

    #[test]
    fn a_new_book_takes_the_place_of_the_old_one() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, new) = (parent.path().join("book"), parent.path().join("new"));
        for content in ["one", "two"] {
            fs::create_dir(&new).unwrap();
            fs::write(new.join(MARK), content).unwrap();
            assert!(may_be_replaced(&folder));
            replace(&folder, &new).unwrap();
            assert_eq!(fs::read_to_string(folder.join(MARK)).unwrap(), content);
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
