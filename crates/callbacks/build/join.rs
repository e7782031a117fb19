//! A small bundler: joins the client's ES modules into one.
//!
//! The client is written one concern a file, and a page loads it in one request. There is no parser here, because the modules keep to a
//! small grammar: imports are `import { a, b } from "./x.js";`, exports stand before a `function`, `class` or `const`, no two modules
//! declare one name or import each other, and no template literal spans lines. A module that does not keep to it fails the build. Comments
//! that begin a line are left out: they are half of the bytes, and are read in the sources.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;

/// Why modules cannot be joined.
#[derive(Debug)]
pub(crate) enum JoinError {
    /// A module cannot be read.
    Read(String, io::Error),
    /// Modules import each other.
    Circle(String),
    /// A line begins like an import or an export and is not understood.
    Grammar(String, String),
    /// Two modules declare one name, which in one file would be declared twice.
    Duplicate {
        name: String,
        first: String,
        second: String,
    },
    /// A template literal spans lines, so that a line in it might be taken for a comment.
    Template(String, String),
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(module, error) => {
                write!(f, "the client's module {module} cannot be read: {error}")
            }
            Self::Circle(module) => write!(
                f,
                "the client's module {module} imports itself through others"
            ),
            Self::Grammar(module, line) => write!(
                f,
                "{module}: `{line}` is not understood: write `import {{ a, b }} from \"./x.js\";`, and `export` before a function, class or const"
            ),
            Self::Duplicate {
                name,
                first,
                second,
            } => write!(
                f,
                "`{name}` is declared in {first} and in {second}, which become one file: rename one of them"
            ),
            Self::Template(module, line) => write!(
                f,
                "{module}: the template literal in `{line}` goes on in the next line: join the text from literals of one line each"
            ),
        }
    }
}

impl std::error::Error for JoinError {}

/// Joins `entry` and all that it imports: what is imported comes first.
///
/// # Errors
///
/// A module cannot be read, imports itself through others, or does not keep to the grammar.
pub(crate) fn join(
    entry: &str,
    read: &mut dyn FnMut(&str) -> io::Result<String>,
) -> Result<String, JoinError> {
    let mut joined =
        String::from("// The client's modules, joined: see crates/callbacks/client.\n");
    let mut modules = Modules {
        read,
        done: HashSet::new(),
        open: HashSet::new(),
        names: HashMap::new(),
    };
    modules.append(entry, &mut joined)?;
    Ok(joined)
}

struct Modules<'a> {
    read: &'a mut dyn FnMut(&str) -> io::Result<String>,
    done: HashSet<String>,
    open: HashSet<String>,
    /// The names of the top level, each with its module.
    names: HashMap<String, String>,
}

impl Modules<'_> {
    fn append(&mut self, module: &str, joined: &mut String) -> Result<(), JoinError> {
        if self.done.contains(module) {
            return Ok(());
        }
        if !self.open.insert(module.to_owned()) {
            return Err(JoinError::Circle(module.to_owned()));
        }
        let source =
            (self.read)(module).map_err(|error| JoinError::Read(module.to_owned(), error))?;
        let (imports, body) = split(module, &source)?;
        self.check_names(module, &body)?;
        for import in imports {
            self.append(&import, joined)?;
        }
        joined.push_str(&format!("\n// {module}\n{}", without_comments(&body)));
        self.done.insert(module.to_owned());
        Ok(())
    }

    fn check_names(&mut self, module: &str, body: &str) -> Result<(), JoinError> {
        for name in body.lines().filter_map(declared) {
            let first = self.names.insert(name.to_owned(), module.to_owned());
            if let Some(first) = first {
                return Err(JoinError::Duplicate {
                    name: name.to_owned(),
                    first,
                    second: module.to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// The name that a line of the top level declares. What is inside of something is indented.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let words = [
        "function* ",
        "function ",
        "class ",
        "const ",
        "let ",
        "var ",
    ];
    let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// The modules that a module imports, and the rest of it without `import` and `export`.
fn split(module: &str, source: &str) -> Result<(Vec<String>, String), JoinError> {
    let (mut imports, mut body) = (Vec::new(), String::with_capacity(source.len()));
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let grammar = |line: &str| JoinError::Grammar(module.to_owned(), line.to_owned());
        if line.starts_with("import") {
            let mut statement = line.to_owned();
            while !statement.contains(';') {
                statement.push_str(lines.next().ok_or_else(|| grammar(line))?);
            }
            let from = statement
                .split("from \"")
                .nth(1)
                .and_then(|rest| rest.strip_suffix("\";"));
            let is_plain = statement.starts_with("import {") && !statement.contains(" as ");
            let from = from.filter(|_| is_plain);
            imports.push(resolve(module, from.ok_or_else(|| grammar(line))?));
            continue;
        }
        let plain = line.strip_prefix("export ").unwrap_or(line);
        let declares = [
            "function ",
            "function* ",
            "async function ",
            "class ",
            "const ",
        ];
        if plain.len() != line.len() && !declares.iter().any(|word| plain.starts_with(word)) {
            return Err(grammar(line));
        }
        body.push_str(plain);
        body.push('\n');
    }
    if let Some(line) = body.lines().find(|line| line.matches('`').count() % 2 == 1) {
        return Err(JoinError::Template(module.to_owned(), line.to_owned()));
    }
    Ok((imports, body))
}

/// The lines of a source without those comments that begin a line; what follows such a comment stays.
pub(crate) fn without_comments(source: &str) -> String {
    let (mut kept, mut in_comment) = (String::with_capacity(source.len()), false);
    for line in source.lines() {
        let mut rest = line.trim();
        while in_comment || rest.starts_with("/*") {
            let end = rest.find("*/");
            in_comment = end.is_none();
            rest = end.map_or("", |end| rest[end + 2..].trim_start());
            if in_comment {
                break;
            }
        }
        if !rest.is_empty() && !rest.starts_with("//") {
            kept.push_str(rest);
            kept.push('\n');
        }
    }
    kept
}

/// The module's path, from the folder of the importing one.
fn resolve(from: &str, import: &str) -> String {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(modules: &[(&str, &str)]) -> Result<String, String> {
        join("main.js", &mut |name| {
            let found = modules.iter().find(|(module, _)| *module == name);
            found
                .map(|(_, source)| (*source).to_owned())
                .ok_or(io::ErrorKind::NotFound.into())
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_imported_comes_first_and_once() {
        let result = joined(&[
            (
                "main.js",
                "import { a } from \"./a.js\";\nimport {\n  b,\n} from \"./parts/b.js\";\nstart(a, b);\n",
            ),
            (
                "a.js",
                "import { b } from \"./parts/b.js\";\nexport const a = b;\n",
            ),
            (
                "parts/b.js",
                "import { c } from \"../c.js\";\nexport function b() { return c; }\n",
            ),
            ("c.js", "export const c = 1;\n"),
        ]);
        let code: Vec<String> = result
            .unwrap()
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .map(str::to_owned)
            .collect();
        assert_eq!(
            code,
            [
                "const c = 1;",
                "function b() { return c; }",
                "const a = b;",
                "start(a, b);"
            ]
        );
    }

    #[test]
    fn modules_that_import_each_other_are_refused() {
        let error = joined(&[
            ("main.js", "import { a } from \"./a.js\";\n"),
            ("a.js", "import { b } from \"./main.js\";\n"),
        ]);
        assert_eq!(
            error.unwrap_err(),
            "the client's module main.js imports itself through others"
        );
    }

    #[test]
    fn a_name_that_two_modules_declare_is_refused_with_both() {
        let a = "import { b } from \"./b.js\";\nexport const a = 1;\n  const limit = 2;\n";
        for (line, fails) in [
            ("const limit = 1;\n", false),
            ("const a = 1;\n", true),
            ("async function a() {}\n", true),
            ("class a {}\n", true),
            ("function* a() {}\n", true),
            ("export const a1 = 1;\n", false),
        ] {
            let result = joined(&[("main.js", a), ("b.js", line)]);
            assert_eq!(result.is_err(), fails, "{line}");
            if let Err(error) = result {
                assert!(
                    error.starts_with("`a` is declared in main.js and in b.js"),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn a_template_literal_of_several_lines_is_refused() {
        let error = joined(&[("main.js", "const text = `one\n// two`;\n")]).unwrap_err();
        assert!(error.contains("`const text = `one`"), "{error}");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        for line in [
            "import { a as b } from \"./x.js\";",
            "import x from \"./x.js\"",
            "export default x;",
            "import \"./x.js\";",
            "export { x };",
        ] {
            let error = joined(&[("main.js", line)]).unwrap_err();
            assert!(
                error.starts_with(&format!("main.js: `{line}` is not understood")),
                "{error}"
            );
        }
        let error = joined(&[("main.js", "import { a } from \"./a.js\";")]).unwrap_err();
        assert!(error.contains("a.js cannot be read"), "{error}");
    }

    #[test]
    fn comments_that_begin_a_line_are_left_out_and_what_follows_them_stays() {
        let source = "/** Doc.\n * More.\n */\n  const a = /** @type {X} */ (b); // why\n/** @type {Y} */ (c).d();\n// gone\n/* x */ /* y */ e();\n";
        assert_eq!(
            without_comments(source),
            "const a = /** @type {X} */ (b); // why\n(c).d();\ne();\n"
        );
    }
}
