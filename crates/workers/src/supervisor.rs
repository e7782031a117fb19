//! The event loop around the fleet.

use std::{
    collections::{HashMap, VecDeque},
    fmt, io, process,
    time::{Duration, Instant, SystemTime},
};

use handover::order::Reason;
use nix::sys::signal::Signal;
use tokio::{sync::mpsc, time::sleep_until};

use crate::{
    Bind, Config, Error, Exit, Readiness, Status,
    config::MaxRequests,
    control::{self, Control, Question, Request},
    fleet::{Action, Event, Failure, Fleet, Key, Policy, Start},
    notify::NotifyFolder,
    output::Output,
    platform::{self, OomKills, memory},
    signals::Signals,
    socket::Sockets,
    status::unix_time,
    worker::Worker,
};

/// A process that cannot say itself when it is ready counts as ready after this time; one that ends sooner could not start.
const SETTLE_TIME: Duration = Duration::from_secs(1);

/// Every worker accepts connections.
///
/// `Display` is the line that people and scripts wait for:
/// `listening on http://127.0.0.1:8050 (option4, 8 workers)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Where; the port is the real one if port 0 was asked for.
    pub address: Bind,
    /// The name that the configuration gives.
    pub name: String,
    /// How many workers.
    pub workers: u32,
}

impl Ready {
    /// Where, for a browser on this machine: `http://127.0.0.1:8050`. A Unix socket has no such address and stays `unix:` and its path.
    pub fn url(&self) -> String {
        self.address.url()
    }
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.workers == 1 { "" } else { "s" };
        write!(
            f,
            "listening on {} ({}, {} worker{plural})",
            self.address.announced(),
            self.name,
            self.workers
        )
    }
}

/// Supervises until a signal ends it, and returns when every worker has ended.
///
/// `on_ready` is called once, when for the first time every worker accepts. The workers' output and the supervisor's
/// own log (`tracing`) go to standard error. When nobody reads it, lines are dropped and counted; nothing else waits for it.
///
/// It blocks the thread and handles the process's signals, so it is a program's main loop; it must not be called from
/// within an async runtime.
///
/// # Errors
///
/// If the address or the control socket cannot be had, or one of the first workers cannot be started or ends before it is ready. Later a
/// worker that cannot start is tried again for as long as another one serves; when none has served for 10 s, and at least three
/// attempts have failed, that is an error too. All workers have ended then.
pub fn run(config: Config, on_ready: impl FnOnce(&Ready)) -> Result<(), Error> {
    let sockets = Sockets::open(&config)?;
    if config.teaching && !sockets.address().is_loopback() {
        return Err(Error::TeachingIsLocal(sockets.address().clone()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Setup)?;
    let outcome = runtime.block_on(async {
        let signals = Signals::install().map_err(Error::Setup)?;
        let folder = NotifyFolder::create()?;
        let control = config.control.as_deref().map(Control::open).transpose()?;
        let (sender, events) = mpsc::unbounded_channel();
        let supervisor = Supervisor {
            config,
            sockets,
            folder,
            control,
            oom_kills: OomKills::watch(),
            sender,
            workers: HashMap::new(),
            outcome: None,
            on_ready: Some(on_ready),
        };
        supervisor.run(signals, events).await
    });
    // Whatever the end is, its last lines are written before it.
    Output::stderr().flush();
    outcome
}

struct Supervisor<F> {
    config: Config,
    sockets: Sockets,
    folder: NotifyFolder,
    control: Option<Control>,
    oom_kills: OomKills,
    sender: mpsc::UnboundedSender<Event>,
    workers: HashMap<Key, Worker>,
    outcome: Option<Result<(), Failure>>,
    on_ready: Option<F>,
}

impl<F: FnOnce(&Ready)> Supervisor<F> {
    async fn run(
        mut self,
        mut signals: Signals,
        mut events: mpsc::UnboundedReceiver<Event>,
    ) -> Result<(), Error> {
        let policy = Policy {
            grace: self.config.grace,
            settle: match self.config.readiness {
                Readiness::Notified => None,
                Readiness::Started => Some(SETTLE_TIME),
            },
            watchdog: self.config.watchdog,
            max_requests: self.config.max_requests.map(MaxRequests::at_least),
        };
        let mut fleet = Fleet::new(self.config.workers.get(), policy);
        let first = fleet.launch(Instant::now());
        self.carry_out(first, &mut fleet);
        let mut orphans = signals.orphans.take();
        loop {
            if let Some(outcome) = self.outcome.take() {
                return outcome.map_err(|failure| self.explain(failure));
            }
            let wake_at = fleet.wake_at();
            let timer = async {
                match wake_at {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "the supervisor has its own clock of what is due"
                    )]
                    Some(at) => sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            let mut event = tokio::select! {
                event = signals.next() => event,
                Some(event) = events.recv() => event,
                () = timer => Event::Timer,
                () = Signals::orphan(&mut orphans) => {
                    self.reap();
                    continue;
                }
                request = control::next(self.control.as_mut()) => {
                    self.answer(request, &mut fleet);
                    continue;
                }
            };
            if let Event::Exited(key, exit, _) = &mut event {
                self.workers.remove(key);
                self.reap();
                if *exit == Exit::KILLED && self.oom_kills.one_more() {
                    *exit = Exit::OutOfMemory;
                }
            }
            let actions = fleet.handle(event, Instant::now());
            self.carry_out(actions, &mut fleet);
        }
    }

    /// Does what the fleet wants, and tells it what became of it, until there is nothing left to do.
    fn carry_out(&mut self, actions: Vec<Action>, fleet: &mut Fleet) {
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Start(start) => {
                    let event = self.start(start);
                    actions.extend(fleet.handle(event, Instant::now()));
                }
                Action::Terminate(key) => self.send(key, Signal::SIGTERM),
                Action::Kill(key) => self.send(key, Signal::SIGKILL),
                Action::Pause(key) => self.send(key, Signal::SIGSTOP),
                Action::Resume(key) => self.send(key, Signal::SIGCONT),
                Action::Retire(number) => self.sockets.retire(number),
                Action::Close => self.sockets.close(),
                Action::Announce { workers } => self.announce(workers),
                Action::Finish(outcome) => self.outcome = Some(outcome),
            }
        }
    }

    fn start(&mut self, start: Start) -> Event {
        match self.spawn(start) {
            Ok((worker, pid)) => {
                self.workers.insert(start.key, worker);
                Event::Spawned(start.key, pid)
            }
            Err(error) => Event::NotSpawned(start.key, error),
        }
    }

    fn spawn(&mut self, start: Start) -> io::Result<(Worker, u32)> {
        let socket = self.sockets.of(start.number)?;
        let notify = self.folder.socket(&start.key.to_string())?;
        Worker::spawn(&self.config, start, socket, notify, self.sender.clone())
    }

    /// Buries what workers left behind, where that is the supervisor's to do.
    fn reap(&self) {
        if platform::adopts() {
            platform::reap(|pid| self.workers.values().any(|worker| worker.pid() == pid));
        }
    }

    fn send(&self, key: Key, signal: Signal) {
        if let Some(worker) = self.workers.get(&key) {
            worker.send(signal);
        }
    }

    fn answer(&mut self, request: Request, fleet: &mut Fleet) {
        let order = match &request.question {
            Question::Status => return request.reply(&self.status(fleet)),
            Question::Order(order) if self.config.teaching => order.clone(),
            Question::Order(_) => Err(Reason::Teaching.because(
                "This supervisor takes no orders: it runs without `--teaching`.".to_owned(),
            )),
        };
        match order.and_then(|order| fleet.order(order, Instant::now())) {
            Ok((done, actions)) => {
                request.reply(&done);
                self.carry_out(actions, fleet);
            }
            Err(refusal) => request.reply(&refusal),
        }
    }

    fn status(&self, fleet: &Fleet) -> Status {
        let mut workers = fleet.snapshot(time_of_day);
        for worker in &mut workers {
            worker.memory = worker.pid.and_then(memory);
        }
        Status {
            name: self.config.name.clone(),
            address: self.sockets.address().announced(),
            pid: process::id(),
            workers,
        }
    }

    fn announce(&mut self, workers: u32) {
        if let Some(on_ready) = self.on_ready.take() {
            on_ready(&Ready {
                address: self.sockets.address().clone(),
                name: self.config.name.clone(),
                workers,
            });
        }
    }

    fn explain(&self, failure: Failure) -> Error {
        match failure {
            Failure::Start(failure) => Error::Start(failure),
            Failure::Spawn(source) => Error::Program {
                program: self.config.program.clone(),
                source,
            },
        }
    }
}

/// The fleet counts from an instant, which means nothing to another process.
fn time_of_day(instant: Instant) -> u64 {
    let time = SystemTime::now().checked_sub(instant.elapsed());
    time.map_or(0, unix_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(address: &str, workers: u32) -> String {
        let address = address.parse().unwrap();
        Ready {
            address,
            name: "option4".to_owned(),
            workers,
        }
        .to_string()
    }

    #[test]
    fn the_ready_line_names_address_app_and_workers() {
        assert_eq!(
            ready("127.0.0.1:8050", 8),
            "listening on http://127.0.0.1:8050 (option4, 8 workers)"
        );
    }

    #[test]
    fn one_worker_is_singular() {
        assert_eq!(
            ready("[::1]:8050", 1),
            "listening on http://[::1]:8050 (option4, 1 worker)"
        );
    }

    #[test]
    fn a_unix_socket_has_no_scheme() {
        assert_eq!(
            ready("unix:/run/app.sock", 2),
            "listening on unix:/run/app.sock (option4, 2 workers)"
        );
    }
}
