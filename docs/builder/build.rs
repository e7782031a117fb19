//! Writes a module for each chapter, with the chapter as its documentation. See `src/doctests.rs`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let folder = |variable| env::var_os(variable).map(PathBuf::from).unwrap_or_default();
    let chapters = folder("CARGO_MANIFEST_DIR").with_file_name("src");
    println!("cargo::rerun-if-changed={}", chapters.display());
    let mut modules: Vec<String> = fs::read_dir(&chapters)?
        .filter_map(|file| module(&file.ok()?.path()))
        .collect();
    modules.sort();
    fs::write(folder("OUT_DIR").join("chapters.rs"), modules.concat())
}

/// The module of a chapter; none for another file.
fn module(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?.strip_suffix(".md")?;
    let name = name.to_lowercase().replace('-', "_");
    Some(format!(
        "#[doc = include_str!({file:?})]\nmod {name} {{}}\n"
    ))
}
