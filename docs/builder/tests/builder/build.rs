//! Books that the program builds or refuses to build.

use std::fs;

use crate::small::{self, SmallBook};

#[test]
fn a_small_book_is_built_with_everything_that_it_shows() {
    let book = SmallBook::new();
    let (code, text) = book.run(&["build"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.ends_with("2 chapters, and 2 files of the repository.\n"),
        "{text}"
    );

    let second = book.page("second.html");
    for part in [
        // The card, from the manifest.
        "<p>In a <code>dcc.Store</code>.</p>",
        "<code>cargo xtask run second --workers 8</code>",
        "8 workers: <strong class=\"breaks\">breaks</strong>",
        "<a href=\"source/tutorials/second/src/lib.rs.html\">the listing</a>",
        // The caption of the listing, the listing without its anchors, and the session.
        "<a href=\"source/tutorials/second/src/lib.rs.html#L2\">tutorials/second/src/lib.rs</a>",
        "pub fn app() {}",
        "$ cargo xtask run second \\\n",
        // The test, the link by name, the drawing, the two screenshots, the way back.
        "href=\"source/tests/tests/all.rs.html#it_holds\"",
        "<a href=\"source/tests/tests/all.rs.html\">by name</a>",
        "<figure class=\"diagram\">\n<svg role=\"img\">\n</svg>\n</figure>",
        "<img class=\"only-dark\" src=\"screens/second-dark.png\" alt=\"The &lt;page&gt;\">",
        "rel=\"prev\" href=\"first.html\"",
    ] {
        assert!(second.contains(part), "{part} is not in it");
    }
    assert!(!second.contains("ANCHOR"), "{second}");

    let source = book.page("source/tests/tests/all.rs.html");
    for part in [
        "<title>tests/tests/all.rs - Small</title>",
        "<span id=\"it_holds\"></span><a id=\"L2\" href=\"#L2\">2</a>",
        "<a href=\"../../../first.html\">First</a>, <a href=\"../../../second.html\">Second</a>",
        "const path_to_root = \"../../../\"",
        "src=\"../../../toc.js\"",
        "class=\"language-rust\"",
    ] {
        assert!(source.contains(part), "{part} is not in it");
    }
    assert_eq!(source.matches("id=\"it_holds\"").count(), 1);
    assert!(
        !book.page("toc.js").contains("source/"),
        "the contents list source pages"
    );
}

#[test]
fn a_book_with_mistakes_leaves_the_one_before() {
    let book = SmallBook::new();
    assert_eq!(book.run(&["build"]).0, Some(0));
    let before = book.page("second.html");
    book.change("## The code", "## Code");
    let (code, text) = book.run(&["build"]);
    assert_eq!(code, Some(1));
    assert!(text.ends_with("error: mistakes in the book: 1\n"), "{text}");
    assert_eq!(book.page("second.html"), before);
    let beside = fs::read_dir(book.path("target")).unwrap();
    assert_eq!(beside.count(), 1, "something is left over beside the book");
    book.change("## Code", "## Codes");
    assert_eq!(book.run(&["build", "--draft"]).0, Some(1));
    assert_ne!(book.page("second.html"), before, "a draft has its mistakes");
}

#[test]
fn a_folder_that_holds_something_else_is_left_as_it_is() {
    let book = SmallBook::new();
    book.write("target/book/letters.txt", "mine");
    let (code, text) = book.run(&["build"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("holds something that is no book"), "{text}");
    assert!(book.path("target/book/letters.txt").is_file());
}

#[test]
fn what_mdbook_only_warns_of_is_a_mistake() {
    let book = SmallBook::new();
    book.change("See [why]", "<b>See [why]");
    let (code, text) = book.run(&["build"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("docs/book.toml: mdBook says: "), "{text}");
}

#[test]
fn a_chapter_that_is_missing_is_named() {
    let book = SmallBook::new();
    fs::remove_file(book.path("docs/src/second.md")).unwrap();
    let (code, text) = book.run(&["build"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("second.md"), "{text}");
}

#[test]
fn outside_of_a_repository_there_is_no_book_to_build() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = small::run(folder.path(), &["build"]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains("there is no docs/book.toml in this folder or above it"),
        "{text}"
    );
}
