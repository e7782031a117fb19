//! `cargo xtask tidy`: the house rules that no other tool checks.
//!
//! Each rule is a function from the tree to what it finds wrong there. A finding names the place, what is wrong, and
//! how to fix it. What the compiler, clippy and cargo-deny can check is left to them: `Cargo.toml`, `clippy.toml`, `deny.toml`.

mod dependencies;
mod generated;
mod lessons;
mod registered;
mod source;
mod tree;

use std::process::ExitCode;

use self::tree::{Finding, Tree};
use crate::workspace::Workspace;

/// Check the house rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rewrite what is generated: the README's table of tutorials, and the list of crates that `run` builds.
    #[arg(long)]
    fix: bool,
}

type Rule = fn(&Tree<'_>) -> anyhow::Result<Vec<Finding>>;

const RULES: &[Rule] = &[
    registered::rule,
    lessons::rule,
    generated::rule,
    dependencies::rule,
    source::rule,
];

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    if args.fix {
        generated::write(&Tree::read(&workspace)?)?;
    }
    let findings = findings(&workspace)?;
    for finding in &findings {
        println!("{finding}");
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What all rules find, a line for each.
pub(crate) fn findings(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let tree = Tree::read(workspace)?;
    let mut findings = Vec::new();
    for rule in RULES {
        findings.extend(rule(&tree)?);
    }
    Ok(findings.iter().map(ToString::to_string).collect())
}
