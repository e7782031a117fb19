//! The file that tells open pages which build answers. The app's `/_reload-hash` answers with what is in it, in Dash's form.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

use anyhow::Context;
use serde_json::{Value, json};

/// The file, and what it says. Whoever made it removes it.
#[derive(Debug)]
pub(super) struct ReloadFile {
    path: PathBuf,
    /// Milliseconds since 1970: a page of a program that was stopped is older than each later one.
    program: u128,
    /// How often the style sheets alone have changed since.
    style: u32,
    changed: Vec<Value>,
}

impl ReloadFile {
    /// Writes the file into the app's folder.
    pub(super) fn create(folder: &Path) -> anyhow::Result<Self> {
        let file = Self {
            path: folder.join(format!("reload-{}.json", process::id())),
            program: now(),
            style: 0,
            changed: Vec::new(),
        };
        file.write(&Value::Null)?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// All workers are of a new build, which these files made necessary.
    pub(super) fn tell_build(&mut self, changed: &[PathBuf]) -> anyhow::Result<()> {
        let is_style = |path: &PathBuf| path.extension() == Some(OsStr::new("css"));
        self.changed.clear();
        if changed.iter().all(is_style) {
            self.style += 1;
            let modified = now() / 1000;
            let names = changed.iter().filter_map(|path| path.file_name());
            self.changed.extend(names.map(|name| {
                let url = format!("/assets/{}", name.display());
                json!({ "url": url, "modified": modified, "is_css": true })
            }));
        } else {
            (self.program, self.style) = (now(), 0);
        }
        self.write(&Value::Null)
    }

    /// There is no new build: what is wrong, and what it was that said so.
    pub(super) fn tell_failure(&self, message: &str, detail: &str) -> anyhow::Result<()> {
        self.write(&json!({ "message": message, "detail": detail }))
    }

    fn write(&self, error: &Value) -> anyhow::Result<()> {
        let answer = json!({
            "reloadHash": format!("{:x}.{}", self.program, self.style),
            "hard": true,
            "files": self.changed,
            "packages": ["dash", "plotly"],
            "error": error,
        });
        let new = self.path.with_extension("new");
        // A worker that reads meanwhile finds the old text or the new one.
        fs::write(&new, answer.to_string())
            .and_then(|()| fs::rename(&new, &self.path))
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn now() -> u128 {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    time.map_or(0, |time| time.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_alone_leave_the_program_as_it_was_and_a_failure_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = ReloadFile::create(folder.path()).unwrap();
        let read = |file: &ReloadFile| -> Value {
            serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap()
        };
        let hash = |answer: &Value| answer["reloadHash"].as_str().unwrap().to_owned();
        let first = read(&file);
        let program = hash(&first).split('.').next().unwrap().to_owned();

        file.tell_failure("no", "why").unwrap();
        assert_eq!(hash(&read(&file)), hash(&first));
        assert_eq!(read(&file)["error"]["detail"], "why");

        file.tell_build(&["client/style.css".into()]).unwrap();
        let styled = read(&file);
        assert_eq!(hash(&styled), format!("{program}.1"));
        assert_eq!(styled["files"][0]["url"], "/assets/style.css");
        assert_eq!(styled["error"], Value::Null);

        file.tell_build(&["client/style.css".into(), "src/lib.rs".into()])
            .unwrap();
        assert_eq!(read(&file)["files"], json!([]));
    }
}
