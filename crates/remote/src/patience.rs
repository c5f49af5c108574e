//! How long a store is waited for, and how often it is asked again.

use std::time::{Duration, Instant};

use crate::error::RemoteError;

/// How long a store is waited for. All bounds are on time without progress: what comes slowly, but comes, is read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection. `AWS_CONNECT_TIMEOUT` (`AZURE_`, `GOOGLE_`) overrides it.
    pub connect: Duration,
    /// For the next bytes of an answer. `AWS_READ_TIMEOUT` (`AZURE_`, `GOOGLE_`) overrides it.
    pub idle: Duration,
    /// For progress, all attempts together.
    pub overall: Duration,
    /// Attempts without progress.
    pub attempts: u32,
    /// Attempts at the first request to an object, when a wrong address is likelier than a bad moment.
    pub first_attempts: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            overall: Duration::from_secs(180),
            attempts: 10,
            first_attempts: 3,
        }
    }
}

/// The wait before the second attempt without progress, doubled for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The attempts at one thing.
pub(crate) struct Attempts {
    most: u32,
    overall: Duration,
    /// Since the last progress.
    failed: u32,
    since: Instant,
    /// Whether anything has come since the last failure.
    moved: bool,
}

impl Attempts {
    pub(crate) fn new(patience: &Patience) -> Self {
        Self {
            most: patience.attempts,
            overall: patience.overall,
            failed: 0,
            since: Instant::now(),
            moved: false,
        }
    }

    /// Attempts at the first request to an object.
    pub(crate) fn first(patience: &Patience) -> Self {
        Self {
            most: patience.first_attempts,
            ..Self::new(patience)
        }
    }

    /// Something came: all that failed before is forgotten.
    pub(crate) fn progress(&mut self) {
        self.failed = 0;
        self.since = Instant::now();
        self.moved = true;
    }

    /// Waits, if there is to be another attempt.
    ///
    /// # Errors
    /// With the error as given, if there is to be none.
    pub(crate) async fn again(&mut self, error: RemoteError) -> Result<(), RemoteError> {
        self.failed = self.failed.saturating_add(1);
        let given_up = self.failed >= self.most || self.since.elapsed() >= self.overall;
        if !error.may_pass() || given_up {
            return Err(error);
        }
        // A connection that broke after it gave something is taken up at once.
        if !std::mem::take(&mut self.moved) {
            let doublings = self.failed.saturating_sub(1).min(16);
            let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }
}
