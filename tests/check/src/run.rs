//! One run, from the command line to the table.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::Context;
use clap::ValueEnum;
use fastrand::Rng;
use harness::App;
use histories::{Fault, Guarantee, Header, History, Operation, Place, Verdict, picture};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime;
use xtask::{
    registry::{self, Registry},
    workspace::Workspace,
};

use crate::{
    Arguments,
    faults::inject,
    lesson::Lesson,
    people::People,
    promise::{self, Expected},
    record::Record,
};

/// How many calls are made in search of something that breaks by chance.
const MOST: u64 = 2_000;

/// How long a person waits at most between two calls while there are faults, so that these come between many calls.
const PAUSE: Duration = Duration::from_millis(60);

/// How many events a picture shows beside each of two that contradict each other.
const SHOWN: usize = 8;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let registry = Registry::of(&workspace)?;
    let (_, app) = registry.find(&arguments.tutorial)?;
    let Some(operation) = &app.operation else {
        eprintln!(
            "error: {} keeps nothing on the server that a call could read back; expected a tutorial whose manifest has an `operation`",
            app.id
        );
        return Ok(ExitCode::from(2));
    };
    let kind = kind(operation)?;
    let guarantees = Guarantee::of(kind, ttl(&arguments.options));
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (history, expected) = match &arguments.replay {
        Some(file) => {
            let text = fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let history = History::parse(&text).with_context(|| file.display().to_string())?;
            let workers = u16::try_from(history.header().workers).unwrap_or(u16::MAX);
            let expected = promise::expected(app, &guarantees, workers, &faults_of(&history))?;
            (history, expected)
        }
        None => {
            let faults: Vec<_> = arguments
                .fault
                .iter()
                .map(|fault| fault_name(*fault))
                .collect();
            let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            let expected = promise::expected(app, &guarantees, arguments.workers, &faults)?;
            let record = runtime.block_on(record(arguments, app, operation, kind, &expected))?;
            (record.history()?, expected)
        }
    };
    let (table, kept) = promise::table(&expected, &history);
    print!("{table}");
    if arguments.replay.is_none() {
        let files = write(&workspace.root, app, &history, &expected)?;
        println!(
            "history: {}\npicture: {}",
            files[0].display(),
            files[1].display()
        );
    }
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn kind(operation: &registry::Operation) -> anyhow::Result<Operation> {
    match operation.kind.as_str() {
        "swap" => Ok(Operation::Swap),
        "compute" => Ok(Operation::Compute),
        other => {
            anyhow::bail!("the manifest's operation is `{other}`; expected `swap` or `compute`")
        }
    }
}

/// The time to live of results in milliseconds, as the app's options have it.
fn ttl(options: &[String]) -> f64 {
    let words: Vec<&str> = options
        .iter()
        .flat_map(|option| option.split('='))
        .collect();
    let given = words.windows(2).find(|pair| pair[0] == "--ttl-seconds");
    given
        .and_then(|pair| pair[1].parse::<f64>().ok())
        .unwrap_or(60.0)
        * 1000.0
}

/// Runs the app, and lets people call and faults come, until all is seen that is promised to break.
async fn record(
    arguments: &Arguments,
    app: &registry::App,
    operation: &registry::Operation,
    kind: Operation,
    expected: &[Expected],
) -> anyhow::Result<Record> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    eprintln!("{} with {} workers, seed {seed}", app.id, arguments.workers);
    let mut start = App::start(&app.id).workers(arguments.workers.into());
    if arguments.keep_alive {
        start = start.flag("--keep-alive");
    }
    let running = start.options(&arguments.options).await;
    let lesson = Lesson::find(operation, &running.get("/_dash-dependencies").await.json())?;
    open(&running, &lesson, kind).await?;
    let record = Record::new(Header {
        history: 1,
        lesson: app.id.clone(),
        options: arguments.options.clone(),
        workers: arguments.workers.into(),
        seed: Some(seed),
    });
    let faults: Vec<Fault> = arguments
        .fault
        .iter()
        .map(|fault| (*fault).into())
        .collect();
    let mut rng = Rng::with_seed(seed);
    let mut fault_rng = rng.fork();
    let people = People {
        lesson: &lesson,
        record: &record,
        address: running.address(),
        operation: kind,
        leave: faults.contains(&Fault::Leave),
        pause: if faults.is_empty() {
            Duration::ZERO
        } else {
            PAUSE
        },
        calls: AtomicU64::new(0),
    };
    let injected: Vec<Fault> = faults
        .into_iter()
        .filter(|fault| *fault != Fault::Leave)
        .collect();
    let (count, wanted) = (AtomicUsize::new(0), 2 * injected.len());
    let bar = progress(arguments.calls);
    let calling = async {
        let mut calls = arguments.calls;
        loop {
            people.call(arguments.people.into(), calls, &mut rng).await;
            let history = record.history()?;
            let is_missing = |expected: &Expected| {
                expected.holds == Some(false)
                    && expected.guarantee.judge(&history).holds() == Some(true)
            };
            let is_whole = count.load(Ordering::Relaxed) >= wanted;
            if is_whole && (calls >= MOST || !expected.iter().any(is_missing)) {
                return anyhow::Ok(());
            }
            calls += arguments.calls;
            bar.set_length(calls);
        }
    };
    if injected.is_empty() {
        calling.await?;
    } else {
        tokio::select! {
            called = calling => called?,
            () = inject(&running, &record, &injected, &count, &mut fault_rng) => {}
        }
    }
    bar.finish_and_clear();
    resume(&running);
    Ok(record)
}

/// Opens what the calls are about with one call, which is not recorded: what it finds is not what a call has left.
async fn open(app: &App, lesson: &Lesson, kind: Operation) -> anyhow::Result<()> {
    if kind == Operation::Swap {
        let body = lesson.body("check", &"opened".into());
        let answer = lesson
            .send(app.address(), &body)
            .await
            .map_err(anyhow::Error::msg)?;
        lesson.read(&answer).map_err(|status| {
            let body = String::from_utf8_lossy(&answer.body);
            anyhow::anyhow!("the first call was answered with {status}: {body}")
        })?;
    }
    Ok(())
}

/// Nobody may stand still when all are asked to leave.
fn resume(app: &App) {
    for pid in app.workers().into_values() {
        harness::process::send(pid, harness::process::Signal::SIGCONT);
    }
}

fn progress(calls: u64) -> ProgressBar {
    let bar = ProgressBar::new(calls);
    let style = ProgressStyle::with_template("{elapsed}  up to {len} calls {spinner}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Writes the history, and a picture of where it breaks or of its beginning.
fn write(
    root: &Path,
    app: &registry::App,
    history: &History,
    expected: &[Expected],
) -> anyhow::Result<[PathBuf; 2]> {
    let folder = root.join("target/histories");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let header = history.header();
    let name = format!(
        "{}-{}-{}",
        app.id,
        header.workers,
        header.seed.unwrap_or_default()
    );
    let files = ["jsonl", "svg"].map(|kind| folder.join(&name).with_extension(kind));
    let verdicts = expected
        .iter()
        .map(|expected| expected.guarantee.judge(history));
    let broken = verdicts.filter(|verdict| matches!(verdict, Verdict::Broken(_)));
    let verdict = broken
        .into_iter()
        .next()
        .unwrap_or(Verdict::Holds(history.calls().len()));
    let (part, verdict) = history.excerpt(&verdict, SHOWN);
    let place = match app.workers {
        registry::Claim::Breaks => Place::Workers,
        registry::Claim::Holds => Place::Outside("outside"),
    };
    for (file, text) in files
        .iter()
        .zip([history.to_string(), picture(&part, place, &verdict)])
    {
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(files)
}

fn fault_name(fault: crate::FaultName) -> String {
    fault
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The faults in a recorded history, by their names.
fn faults_of(history: &History) -> Vec<&'static str> {
    let fault = |event: &histories::Event| match event.kind {
        histories::EventKind::Fault { kind, .. } => match kind {
            Fault::Kill => Some("kill"),
            Fault::Pause => Some("pause"),
            Fault::Reload => Some("reload"),
            Fault::Leave => Some("leave"),
            Fault::Resume => None,
        },
        _ => None,
    };
    history.events().iter().filter_map(fault).collect()
}
