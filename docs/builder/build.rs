//! Writes a module for each chapter that SUMMARY.md lists, with the chapter as its documentation. See `src/doctests.rs`.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = |variable| env::var_os(variable).map(PathBuf::from).unwrap_or_default();
    let chapters = folder("CARGO_MANIFEST_DIR").with_file_name("src");
    let summary = chapters.join("SUMMARY.md");
    println!("cargo::rerun-if-changed={}", summary.display());
    let modules: String = fs::read_to_string(&summary)?
        .split("](")
        .filter_map(|link| link.split_once(".md)"))
        .map(|(chapter, _)| {
            let path = chapters.join(format!("{chapter}.md"));
            let name = chapter.replace(['-', '/'], "_");
            format!("#[doc = include_str!({path:?})]\nmod {name} {{}}\n")
        })
        .collect();
    fs::write(folder("OUT_DIR").join("chapters.rs"), modules)
}
