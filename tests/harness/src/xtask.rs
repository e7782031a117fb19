//! The program behind `cargo xtask`.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

/// The program, built when a test first needs it.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "xtask",
                "--message-format",
                "json-render-diagnostics",
            ])
            .current_dir(workspace())
            .output()
            .expect("cargo can be started, as it has started this test");
        assert!(
            built.status.success(),
            "xtask does not build:\n{}",
            String::from_utf8_lossy(&built.stderr)
        );
        let messages = String::from_utf8_lossy(&built.stdout);
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .unwrap_or_else(|| panic!("cargo has built xtask but names no executable:\n{messages}"))
    })
}

/// The folder of the workspace, in which `cargo xtask` is called.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this package lies two folders below the workspace")
}
