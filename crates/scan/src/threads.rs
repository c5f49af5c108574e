//! Things that are done at a time where the system gives threads for them, and one after the other where it does not.

use std::panic::resume_unwind;
use std::thread;

use crossbeam_channel::bounded;

/// Does both, the first in a thread of its own where there are two threads or more. A panic goes on here. Where the system
/// gives no thread, both are done here, one after the other.
pub(crate) fn side_by_side<A: Send, B>(
    threads: usize,
    aside: impl Fn() -> A + Sync,
    here: impl FnOnce() -> B,
) -> (A, B) {
    if threads < 2 {
        return (aside(), here());
    }
    in_thread(thread::Builder::new(), aside, here)
}

fn in_thread<A: Send, B>(
    thread: thread::Builder,
    aside: impl Fn() -> A + Sync,
    here: impl FnOnce() -> B,
) -> (A, B) {
    thread::scope(|scope| {
        // An error is a bound on processes or memory: it takes longer then, and nothing else.
        let Ok(started) = thread.spawn_scoped(scope, &aside) else {
            return (aside(), here());
        };
        let here = here();
        match started.join() {
            Ok(aside) => (aside, here),
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// Does `work` with a value in a thread that nobody waits for.
///
/// # Errors
/// The value itself, where the system gives no thread.
pub(crate) fn hand_over<T: Send + 'static>(
    thread: thread::Builder,
    value: T,
    work: impl FnOnce(T) + Send + 'static,
) -> Result<(), T> {
    // A thread that cannot be had takes along what it was to have, so it is given the value when it is there.
    let (give, take) = bounded(1);
    let begin = move || {
        if let Ok(value) = take.recv() {
            work(value);
        }
    };
    if thread.spawn(begin).is_err() {
        return Err(value);
    }
    give.send(value).map_err(|back| back.into_inner())
}

/// A thread that no system gives: none has so much room for a stack.
#[cfg(test)]
pub(crate) fn impossible() -> thread::Builder {
    thread::Builder::new().stack_size(1 << (usize::BITS - 2))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread::{Builder, current};

    use super::*;

    #[test]
    fn two_threads_do_one_thing_each() {
        let count = AtomicU32::new(0);
        let aside = || {
            count.fetch_add(1, Ordering::Relaxed);
            current().id()
        };
        let (aside, here) = side_by_side(2, aside, || current().id());
        assert_ne!(aside, here);
        assert_eq!(count.into_inner(), 1);
    }

    #[test]
    fn without_a_thread_this_one_does_both() {
        let count = AtomicU32::new(0);
        let aside = || {
            count.fetch_add(1, Ordering::Relaxed);
            current().id()
        };
        let (aside, here) = in_thread(impossible(), aside, || current().id());
        assert_eq!((aside, here), (current().id(), current().id()));
        assert_eq!(count.into_inner(), 1, "once");
    }

    #[test]
    fn what_no_thread_takes_comes_back() {
        let (tell, told) = bounded(1);
        let other = tell.clone();
        let taken = hand_over(Builder::new(), 7, move |value| tell.send(value).unwrap());
        assert_eq!((taken, told.recv()), (Ok(()), Ok(7)));
        let taken = hand_over(impossible(), 7, move |value| other.send(value).unwrap());
        assert_eq!(taken, Err(7));
        assert!(told.recv().is_err(), "nobody did it");
    }

    #[test]
    fn a_panic_aside_goes_on_here() {
        let failing = || -> u32 { panic!("aside") };
        let caught = std::panic::catch_unwind(|| side_by_side(2, failing, || 1));
        let panic = caught.unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"aside"));
    }
}
