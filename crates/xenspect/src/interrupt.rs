//! Signals. The first one asks the running scans to stop at the next member, so that what is known is still reported; the second one
//! ends the program at once, and takes files that are not whole with it. In a command that has no scan to stop, the first one does
//! that. A limit on the size of files is no signal here but an error of whoever writes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock};

use xenspect_scan::Progress;

use crate::exit::Exit;
use crate::new_file;

/// The running scans of this process, once a command has some.
static WATCHED: OnceLock<Interrupt> = OnceLock::new();

/// Watches for signals and knows the scans that are running.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    raised: Arc<AtomicBool>,
    running: Arc<Mutex<Vec<Arc<Progress>>>>,
}

impl Interrupt {
    /// Installs the handler. Where none can be installed, or the system gives no thread for it, signals end the program.
    pub(crate) fn watch() -> Self {
        let interrupt = WATCHED.get_or_init(Self::default).clone();
        handle_signals();
        interrupt
    }

    /// Whether a signal came.
    pub(crate) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }

    /// What becomes true when a signal comes, for a thread that waits.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.raised)
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

    fn signalled(&self) {
        if self.raised.swap(true, Ordering::Relaxed) {
            end_at_once();
        }
        if let Ok(running) = self.running.lock() {
            for progress in running.iter() {
                progress.cancel();
            }
        }
    }
}

/// Sees to it that an interrupt leaves no file behind that is not whole.
pub(crate) fn handle_signals() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        signals::on_each(|| match WATCHED.get() {
            Some(interrupt) => interrupt.signalled(),
            None => end_at_once(),
        });
    });
}

#[allow(clippy::exit, reason = "a signal is an order to stop at once")]
fn end_at_once() {
    // Nothing is begun as long as this is held.
    let _begun = new_file::remove_begun();
    std::process::exit(i32::from(Exit::Interrupted.status()));
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

#[cfg(unix)]
mod signals {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    /// Does something at each signal that asks to end, in a thread of its own.
    pub(super) fn on_each(handle: impl Fn() + Send + 'static) {
        // Without a handler the process would end where a file gets too long; with one the write fails, which is told.
        let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        // Who starts a program with a signal ignored (`nohup`, a script that puts it behind itself) wants it to go on.
        let ignored = ignored();
        let wanted = [SIGINT, SIGTERM, SIGHUP]
            .into_iter()
            .filter(|signal| ignored & (1 << (signal - 1)) == 0);
        let Ok(mut signals) = Signals::new(wanted.clone()) else {
            return;
        };
        let watch = move || signals.forever().for_each(|_| handle());
        let thread = std::thread::Builder::new().name("signals".to_owned());
        if thread.spawn(watch).is_err() {
            // The handlers stay where they are and nobody would hear of a signal any more, so it does what it would have done.
            let always = Arc::new(AtomicBool::new(true));
            for signal in wanted {
                let _ = flag::register_conditional_default(signal, Arc::clone(&always));
            }
        }
    }

    /// The signals that are ignored, as bits from the lowest; none where the system does not tell.
    fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod signals {
    pub(super) fn on_each(handle: impl Fn() + Send + 'static) {
        let _ = ctrlc::set_handler(handle);
    }
}
