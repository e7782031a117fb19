//! Books that the program builds: a small one, whole and broken, and the one of this repository.

use std::{fs, path::Path, process::Output};

use crate::small::{self, SmallBook};

#[test]
fn a_small_book_is_built_with_everything_that_it_shows() {
    let book = SmallBook::new();
    let output = book.build();
    assert!(output.status.success(), "{}", text(&output));

    let second = book.page("second.html");
    for part in [
        // The card, from the manifest.
        "<code>cargo xtask run second --workers 8</code>",
        // The caption of the listing, the listing without its anchors, and the session.
        "<a href=\"source/tutorials/second/src/lib.rs.html#L2\">tutorials/second/src/lib.rs</a>",
        "pub fn app() {}",
        "$ cargo xtask run second --workers 8",
        // The proof, the drawing, the two screenshots.
        "href=\"source/tests/tests/all.rs.html#it_holds\"",
        "<figure class=\"diagram\">",
        "<img class=\"only-dark\" src=\"screens/second-dark.png\" alt=\"The page\">",
        // mdBook's own way back.
        "rel=\"prev\" href=\"first.html\"",
    ] {
        assert!(second.contains(part), "{part} is not in\n{second}");
    }
    assert!(!second.contains("ANCHOR"), "{second}");

    let source = book.page("source/tests/tests/all.rs.html");
    for part in [
        "id=\"it_holds\"",
        "<a id=\"L2\" href=\"#L2\">2</a>",
        "<a href=\"../../../second.html\">Second</a>",
        "const path_to_root = \"../../../\"",
        "class=\"language-rust\"",
    ] {
        assert!(source.contains(part), "{part} is not in\n{source}");
    }
}

#[test]
fn a_broken_include_link_and_anchor_are_named_with_file_and_line() {
    let book = SmallBook::new();
    book.change("docs/src/second.md", |text| {
        text.replace("lib.rs:app}}", "lib.rs:gone}}")
            .replace("[first](first.md)", "[first](first.md#gone)")
            .replace("[why](first.md)", "[why](gone.md)")
    });
    let output = book.build();
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    for line in [
        "docs/src/second.md:5: first.md has no heading `#gone`",
        "docs/src/second.md:23: tutorials/second/src/lib.rs has no anchor `gone`; it has `app`",
        "docs/src/second.md:28: `gone.md` leads nowhere: there is no file docs/src/gone.md",
        "tutorials/second/src/lib.rs:1: no chapter includes the anchor `app`",
        "error: the book has 4 mistakes",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!book.folder().exists(), "a book with mistakes was built");
}

#[test]
fn a_chapter_that_is_missing_is_named_with_the_line_of_the_summary() {
    let book = SmallBook::new();
    fs::remove_file(book.path("docs/src/second.md")).unwrap();
    let output = book.build();
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    let expected = "docs/src/SUMMARY.md:4: the chapter docs/src/second.md is missing; write it, or take this line out\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_book_with_mistakes_leaves_the_one_before() {
    let book = SmallBook::new();
    assert!(book.build().status.success());
    let before = book.page("second.html");
    book.change("docs/src/second.md", |text| {
        text.replace("## Why", "## Because")
    });
    assert_eq!(book.build().status.code(), Some(1));
    assert_eq!(book.page("second.html"), before);
    let entries = fs::read_dir(book.folder().parent().unwrap()).unwrap();
    assert_eq!(entries.count(), 1, "something is left over beside the book");
}

#[test]
fn what_mdbook_only_warns_of_is_a_mistake() {
    let book = SmallBook::new();
    book.change("docs/src/second.md", |text| {
        text.replace("Because it is kept.", "<b>Because")
    });
    let output = book.build();
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    assert!(text.contains("docs/book.toml: mdBook says: "), "{text}");
}

#[test]
fn outside_of_a_repository_there_is_no_book_to_build() {
    let folder = tempfile::tempdir().unwrap();
    let output = small::program(folder.path(), &["build"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    assert!(
        text.contains("there is no docs/book.toml in this folder or above it"),
        "{text}"
    );
}

/// The builder looks through every page for other hosts; this looks at what it would have had to find.
#[test]
fn the_book_builds_and_asks_no_other_host() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let dest = folder.path().join("book");
    let dest_text = dest.display().to_string();
    let output = small::program(root, &["build", "--dest", &dest_text])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));

    let first = fs::read_to_string(dest.join("index.html")).unwrap();
    let scripts = first
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let styles = first
        .split("<link")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let asked: Vec<_> = scripts
        .chain(styles)
        .filter(|tag| tag.contains("//"))
        .collect();
    assert_eq!(asked, [""; 0]);
    // The search is mdBook's own: its index and its program are files of the book.
    let names: Vec<_> = fs::read_dir(&dest)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    for name in ["searchindex", "elasticlunr", "highlight"] {
        let is_there = names
            .iter()
            .any(|file| file.starts_with(name) && file.ends_with(".js"));
        assert!(is_there, "{name} is not in {names:?}");
    }
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}
