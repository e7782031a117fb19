//! One run, from the command line to what is written.

use std::{fs, process::ExitCode, thread, time::Instant};

use anyhow::{bail, ensure};
use time::OffsetDateTime;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use crate::{
    Arguments, apps, check,
    deployment::Conditions,
    facts,
    failure::{catch, silently},
    markdown, measure, output,
    report::{LeftOut, Made, Report},
    tools::{self, Browsers},
    variant::{self, Variant},
};

/// How many trials are made at least where chance has a part, unless the facts are only checked.
const TRIALS: usize = 8;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let book = output::book();
    if arguments.render {
        output::write(&check::committed(&book.join(output::JSON))?, &book)?;
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = |variant: &Variant| arguments.compares(variant.id());
    let variants: Vec<_> = variant::all().filter(chosen).collect();
    let left_out = tools::missing(&variants);
    if let (Some(option), Some(missing)) = (arguments.whole(), left_out.first()) {
        let LeftOut { what, why } = missing;
        bail!(
            "{why}, and `{option}` leaves nothing out: install it, or ask with `--facts`, which leaves out what needs {what}"
        );
    }
    for LeftOut { what, why } in &left_out {
        eprintln!("{why}: what needs {what} is left out.");
    }
    // Before minutes of work are done for nothing.
    let committed = match arguments.check {
        true => Some(check::committed(&book.join(output::JSON))?),
        false => None,
    };

    let report = silently(|| until_interrupted(measure(arguments, variants, left_out)))?;
    print!("{}", markdown::text(&report));
    let wrong = match &committed {
        Some(committed) => {
            eprintln!("{}", check::extent(committed, &report));
            check::differences(committed, &report, |fact| arguments.asks(fact))
        }
        None => report.failures(),
    };
    for sentence in &wrong {
        eprintln!("error: {sentence}");
    }
    if arguments.bless {
        ensure!(
            wrong.is_empty(),
            "nothing was written for the book: it has no place for what failed"
        );
        output::write(&report, &book)?;
    } else if !arguments.check {
        output::write(&report, &output::scratch())?;
    }
    Ok(if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The outcome of `measuring`. An interrupted one is dropped, and with it every app and browser, which ends their processes.
fn until_interrupted<T>(measuring: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            measured = catch(measuring) => measured?,
            _ = interrupt.recv() => bail!("interrupted; nothing was written"),
            _ = terminate.recv() => bail!("interrupted; nothing was written"),
        }
    })
}

async fn measure(
    arguments: &Arguments,
    mut variants: Vec<Variant>,
    left_out: Vec<LeftOut>,
) -> anyhow::Result<Report> {
    let why_missing = |what| {
        let missing = left_out.iter().find(|left| left.what == what);
        missing.map(|left| left.why.as_str())
    };
    if why_missing(tools::REDIS).is_some() {
        variants.retain(|variant| !variant.needs_redis());
    }
    let no_browser = why_missing(tools::BROWSER);
    let with_numbers = arguments.with_numbers();
    if with_numbers {
        apps::build(&variants).await?;
    }

    let redis = tools::redis(&variants).await?;
    let browsers = match no_browser {
        None => Some(Browsers::start(facts::LANES).await?),
        Some(_) => None,
    };
    let since = Instant::now();
    let conditions = Conditions {
        people: None,
        redis: redis.as_ref(),
        release: with_numbers,
        fraction_of: with_numbers.then_some(TRIALS),
    };
    let people = match (&browsers, no_browser) {
        (Some(browsers), _) => Ok(browsers.people.as_slice()),
        (None, why) => Err(why.unwrap_or_default()),
    };
    let workers = &arguments.workers;
    let facts = facts::measure(&variants, workers, people, conditions, since).await;
    if let Some(browsers) = browsers {
        browsers.browser.close().await;
    }
    let numbers = match with_numbers {
        true => measure::numbers(&variants, conditions, no_browser.is_none(), since).await?,
        false => Vec::new(),
    };
    Ok(Report {
        made: made(with_numbers, since.elapsed().as_secs()),
        left_out,
        facts,
        numbers,
    })
}

fn made(optimised: bool, seconds: u64) -> Made {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version = release.trim().split('.').take(2);
    Made {
        date: OffsetDateTime::now_utc().date().to_string(),
        cores: thread::available_parallelism().map_or(1, Into::into),
        // What comes after the version is the machine's own and says nothing to others.
        kernel: format!("Linux {}", version.collect::<Vec<_>>().join(".")),
        build: if optimised { "release" } else { "dev" }.to_owned(),
        seconds,
    }
}
