//! One run, from the command line to what is written.

use std::{fs, process::ExitCode, thread};

use anyhow::bail;
use time::OffsetDateTime;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use crate::{
    Arguments,
    answer::Kind,
    apps, check, facts,
    failure::{catch, silently},
    markdown,
    measure::{self, Numbers},
    output,
    progress::Progress,
    questions::Question,
    report::{FORMAT, Fact, LeftOut, Made, Report},
    scene::Setting,
    subject::{self, SUBJECTS, Subject},
    tools::{self, Browsers, ToolError},
};

/// How many trials are made at least where chance has a part, unless the facts are only checked.
const TRIALS: usize = 8;

/// A report, and what went wrong on the way to it, as sentences.
struct Outcome {
    report: Report,
    failures: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let book = output::book();
    if arguments.render {
        output::write(&check::committed(&book.join(output::JSON))?, &book)?;
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = |subject: &&Subject| arguments.compares(subject.id);
    let subjects: Vec<_> = SUBJECTS.iter().filter(chosen).collect();
    let left_out = tools::missing(&subjects);
    if let (Some(option), Some(missing)) = (arguments.whole(), left_out.first()) {
        let (what, why) = (missing.what.clone(), missing.why.clone());
        return Err(ToolError::Missing { what, why, option }.into());
    }
    for LeftOut { what, why } in &left_out {
        eprintln!("{why}: what needs {what} is left out.");
    }
    // Before minutes of work are done for nothing.
    let committed = match arguments.check {
        true => Some(check::committed(&book.join(output::JSON))?),
        false => None,
    };

    let Outcome { report, failures } =
        silently(|| until_interrupted(measure(arguments, subjects, left_out)))?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", markdown::text(&report));
    }
    for failure in &failures {
        eprintln!("failed: {failure}");
    }
    let mut good = failures.is_empty();
    if let Some(committed) = committed {
        let asked = |fact: &Fact| {
            arguments.compares(&fact.option) && arguments.workers.contains(&fact.workers)
        };
        let differences = check::differences(&committed, &report, asked);
        for difference in &differences {
            eprintln!("differs: {difference}");
        }
        good &= differences.is_empty();
        eprintln!("{}", check::extent(&committed, &report));
    } else if arguments.bless && !good {
        bail!("nothing was written for the book: it has no place for what failed");
    } else {
        let folder = if arguments.bless {
            book
        } else {
            output::scratch()
        };
        output::write(&report, &folder)?;
        eprintln!("The tables are in {}.", folder.display());
    }
    Ok(if good {
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
    mut subjects: Vec<&'static Subject>,
    left_out: Vec<LeftOut>,
) -> anyhow::Result<Outcome> {
    let why_missing = |what| {
        let missing = left_out.iter().find(|left| left.what == what);
        missing.map(|left| left.why.as_str())
    };
    if why_missing(tools::REDIS).is_some() {
        subjects.retain(|subject| !subject.needs_redis());
    }
    let no_browser = why_missing(tools::BROWSER);
    let with_numbers = arguments.with_numbers();
    if with_numbers {
        apps::build(&subjects).await?;
    }

    let redis = tools::redis(&subjects).await?;
    let browsers = match no_browser {
        None => Some(Browsers::start(facts::LANES).await?),
        Some(_) => None,
    };
    let progress = Progress::start();
    let setting = Setting {
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
    let facts = facts::measure(&subjects, workers, people, setting, &progress).await;
    if let Some(browsers) = browsers {
        browsers.close().await;
    }
    let failed = facts.iter().filter(|fact| fact.answer.kind == Kind::Failed);
    let mut failures: Vec<String> = failed
        .map(|fact| format!("{}: {}", fact.cell(), fact.answer))
        .collect();
    let mut numbers = Vec::new();
    if with_numbers {
        numbers = in_peace(&subjects, setting, &progress, &mut failures).await;
        if no_browser.is_none() {
            on_the_wire(&mut numbers, setting, &progress, &mut failures).await?;
        }
    }
    let report = Report {
        format: FORMAT,
        made: made(with_numbers, progress.elapsed().as_secs()),
        left_out,
        options: subjects.iter().map(|subject| subject.described()).collect(),
        questions: Question::ALL.map(Question::described).to_vec(),
        facts,
        numbers,
    };
    Ok(Outcome { report, failures })
}

/// What is timed, weighed and driven to its limit. One option after the other: nothing else is to run meanwhile, no browser least of all.
async fn in_peace(
    subjects: &[&'static Subject],
    setting: Setting<'_>,
    progress: &Progress,
    failures: &mut Vec<String>,
) -> Vec<Numbers> {
    let mut all = Vec::new();
    for &subject in subjects {
        match catch(measure::in_peace(subject, setting)).await {
            Ok(numbers) => all.push(numbers),
            Err(failure) => failures.push(format!("{}, numbers: {failure}", subject.id)),
        }
        progress.done(&format!("{}: times, memory, limits", subject.name()));
    }
    all
}

/// Adds the bytes that a browser sends and gets.
async fn on_the_wire(
    numbers: &mut [Numbers],
    setting: Setting<'_>,
    progress: &Progress,
    failures: &mut Vec<String>,
) -> Result<(), ToolError> {
    let browsers = Browsers::start(1).await?;
    for numbers in numbers {
        let subject = subject::named(&numbers.option);
        match catch(measure::on_the_wire(subject, setting, &browsers.people[0])).await {
            Ok(traffic) => numbers.traffic = traffic,
            Err(failure) => failures.push(format!("{}, traffic: {failure}", subject.id)),
        }
        progress.done(&format!("{}: bytes on the wire", subject.name()));
    }
    browsers.close().await;
    Ok(())
}

fn made(release: bool, seconds: u64) -> Made {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Made {
        date: OffsetDateTime::now_utc().date().to_string(),
        cores: thread::available_parallelism().map_or(1, Into::into),
        kernel: version(&kernel),
        build: if release { "release" } else { "dev" }.to_owned(),
        seconds,
    }
}

/// Such as `Linux 6.1`: what comes after that is the machine's own and says nothing to others.
fn version(release: &str) -> String {
    let parts: Vec<_> = release.trim().split('.').take(2).collect();
    format!("Linux {}", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_kernels_release_only_the_version_is_told() {
        assert_eq!(version("6.1.0-13-amd64\n"), "Linux 6.1");
    }
}
