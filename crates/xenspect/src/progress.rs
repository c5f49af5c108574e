//! Progress on standard error: a bar on a terminal, a line now and then elsewhere. It is pulled
//! from the scan's counters; the scan knows nothing of it.

use std::io::{self, IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{
    BinaryBytes, HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle,
};
use xenspect_scan::Progress;

use crate::messages::say;

/// Nothing is shown of a scan that ends sooner.
const PATIENCE: Duration = Duration::from_millis(400);
/// Between two looks at the counters, on a terminal.
const TICK: Duration = Duration::from_millis(100);
/// Between two lines, elsewhere.
const LINE: Duration = Duration::from_secs(10);

/// Where the progress of a run is shown: a line for each input that is read, and among several one for all.
pub(crate) struct Board {
    quiet: bool,
    inputs: usize,
    finished: AtomicUsize,
    lines: MultiProgress,
    all: Option<ProgressBar>,
}

impl Board {
    /// A board for so many inputs. A quiet one shows nothing.
    pub(crate) fn new(quiet: bool, inputs: usize) -> Self {
        let lines = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let all = (!quiet && inputs > 1 && stderr().is_terminal()).then(|| {
            let all = ProgressBar::new(inputs as u64);
            all.set_style(styled("{pos} of {len} inputs, {elapsed}"));
            lines.add(all)
        });
        Self {
            quiet,
            inputs,
            finished: AtomicUsize::new(0),
            lines,
            all,
        }
    }

    /// Says that one more input is done.
    pub(crate) fn done(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
        if let Some(all) = &self.all {
            all.inc(1);
        }
    }

    /// Does something while nothing is shown, so that what it writes to a terminal stays whole.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.lines.suspend(write);
    }

    /// Shows the progress of a scan of `name` until what is returned is dropped; nothing where the system has no thread for it.
    pub(crate) fn show(&self, name: String, progress: &Arc<Progress>) -> Option<Display> {
        match self.quiet {
            true => None,
            false => self.start(name, Arc::clone(progress)).ok(),
        }
    }

    fn start(&self, name: String, progress: Arc<Progress>) -> io::Result<Display> {
        let (stop, stopped) = channel();
        let terminal = stderr().is_terminal();
        let lines = self.lines.clone();
        let place = match self.inputs {
            0 | 1 => String::new(),
            inputs => format!("[{}/{inputs}] ", self.finished.load(Ordering::Relaxed) + 1),
        };
        let watch = move || {
            let wait = |time| matches!(stopped.recv_timeout(time), Err(RecvTimeoutError::Timeout));
            if terminal {
                if wait(PATIENCE) {
                    let bar = lines.insert(0, bar(&name, progress.total()));
                    while wait(TICK) {
                        bar.set_position(progress.done());
                    }
                    bar.finish_and_clear();
                    lines.remove(&bar);
                }
            } else {
                let begun = Instant::now();
                while wait(LINE) {
                    say(format_args!(
                        "{place}{}",
                        line(&name, &progress, begun.elapsed())
                    ));
                }
            }
        };
        let thread = thread::Builder::new().spawn(watch)?;
        Ok(Display {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        if let Some(all) = &self.all {
            all.finish_and_clear();
        }
    }
}

/// A running display. It ends when dropped.
pub(crate) struct Display {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Display {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A style by its template. The templates are constants, so they are tried by the test below.
fn styled(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn bar(name: &str, total: Option<u64>) -> ProgressBar {
    let template = if total.is_some() {
        "{prefix} {wide_bar} {percent}% of {binary_total_bytes}, {binary_bytes_per_sec}, {eta} left"
    } else {
        "{prefix} {spinner} {binary_bytes}, {binary_bytes_per_sec}"
    };
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    bar.set_style(styled(template));
    bar.set_prefix(short(name));
    bar
}

/// A name of a length that leaves room for the bar.
fn short(name: &str) -> String {
    const LONGEST: usize = 24;
    let shown = xenspect_report::text::escape(name, false);
    let count = shown.chars().count();
    if count <= LONGEST {
        return shown;
    }
    let tail: String = shown.chars().skip(count - (LONGEST - 3)).collect();
    // Whole parts of the path read better than a piece of one.
    let tail = tail
        .find('/')
        .filter(|_| tail.contains('/'))
        .map_or(&*tail, |at| &tail[at..]);
    format!("...{tail}")
}

/// One line for a log.
fn line(name: &str, progress: &Progress, elapsed: Duration) -> String {
    let name = xenspect_report::text::escape(name, false);
    let done = progress.done();
    let rate = (done as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let so_far = BinaryBytes(done);
    let rate_text = BinaryBytes(rate);
    match progress.total() {
        Some(total) => {
            let percent = done as f64 * 100.0 / total as f64;
            let left = Duration::from_secs(total.saturating_sub(done) / rate.max(1));
            let total = BinaryBytes(total);
            format!(
                "{name}: {percent:.0}% ({so_far} of {total}), {rate_text}/s, {} left",
                HumanDuration(left)
            )
        }
        None => format!("{name}: {so_far}, {rate_text}/s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_valid() {
        for total in [Some(100), None] {
            let bar = bar("x", total);
            bar.set_draw_target(ProgressDrawTarget::hidden());
            bar.set_position(50);
            assert_eq!(bar.position(), 50);
        }
        for template in [
            "{prefix} {wide_bar} {percent}% of {binary_total_bytes}",
            "{spinner}",
            "{pos} of {len} inputs, {elapsed}",
        ] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(
            short("/srv/backups/2026/november/web01.xva"),
            ".../november/web01.xva".to_owned()
        );
        assert_eq!(short("a.xva"), "a.xva");
    }

    #[test]
    fn a_line_tells_rate_and_time_left() {
        let progress = Progress::default();
        let text = line("a.xva", &progress, Duration::from_secs(1));
        assert_eq!(text, "a.xva: 0 B, 0 B/s");
    }
}
