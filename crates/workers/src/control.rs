//! The supervisor's side of the control socket: it says how things are, and takes orders.

use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use handover::{
    bind,
    order::{LONGEST_REQUEST, Order, Refusal},
};
use serde::Serialize;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::mpsc,
    time::{sleep, timeout},
};
use tracing::debug;

use crate::Error;

/// How long to wait after a connection could not be accepted for want of descriptors or memory.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// How long a client may take to send its request, and to read the reply.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(5);

/// A request, and who waits for the reply.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) question: Question,
    client: UnixStream,
}

/// What is asked.
#[derive(Debug)]
pub(crate) enum Question {
    /// How things are.
    Status,
    /// That something be done, or a line that nobody understands.
    Order(Result<Order, Refusal>),
}

/// The control socket. Its file goes when this value goes.
#[derive(Debug)]
pub(crate) struct Control {
    requests: mpsc::UnboundedReceiver<Request>,
    path: PathBuf,
    /// Whether the folder is there because of it.
    made_folder: bool,
}

impl Control {
    /// Makes the socket, in the place of one that a killed supervisor left behind. Must be called within a runtime.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Control {
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let made_folder = !folder.exists();
        if made_folder {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(failed)?;
        }
        // Of two supervisors that start at once and find the same old file, the second must find the first.
        let lock = File::open(folder).map_err(failed)?;
        lock.lock().map_err(failed)?;
        if bind::is_socket(path) && !bind::is_left_over(path) {
            return Err(Error::ControlInUse(path.to_owned()));
        }
        let listener = bind::unix(path, Some(0o600)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let listener = UnixListener::from_std(listener).map_err(failed)?;
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(accept(listener, sender));
        Ok(Self {
            requests,
            path: path.to_owned(),
            made_folder,
        })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        if let Some(folder) = self.path.parent().filter(|_| self.made_folder) {
            // Unless something else lies in it by now.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Waits until somebody asks: for ever, if there is no socket to ask at. Nothing is lost when the wait is given up.
pub(crate) async fn next(control: Option<&mut Control>) -> Request {
    if let Some(control) = control
        && let Some(request) = control.requests.recv().await
    {
        return request;
    }
    std::future::pending().await
}

impl Request {
    /// Sends the reply, without waiting for the client.
    pub(crate) fn reply(mut self, reply: &impl Serialize) {
        let mut line = match serde_json::to_vec(reply) {
            Ok(line) => line,
            Err(error) => return debug!("the reply cannot be written as JSON: {error}"),
        };
        line.push(b'\n');
        tokio::spawn(async move {
            let sent = timeout(CLIENT_TIMEOUT, self.client.write_all(&line)).await;
            debug!(?sent, "replied");
        });
    }
}

/// Accepts clients until nobody is left to hear them.
async fn accept(listener: UnixListener, requests: mpsc::UnboundedSender<Request>) {
    while !requests.is_closed() {
        match listener.accept().await {
            Ok((client, _)) => {
                let requests = requests.clone();
                tokio::spawn(async move {
                    if let Ok(Some(request)) = timeout(CLIENT_TIMEOUT, read(client)).await {
                        let _ = requests.send(request);
                    }
                });
            }
            Err(error) => {
                debug!("cannot accept on the control socket: {error}");
                #[expect(
                    clippy::disallowed_methods,
                    reason = "nothing tells when files can be opened again"
                )]
                sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// Reads a request: a line, or nothing, which asks for the status.
async fn read(mut client: UnixStream) -> Option<Request> {
    let mut line = String::new();
    let read = BufReader::new((&mut client).take(LONGEST_REQUEST))
        .read_line(&mut line)
        .await;
    read.ok()?;
    let question = match line.trim() {
        "" | "status" => Question::Status,
        order => Question::Order(order.parse()),
    };
    Some(Request { question, client })
}

#[cfg(test)]
mod tests {
    use std::os::unix::{fs::PermissionsExt, net::UnixListener as StdUnixListener};

    use super::*;

    #[tokio::test]
    async fn only_the_owner_may_ask() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.sock");
        let _control = Control::open(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn what_it_made_goes_with_it_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("option4");
        drop(Control::open(&inner.join("control.sock")).unwrap());
        assert!(!inner.exists());
        drop(Control::open(&folder.path().join("control.sock")).unwrap());
        assert!(folder.path().exists());
    }

    #[tokio::test]
    async fn a_living_socket_is_not_taken_over_and_an_old_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.sock");
        let first = Control::open(&path).unwrap();
        let error = Control::open(&path).unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        drop(first);
        drop(StdUnixListener::bind(&path).unwrap());
        assert!(path.exists(), "as a killed supervisor leaves it");
        Control::open(&path).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "keep").unwrap();
        assert!(Control::open(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "keep");
    }
}
