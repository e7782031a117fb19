//! The pipe whose end means that the supervisor is gone.

use std::{env, io, os::fd::AsFd};

use handover::variable;
use tokio::{io::AsyncReadExt, net::unix::pipe};

/// Standard input, if the supervisor has made it a lifeline.
#[derive(Debug)]
pub(crate) struct Lifeline(Option<pipe::Receiver>);

impl Lifeline {
    /// Must be called within a runtime.
    pub(crate) fn from_env() -> io::Result<Self> {
        if env::var_os(variable::WORKER_LIFELINE).is_none_or(|value| value != "1") {
            return Ok(Self(None));
        }
        let stdin = io::stdin().as_fd().try_clone_to_owned()?;
        pipe::Receiver::from_owned_fd(stdin).map(Some).map(Self)
    }

    /// Waits until the supervisor is gone: for ever, if there is none.
    pub(crate) async fn cut(&mut self) {
        let Some(pipe) = &mut self.0 else {
            return std::future::pending().await;
        };
        let mut ignored = [0; 64];
        // The supervisor never writes; whatever is read says that it is still there.
        while let Ok(1..) = pipe.read(&mut ignored).await {}
    }
}
