//! Joins ES modules into one, for `build.rs`.
//!
//! The client is written one concern a file, and a page loads it in one request. That needs no bundler, because the modules keep to a
//! small grammar, which the client's own tests check: imports are `import { a, b } from "./x.js";`, exports stand before a
//! `function`, `class` or `const`, names are unique, no two modules import each other, and no line inside a template literal begins
//! like a comment. Comments that begin a line are left out: they are half of the bytes, and are read in the sources.

use std::collections::HashSet;
use std::fmt;
use std::io;

/// Why modules cannot be joined.
#[derive(Debug)]
pub(crate) enum JoinError {
    /// A module cannot be read.
    Read(String, io::Error),
    /// Modules import each other.
    Circle(String),
    /// A line begins like an import and is none that is understood.
    Grammar(String, String),
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
    let mut state = Joining {
        read,
        done: HashSet::new(),
        open: HashSet::new(),
    };
    state.append(entry, &mut joined)?;
    Ok(joined)
}

struct Joining<'a> {
    read: &'a mut dyn FnMut(&str) -> io::Result<String>,
    done: HashSet<String>,
    open: HashSet<String>,
}

impl Joining<'_> {
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
        for import in imports {
            self.append(&import, joined)?;
        }
        joined.push_str(&format!("\n// {module}\n{body}"));
        self.done.insert(module.to_owned());
        Ok(())
    }
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
    Ok((imports, without_comments(&body)))
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
    fn what_is_not_understood_is_refused_with_its_line() {
        for line in [
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
