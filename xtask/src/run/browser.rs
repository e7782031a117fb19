//! `--open`: the page in the reader's own browser.

use std::{
    process::{Command, Stdio},
    thread::{self, JoinHandle},
};

/// The system's program that opens an address as a click on a link would.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Opens `url`, in a thread that ends when the opener has. Where that fails, says where the page is.
pub fn open(url: &str) -> JoinHandle<()> {
    let url = url.to_owned();
    thread::spawn(move || {
        let status = Command::new(OPENER)
            .arg(&url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            eprintln!("cannot open a browser with {OPENER}; the page is at {url}");
        }
    })
}
