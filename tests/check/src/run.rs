//! One run, from the command line to the table.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::bail;
use check::{Lesson, UPDATE};
use fastrand::Rng;
use harness::{
    App, RedisServer,
    process::{Signal, send},
};
use histories::{EventKind, Fault, Header, History, Observer, Operation as Kind};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;
use xtask::{
    registry::{self, Registry},
    usage::UsageError,
    workspace::Workspace,
};

use crate::{
    Check,
    faults::inject,
    files,
    people::{People, SESSION},
    verdicts::{self, Expected},
};

/// How many calls are made in search of something that breaks by chance.
const MOST: u64 = 2_000;

/// How long a person waits at most between two calls while there are faults, so that these come between many calls.
const PAUSE: Duration = Duration::from_millis(60);

pub(crate) fn run(mut arguments: Check, runtime: &Runtime) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let registry = Registry::of(&workspace)?;
    let (_, app) = registry.find(&arguments.tutorial)?;
    let refused = |what| UsageError(format!("{} {what}", app.id));
    let Some(operation) = &app.operation else {
        return Err(refused("keeps nothing that a call could read back; expected a tutorial whose manifest has an `operation`").into());
    };
    if operation.kind == Kind::Add && arguments.replay.is_none() {
        return Err(refused(
            "counts in the browser, where a test clicks; `--replay` judges what it has recorded",
        )
        .into());
    }
    let expected = |workers, options: &[String], faults: &[Fault]| {
        verdicts::expected(app, operation.kind, workers, options, faults)
    };
    let (history, expected) = if let Some(file) = &arguments.replay {
        let history = files::read(file, app)?;
        let header = history.header();
        let workers = u16::try_from(header.workers).unwrap_or(u16::MAX);
        let expected = expected(workers, &header.options, &faults(&history))?;
        (history, expected)
    } else {
        let expected = expected(arguments.workers, &arguments.options, &arguments.fault)?;
        let history = runtime.block_on(record(&arguments, app, &expected))?;
        let usual = || files::usual(&workspace.root, &history);
        arguments.picture = Some(arguments.picture.take().unwrap_or_else(usual));
        (history, expected)
    };
    let (table, kept) = verdicts::table(&expected, &history);
    print!("{table}");
    if let Some(picture) = &arguments.picture {
        if arguments.replay.is_none() {
            let file = picture.with_extension("jsonl");
            files::write(&file, &history.to_string())?;
            println!("history: {}", file.display());
        }
        files::draw(picture, app, &history, &expected)?;
        println!("picture: {}", picture.display());
    }
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the app, and lets people call and faults come, until all is seen that is promised to break.
async fn record(
    arguments: &Check,
    app: &registry::App,
    expected: &[Expected],
) -> anyhow::Result<History> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    eprintln!("{}, workers: {}, seed: {seed}", app.id, arguments.workers);
    let mut options = arguments.options.clone();
    let mut redis = None;
    for option in options.iter_mut().filter(|option| *option == "redis") {
        *option = redis.insert(RedisServer::start().await).url();
    }
    let mut start = App::start(&app.id).workers(arguments.workers.into());
    if arguments.keep_alive {
        start = start.flag("--keep-alive");
    }
    let running = start.options(options).await;
    let lesson = Lesson::of(app, running.address()).await?;
    open(&running, &lesson).await?;
    let observer = Observer::new(Header {
        history: 1,
        lesson: app.id.clone(),
        options: arguments.options.clone(),
        workers: arguments.workers.into(),
        seed: Some(seed),
    });
    let faults = &arguments.fault;
    let injected: Vec<Fault> = faults
        .iter()
        .copied()
        .filter(|fault| *fault != Fault::Leave)
        .collect();
    let mut rng = Rng::with_seed(seed);
    let mut fault_rng = rng.fork();
    let bar = progress(arguments.calls);
    let people = People {
        lesson: &lesson,
        observer: &observer,
        address: running.address(),
        leave: faults.contains(&Fault::Leave),
        pause: if faults.is_empty() {
            Duration::ZERO
        } else {
            PAUSE
        },
        calls: AtomicU64::new(0),
        bar: &bar,
    };
    let count = AtomicUsize::new(0);
    let calling = async {
        let mut calls = arguments.calls;
        loop {
            people.call(arguments.people, calls, &mut rng).await;
            let history = observer.history()?;
            let is_missing = |expected: &Expected| {
                expected.holds == Some(false)
                    && expected.guarantee.judge(&history).holds() == Some(true)
            };
            let had_all = count.load(Ordering::Relaxed) >= 2 * injected.len();
            if had_all && (calls >= MOST || !expected.iter().any(is_missing)) {
                return anyhow::Ok(history);
            }
            calls += arguments.calls;
            bar.set_length(calls);
        }
    };
    let history = if injected.is_empty() {
        calling.await
    } else {
        tokio::select! {
            history = calling => history,
            () = inject(&running, &observer, &injected, &count, &mut fault_rng) => bail!("the faults came to an end"),
        }
    };
    bar.finish_and_clear();
    // Nobody may stand still when all are asked to leave.
    running
        .workers()
        .into_values()
        .for_each(|pid| send(pid, Signal::SIGCONT));
    history
}

/// Opens what the calls are about with one call, which is not recorded: what it finds is not what a call has left.
async fn open(app: &App, lesson: &Lesson) -> anyhow::Result<()> {
    if lesson.operation.kind == Kind::Swap {
        let answer = app
            .post(UPDATE, &lesson.writes(SESSION, &"opened".into(), None))
            .await;
        if let Err(status) = lesson.shown(&answer) {
            bail!(
                "the first call was answered with {status}: {}",
                String::from_utf8_lossy(&answer.body)
            );
        }
    }
    Ok(())
}

fn progress(calls: u64) -> ProgressBar {
    let bar = ProgressBar::new(calls);
    let style = ProgressStyle::with_template("{elapsed}  {pos} of {len} calls {spinner}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The faults in a recorded history.
fn faults(history: &History) -> Vec<Fault> {
    let fault = |event: &histories::Event| match event.kind {
        EventKind::Fault { kind, .. } => Some(kind),
        _ => None,
    };
    history.events().iter().filter_map(fault).collect()
}
