//! Signals. The first one asks the running scan to stop at the next member, so that what is known
//! is still reported; the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use xenspect_scan::Progress;

use crate::exit::Exit;

/// Watches for signals and knows the scan that is running.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    raised: Arc<AtomicBool>,
    running: Arc<Mutex<Option<Arc<Progress>>>>,
}

impl Interrupt {
    /// Installs the handler. Without one (a second installation) signals end the program.
    pub(crate) fn watch() -> Self {
        let interrupt = Self::default();
        let handler = interrupt.clone();
        let _ = ctrlc::set_handler(move || handler.signalled());
        interrupt
    }

    /// Whether a signal came.
    pub(crate) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }

    /// Names the scan that a signal stops.
    pub(crate) fn watch_over(&self, progress: &Arc<Progress>) {
        if let Ok(mut running) = self.running.lock() {
            *running = Some(Arc::clone(progress));
        }
        if self.is_raised() {
            progress.cancel();
        }
    }

    #[allow(clippy::exit, reason = "the second signal is an order to stop at once")]
    fn signalled(&self) {
        if self.raised.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.status()));
        }
        if let Ok(running) = self.running.lock()
            && let Some(progress) = running.as_ref()
        {
            progress.cancel();
        }
    }
}
