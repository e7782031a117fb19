//! The listening sockets: one for all workers, or one for each.

use std::{collections::HashMap, io, net::SocketAddr, os::fd::OwnedFd};

use handover::{
    Bind,
    bind::{self, SocketFile},
    inherited,
};

use tracing::debug;

use crate::{Accept, Config, Error, platform};

/// The sockets on which the workers listen. The supervisor keeps them, so that a connection which waits in a queue
/// outlives the worker that it would have gone to.
#[derive(Debug)]
pub(crate) struct Sockets {
    address: Bind,
    kind: Kind,
    /// The socket file that goes when the supervisor goes.
    file: Option<SocketFile>,
}

#[derive(Debug)]
enum Kind {
    Shared(OwnedFd),
    /// By the worker's number.
    Each(SocketAddr, HashMap<u32, OwnedFd>),
    /// Nobody listens any more.
    Closed,
}

impl Sockets {
    /// Takes the socket that this process inherited, or binds.
    pub(crate) fn open(config: &Config) -> Result<Self, Error> {
        let inherited = inherited::take()?;
        let (listener, file) = match (inherited, config.accept, &config.bind) {
            (Some(listener), Accept::Shared, _) => (listener, None),
            (None, Accept::Shared, address) => bind::bind(address, config.socket_mode)?,
            (None, Accept::ReusePort, Bind::Tcp(address)) => {
                return Self::one_for_each(*address, config.workers.get());
            }
            _ => return Err(Error::ReusePortNeedsPort),
        };
        Ok(Self {
            address: listener.address().map_err(Error::Setup)?,
            kind: Kind::Shared(listener.into()),
            file,
        })
    }

    fn one_for_each(address: SocketAddr, workers: u32) -> Result<Self, Error> {
        // With SO_REUSEPORT the kernel would let us in beside a forgotten older server, which would go on to take a
        // part of the connections. Without it, it refuses.
        let probe = bind::tcp(address, false)?;
        let address = probe.local_addr().unwrap_or(address);
        drop(probe);
        let open = |number| Ok((number, bind::tcp(address, true)?.into()));
        let sockets: Result<_, Error> = (1..=workers).map(open).collect();
        Ok(Self {
            address: Bind::Tcp(address),
            kind: Kind::Each(address, sockets?),
            file: None,
        })
    }

    /// Where the workers listen; the port is the real one.
    pub(crate) fn address(&self) -> &Bind {
        &self.address
    }

    /// A copy of the socket for the worker with this number.
    pub(crate) fn of(&mut self, number: u32) -> io::Result<OwnedFd> {
        match &mut self.kind {
            Kind::Shared(socket) => socket.try_clone(),
            Kind::Each(address, sockets) => {
                if let Some(socket) = sockets.get(&number) {
                    return socket.try_clone();
                }
                let socket: OwnedFd = bind::tcp(*address, true).map_err(io::Error::other)?.into();
                let copy = socket.try_clone()?;
                sockets.insert(number, socket);
                Ok(copy)
            }
            Kind::Closed => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Stops to listen, so that a new connection is refused as soon as the workers have closed their copies too.
    pub(crate) fn close(&mut self) {
        self.kind = Kind::Closed;
        self.file = None;
    }

    /// Closes the socket of a worker that will not come back. The worker has a copy, and takes what waits there.
    pub(crate) fn retire(&mut self, number: u32) {
        if let Kind::Each(_, sockets) = &mut self.kind
            && let Some(socket) = sockets.remove(&number)
            && let Err(error) = platform::turn_away(&socket)
        {
            debug!("the kernel may give connections to worker {number} until it has left: {error}");
        }
    }
}
