//! What somebody expects of their backups, written down: severities, limits, what has to be there, and what is known already.
//!
//! Text goes in, a [`Policy`] or a [`Baseline`] comes out. Judging takes the facts, the time and the paths as values: nothing here
//! knows files or a clock.
//!
//! ```
//! let policy = xenspect_policy::Policy::read("policy = 1\n[limits]\nmax-age = '8d'\n")?;
//! assert_eq!(policy.limits.max_age.map(|age| age.to_string()).as_deref(), Some("8d"));
//! # Ok::<(), xenspect_policy::Unusable>(())
//! ```

mod amount;
mod baseline;
mod expect;
mod judge;
mod matching;
mod pattern;
mod policy;

pub use amount::{Age, Size};
pub use baseline::{Accepted, BASELINE, Baseline, Entry, Known, Use};
pub use expect::{Expect, Least, Missing, Seen, Survey};
pub use judge::Facts;
pub use matching::PathGlob;
pub use pattern::{Pattern, Severities};
pub use policy::{Limits, Override, POLICY, Policy, Unusable};
