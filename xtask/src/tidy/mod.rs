//! `cargo xtask tidy`: the house rules, as code.
//!
//! Each rule is a function from the tree to what it finds wrong there. A finding names the place, what is wrong, and
//! how to mend it.

mod chapters;
mod dependencies;
mod length;
mod listings;
mod manifests;
mod marks;
mod readme;
mod registered;
mod source;
mod supply;
mod tested;
mod tree;
mod words;

use std::process::ExitCode;

use anyhow::bail;

use self::tree::{Finding, Tree};
use crate::workspace::Workspace;

/// Check the house rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rewrite what is generated: the README's table of tutorials, their part of the book's summary, and the list of crates that `run` builds.
    #[arg(long)]
    fix: bool,
}

type Rule = fn(&Tree<'_>) -> anyhow::Result<Vec<Finding>>;

const RULES: &[Rule] = &[
    registered::rule,
    listings::rule,
    readme::rule,
    chapters::rule,
    tested::rule,
    manifests::rule,
    dependencies::rule,
    supply::rule,
    length::rule,
    words::rule,
];

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    if args.fix {
        readme::write(&workspace)?;
        chapters::write(&workspace)?;
        supply::write(&workspace)?;
    }
    check(&workspace)?;
    Ok(ExitCode::SUCCESS)
}

/// Applies all rules and prints what they find.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let findings = findings(workspace)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 place is against the house rules"),
        many => bail!("{many} places are against the house rules"),
    }
}

fn findings(workspace: &Workspace) -> anyhow::Result<Vec<Finding>> {
    let tree = Tree::read(workspace)?;
    let mut findings = Vec::new();
    for rule in RULES {
        findings.extend(rule(&tree)?);
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_the_house_rules() {
        let findings = findings(&Workspace::load().unwrap()).unwrap();
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
    }
}
