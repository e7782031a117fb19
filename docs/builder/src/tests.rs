//! Small books for the tests of the checks.

use std::fs;

use tempfile::TempDir;

use crate::{
    book::Book,
    finding::Finding,
    page::Page,
    repository::{CHAPTERS, Repository},
    summary::{Entry, SUMMARY},
};

/// A repository with these files, in a folder that lives as long as the first value.
pub(crate) fn repository(files: &[(&str, &str)]) -> (TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let repository = Repository::new(folder.path());
    (folder, repository)
}

/// The chapter `a.md`, titled A, in a repository with these files.
pub(crate) fn chapter(text: &str, files: &[(&str, &str)]) -> (Page, Vec<Finding>) {
    let (_folder, repository) = repository(files);
    read(&repository, text)
}

/// The chapter `a.md`, titled A, in this repository.
pub(crate) fn chapter_in(repository: &Repository, text: &str) -> (Page, Vec<Finding>) {
    read(repository, text)
}

fn read(repository: &Repository, text: &str) -> (Page, Vec<Finding>) {
    let entry = Entry {
        title: "A".into(),
        file: "a.md".into(),
        line: 1,
    };
    fs::create_dir_all(repository.path(CHAPTERS)).unwrap();
    fs::write(repository.path(&entry.path()), text).unwrap();
    Page::read(repository, &entry)
}

/// A book of these chapters, each titled with its file's name, in a repository with these files.
pub(crate) fn book(chapters: &[(&str, &str)], files: &[(&str, &str)]) -> (TempDir, Book) {
    let (folder, repository) = repository(files);
    fs::create_dir_all(repository.path(CHAPTERS)).unwrap();
    let mut summary = String::from("# Summary\n\n");
    for (file, text) in chapters {
        summary += &format!("- [{file}]({file})\n");
        fs::write(repository.path(&format!("{CHAPTERS}/{file}")), text).unwrap();
    }
    fs::write(repository.path(SUMMARY), summary).unwrap();
    let (book, findings) = Book::read(&repository);
    assert_eq!(messages(&findings), [""; 0]);
    (folder, book)
}

/// The findings as they are printed.
pub(crate) fn messages(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// The findings in `docs/src`, each by its line.
pub(crate) fn lines(findings: &[Finding]) -> Vec<(usize, String)> {
    findings
        .iter()
        .map(|finding| {
            let place = &finding.place;
            assert!(place.path.starts_with(CHAPTERS), "{finding}");
            (place.line, finding.message.clone())
        })
        .collect()
}
