//! Pages of the book that show files of the repository, so that a reader without network reaches every line that a chapter names.
//!
//! Such a page is a page of mdBook's with another inside: the same bars, styles, themes and search.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::{
    book::Book,
    build::Error,
    check::links::{self, Target},
    html, repository, rewrite, rust,
};

/// The style of the line numbers.
const STYLE: &str = include_str!("../assets/source.css");
const STYLE_FILE: &str = "source/source.css";

/// Writes a page for each file that a chapter links or shows a part of. Gives their number.
pub(crate) fn write(book: &Book, folder: &Path) -> Result<usize, Error> {
    let Some(model) = book
        .pages
        .iter()
        .find(|page| !page.entry.file.contains('/'))
    else {
        return Ok(0);
    };
    let model = folder.join(model.entry.file.replace(".md", ".html"));
    let model = fs::read_to_string(&model).map_err(|error| Error::io("read", &model, error))?;
    let mentions = mentions(book);
    for (path, chapters) in &mentions {
        let text = book.repository.read(path).unwrap_or_default();
        let file = rewrite::source_page(path);
        let page =
            page(&model, &file, path, &main(&file, path, &text, chapters)).ok_or(Error::Model)?;
        put(&folder.join(&file), &page)?;
    }
    put(&folder.join(STYLE_FILE), STYLE)?;
    Ok(mentions.len())
}

fn put(path: &Path, text: &str) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| Error::io("make", parent, error))?;
    fs::write(path, text).map_err(|error| Error::io("write", path, error))
}

/// The files that get a page, each with the chapters that mention it: their place in the book, title and file.
type Mentions = BTreeMap<String, BTreeSet<(usize, String, String)>>;

fn mentions(book: &Book) -> Mentions {
    let mut mentions = Mentions::new();
    for (number, page) in book.pages.iter().enumerate() {
        let (events, _) = page.events();
        let linked = links::links(&events).into_iter().filter_map(|link| {
            match links::target(&book.repository, page, &link.destination) {
                Ok(Target::Source { path, .. }) => Some(path),
                _ => None,
            }
        });
        let included = page
            .includes
            .iter()
            .map(|include| include.directive.path.clone());
        let included = included.filter(|path| rewrite::has_source_page(path));
        let tutorial = book.tutorial(page).into_iter();
        let listings = tutorial.flat_map(|tutorial| {
            let apps = tutorial.entry.apps.iter();
            apps.map(|app| format!("{}/{}", tutorial.folder, app.listing))
        });
        for path in linked.chain(included).chain(listings) {
            let chapter = (
                number,
                page.entry.title.clone(),
                page.entry.file.replace(".md", ".html"),
            );
            mentions.entry(path).or_default().insert(chapter);
        }
    }
    mentions
}

/// What stands in the middle of the page.
fn main(
    file: &str,
    path: &str,
    text: &str,
    chapters: &BTreeSet<(usize, String, String)>,
) -> String {
    let chapters: Vec<_> = chapters
        .iter()
        .map(|(_, title, page)| {
            let link = repository::relative(file, page);
            format!("<a href=\"{link}\">{}</a>", html::escape(title))
        })
        .collect();
    let functions = if path.ends_with(".rs") {
        rust::functions(text)
    } else {
        Vec::new()
    };
    let numbers: String = (1..=text.lines().count())
        .map(|number| line_number(number, &functions))
        .collect();
    let language = language(path);
    format!(
        "<h1 class=\"source-path\">{path}</h1>\n\
         <p class=\"source-chapters\">Mentioned in: {}.</p>\n\
         <div class=\"source\">\n<div class=\"source-lines\">{numbers}</div>\n\
         <pre><code class=\"language-{language}\">{}</code></pre>\n</div>\n",
        chapters.join(", "),
        html::escape(text),
    )
}

/// The number of a line, which links to itself, and below the name of each function that begins there.
fn line_number(number: usize, functions: &[rust::Function]) -> String {
    let mut names = String::new();
    for (index, function) in functions
        .iter()
        .enumerate()
        .filter(|(_, function)| function.line == number)
    {
        let is_first = functions[..index]
            .iter()
            .all(|other| other.name != function.name);
        if is_first {
            names += &format!("<span id=\"{}\"></span>", function.name);
        }
    }
    format!("{names}<a id=\"L{number}\" href=\"#L{number}\">{number}</a>\n")
}

fn language(path: &str) -> &'static str {
    let languages = [
        (".rs", "rust"),
        (".toml", "toml"),
        (".js", "javascript"),
        (".mjs", "javascript"),
        (".css", "css"),
        (".json", "json"),
        (".md", "markdown"),
        (".html", "html"),
    ];
    let known = languages.iter().find(|(end, _)| path.ends_with(end));
    known.map_or("plaintext", |(_, language)| language)
}

/// A page of mdBook's with another title and another inside, as seen from the deeper folder of `file`. None if it is not as expected.
fn page(model: &str, file: &str, title: &str, main: &str) -> Option<String> {
    let root = repository::relative(file, "");
    let (head, rest) = model.split_once("<main>")?;
    let (_, tail) = rest.split_once("</main>")?;
    let head = deeper(head, &root);
    let tail = deeper(&without_navigation(tail), &root);
    let (before, after) = head.split_once("<title>")?;
    let (_, after) = after.split_once("</title>")?;
    let style = format!("<link rel=\"stylesheet\" href=\"{root}{STYLE_FILE}\">");
    let head = format!("{before}<title>{title}</title>\n{style}{after}");
    let scripts = [
        "const path_to_root = \"",
        "window.path_to_searchindex_js = \"",
    ];
    let head = scripts.iter().try_fold(head, |head, script| {
        // A book without search has no second one.
        (*script != scripts[0] || head.contains(script))
            .then(|| head.replace(script, &format!("{script}{root}")))
    })?;
    Some(format!("{head}<main>\n{main}</main>{tail}"))
}

/// Puts `root` before every address inside the book.
fn deeper(part: &str, root: &str) -> String {
    let mut moved = String::new();
    let mut at = 0;
    for attribute in html::attributes(part) {
        let is_address = ["href", "src"].contains(&attribute.name);
        let is_inside = !attribute.value.starts_with(['#', '/']) && !attribute.value.contains(':');
        if is_address && is_inside {
            moved += &part[at..attribute.at];
            moved += root;
            at = attribute.at;
        }
    }
    moved + &part[at..]
}

/// Without the links to the chapters before and after.
fn without_navigation(part: &str) -> String {
    let mut rest = part;
    let mut kept = String::new();
    while let Some(start) = rest.find("<nav class=\"nav-") {
        let Some(end) = rest[start..].find("</nav>") else {
            break;
        };
        kept += &rest[..start];
        rest = &rest[start + end + "</nav>".len()..];
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_the_bars_and_is_seen_from_its_own_folder() {
        let model = "<head><title>Old</title><link href=\"a.css\"><script>const path_to_root = \"\";</script></head>\
                     <main>old</main><nav class=\"nav-wrapper\"><a href=\"b.html\">b</a></nav><script src=\"c.js\"></script><a href=\"#top\">";
        let expected = "<head><title>New</title>\n<link rel=\"stylesheet\" href=\"../../source/source.css\"><link href=\"../../a.css\">\
                        <script>const path_to_root = \"../../\";</script></head>\
                        <main>\nnew</main><script src=\"../../c.js\"></script><a href=\"#top\">";
        assert_eq!(
            page(model, "source/a/b.html", "New", "new").unwrap(),
            expected
        );
        assert_eq!(page("no page", "source/a.html", "", ""), None);
    }

    #[test]
    fn each_line_and_each_function_has_an_id_of_its_own() {
        let text = "fn one() {}\nimpl A { }\n    fn one() {}\n    fn two() {}\n";
        let chapters = BTreeSet::from([(0, "A & B".to_owned(), "a.html".to_owned())]);
        let main = main("source/t/a.rs.html", "t/a.rs", text, &chapters);
        assert_eq!(main.matches("id=\"one\"").count(), 1);
        assert!(
            main.contains("<span id=\"two\"></span><a id=\"L4\" href=\"#L4\">4</a>"),
            "{main}"
        );
        assert!(
            main.contains("<a href=\"../../a.html\">A &amp; B</a>"),
            "{main}"
        );
        assert!(main.contains("class=\"language-rust\""), "{main}");
    }
}
