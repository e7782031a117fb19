//! Standard error, written by a thread of its own.
//!
//! Whoever reads it may stop to do so. Then a write does not return, and a supervisor that waits for it hears no signal and replaces no
//! worker. So lines are queued; when the queue is full they are dropped and counted.

use std::{
    collections::VecDeque,
    io::{self, Write},
    os::fd::AsFd,
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Duration,
};

/// How many bytes may wait to be written.
const ROOM: usize = 1024 * 1024;
/// How long the end of the program waits for its last lines to be read.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The queue before standard error.
#[derive(Debug, Default)]
pub(crate) struct Output {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    pieces: VecDeque<Vec<u8>>,
    bytes: usize,
    /// How many lines found no room since the last one that did.
    dropped: u64,
    /// Whether the thread is writing what it took.
    writing: bool,
}

impl Output {
    /// That of this process. The first call starts the thread.
    pub(crate) fn stderr() -> &'static Self {
        static OUTPUT: OnceLock<&'static Output> = OnceLock::new();
        OUTPUT.get_or_init(|| {
            let output: &'static Self = Box::leak(Box::default());
            // A copy of the descriptor: who writes to `io::stderr()` holds a lock that others need.
            if let Ok(stderr) = io::stderr().as_fd().try_clone_to_owned() {
                output.write_to(std::fs::File::from(stderr));
            }
            output
        })
    }

    /// Starts a thread that writes what is queued.
    fn write_to(&'static self, mut stream: impl Write + Send + 'static) {
        let write = move || {
            loop {
                let text = self.next();
                // Nobody may be left to read; that ends the log and not the program.
                let _ = stream.write_all(&text).and_then(|()| stream.flush());
                self.queue().writing = false;
                self.changed.notify_all();
            }
        };
        // Without a thread the queue fills up, and what it cannot hold is counted as dropped.
        let _ = thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(write);
    }

    /// Queues one or more whole lines; drops them if there is no room.
    pub(crate) fn push(&self, text: &[u8]) {
        let mut queue = self.queue();
        if queue.bytes + text.len() > ROOM {
            queue.dropped += 1;
            return;
        }
        queue.take_note_of_dropped();
        queue.add(text);
        self.changed.notify_all();
    }

    /// Waits until all is written, but not longer than a second.
    pub(crate) fn flush(&self) {
        let queue = self.queue();
        let _ = self
            .changed
            .wait_timeout_while(queue, FLUSH_TIMEOUT, |queue| {
                queue.writing || !queue.pieces.is_empty()
            });
    }

    fn next(&self) -> Vec<u8> {
        let mut queue = self
            .changed
            .wait_while(self.queue(), |queue| queue.pieces.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let text = queue.pieces.pop_front().unwrap_or_default();
        queue.bytes -= text.len();
        queue.writing = true;
        text
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn add(&mut self, text: &[u8]) {
        self.bytes += text.len();
        self.pieces.push_back(text.to_vec());
    }

    fn take_note_of_dropped(&mut self) {
        match std::mem::take(&mut self.dropped) {
            0 => {}
            1 => self.add(b"1 line was dropped here: nobody read standard error\n"),
            count => self.add(
                format!("{count} lines were dropped here: nobody read standard error\n").as_bytes(),
            ),
        }
    }
}

/// For the log, which writes each event in one piece.
impl Write for &'static Output {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.push(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader},
        os::unix::net::UnixStream,
        sync::mpsc,
    };

    use super::*;

    /// A stream that says when a write has begun, and ends none before it is told to.
    struct Stuck {
        begun: mpsc::Sender<()>,
        read_on: mpsc::Receiver<()>,
        stream: UnixStream,
    }

    impl Write for Stuck {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let _ = self.begun.send(());
            let _ = self.read_on.recv();
            self.stream.write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_nobody_reads_is_dropped_and_counted() {
        let output: &'static Output = Box::leak(Box::default());
        let (reader, stream) = UnixStream::pair().unwrap();
        let (begun, write_began) = mpsc::channel();
        let (go_on, read_on) = mpsc::channel();
        output.write_to(Stuck {
            begun,
            read_on,
            stream,
        });
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        output.push(&line);
        write_began.recv().unwrap();
        // The thread holds one line and does not return. The queue has room for 1,024 more, and no call waits.
        for _ in 0..1024 + 100 {
            output.push(&line);
        }
        assert_eq!(output.queue().dropped, 100);

        drop(go_on);
        let mut lines = BufReader::new(reader).lines().map(Result::unwrap);
        for _ in 0..=1024 {
            assert_eq!(lines.next().unwrap().len(), 1023);
        }
        output.push(b"again\n");
        assert_eq!(
            lines.next().unwrap(),
            "100 lines were dropped here: nobody read standard error"
        );
        assert_eq!(lines.next().unwrap(), "again");
    }

    #[test]
    fn all_is_written_before_the_end() {
        let output: &'static Output = Box::leak(Box::default());
        let (reader, writer) = UnixStream::pair().unwrap();
        output.write_to(writer);
        output.push(b"last words\n");
        output.flush();
        reader.set_nonblocking(true).unwrap();
        let line = BufReader::new(reader).lines().next().unwrap().unwrap();
        assert_eq!(line, "last words");
    }
}
