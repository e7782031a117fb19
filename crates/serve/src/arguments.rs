//! The arguments that every app has, beside its own.

use std::{ffi::OsString, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, CommandFactory, FromArgMatches, Parser};
use serde_json::Value;

use handover::{Bind, bind, seconds};

use crate::{hosts, log::Format};

/// What every app understands; `O` is what only this one does.
#[derive(Debug, Parser)]
#[command(about = None, long_about = None)]
pub(crate) struct Arguments<O: Args> {
    #[command(flatten, next_help_heading = "Options of this app")]
    pub(crate) app: O,
    #[command(flatten, next_help_heading = "Options of every app")]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Where to listen, if no socket is inherited: `127.0.0.1:8050`, `localhost:8050`, `[::1]:8050` or `unix:/run/app.sock`; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = Bind::DEFAULT)]
    pub(crate) bind: Bind,
    /// Who may connect to a Unix socket, as chmod has it: `660` [default: what the umask leaves]
    #[arg(long, value_name = "MODE", value_parser = bind::mode)]
    pub(crate) socket_mode: Option<u32>,
    /// Where the app keeps what outlives it [default: .data/ and the program's name]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Show what went wrong in a callback to whoever called it
    #[arg(long)]
    pub(crate) debug: bool,
    /// Whether the page has the stage: the workers, what each of them holds, and the calls
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Switch,
    /// After how many seconds a callback is given up, with status 504 [default: never]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::more_than_nothing)]
    pub(crate) callback_timeout: Option<Duration>,
    /// How many callbacks may run at once in each worker; one more gets status 503 [default: any number]
    #[arg(long, value_name = "N")]
    pub(crate) max_callbacks: Option<NonZeroUsize>,
    /// How large the body of a request may be; a larger one gets status 413 [default: the app's own limit, or 2 MiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) body_limit: Option<NonZeroUsize>,
    /// How many connections may be open in each worker; one more gets status 503 [default: 2000]
    #[arg(long, value_name = "N")]
    pub(crate) max_connections: Option<NonZeroUsize>,
    /// A name, beside localhost, that a server on a loopback address answers to; may be given several times
    #[arg(long, value_name = "NAME", value_parser = hosts::name)]
    pub(crate) allow_host: Vec<String>,
    /// The chapter about this app, as a file of the book; the page then has a link to it
    #[arg(long, value_name = "NAME.html", requires = "book", overrides_with = "chapter", value_parser = page_name)]
    pub(crate) chapter: Option<String>,
    /// The folder with the built book, which is served below /book/
    #[arg(
        long,
        value_name = "DIR",
        requires = "chapter",
        overrides_with = "book"
    )]
    pub(crate) book: Option<PathBuf>,
    /// The path below which a browser finds the app, if a proxy hides more of it than the page's address tells
    #[arg(long, value_name = "/PATH/")]
    pub(crate) requests_pathname_prefix: Option<String>,
    /// The file that says which build this is, for pages that reload themselves: `cargo xtask run --watch` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) reload_file: Option<PathBuf>,
    /// What a call does to the data, as JSON such as {"kind":"swap","write":"input.value","read":"content.children"}; scripts of the page read it
    #[arg(long, value_name = "JSON", overrides_with = "operation", value_parser = json_object)]
    pub(crate) operation: Option<Value>,
    /// The command that started the app, for the page, as JSON such as {"command":"cargo xtask run option1","options":"","keep_alive":false}
    #[arg(long, value_name = "JSON", overrides_with = "lesson", value_parser = json_object)]
    pub(crate) lesson: Option<Value>,
    /// How the log is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: Format,
}

/// A page that lies in the book's folder itself.
fn page_name(text: &str) -> Result<String, String> {
    let name = text.strip_suffix(".html").unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected the name of one of the book's pages, such as option1.html".to_owned())
    }
}

fn json_object(text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(other) => Err(format!("expected a JSON object, not {other}")),
        Err(error) => Err(format!("expected a JSON object: {error}")),
    }
}

/// `on` or `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Switch {
    #[default]
    On,
    Off,
}

impl<O: Args> Arguments<O> {
    /// Reads a command line whose first word is the program.
    pub(crate) fn read(
        program: &str,
        line: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let mut command = Self::command().bin_name(program);
        let mut matches = command.try_get_matches_from_mut(line)?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Args)]
    struct Own {
        /// How often
        #[arg(long, default_value_t = 3)]
        times: u32,
    }

    fn read<O: Args>(line: &str) -> Result<Arguments<O>, clap::Error> {
        Arguments::read("option9", line.split_whitespace())
    }

    #[test]
    fn an_app_needs_no_arguments() {
        let arguments = read::<()>("app").unwrap().common;
        assert_eq!(arguments.bind.to_string(), "127.0.0.1:8050");
        assert_eq!(
            (arguments.debug, arguments.stage, arguments.log),
            (false, Switch::On, Format::Text)
        );
    }

    #[test]
    fn an_apps_own_option_stands_beside_the_common_ones() {
        let arguments = read::<Own>("app --times 7 --stage off --debug").unwrap();
        assert_eq!(
            (
                arguments.app.times,
                arguments.common.stage,
                arguments.common.debug
            ),
            (7, Switch::Off, true)
        );
    }

    #[test]
    fn a_misspelt_option_is_a_usage_error_that_names_the_right_one() {
        let error = read::<Own>("app --time 7").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("--times"), "{error}");
    }

    #[test]
    fn limits_are_the_apps_own_unless_given() {
        let arguments = read::<()>("app").unwrap().common;
        assert_eq!(
            (
                arguments.callback_timeout,
                arguments.max_callbacks,
                arguments.body_limit
            ),
            (None, None, None)
        );
        let arguments =
            read::<()>("app --callback-timeout 0.5 --max-callbacks 4 --body-limit 1024")
                .unwrap()
                .common;
        assert_eq!(
            (
                arguments.callback_timeout,
                arguments.max_callbacks,
                arguments.body_limit
            ),
            (
                Some(Duration::from_millis(500)),
                NonZeroUsize::new(4),
                NonZeroUsize::new(1024)
            )
        );
    }

    #[test]
    fn a_limit_of_nothing_is_a_usage_error() {
        for line in [
            "app --callback-timeout 0",
            "app --callback-timeout -1",
            "app --callback-timeout soon",
            "app --max-callbacks 0",
            "app --max-connections 0",
            "app --body-limit 0",
        ] {
            assert_eq!(read::<()>(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn a_name_to_answer_to_has_no_port() {
        for line in [
            "app --allow-host app.example:8050",
            "app --allow-host http://app.example",
            "app --allow-host=",
        ] {
            let error = read::<()>(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(
                error
                    .to_string()
                    .contains("expected a name alone, such as app.example"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_chapter_is_a_page_of_a_book() {
        let arguments = read::<()>("app --chapter option1.html --book target/book").unwrap();
        let common = arguments.common;
        assert_eq!(common.chapter.as_deref(), Some("option1.html"));
        assert_eq!(common.book, Some(PathBuf::from("target/book")));
        for line in [
            "app --chapter option1.html",
            "app --book target/book",
            "app --chapter option1.md --book target/book",
            "app --chapter ../option1.html --book target/book",
            "app --chapter .html --book target/book",
        ] {
            assert_eq!(read::<()>(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn another_book_may_be_given_after_that_of_xtask_run() {
        let line = "app --chapter a.html --book target/book --book elsewhere --chapter b.html";
        let common = read::<()>(line).unwrap().common;
        assert_eq!(common.chapter.as_deref(), Some("b.html"));
        assert_eq!(common.book, Some(PathBuf::from("elsewhere")));
    }

    #[test]
    fn an_operation_is_an_object_of_json() {
        let read = |json| Arguments::<()>::read("app", ["app", "--operation", json]);
        let common = read(r#"{"kind": "swap"}"#).unwrap().common;
        assert_eq!(common.operation.unwrap()["kind"], "swap");
        for json in ["", "swap", "[]", "\"swap\""] {
            let error = read(json).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{json}");
            assert!(
                error.to_string().contains("expected a JSON object"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_help_is_the_apps() {
        let help = read::<Own>("app --help").unwrap_err().to_string();
        assert!(
            help.contains("Usage: option9") && help.contains("How often"),
            "{help}"
        );
    }
}
