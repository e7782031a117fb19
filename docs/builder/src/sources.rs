//! Pages of the book that show files of the repository, so that a reader without network reaches every line that a chapter names.
//!
//! They are chapters that stand in no summary. mdBook draws them like all others.

use std::collections::BTreeMap;

use mdbook_driver::book::{BookItem, Chapter};

use crate::{
    book::Book,
    functions, html,
    link::{self, Target},
    page::Page,
    rewrite,
};

/// A chapter for each file that the book's chapters link or show a part of.
pub(crate) fn chapters(book: &Book) -> Vec<BookItem> {
    let mut mentions: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in &book.pages {
        for path in mentioned(page, book) {
            let pages = mentions.entry(path).or_default();
            if !pages.iter().any(|other| other.file == page.file) {
                pages.push(page);
            }
        }
    }
    let chapter = |(path, pages): (String, Vec<&Page>)| {
        // A link to what is no text is found as one that leads nowhere.
        let text = book.repository.read(&path).ok()?;
        let file = link::source_page(&path).replace(".html", ".md");
        let content = content(&path, &text, &pages);
        let chapter = Chapter::new(&path, content, file, Vec::new());
        Some(BookItem::Chapter(chapter))
    };
    mentions.into_iter().filter_map(chapter).collect()
}

fn mentioned(page: &Page, book: &Book) -> Vec<String> {
    let (events, _) = page.events();
    let links = link::links(&events).into_iter();
    let targets = links.filter_map(|link| Target::of(&page.path(), &link.destination));
    let linked = targets.filter(Target::is_source).map(|target| target.path);
    let includes = page.includes.iter().map(|include| &include.directive.path);
    let included = includes.filter(|path| rewrite::has_source_page(path));
    let listings = book.tutorial(page).into_iter().flat_map(|tutorial| {
        let apps = tutorial.entry.apps.iter();
        apps.map(move |app| book.listing(tutorial, app))
    });
    linked.chain(included.cloned()).chain(listings).collect()
}

fn content(path: &str, text: &str, pages: &[&Page]) -> String {
    let root = "../".repeat(path.matches('/').count() + 1);
    let links = pages.iter().map(|page| {
        let title = html::escape(&page.title);
        format!("<a href=\"{root}{}\">{title}</a>", page.html())
    });
    let links = links.collect::<Vec<_>>().join(", ");
    let language = language(path);
    // The empty comment keeps mdBook from taking lines with `# ` for lines that it should hide.
    format!(
        "<h1 class=\"source-path\">{path}</h1>\n\
         <p class=\"source-chapters\">Mentioned in: {links}.</p>\n\n\
         <div class=\"source\">\n<div class=\"source-lines\">{}</div>\n\n\
         <pre><code class=\"language-{language}\"><!-- -->{}</code></pre>\n\n</div>\n",
        line_numbers(path, text),
        html::escape(text),
    )
}

/// The number of each line, which links to itself, and below the name of the function that begins there.
fn line_numbers(path: &str, text: &str) -> String {
    let mut names = BTreeMap::new();
    if path.ends_with(".rs") {
        for (name, line) in functions::functions(text) {
            names.entry(name).or_insert(line);
        }
    }
    let number = |number| {
        let name = names.iter().find(|(_, line)| **line == number);
        let name = name.map_or(String::new(), |(name, _)| {
            format!("<span id=\"{name}\"></span>")
        });
        format!("{name}<a id=\"L{number}\" href=\"#L{number}\">{number}</a>\n")
    };
    (1..=text.lines().count()).map(number).collect()
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "rs" => "rust",
        "js" | "mjs" => "javascript",
        "md" => "markdown",
        "toml" => "toml",
        "css" => "css",
        "json" => "json",
        "html" => "html",
        _ => "plaintext",
    }
}
