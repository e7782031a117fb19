//! A load balancer in front of several groups of workers, to learn with: see the book's chapter on more than one machine.
//!
//! ```text
//! cargo run -p workers --example balancer -- --to 127.0.0.1:8050 --to 127.0.0.1:8051
//! ```
//!
//! It gives each connection to the next group. With `--sticky` all connections from one address go to one group, which is what HAProxy
//! calls `balance source`. A group to which no connection can be made is passed over. It neither reads what it passes on nor checks on
//! the groups in between, and so is no replacement for HAProxy or nginx.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program for the terminal"
)]

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clap::Parser;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

/// How long a group may take to accept a connection before the next one is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait after a connection could not be accepted.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Give connections to groups of workers, in turn
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8049")]
    bind: SocketAddr,
    /// Where a group of workers listens; give it once for each group
    #[arg(long, value_name = "ADDRESS", required = true)]
    to: Vec<SocketAddr>,
    /// Give all connections from one address to the same group, as long as it accepts them
    #[arg(long)]
    sticky: bool,
}

/// Which group gets a connection.
#[derive(Debug)]
pub(crate) struct Balancer {
    groups: Vec<SocketAddr>,
    sticky: bool,
    /// How many connections there have been.
    connections: AtomicU64,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let Arguments { bind, to, sticky } = Arguments::parse();
    let listener = TcpListener::bind(bind).await?;
    let address = listener.local_addr()?;
    let rule = if sticky {
        "by the client's address"
    } else {
        "in turn"
    };
    println!(
        "listening on http://{address} ({} groups, {rule})",
        to.len()
    );
    match Arc::new(Balancer::new(to, sticky)).serve(listener).await {}
}

impl Balancer {
    pub(crate) fn new(groups: Vec<SocketAddr>, sticky: bool) -> Self {
        Self {
            groups,
            sticky,
            connections: AtomicU64::new(0),
        }
    }

    /// Passes on whatever arrives at `listener`.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((client, address)) => {
                    let balancer = Arc::clone(&self);
                    tokio::spawn(async move { balancer.pass_on(client, address.ip()).await });
                }
                // Most likely it has all the connections that it may have. Others wait in the kernel's queue.
                Err(error) => {
                    eprintln!("cannot accept a connection at the moment: {error}");
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "nothing tells when files can be opened again"
                    )]
                    sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    // ANCHOR: pass-on
    /// Passes on one connection, in both directions, to a group that accepts it. If there is none, the client's connection ends.
    async fn pass_on(&self, mut client: TcpStream, from: IpAddr) {
        let (before, after) = self.groups.split_at(self.first_choice(from));
        for group in after.iter().chain(before) {
            if let Ok(Ok(mut server)) = timeout(CONNECT_TIMEOUT, TcpStream::connect(group)).await {
                // Either side may leave in the middle of something. That is for the other side to notice.
                let _ = copy_bidirectional(&mut client, &mut server).await;
                return;
            }
        }
    }

    /// The place of the group that is tried first.
    fn first_choice(&self, from: IpAddr) -> usize {
        let number = if self.sticky {
            let mut hasher = DefaultHasher::new();
            from.hash(&mut hasher);
            hasher.finish()
        } else {
            self.connections.fetch_add(1, Ordering::Relaxed)
        };
        // The remainder is less than a number of groups, and so fits.
        (number % self.groups.len() as u64) as usize
    }
    // ANCHOR_END: pass-on
}
