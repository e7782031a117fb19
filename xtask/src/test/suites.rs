//! The suites, in the order in which they run: the quick ones first, and those together that share a build.

use super::step::Step;
use crate::tools::{CHROMEDRIVER, CHROMIUM, CURL, JQ, NODE, NPM, REDIS, Tool};

/// One named group of checks.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    /// What it checks, in a few words.
    pub(crate) about: &'static str,
    pub(crate) needs: &'static [Tool],
    /// Done in order, up to the first that fails.
    pub(crate) steps: &'static [Step],
    /// What to do when it has failed, in one sentence.
    pub(crate) mend: &'static str,
}

pub(crate) const SUITES: [Suite; 15] = [
    Suite {
        name: "tidy",
        about: "the house rules",
        needs: &[],
        steps: &[Step::Tidy],
        mend: "Each line above says how to mend what it names; `cargo xtask tidy --fix` rewrites what is generated.",
    },
    Suite {
        name: "format",
        about: "rustfmt's layout",
        needs: &[],
        steps: &[Step::Cargo("fmt --all --check")],
        mend: "Run `cargo fmt`.",
    },
    Suite {
        name: "clippy",
        about: "compiler warnings and clippy's lints",
        needs: &[],
        steps: &[Step::Workspace("clippy", "--all-targets -- -D warnings")],
        mend: "Mend what is named above; `cargo clippy --fix --workspace --all-targets` does the simple part.",
    },
    Suite {
        name: "rustdoc",
        about: "the documentation builds, and its links lead somewhere",
        needs: &[],
        steps: &[Step::Rustdoc],
        mend: "Mend the comment that is named above; `cargo doc --no-deps --open` shows the result.",
    },
    Suite {
        name: "unit",
        about: "the tests beside the code",
        needs: &[],
        steps: &[Step::Workspace("test", "--no-fail-fast --lib --bins")],
        mend: "Run the failed test alone: `cargo test -p PACKAGE NAME`.",
    },
    Suite {
        name: "doc",
        about: "the examples in the documentation",
        needs: &[],
        steps: &[Step::Workspace("test", "--no-fail-fast --doc")],
        mend: "Mend the example that is named above; `cargo test -p PACKAGE --doc NAME` runs it alone.",
    },
    Suite {
        name: "wire",
        about: "layout, dependencies and answers against those that Dash was recorded to send",
        needs: &[],
        steps: &[Step::Test("callbacks", "wire")],
        mend: "Dash's recording is right and our answer is not: compare the two in the message above.",
    },
    Suite {
        name: "compiler-messages",
        about: "what the compiler says about a wrong callback",
        needs: &[],
        steps: &[Step::Test("callbacks", "compiler_messages")],
        mend: "If the new message is as good as the old, run `TRYBUILD=overwrite cargo test -p callbacks --test compiler_messages` and commit it.",
    },
    Suite {
        name: "workers",
        about: "the supervisor and the workers, as real processes",
        needs: &[REDIS],
        steps: &[
            Step::Tests(&["workers", "serve"]),
            Step::Test("tests", "processes"),
        ],
        mend: "Run the failed test alone: `cargo test -p PACKAGE --test TARGET NAME`.",
    },
    Suite {
        name: "stores",
        about: "what sessions and caches keep: in files, in SQLite, and in a Redis server of each test's own",
        needs: &[REDIS],
        steps: &[Step::Tests(&["session-store", "shared-cache"])],
        mend: "Run the failed test alone: `cargo test -p PACKAGE --test TARGET NAME`.",
    },
    Suite {
        name: "snapshots",
        about: "what crosses the wire for each tutorial",
        needs: &[],
        steps: &[Step::Snapshots],
        mend: "If the change is meant, run `INSTA_UPDATE=always cargo test -p tests --test snapshots`, read the diff and commit it; delete a snapshot that no test uses.",
    },
    Suite {
        name: "client",
        about: "the browser client's types and its pure modules",
        needs: &[NODE, NPM],
        steps: &[
            Step::Npm("ci --no-audit --no-fund"),
            Step::Npm("run --silent check"),
            Step::Npm("test --silent"),
        ],
        mend: "Run `npm run check` or `npm test` in crates/callbacks/client; after a change of package.json, `npm install` first.",
    },
    Suite {
        name: "browser",
        about: "every lesson in Chromium, with one worker and with eight",
        needs: &[CHROMIUM, CHROMEDRIVER, REDIS],
        steps: &[Step::Test("tests", "browser")],
        mend: "Watch the failed test: `E2E_HEADED=1 cargo test -p tests --test browser NAME`.",
    },
    Suite {
        name: "docs",
        about: "the book: its links, listings, claims, sessions and screenshots",
        needs: &[CHROMIUM, CHROMEDRIVER, CURL, JQ, REDIS],
        steps: &[
            Step::Book("build"),
            Step::Test("tests", "transcripts"),
            Step::Test("tests", "screens"),
            Step::Tests(&["builder"]),
        ],
        mend: "Each line above says how to mend what it names; if a session or a screenshot has changed on purpose, run `cargo xtask docs --bless` and read the diff.",
    },
    Suite {
        name: "compare",
        about: "every answer of the book's table of facts, asked again",
        needs: &[CHROMIUM, CHROMEDRIVER, REDIS],
        steps: &[
            Step::Test("compare", "without_tools"),
            Step::Compare("--check"),
        ],
        mend: "If an answer has changed on purpose, run `cargo xtask compare --bless` and read the diff; `cargo xtask compare --facts --options ID` asks about one option alone.",
    },
];

/// Whether a suite runs the integration test `target` of `package`.
pub(crate) fn runs_target(package: &str, target: &str) -> bool {
    let mut steps = SUITES.iter().flat_map(|suite| suite.steps);
    steps.any(|step| step.runs_target(package, target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_target_is_run_and_so_is_every_target_of_a_named_package() {
        assert!(runs_target("callbacks", "wire"));
        assert!(runs_target("tests", "snapshots"));
        assert!(runs_target("workers", "anything"));
        assert!(!runs_target("callbacks", "anything"));
    }

    #[test]
    fn contributing_says_what_each_suite_checks() {
        let guide = include_str!("../../../CONTRIBUTING.md");
        for suite in &SUITES {
            assert!(
                guide.contains(&format!("\n| `{}` | ", suite.name)),
                "{}",
                suite.name
            );
        }
    }

    #[test]
    fn names_are_unique_and_advice_is_a_sentence() {
        for (index, suite) in SUITES.iter().enumerate() {
            assert!(SUITES[..index].iter().all(|other| other.name != suite.name));
            assert!(suite.mend.ends_with('.'), "{}", suite.mend);
        }
    }
}
