//! One run, from the command line to what is written.

use std::{fs, process::ExitCode, thread};

use anyhow::{bail, ensure};
use harness::{Browser, RedisServer};
use time::OffsetDateTime;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use crate::{
    Arguments,
    answer::Kind,
    check,
    facts::{self, noun},
    failure::{Failure, catch, silence_panics},
    measure::{self, Numbers},
    output,
    people::People,
    progress::Progress,
    questions::Question,
    report::{FORMAT, LeftOut, Made, Report},
    scene::Setting,
    subject::{SUBJECTS, Subject},
    terminal,
};

/// How many trials are made at least where chance has a part, unless the facts are only checked.
const TRIALS: usize = 8;

/// What there is to measure with.
struct Tools {
    browser: Option<Browser>,
    redis: Option<RedisServer>,
    left_out: Vec<LeftOut>,
}

/// A report, and what went wrong on the way to it, as sentences.
struct Outcome {
    report: Report,
    failures: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.render {
        let committed = check::committed(&output::book().join(output::JSON))?;
        output::write(&committed, &output::book())?;
        return Ok(ExitCode::SUCCESS);
    }
    let left_out = missing();
    for LeftOut { what, why } in &left_out {
        eprintln!(
            "{why}: what needs {} is left out.",
            if what == "redis" {
                "Redis"
            } else {
                "a browser"
            }
        );
    }
    if let (true, Some(LeftOut { why, .. })) = (arguments.bless, left_out.first()) {
        bail!(
            "{why}, and the book's comparison is to be whole: install it, or leave `--bless` out"
        );
    }
    // Before minutes of work are done for nothing.
    let committed = match arguments.check {
        true => Some(check::committed(&output::book().join(output::JSON))?),
        false => None,
    };

    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        // Leaving drops every app and browser, which ends their processes.
        tokio::select! {
            outcome = measure(arguments, left_out) => Ok::<_, anyhow::Error>(Some(outcome)),
            _ = interrupt.recv() => Ok(None),
            _ = terminate.recv() => Ok(None),
        }
    })?;
    let Some(Outcome { report, failures }) = measured else {
        bail!("interrupted; nothing was written");
    };

    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", terminal::render(&report, output::colours()));
    }
    for failure in &failures {
        eprintln!("failed: {failure}");
    }
    if let Some(committed) = committed {
        let differences = check::differences(&committed, &report);
        for difference in &differences {
            eprintln!("differs: {difference}");
        }
        return Ok(if differences.is_empty() && failures.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    ensure!(
        !arguments.bless || failures.is_empty(),
        "nothing was written for the book: it has no place for what failed"
    );
    let folder = if arguments.bless {
        output::book()
    } else {
        output::scratch()
    };
    output::write(&report, &folder)?;
    eprintln!("The tables and charts are in {}.", folder.display());
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn measure(arguments: &Arguments, left_out: Vec<LeftOut>) -> Outcome {
    let with_numbers = !(arguments.check || arguments.facts);
    let subjects = chosen(arguments, &left_out);
    silence_panics();
    let tools = Tools::start(&subjects, left_out).await;
    let setting = Setting {
        people: None,
        redis: tools.redis.as_ref(),
        release: with_numbers,
        fraction_of: with_numbers.then_some(TRIALS),
    };
    let mut failures = build(&subjects, setting).await;
    let cells = facts::WORKERS.len() * Question::ALL.len();
    let progress = Progress::new(subjects.len() * (cells + 2 * usize::from(with_numbers)));
    let no_browser = tools.reason("browser").unwrap_or_default();
    let facts = facts::measure(
        &subjects,
        tools.browser.as_ref(),
        no_browser,
        setting,
        &progress,
    )
    .await;
    let failed = facts.iter().filter(|fact| fact.answer.kind == Kind::Failed);
    failures.extend(failed.map(|fact| {
        let workers = format!("{} {}", fact.workers, noun(fact.workers));
        format!(
            "{}, {}, {workers}: {}",
            fact.option, fact.question, fact.answer.how
        )
    }));
    let mut all_numbers = Vec::new();
    if with_numbers {
        for (subject, numbers) in numbers(&subjects, &tools, setting, &progress).await {
            match numbers {
                Ok(numbers) => all_numbers.push(numbers),
                Err(failure) => failures.push(format!("{}, numbers: {}", subject.id, failure.0)),
            }
        }
    }
    progress.end();
    let left_out = tools.end().await;
    let report = Report {
        format: FORMAT,
        made: made(with_numbers, progress.elapsed().as_secs()),
        left_out,
        options: subjects.iter().map(|subject| subject.described()).collect(),
        questions: Question::ALL.map(Question::described).to_vec(),
        facts,
        numbers: all_numbers,
    };
    Outcome { report, failures }
}

/// Builds all apps, which is not what is measured, and gives the sentences of those that do not build.
async fn build(subjects: &[&'static Subject], setting: Setting<'_>) -> Vec<String> {
    let progress = Progress::new(subjects.len());
    let mut failures = Vec::new();
    for &subject in subjects {
        let what = format!("{}: build", subject.name());
        progress.step(&what);
        if let Err(failure) = catch(setting.build(subject)).await {
            failures.push(format!("{}, build: {}", subject.id, failure.0));
        }
        progress.part(&what);
    }
    progress.end();
    failures
}

/// The options that are asked for and that can be measured here.
fn chosen(arguments: &Arguments, left_out: &[LeftOut]) -> Vec<&'static Subject> {
    let no_redis = left_out.iter().any(|left| left.what == "redis");
    let wanted = |subject: &&Subject| {
        arguments.options.is_empty() || arguments.options.iter().any(|id| id == subject.id)
    };
    let can = |subject: &&Subject| !(no_redis && subject.needs_redis());
    SUBJECTS.iter().filter(wanted).filter(can).collect()
}

/// One option after the other: nothing else is to run while the time is taken. So the browser comes last.
async fn numbers(
    subjects: &[&'static Subject],
    tools: &Tools,
    setting: Setting<'_>,
    progress: &Progress,
) -> Vec<(&'static Subject, Result<Numbers, Failure>)> {
    let mut all = Vec::new();
    for &subject in subjects {
        let what = format!("{}: times, memory, limits", subject.name());
        progress.step(&what);
        all.push((subject, catch(measure::in_peace(subject, setting)).await));
        progress.part(&what);
    }
    let Some(browser) = &tools.browser else {
        return all;
    };
    let people = catch(People::of(browser)).await;
    for (subject, found) in &mut all {
        let what = format!("{}: bytes on the wire", subject.name());
        progress.step(&what);
        if let Ok(numbers) = found {
            let counted = match &people {
                Ok(people) => catch(measure::on_the_wire(subject, setting, people)).await,
                Err(failure) => Err(failure.clone()),
            };
            match counted {
                Ok(traffic) => numbers.traffic = traffic,
                Err(failure) => *found = Err(failure),
            }
        }
        progress.part(&what);
    }
    all
}

impl Tools {
    async fn start(subjects: &[&'static Subject], left_out: Vec<LeftOut>) -> Self {
        let mut tools = Self {
            browser: None,
            redis: None,
            left_out,
        };
        if tools.reason("browser").is_none() {
            match catch(Browser::start()).await {
                Ok(browser) => tools.browser = Some(browser),
                Err(failure) => tools.left_out.push(LeftOut {
                    what: "browser".to_owned(),
                    why: failure.0,
                }),
            }
        }
        if subjects.iter().any(|subject| subject.needs_redis()) {
            tools.redis = Some(RedisServer::start().await);
        }
        tools
    }

    /// Why something is missing, if it is.
    fn reason(&self, what: &str) -> Option<&str> {
        let found = self.left_out.iter().find(|left| left.what == what);
        found.map(|left| left.why.as_str())
    }

    async fn end(self) -> Vec<LeftOut> {
        if let Some(browser) = self.browser {
            browser.close().await;
        }
        self.left_out
    }
}

/// What is not on this machine.
fn missing() -> Vec<LeftOut> {
    let browser = Browser::missing().map(|program| ("browser", program));
    let redis = RedisServer::is_missing().then_some(("redis", "redis-server"));
    let left_out = |(what, program): (&str, &str)| LeftOut {
        what: what.to_owned(),
        why: format!("{program} is missing"),
    };
    [browser, redis]
        .into_iter()
        .flatten()
        .map(left_out)
        .collect()
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
