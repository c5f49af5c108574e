//! Signals. The first one asks the running scans to stop at the next member, so that what is known
//! is still reported; the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use xenspect_scan::Progress;

use crate::exit::Exit;

/// Watches for signals and knows the scans that are running.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    raised: Arc<AtomicBool>,
    running: Arc<Mutex<Vec<Arc<Progress>>>>,
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

    /// Names a scan that a signal stops, until what is returned is dropped.
    pub(crate) fn watch_over(&self, progress: &Arc<Progress>) -> Watch<'_> {
        if let Ok(mut running) = self.running.lock() {
            running.push(Arc::clone(progress));
        }
        if self.is_raised() {
            progress.cancel();
        }
        Watch {
            interrupt: self,
            progress: Arc::clone(progress),
        }
    }

    #[allow(clippy::exit, reason = "the second signal is an order to stop at once")]
    fn signalled(&self) {
        if self.raised.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.status()));
        }
        if let Ok(running) = self.running.lock() {
            for progress in running.iter() {
                progress.cancel();
            }
        }
    }
}

/// A scan that is watched over.
pub(crate) struct Watch<'a> {
    interrupt: &'a Interrupt,
    progress: Arc<Progress>,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Ok(mut running) = self.interrupt.running.lock() {
            running.retain(|other| !Arc::ptr_eq(other, &self.progress));
        }
    }
}
