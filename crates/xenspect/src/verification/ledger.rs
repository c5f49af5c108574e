//! What a run keeps of its inputs and knows of earlier runs. A state file or a copy that fails in the middle of a run takes nothing
//! with it: the inputs are read all the same, and it is told at the end.

use std::sync::OnceLock;

use xenspect_model::report::Left;
use xenspect_state::{Look, StateError, Timestamp};

use crate::state::{Bar, Begun, Next, Place, Read, Session, Take};

/// A session, and why its state file failed, if it did.
pub(crate) struct Ledger {
    session: Session,
    /// What goes on once the state file has failed: it is not asked again, for each answer may be waited for.
    without: Session,
    failed: OnceLock<String>,
    copy_failed: OnceLock<String>,
}

impl Ledger {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            without: session.without_state(),
            session,
            failed: OnceLock::new(),
            copy_failed: OnceLock::new(),
        }
    }

    /// A ledger of a run whose state file cannot be used, in words; `session` is one without.
    pub(crate) fn without_state(session: Session, words: String) -> Self {
        Self {
            failed: OnceLock::from(words),
            ..Self::new(session)
        }
    }

    /// Whether anything is kept of what comes of inputs.
    pub(super) fn remembers(&self) -> bool {
        self.session().remembers()
    }

    /// Whether to read an input; `None` where that is not known, so that it is read.
    pub(super) fn before(&self, place: &Place, bar: &Bar<'_>) -> Option<Next> {
        let now = Timestamp::now();
        self.known(|session| session.before(place.clone(), None, now, bar))
    }

    /// Whether it was verified before, whatever it was then.
    pub(super) fn knows(&self, begun: Option<&Begun>) -> bool {
        let knows = begun.and_then(|begun| self.known(|session| session.knows(begun)));
        knows.unwrap_or(false)
    }

    /// How much of it to read.
    pub(super) fn take(&self, begun: Option<&Begun>, in_blocks: bool) -> Take {
        let take = begun.and_then(|begun| self.known(|session| session.take(begun, in_blocks)));
        take.unwrap_or(Take::Whole)
    }

    /// Puts down what came of it; or says that it was written meanwhile.
    pub(super) fn after(
        &self,
        begun: Option<&Begun>,
        look: Option<&Look>,
        read: &Read<'_>,
    ) -> Option<Left> {
        let (begun, now) = (begun?, Timestamp::now());
        self.known(|session| session.after(begun, look.cloned(), read, now))?
    }

    /// There is no copy of an input, or none that is surely good; in words.
    pub(super) fn copy_failed(&self, words: String) {
        let _ = self.copy_failed.set(words);
    }

    /// Ends a run that came to its end.
    ///
    /// # Errors
    /// In words: what went wrong with a copy or the state file, now or before. Another run begins with what the file had by then.
    pub(crate) fn finish(self) -> Result<(), String> {
        let copied = self.copy_failed.into_inner().map_or(Ok(()), Err);
        let kept = match self.failed.into_inner() {
            Some(words) => Err(words),
            None => self
                .session
                .finish(Timestamp::now())
                .map_err(|error| words(&error)),
        };
        match (copied, kept) {
            (Err(copy), Err(state)) => Err(format!("{copy}; {state}")),
            (copied, kept) => copied.and(kept),
        }
    }

    /// Whom to ask now.
    fn session(&self) -> &Session {
        match self.failed.get() {
            None => &self.session,
            Some(_) => &self.without,
        }
    }

    /// An answer; one without the state file, if that fails.
    fn known<T>(&self, ask: impl Fn(&Session) -> Result<T, StateError>) -> Option<T> {
        let answer = ask(self.session()).or_else(|error| {
            let _ = self.failed.set(words(&error));
            ask(&self.without)
        });
        answer.ok()
    }
}

/// The failure of a state file, for a remark.
pub(crate) fn words(error: &StateError) -> String {
    format!("the state file cannot be used: {error}")
}
