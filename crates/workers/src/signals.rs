//! The supervisor's own signals.

use std::{fs::File, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    fleet::Event,
    platform::{adopts, ignores_hangup},
};

/// Handlers for all signals that mean something to the supervisor.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    hangup: Signal,
    more: Signal,
    fewer: Signal,
    /// A process has ended that the kernel gave to the supervisor; `None` if it gets none.
    pub(crate) orphans: Option<Signal>,
    /// Whether the end of the terminal is to be the supervisor's end too.
    bound_to_terminal: bool,
}

impl Signals {
    pub(crate) fn install() -> io::Result<Self> {
        // tokio has no names for the two that job control uses and gunicorn borrowed.
        let number = |signal: nix::sys::signal::Signal| SignalKind::from_raw(signal as i32);
        // Before the handlers: afterwards nothing is ignored.
        let bound_to_terminal = has_terminal() && !ignores_hangup();
        Ok(Self {
            bound_to_terminal,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hangup: signal(SignalKind::hangup())?,
            more: signal(number(nix::sys::signal::Signal::SIGTTIN))?,
            fewer: signal(number(nix::sys::signal::Signal::SIGTTOU))?,
            orphans: adopts().then(|| signal(SignalKind::child())).transpose()?,
        })
    }

    /// Waits for the next signal. Nothing is lost when the wait is given up.
    pub(crate) async fn next(&mut self) -> Event {
        tokio::select! {
            _ = self.terminate.recv() => Event::Terminate,
            _ = self.interrupt.recv() => Event::Interrupt,
            _ = self.quit.recv() => Event::Quit,
            _ = self.hangup.recv() => self.on_hangup(),
            _ = self.more.recv() => Event::More,
            _ = self.fewer.recv() => Event::Fewer,
        }
    }

    /// Waits until there may be an orphan to bury.
    pub(crate) async fn orphan(orphans: &mut Option<Signal>) {
        match orphans {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }

    /// HUP has two senders: someone who wants a reload, and the kernel when the terminal window was closed.
    fn on_hangup(&self) -> Event {
        if self.bound_to_terminal && !has_terminal() {
            return Event::Terminate;
        }
        Event::Reload
    }
}

fn has_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}
