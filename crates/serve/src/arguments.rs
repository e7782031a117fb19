//! The arguments that every app has, beside its own.

use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::log::Format;

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
    /// Where to listen, if no socket is inherited; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8050")]
    pub(crate) bind: SocketAddr,
    /// Where the app keeps what outlives it [default: .data/ and the program's name]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Show what went wrong in a callback to whoever called it
    #[arg(long)]
    pub(crate) dev: bool,
    /// Whether the page shows each call: which worker answered, and with what
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lens: Switch,
    /// How the log is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: Format,
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
            (arguments.dev, arguments.lens, arguments.log),
            (false, Switch::On, Format::Text)
        );
    }

    #[test]
    fn an_apps_own_option_stands_beside_the_common_ones() {
        let arguments = read::<Own>("app --times 7 --lens off --dev").unwrap();
        assert_eq!(
            (
                arguments.app.times,
                arguments.common.lens,
                arguments.common.dev
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
    fn the_help_is_the_apps() {
        let help = read::<Own>("app --help").unwrap_err().to_string();
        assert!(
            help.contains("Usage: option9") && help.contains("How often"),
            "{help}"
        );
    }
}
