//! What the tests start under the supervisor: a worker that can be told to misbehave.
//!
//! | path | what it does |
//! |---|---|
//! | `/` | answers with its number and its pid |
//! | `/env/NAME` | answers with an environment variable |
//! | `/hold` | answers when the worker has been asked to leave |
//! | `/stuck` | never answers |
//! | `/log/TEXT` | writes this line to its log |
//! | `/watch` | answers with its number and its pid, and keeps the connection |
//! | `/exit/CODE` | ends the process |
//! | `/report/COUNT` | says `STATUS=requests=COUNT` |
//! | `/leave` | says `STOPPING=1` and leaves when it has answered |

#![expect(
    clippy::print_stderr,
    reason = "what it writes is the log that the tests read"
)]

use std::{
    env,
    ffi::OsString,
    io,
    os::{
        fd::AsFd,
        unix::{net::UnixDatagram, process::CommandExt},
    },
    path::PathBuf,
    process::{self, Command, ExitCode},
    sync::Arc,
};

use clap::Parser;
use listenfd::ListenFd;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixListener, unix::pipe},
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
};

/// How to misbehave.
#[derive(Debug, Parser)]
struct Arguments {
    /// End with code 3 instead of starting
    #[arg(long)]
    fail: bool,
    /// End with code 3 instead of starting, if this file exists
    #[arg(long)]
    fail_if: Option<PathBuf>,
    /// Become this program instead, as one that takes orphans as its children
    #[arg(last = true, value_name = "PROGRAM")]
    adopting: Vec<OsString>,
    /// Never say READY=1
    #[arg(long)]
    silent: bool,
    /// Write a line without an end, one that is no text, and a long one
    #[arg(long)]
    noise: bool,
}

struct Worker {
    draining: watch::Sender<bool>,
    /// Dropped by each connection that ends, so that the drain knows when the last one has.
    open: mpsc::Sender<()>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    let arguments = Arguments::parse();
    #[cfg(target_os = "linux")]
    if let [program, rest @ ..] = &arguments.adopting[..] {
        nix::sys::prctl::set_child_subreaper(true)?;
        return Err(Command::new(program).args(rest).exec());
    }
    if arguments.fail || arguments.fail_if.is_some_and(|file| file.exists()) {
        eprintln!("error: the table is not there");
        eprintln!("help: make one");
        return Ok(ExitCode::from(3));
    }
    if arguments.noise {
        use std::io::Write;
        io::stdout().write_all(b"not \xff text\n")?;
        io::stdout().write_all(&[b'x'; 40_000])?;
        io::stdout().write_all(b"\nno end")?;
        io::stdout().flush()?;
    }
    let listener = Listener::inherit()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (open, mut closed) = mpsc::channel(1);
    let worker = Arc::new(Worker {
        draining: watch::Sender::new(false),
        open,
    });
    if !arguments.silent {
        notify("READY=1")?;
    }
    let mut lifeline = pipe::Receiver::from_owned_fd(io::stdin().as_fd().try_clone_to_owned()?)?;
    let mut nothing = [0; 1];
    loop {
        tokio::select! {
            connection = listener.accept() => {
                tokio::spawn(serve(connection?, Arc::clone(&worker), worker.open.clone()));
            }
            _ = terminate.recv() => break,
            _ = lifeline.read(&mut nothing) => process::exit(0),
        }
    }
    drop(listener);
    worker.draining.send_replace(true);
    // The worker's own sender is one of the two that are left when no connection is.
    drop(worker);
    while closed.recv().await.is_some() {}
    Ok(ExitCode::SUCCESS)
}

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<C: AsyncRead + AsyncWrite + Send + Unpin> Connection for C {}

impl Listener {
    fn inherit() -> io::Result<Self> {
        let mut inherited = ListenFd::from_env();
        if let Ok(Some(listener)) = inherited.take_tcp_listener(0) {
            listener.set_nonblocking(true)?;
            return TcpListener::from_std(listener).map(Self::Tcp);
        }
        let listener = inherited
            .take_unix_listener(0)?
            .ok_or(io::ErrorKind::NotConnected)?;
        listener.set_nonblocking(true)?;
        UnixListener::from_std(listener).map(Self::Unix)
    }

    async fn accept(&self) -> io::Result<Box<dyn Connection>> {
        Ok(match self {
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

async fn serve(
    mut connection: Box<dyn Connection>,
    worker: Arc<Worker>,
    _open: mpsc::Sender<()>,
) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if connection.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = match path
        .strip_prefix('/')
        .unwrap_or_default()
        .split_once('/')
        .unwrap_or((&path[1..], ""))
    {
        ("env", name) => env::var(name).unwrap_or_else(|_| "unset".to_owned()),
        ("exit", code) => process::exit(code.parse().unwrap_or(0)),
        ("stuck", _) => {
            eprintln!("took {path}");
            std::future::pending().await
        }
        ("log", text) => {
            eprintln!("{text}");
            "logged".to_owned()
        }
        ("watch", _) => {
            connection
                .write_all(format!("{}\n", identity()).as_bytes())
                .await?;
            std::future::pending().await
        }
        ("hold", _) => {
            eprintln!("took {path}");
            let _ = worker
                .draining
                .subscribe()
                .wait_for(|draining| *draining)
                .await;
            "held".to_owned()
        }
        ("report", count) => {
            notify(&format!("STATUS=requests={count}"))?;
            "reported".to_owned()
        }
        ("leave", _) => {
            notify("STOPPING=1")?;
            "leaving".to_owned()
        }
        _ => format!(
            "{} {}",
            env::var("WORKER_NUMBER").unwrap_or_default(),
            process::id()
        ),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all((head + &body).as_bytes()).await
}

fn identity() -> String {
    format!(
        "{} {}",
        env::var("WORKER_NUMBER").unwrap_or_default(),
        process::id()
    )
}

fn notify(text: &str) -> io::Result<()> {
    match env::var_os("NOTIFY_SOCKET") {
        Some(path) => UnixDatagram::unbound()?
            .send_to(text.as_bytes(), path)
            .map(drop),
        None => Ok(()),
    }
}
