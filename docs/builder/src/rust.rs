//! Functions in Rust files: where a link to one leads, and whether it is a test that cargo runs.

use crate::repository::Repository;

/// A function of a Rust file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of its `fn`, counted from 1.
    pub(crate) line: usize,
    /// Whether it carries `#[test]` or an attribute like `#[tokio::test]`.
    pub(crate) is_test: bool,
}

/// The functions of a Rust text, in their order, of whatever module or type.
pub(crate) fn functions(text: &str) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut is_test = false;
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if let Some(name) = function_name(line) {
            functions.push(Function {
                name: name.to_owned(),
                line: number,
                is_test,
            });
            is_test = false;
        } else if line.starts_with("#[") {
            is_test |= is_test_attribute(line);
        } else if !(line.is_empty() || line.starts_with("//")) && line.ends_with(['{', '}', ';']) {
            // An attribute of several lines ends in none of these; anything else is another item.
            is_test = false;
        }
    }
    functions
}

/// The name in `pub(crate) async fn name(…)`.
fn function_name(line: &str) -> Option<&str> {
    let mut rest = line;
    loop {
        if let Some(after) = rest.strip_prefix("fn ") {
            let end = after.find(|char: char| !(char.is_alphanumeric() || char == '_'))?;
            return Some(&after[..end]).filter(|name| !name.is_empty());
        }
        let (word, after) = rest.split_once(' ')?;
        let is_qualifier = ["async", "const", "unsafe", "extern", "default", "pub"].contains(&word)
            || word.starts_with("pub(")
            || word.starts_with('"');
        if !is_qualifier {
            return None;
        }
        rest = after;
    }
}

/// `#[test]`, `#[tokio::test]`, `#[tokio::test(flavor = "multi_thread")]`.
fn is_test_attribute(line: &str) -> bool {
    let inside = line.trim_start_matches("#[");
    let path = inside.split([']', '(']).next().unwrap_or_default();
    path.rsplit("::").next() == Some("test")
}

/// Whether cargo compiles the file into a library, a program or a test, each of which a suite runs.
///
/// The file is the root of one, or is declared as a module from one: `mod name;` in the file above it, and so on up.
/// That every integration test is run by a suite is a rule of `cargo xtask tidy`.
pub(crate) fn is_compiled(repository: &Repository, path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let is_root = match stem {
        "main" => folder.ends_with("/src") || in_tests(folder),
        "lib" => folder.ends_with("/src"),
        _ => {
            folder.ends_with("/tests")
                && repository.is_file(&format!("{}/Cargo.toml", parent(folder)))
        }
    };
    if is_root {
        return true;
    }
    // `a/mod.rs` is declared where `a.rs` would be.
    let (folder, name) = if stem == "mod" {
        folder.rsplit_once('/').unwrap_or(("", folder))
    } else {
        (folder, stem)
    };
    let above = ["mod.rs", "lib.rs", "main.rs"].map(|file| format!("{folder}/{file}"));
    let above = above.into_iter().chain([format!("{folder}.rs")]);
    above
        .filter(|above| above != path)
        .filter(|above| declares(repository, above, name))
        .any(|above| is_compiled(repository, &above))
}

/// `tests/name`: the folder of an integration test with a `main.rs`.
fn in_tests(folder: &str) -> bool {
    parent(folder).rsplit('/').next() == Some("tests")
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn declares(repository: &Repository, path: &str, module: &str) -> bool {
    let Ok(text) = repository.read(path) else {
        return false;
    };
    let declaration = format!("mod {module};");
    text.lines().any(|line| {
        let line = line.trim();
        line.strip_suffix(&declaration)
            .is_some_and(|before| before.is_empty() || before.starts_with("pub"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::repository;

    #[test]
    fn functions_are_found_with_their_lines_and_tests_among_them() {
        let text = "\
#[test]
fn eight_workers_disagree() {}

/// A comment.
#[tokio::test(
    flavor = \"multi_thread\"
)]
async fn one_worker_agrees() {
    let fn_name = helper();
}

#[derive(Debug)]
struct A;

pub(crate) async fn helper<T>(a: T) {}
// fn no_function() {}
";
        let found: Vec<_> = functions(text)
            .into_iter()
            .map(|function| (function.name, function.line, function.is_test))
            .collect();
        let expected = [
            ("eight_workers_disagree".to_owned(), 2, true),
            ("one_worker_agrees".to_owned(), 8, true),
            ("helper".to_owned(), 15, false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_is_compiled_when_a_chain_of_modules_leads_to_it() {
        let (_folder, repository) = repository(&[
            ("tests/Cargo.toml", ""),
            (
                "tests/tests/browser/main.rs",
                "mod option1;\n// mod option2;\n",
            ),
            ("tests/tests/browser/option1.rs", ""),
            ("tests/tests/browser/option2.rs", ""),
            ("tests/tests/snapshots.rs", ""),
            ("crates/a/src/lib.rs", "pub(crate) mod deep;\n"),
            ("crates/a/src/deep/mod.rs", "#[cfg(test)]\nmod tests;\n"),
            ("crates/a/src/deep/tests.rs", ""),
        ]);
        let compiled = |path: &str| is_compiled(&repository, path);
        assert!(compiled("tests/tests/browser/option1.rs"));
        assert!(!compiled("tests/tests/browser/option2.rs"));
        assert!(compiled("tests/tests/snapshots.rs"));
        assert!(compiled("crates/a/src/deep/tests.rs"));
        assert!(!compiled("crates/a/src/lost.rs"));
    }
}
