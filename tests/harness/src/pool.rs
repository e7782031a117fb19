//! Browsers that go from one test to the next: Chromium takes a second to start, and an empty window a tenth of that.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future;
use tokio::{sync::OnceCell, time::timeout};

use crate::{Pid, chromium::ChromeDriver, session::Session};

/// How long a browser may take to forget. One that takes longer is not asked again.
const RESET: Duration = Duration::from_secs(5);

/// ChromeDriver, started when the first browser is wanted, and the browsers that nobody uses at the moment.
pub(crate) struct Pool {
    driver: OnceCell<Arc<ChromeDriver>>,
    idle: Mutex<Vec<Arc<Session>>>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            driver: OnceCell::new(),
            idle: Mutex::default(),
        }
    }

    pub(crate) async fn driver(&self) -> &Arc<ChromeDriver> {
        self.driver
            .get_or_init(async || Arc::new(ChromeDriver::start().await))
            .await
    }

    /// ChromeDriver's process, if it was started.
    pub(crate) fn pid(&self) -> Option<Pid> {
        self.driver.get().map(|driver| driver.pid())
    }

    /// A browser that knows of nobody: one that was given back, or a new one.
    pub(crate) async fn take(&self) -> Arc<Session> {
        let idle = self.idle().pop();
        match idle {
            Some(session) => session,
            None => Session::start(Arc::clone(self.driver().await)).await,
        }
    }

    /// Takes back a browser for the next test, once it has forgotten all of the last one.
    pub(crate) async fn give_back(&self, session: Arc<Session>) {
        match timeout(RESET, session.reset()).await {
            Ok(Ok(())) => self.idle().push(session),
            Ok(Err(_)) | Err(_) => session.close().await,
        }
    }

    /// Ends all browsers that were given back, and ChromeDriver.
    pub(crate) async fn close(&self) {
        let idle = mem::take(&mut *self.idle());
        future::join_all(idle.iter().map(|session| session.close())).await;
        if let Some(driver) = self.driver.get() {
            driver.end();
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Arc<Session>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
