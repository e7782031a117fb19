//! Joins the client's modules into one file, so that a page needs one request for them and not ten, and compresses what pages load.

#![expect(
    clippy::print_stdout,
    reason = "it is how a build script speaks to cargo"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

mod join;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The style sheet's parts. The first is the book's too: see `docs/theme`.
const STYLE: [&str; 2] = ["tokens.css", "style.css"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let client = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("client");
    println!("cargo::rerun-if-changed=build");

    let mut modules = BTreeSet::new();
    let joined = join::join("main.js", &mut |name| {
        let path = client.join(name);
        modules.insert(path.clone());
        fs::read_to_string(&path)
    })?;
    let mut style = String::new();
    for name in STYLE {
        let path = client.join(name);
        style.push_str(&fs::read_to_string(&path)?);
        modules.insert(path);
    }
    for path in &modules {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    let mut table = format!("const JAVASCRIPT: &str = {JAVASCRIPT:?};\n\n");
    table.push_str("/// The files that every app has.\nconst BUILT: &[Asset] = &[\n");
    let style = join::without_comments(&style);
    for (name, content_type, plain) in [
        ("client.js", JAVASCRIPT, &joined),
        ("style.css", "text/css; charset=utf-8", &style),
    ] {
        let gzip = compress(plain.as_bytes())?;
        table += &asset(&out, name, content_type, plain.as_bytes(), &gzip)?;
    }
    #[cfg(feature = "graph")]
    {
        let (plain, gzip) = plotly()?;
        table += &asset(&out, "plotly.min.js", JAVASCRIPT, &plain, &gzip)?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// Writes a file and its compressed twin, and gives its row of the table.
fn asset(
    out: &Path,
    name: &str,
    content_type: &str,
    plain: &[u8],
    gzip: &[u8],
) -> Result<String, Box<dyn Error>> {
    fs::write(out.join(name), plain)?;
    fs::write(out.join(format!("{name}.gz")), gzip)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(plain);
    let version = hasher.finish();
    let mut row = String::new();
    writeln!(row, "    Asset {{")?;
    writeln!(row, "        name: {name:?},")?;
    writeln!(row, "        content_type: {content_type:?},")?;
    writeln!(row, "        version: \"{version:016x}\",")?;
    writeln!(
        row,
        "        plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")),"
    )?;
    writeln!(
        row,
        "        gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")),"
    )?;
    writeln!(row, "    }},")?;
    Ok(row)
}

fn compress(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// plotly.js, and as it is kept here: compressed, since it is 4.6 MB.
#[cfg(feature = "graph")]
fn plotly() -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    use std::io::Read as _;
    let gzip = include_bytes!("../vendor/plotly-3.0.1.min.js.gz");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut plain)?;
    Ok((plain, gzip.to_vec()))
}
