//! A socket that another program has opened: systemd's socket activation.

use std::io;

use listenfd::ListenFd;

use crate::bind::{BindError, Listener};

/// The socket of `LISTEN_FDS`, or `None` if there is no such variable.
///
/// It removes the variable, so it must run before any thread is started.
///
/// # Errors
///
/// If descriptor 3 is not a listening socket, or there are several.
pub fn take() -> Result<Option<Listener>, BindError> {
    let inherited = ListenFd::from_env();
    match inherited.len() {
        0 => Ok(None),
        1 => first(inherited).map_err(BindError::Inherited),
        count => Err(BindError::SeveralInherited(count)),
    }
}

fn first(mut inherited: ListenFd) -> io::Result<Option<Listener>> {
    if let Ok(Some(listener)) = inherited.take_tcp_listener(0) {
        return Ok(Some(Listener::Tcp(listener)));
    }
    Ok(inherited.take_unix_listener(0)?.map(Listener::Unix))
}
