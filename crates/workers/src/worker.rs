//! One worker process, and the task that owns it.

use std::{
    os::{fd::OwnedFd, unix::process::CommandExt},
    process::{Command, Stdio},
    time::Duration,
};

use command_fds::{CommandFdExt, FdMapping};
use handover::{notify::Report, variable};
use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};
use tokio::{process::Child, sync::mpsc, task::JoinHandle, time::timeout};

use crate::{
    Config, Exit,
    fleet::{Event, Key, Start},
    log::{self, Origin, Tail},
    notify::NotifySocket,
};

/// Where `LISTEN_FDS` begins to count.
const FIRST_SOCKET: i32 = 3;
/// How long to wait for the last lines of a worker that has ended: a process that it left behind may hold its output
/// open for ever.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// The supervisor's end of a worker. The process itself belongs to a task, which alone knows whether it has ended:
/// no signal can reach a stranger who got the same pid.
#[derive(Debug)]
pub(crate) struct Worker {
    pid: Pid,
    signals: mpsc::UnboundedSender<Signal>,
}

impl Worker {
    /// Starts the process, and a task that reports on it through `events`. Returns the worker and its pid.
    pub(crate) fn spawn(
        config: &Config,
        start: Start,
        socket: OwnedFd,
        notify: NotifySocket,
        events: mpsc::UnboundedSender<Event>,
    ) -> std::io::Result<(Self, u32)> {
        let mut child = command(config, start, socket, &notify)?.spawn()?;
        let pid = child.id().unwrap_or_default();
        let (signals, inbox) = mpsc::unbounded_channel();
        let origin = Origin {
            number: start.number,
            pid,
        };
        let tail = Tail::default();
        let output = [
            child
                .stdout
                .take()
                .map(|stdout| tokio::spawn(log::copy(stdout, origin, tail.clone()))),
            child
                .stderr
                .take()
                .map(|stderr| tokio::spawn(log::copy(stderr, origin, tail.clone()))),
        ];
        let task = Task {
            key: start.key,
            pid,
            child,
            notify,
            inbox,
            events,
        };
        tokio::spawn(task.run(output.into_iter().flatten().collect(), tail));
        let worker = Self {
            pid: Pid::from_raw(pid.cast_signed()),
            signals,
        };
        Ok((worker, pid))
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Sends a signal to the worker, and all but TERM to what it may have started too.
    pub(crate) fn send(&self, signal: Signal) {
        // The task is gone when the process is, and then there is nobody to hear it.
        let _ = self.signals.send(signal);
    }
}

fn command(
    config: &Config,
    start: Start,
    socket: OwnedFd,
    notify: &NotifySocket,
) -> std::io::Result<tokio::process::Command> {
    let mut command = Command::new(&config.program);
    command
        .args(&config.args)
        // What another supervisor may have told this one about itself.
        .env_remove("LISTEN_PID")
        .env_remove("LISTEN_FDNAMES")
        .env_remove("LISTEN_FDS_FIRST_FD")
        .env_remove(variable::WORKER_MAX_REQUESTS)
        .env_remove(variable::WORKER_CONTROL)
        .env_remove(variable::WATCHDOG_USEC)
        .env_remove("WATCHDOG_PID")
        .envs(config.envs.iter())
        .env(variable::LISTEN_FDS, "1")
        .env(variable::NOTIFY_SOCKET, notify.path())
        .env(variable::WORKER_NUMBER, start.number.to_string())
        .env(variable::WORKER_LIFE, start.life.to_string())
        .env(variable::WORKER_COUNT, start.count.to_string())
        .env(
            variable::WORKER_KEEP_ALIVE,
            if config.keep_alive { "1" } else { "0" },
        )
        .env(
            variable::WORKER_GRACE,
            config.grace.as_secs_f64().to_string(),
        )
        .env(variable::WORKER_LIFELINE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which then asks politely.
        .process_group(0);
    if let Some(limit) = config.watchdog {
        command.env(variable::WATCHDOG_USEC, limit.as_micros().to_string());
    }
    if let Some(max_requests) = config.max_requests {
        command.env(
            variable::WORKER_MAX_REQUESTS,
            max_requests.draw().to_string(),
        );
    }
    if let Some(control) = config.control.as_ref().filter(|_| config.teaching) {
        command.env(variable::WORKER_CONTROL, std::path::absolute(control)?);
    }
    command
        .fd_mappings(vec![FdMapping {
            parent_fd: socket,
            child_fd: FIRST_SOCKET,
        }])
        .map_err(std::io::Error::other)?;
    let mut command = tokio::process::Command::from(command);
    command.kill_on_drop(true);
    Ok(command)
}

/// The task's side of a worker.
struct Task {
    key: Key,
    pid: u32,
    /// Holds the worker's lifeline, its standard input, for as long as the supervisor lives.
    child: Child,
    notify: NotifySocket,
    inbox: mpsc::UnboundedReceiver<Signal>,
    events: mpsc::UnboundedSender<Event>,
}

impl Task {
    async fn run(mut self, output: Vec<JoinHandle<()>>, tail: Tail) {
        // `wait` would close the lifeline, to spare a child that reads its input to the end.
        let lifeline = self.child.stdin.take();
        let exit = loop {
            tokio::select! {
                // In this order: what a worker reported comes before its end.
                biased;
                Ok(reports) = self.notify.receive() => self.pass_on(&reports),
                Some(signal) = self.inbox.recv() => self.deliver(signal),
                status = self.child.wait() => match status {
                    Ok(status) => break Exit::from(status),
                    Err(error) => {
                        tracing::error!(pid = self.pid, "cannot wait for a worker: {error}");
                        break Exit::Code(-1);
                    }
                },
            }
        };
        drop(lifeline);
        let all_read = async {
            for copy in output {
                let _ = copy.await;
            }
        };
        let _ = timeout(OUTPUT_TIMEOUT, all_read).await;
        let _ = self.events.send(Event::Exited(self.key, exit, tail.take()));
    }

    fn pass_on(&self, reports: &[Report]) {
        for report in reports {
            let event = match report {
                Report::Ready => Event::Ready(self.key),
                Report::Alive => Event::Alive(self.key),
                Report::Stopping => Event::Leaving(self.key),
                Report::Requests(count) => Event::Answered(self.key, *count),
            };
            let _ = self.events.send(event);
        }
    }

    fn deliver(&self, signal: Signal) {
        // There is no id any more when the process has been waited for.
        let Some(pid) = self.child.id().map(|id| Pid::from_raw(id.cast_signed())) else {
            return;
        };
        let result = match signal {
            Signal::SIGTERM => signal::kill(pid, signal),
            _ => signal::killpg(pid, signal),
        };
        if let Err(error) = result {
            tracing::debug!(%pid, "{signal} not delivered: {error}");
        }
    }
}
