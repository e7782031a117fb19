//! Builds the book now and after each change of a file that it is made of.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;

use super::News;
use crate::{
    build::{self, Built, Error},
    repository::Repository,
};

/// How often the files are looked at: soon enough for a person, and too rare to cost anything.
const INTERVAL: Duration = Duration::from_millis(500);

/// Whatever a chapter may show or link.
const FOLDERS: [&str; 5] = ["crates", "docs", "tests", "tutorials", "xtask"];

/// The files, each with the time of its last change.
type Times = BTreeMap<String, Option<SystemTime>>;

/// Watches in a thread of its own, for as long as anybody listens to the news.
pub(super) fn start(
    repository: Repository,
    folder: PathBuf,
    mut report: impl FnMut(&Result<Built, Error>) + Send + 'static,
) -> watch::Receiver<News> {
    let (sender, receiver) = watch::channel(News::default());
    thread::spawn(move || {
        let mut seen = None;
        while !sender.is_closed() {
            let now = times(&repository);
            // A file that changes during the build differs the next time.
            if seen.as_ref() != Some(&now) {
                let result = build::build(&repository, &folder);
                report(&result);
                sender.send_modify(|news| tell(news, &result));
                seen = Some(now);
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "files are looked at again and again"
            )]
            thread::sleep(INTERVAL);
        }
    });
    receiver
}

/// A new book has a new number; without one the old number stays, and so does the book.
fn tell(news: &mut News, result: &Result<Built, Error>) {
    news.findings = match result {
        Ok(_) => {
            news.number = next(news.number);
            Vec::new()
        }
        Err(Error::Findings(findings)) => findings.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    };
}

/// The time in milliseconds: a page that was open before this program was started sees another number too.
fn next(number: u64) -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis())
        .unwrap_or(0)
        .max(number + 1)
}

fn times(repository: &Repository) -> Times {
    let files = FOLDERS
        .iter()
        .flat_map(|folder| repository.files_below(folder));
    let time = |file: String| {
        let changed = fs::metadata(repository.path(&file)).and_then(|metadata| metadata.modified());
        (file, changed.ok())
    };
    files.map(time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;

    #[test]
    fn a_broken_book_keeps_the_number_and_a_new_one_has_another() {
        let built = || {
            Ok(Built {
                folder: PathBuf::new(),
                chapters: 1,
                sources: 0,
                left_out: Vec::new(),
            })
        };
        let mut news = News::default();
        tell(&mut news, &built());
        let first = news.clone();
        let broken = Err(Error::Findings(vec![Place::new("a.md", 1).finding("gone")]));
        tell(&mut news, &broken);
        assert_eq!(
            (news.number, news.findings.as_slice()),
            (first.number, &["a.md:1: gone".to_owned()][..])
        );
        tell(&mut news, &built());
        assert!(news.number > first.number);
        assert!(news.findings.is_empty());
    }
}
