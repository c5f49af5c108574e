//! Two things at a time.

use std::panic::resume_unwind;
use std::thread;

/// Does both, the first in a thread of its own where there are two threads or more. A panic goes on here.
pub(crate) fn side_by_side<A: Send, B>(
    threads: usize,
    aside: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> (A, B) {
    if threads < 2 {
        return (aside(), here());
    }
    thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        match aside.join() {
            Ok(aside) => (aside, here),
            Err(panic) => resume_unwind(panic),
        }
    })
}
