//! The suites, in the order in which they begin: the quick ones first, those that compile beside those that wait, and the browsers last.
//!
//! A browser needs the processor for as long as it is open: beside a compiler it is open for longer.

use super::{
    build::{BUILDER, CHECK, COMPARE, TestProgram},
    step::Step,
};
use crate::tools::Tool::{
    self, ChromeDriver, Chromium, Curl, Jq, Nginx, Node, Npm, OpenSsl, Python, Redis,
};

/// One named group of checks.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    /// What it checks, in a few words.
    pub(crate) about: &'static str,
    pub(super) needs: &'static [Tool],
    /// All of them run, in this order.
    pub(super) steps: &'static [Step],
    /// Environment variables for its tests.
    pub(super) variables: &'static [(&'static str, &'static str)],
    /// What to build when this suite runs alone, as options of cargo.
    pub(super) targets: &'static str,
    /// What no other suite may use beside it.
    pub(super) uses: Option<Shared>,
    /// Whether only the weekly run includes it.
    pub(super) is_long: bool,
    /// What to do when it has failed, in one sentence.
    pub(super) advice: &'static str,
}

/// What two suites at a time cannot use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// It locks its folder: a second suite that compiles would only wait.
    Cargo,
    /// The browsers of one suite keep two cores busy; those of two suites keep each other from answering in time.
    Browsers,
}

/// What most suites have in common.
const USUAL: Suite = Suite {
    name: "",
    about: "",
    needs: &[],
    steps: &[Step::Tests],
    variables: &[],
    targets: "--all-targets",
    uses: None,
    is_long: false,
    advice: "",
};

pub(crate) static SUITES: [Suite; 19] = [
    Suite {
        name: "tidy",
        about: "the house rules",
        steps: &[Step::Tidy],
        advice: "Each line above says how to fix what it names; `cargo xtask tidy --fix` rewrites what is generated.",
        ..USUAL
    },
    Suite {
        name: "format",
        about: "rustfmt's layout",
        steps: &[Step::Cargo("fmt", "--all --check")],
        advice: "Run `cargo fmt`.",
        ..USUAL
    },
    Suite {
        name: "clippy",
        about: "compiler warnings and clippy's lints",
        steps: &[Step::Workspace("clippy", "--all-targets -- -D warnings")],
        uses: Some(Shared::Cargo),
        advice: "Fix what is named above.",
        ..USUAL
    },
    Suite {
        name: "unit",
        about: "the tests beside the code, and what crosses the wire for each tutorial",
        steps: &[Step::TestsWithSnapshots],
        targets: "--lib --bins --tests",
        advice: "If it is a snapshot and the change is meant, run `INSTA_UPDATE=always cargo t NAME`, read the diff and commit it.",
        ..USUAL
    },
    Suite {
        name: "wire",
        about: "layout, dependencies and answers against those that Dash was recorded to send",
        targets: "--test wire",
        advice: "Dash's recording is right and our answer is not: compare the two in the message above.",
        ..USUAL
    },
    Suite {
        name: "stores",
        about: "what sessions and caches keep: in files, in SQLite, and in a Redis server of each test's own",
        needs: &[Redis, OpenSsl],
        targets: "--bins --tests",
        advice: "Read what it wanted and what it saw.",
        ..USUAL
    },
    Suite {
        name: "processes",
        about: "the supervisor and the workers as real processes, and the lessons without a browser",
        needs: &[Redis],
        targets: "--bins --examples --tests",
        advice: "Read what it wanted, what it saw, and the last lines of the program.",
        ..USUAL
    },
    Suite {
        name: "histories",
        about: "what each lesson promises, judged in a recorded history of one worker and of eight",
        needs: &[Redis],
        steps: &[
            Step::Program(
                CHECK,
                "check global-variable --workers 1 --fault leave --fault pause",
            ),
            Step::Program(CHECK, "check global-variable --workers 1 --fault kill"),
            Step::Program(CHECK, "check global-variable --workers 8"),
            Step::Program(
                CHECK,
                "check option1 --workers 1 --fault kill --fault leave",
            ),
            Step::Program(
                CHECK,
                "check option1 --workers 8 --fault kill --fault leave --fault pause --fault reload",
            ),
            Step::Program(
                CHECK,
                "check option1 --workers 8 --fault kill --fault leave -- --store sqlite",
            ),
            Step::Program(
                CHECK,
                "check option1 --workers 8 --fault kill --fault leave -- --store redis",
            ),
            Step::Program(
                CHECK,
                "check option2-inputs --workers 8 --fault kill --fault leave --fault reload",
            ),
            Step::Program(
                CHECK,
                "check option3 --workers 8 --fault kill --fault leave --fault reload",
            ),
            Step::Program(
                CHECK,
                "check option4 --workers 1 --fault leave -- --compute-seconds 1",
            ),
            Step::Program(
                CHECK,
                "check option4 --workers 8 --fault leave --fault reload -- --compute-seconds 1",
            ),
        ],
        targets: "--bins --tests",
        advice: "The history and its picture are in the files that the run names; `cargo xtask check LESSON --replay FILE` judges the history again.",
        ..USUAL
    },
    Suite {
        name: "client",
        about: "the browser client's types and its pure modules",
        needs: &[Node, Npm],
        steps: &[
            Step::Npm("ci --no-audit --no-fund"),
            Step::Npm("run --silent check"),
            Step::Npm("test --silent"),
        ],
        advice: "Run `npm run check` or `npm test` in crates/callbacks/client.",
        ..USUAL
    },
    Suite {
        name: "rustdoc",
        about: "the documentation builds, and its links lead somewhere",
        steps: &[Step::Workspace("doc", "--no-deps")],
        uses: Some(Shared::Cargo),
        advice: "Fix the comment that is named above; `cargo doc --no-deps --open` shows the result.",
        ..USUAL
    },
    Suite {
        name: "doctests",
        about: "the examples in the documentation and in the book",
        steps: &[Step::Workspace("test", "--no-fail-fast --doc")],
        uses: Some(Shared::Cargo),
        advice: "Fix the example that is named above.",
        ..USUAL
    },
    Suite {
        name: "compiler-messages",
        about: "what the compiler says about a wrong callback",
        targets: "--test compiler_messages",
        uses: Some(Shared::Cargo),
        advice: "If the new message is as good as the old, run `TRYBUILD=overwrite cargo t --test compiler_messages` and commit it.",
        ..USUAL
    },
    Suite {
        name: "book",
        about: "the book: its links, listings, claims, sessions and screenshots",
        needs: &[Chromium, ChromeDriver, Curl, Jq, Redis],
        steps: &[Step::Tests, Step::Program(BUILDER, "build")],
        uses: Some(Shared::Browsers),
        targets: "--bins --examples --tests",
        advice: "Each line above says how to fix what it names; if a session or a screenshot has changed on purpose, run `cargo xtask docs --bless` and read the diff.",
        ..USUAL
    },
    Suite {
        name: "browser",
        about: "every lesson in Chromium, with one worker and with eight",
        needs: &[Chromium, ChromeDriver, Redis, Nginx, Node, Npm],
        uses: Some(Shared::Browsers),
        targets: "--bins --test browser",
        advice: "The folder that the failure names has the picture, the page and the log; `--headed` shows the windows.",
        ..USUAL
    },
    Suite {
        name: "compare",
        about: "every answer of the book's table of facts, asked again of eight workers",
        needs: &[Chromium, ChromeDriver, Redis],
        steps: &[Step::Tests, Step::Program(COMPARE, "--check --workers 8")],
        uses: Some(Shared::Browsers),
        targets: "--bins --tests",
        advice: "If an answer has changed on purpose, run `cargo xtask compare --bless` and read the diff; `cargo xtask compare --facts --options ID` asks about one option alone.",
        ..USUAL
    },
    Suite {
        name: "compare-one-worker",
        about: "every answer of the book's table of facts, asked again of one worker",
        needs: &[Chromium, ChromeDriver, Redis],
        steps: &[Step::Program(COMPARE, "--check --workers 1")],
        uses: Some(Shared::Browsers),
        targets: "--bins",
        is_long: true,
        advice: "If an answer has changed on purpose, run `cargo xtask compare --bless` and read the diff.",
        ..USUAL
    },
    Suite {
        name: "python",
        about: "the book's Python: each app in Chromium, one page with Dash's client and ours, and what is measured of Dash",
        needs: &[Chromium, ChromeDriver, Python],
        steps: &[
            Step::Python("docs/python/walk.py"),
            Step::Python("docs/measured/measure.py"),
        ],
        uses: Some(Shared::Browsers),
        targets: "--bins",
        is_long: true,
        advice: "Read what the script wanted and what it saw; it runs alone as its first lines say.",
        ..USUAL
    },
    Suite {
        name: "properties",
        about: "the property tests again, with five thousand cases each",
        variables: &[("PROPTEST_CASES", "5000")],
        targets: "--lib --test wire",
        is_long: true,
        advice: "The smallest case that fails is above, and in a file beside the test: commit both with the fix.",
        ..USUAL
    },
    Suite {
        name: "supply",
        about: "licences, advisories, duplicate versions, and where crates come from",
        steps: &[
            Step::Cargo("install", "cargo-deny --locked --root target/tools"),
            Step::Cargo("deny", "check"),
        ],
        uses: Some(Shared::Cargo),
        is_long: true,
        advice: "deny.toml says what may come in, and gives the reason for each exception.",
        ..USUAL
    },
];

impl Suite {
    /// Whether its tests can be chosen by name.
    pub(super) fn has_tests(&self) -> bool {
        self.steps.iter().any(Step::has_tests)
    }

    /// Whether it runs what is built.
    pub(super) fn is_built(&self) -> bool {
        self.steps.iter().any(Step::is_built)
    }

    /// Whether this test program is one of its own. Each belongs to a suite: to `processes`, if no other suite claims it.
    pub(super) fn runs(&self, program: &TestProgram) -> bool {
        let has_properties = match program.package.as_str() {
            "callbacks" => program.target.name == "wire",
            package => package == "shared-cache" && program.target.is("lib"),
        };
        if self.name == "properties" {
            return has_properties;
        }
        let suite = match (program.package.as_str(), program.target.name.as_str()) {
            _ if !program.target.is("test") => "unit",
            ("callbacks", "wire") => "wire",
            ("callbacks", "compiler_messages") => "compiler-messages",
            ("session-store" | "shared-cache", _) => "stores",
            ("tests", "browser") => "browser",
            ("tests", "screens" | "transcripts") | (BUILDER, _) => "book",
            (COMPARE, _) => "compare",
            _ => "processes",
        };
        self.name == suite
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{super::build::Target, *};

    #[test]
    fn every_test_program_has_one_suite_and_a_new_one_too() {
        for (package, kind, name) in [
            ("callbacks", "test", "wire"),
            ("callbacks", "lib", "callbacks"),
            ("new", "test", "new"),
            ("new", "bin", "new"),
            ("tests", "test", "browser"),
            (BUILDER, "test", "builder"),
        ] {
            let program = TestProgram {
                package: package.to_owned(),
                target: Target {
                    name: name.to_owned(),
                    kind: vec![kind.to_owned()],
                },
                executable: PathBuf::new(),
                folder: PathBuf::new(),
            };
            let usual = SUITES.iter().filter(|suite| !suite.is_long);
            let runs = usual.filter(|suite| suite.runs(&program));
            assert_eq!(runs.count(), 1, "{package} {name}");
        }
    }

    #[test]
    fn contributing_says_what_each_suite_checks() {
        let guide = include_str!("../../../CONTRIBUTING.md");
        for Suite { name, .. } in &SUITES {
            assert!(guide.contains(&format!("\n| `{name}` | ")), "{name}");
        }
    }
}
