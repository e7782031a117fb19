//! The circumstances of one call.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::request::Parts;

/// The number of the worker process that runs the app, from 1.
///
/// The callback crate does not know it by itself. The program that serves the app puts it into the extensions of every request, and
/// a callback finds it with [`Context::worker`]. Without it there is one worker, with the number 1.
///
/// ```
/// use callbacks::Worker;
///
/// assert_eq!(format!("answered by worker {}", Worker(3)), "answered by worker 3");
/// assert_eq!(Worker::default(), Worker(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worker(pub u32);

impl Default for Worker {
    fn default() -> Self {
        Self(1)
    }
}

impl fmt::Display for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Something that a call holds until its callback has ended, also when its client has left before.
///
/// The program that serves the app puts it into the extensions of a request. When the last call has let go of what is in it, none runs any
/// more: so a worker that leaves knows what it has to wait for.
#[derive(Clone)]
pub struct CallGuard(
    #[expect(dead_code, reason = "it is held, and dropped")] Arc<dyn Any + Send + Sync>,
);

impl CallGuard {
    /// A guard that holds this.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self(Arc::new(held))
    }
}

impl fmt::Debug for CallGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallGuard")
    }
}

/// What one call wants the network panel to show: an entry of the `Server-Timing` header.
///
/// Whatever it is made of, it is a valid entry: what a header cannot carry is left out.
///
/// ```
/// use std::time::Duration;
/// use callbacks::Timing;
///
/// let timing = Timing::new("cache").desc("hit").dur(Duration::from_micros(12_500));
/// assert_eq!(timing.to_string(), "cache;desc=\"hit\";dur=12.5");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    name: &'static str,
    desc: Option<String>,
    dur: Option<Duration>,
}

impl Timing {
    /// An entry with this name, a word of ASCII letters, digits, `-` and `_`. An entry with another name is called `timing`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        let is_word = |name: &str| {
            let mut bytes = name.bytes();
            !name.is_empty()
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        Self {
            name: if is_word(name) { name } else { "timing" },
            desc: None,
            dur: None,
        }
    }

    /// Adds a description, without control characters, quotes, backslashes, and all beyond ASCII.
    #[must_use]
    pub fn desc(mut self, desc: impl fmt::Display) -> Self {
        let plain = |c: &char| (' '..='~').contains(c) && !matches!(c, '"' | '\\');
        self.desc = Some(desc.to_string().chars().filter(plain).collect());
        self
    }

    /// Adds a duration, which is shown in milliseconds.
    #[must_use]
    pub fn dur(mut self, duration: Duration) -> Self {
        self.dur = Some(duration);
        self
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(desc) = &self.desc {
            write!(f, ";desc=\"{desc}\"")?;
        }
        if let Some(dur) = self.dur {
            let milliseconds = (dur.as_secs_f64() * 1_000_000.0).round() / 1000.0;
            write!(f, ";dur={milliseconds}")?;
        }
        Ok(())
    }
}

/// Which callback an answer comes from, and what that callback wants to be timed: an extension of the response.
///
/// The callback crate reads no clock and writes no `Server-Timing`; the program that serves the app makes the header of this.
#[derive(Clone, Debug)]
pub struct CallbackTiming {
    /// The callback's outputs, as the wire spells them.
    pub callback: Arc<str>,
    /// The entries that the callback added, in their order.
    pub timings: Vec<Timing>,
}

/// One property whose change triggered a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// The component's id.
    pub id: String,
    /// The property's name.
    pub property: String,
}

/// What triggered a call, and the request it came with: Dash's `ctx`. A callback that declares [`Ctx`](crate::Ctx) gets it.
#[derive(Clone, Debug)]
pub struct Context(Arc<Circumstances>);

#[derive(Debug)]
struct Circumstances {
    triggered: Vec<Triggered>,
    request: Parts,
    timings: Mutex<Vec<Timing>>,
}

impl Context {
    pub(crate) fn new<'a>(changed: impl Iterator<Item = &'a str>, request: Parts) -> Self {
        let triggered = changed.filter_map(Triggered::parse).collect();
        Self(Arc::new(Circumstances {
            triggered,
            request,
            timings: Mutex::default(),
        }))
    }

    /// The inputs whose change triggered this call, in the order of their changes: Dash's `ctx.triggered`.
    ///
    /// It is empty for an initial call, the one that a page makes when it is opened.
    #[must_use]
    pub fn triggered(&self) -> &[Triggered] {
        &self.0.triggered
    }

    /// The id of the first component whose change triggered this call: Dash's `ctx.triggered_id`.
    #[must_use]
    pub fn triggered_id(&self) -> Option<&str> {
        self.0
            .triggered
            .first()
            .map(|triggered| triggered.id.as_str())
    }

    /// The worker that runs this call: number 1, unless the program that serves the app has set another.
    #[must_use]
    pub fn worker(&self) -> Worker {
        let worker = self.0.request.extensions.get();
        worker.copied().unwrap_or_default()
    }

    /// The request's method, address, headers and extensions; what `tower` layers found out is among the extensions.
    #[must_use]
    pub fn request(&self) -> &Parts {
        &self.0.request
    }

    /// Adds an entry to the answer's `Server-Timing` header.
    pub fn time(&self, timing: Timing) {
        self.0
            .timings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(timing);
    }

    pub(crate) fn timings(&self) -> Vec<Timing> {
        self.0
            .timings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Triggered {
    /// Reads `id.property`, split at the last dot.
    fn parse(changed: &str) -> Option<Self> {
        let (id, property) = changed.rsplit_once('.')?;
        Some(Self {
            id: id.to_owned(),
            property: property.to_owned(),
        })
    }
}
