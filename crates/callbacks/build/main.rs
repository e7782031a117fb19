//! Joins the client's modules into few files, so that a page needs one request for most of them, and compresses what pages load.
//! `src/assets.rs` takes the files from there.

#![expect(
    clippy::print_stdout,
    reason = "it is how a build script speaks to cargo"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

mod join;

/// The style sheets, each with its parts: with the look of a page, without it, and what is loaded with the stage. The first part is the book's too: see `docs/theme`.
const STYLES: [(&str, &[&str]); 3] = [
    ("style.css", &["tokens.css", "style.css", "parts.css"]),
    ("plain.css", &["tokens.css", "parts.css"]),
    ("stage.css", &["stage/stage.css"]),
];

/// The scripts: each with the module that it begins with, and the line that ends it.
/// A page loads `client.js`, and of the others those that it has a use for.
const SCRIPTS: [(&str, &str, &str); 7] = [
    ("client.js", "main.js", ""),
    ("stage.js", "stage/opener.js", "offerStage();\n"),
    (
        "stage-panel.js",
        "stage/panel.js",
        "export { openStage };\n",
    ),
    (
        "reload.js",
        "reload.js",
        "new PageReload(JSON.parse(document.getElementById(\"_dash-config\")?.textContent ?? \"{}\")).start();\n",
    ),
    (
        "graph.js",
        "components/figure.js",
        "export { createFigure as create };\n",
    ),
    (
        "dropdown.js",
        "components/dropdown.js",
        "export { createDropdown as create };\n",
    ),
    (
        "loading.js",
        "components/loading.js",
        "export { createLoading as create };\n",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let client = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("client");
    println!("cargo::rerun-if-changed=build");

    let mut modules = BTreeSet::new();
    for (name, entry, end) in SCRIPTS {
        let mut joined = join::join(entry, &mut |name| {
            let path = client.join(name);
            modules.insert(path.clone());
            fs::read_to_string(&path)
        })?;
        joined.push_str(end);
        write(&out, name, &joined)?;
    }
    for (name, parts) in STYLES {
        let mut style = String::new();
        for part in parts {
            let path = client.join(part);
            style.push_str(&fs::read_to_string(&path)?);
            modules.insert(path);
        }
        write(&out, name, &join::without_comments(&style))?;
    }
    for path in &modules {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    #[cfg(feature = "graph")]
    fs::write(out.join("plotly.min.js"), plotly()?)?;
    Ok(())
}

/// Writes a file and its compressed twin.
fn write(out: &Path, name: &str, plain: &str) -> Result<(), Box<dyn Error>> {
    fs::write(out.join(name), plain)?;
    fs::write(out.join(format!("{name}.gz")), compress(plain.as_bytes())?)?;
    Ok(())
}

fn compress(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// plotly.js, which is kept compressed, since it is 4.6 MB.
#[cfg(feature = "graph")]
fn plotly() -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let gzip = include_bytes!("../vendor/plotly-3.0.1.min.js.gz");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut plain)?;
    Ok(plain)
}
