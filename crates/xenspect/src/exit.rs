//! Exit statuses, computed from verdicts and findings before anything is rendered.

use std::process::ExitCode;

use xenspect_model::Severity;
use xenspect_model::report::{Input, Report, Verdict};

/// How the program ends. The greater one wins where several apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at or above the severity that fails.
    Good,
    /// Findings at or above it.
    Findings,
    /// The job could not be done.
    Failed,
    /// Stopped by a signal.
    Interrupted,
}

impl Exit {
    /// The status for a report.
    pub(crate) fn of(report: &Report, fail_on: Severity, interrupted: bool) -> Self {
        if interrupted {
            return Self::Interrupted;
        }
        report
            .inputs
            .iter()
            .map(|input| Self::of_input(input, fail_on))
            .max()
            // All of it may have been verified lately.
            .unwrap_or(if report.left.is_empty() {
                Self::Failed
            } else {
                Self::Good
            })
    }

    /// The status for one input.
    pub(crate) fn of_input(input: &Input, fail_on: Severity) -> Self {
        if input.verdict == Verdict::Unreadable {
            Self::Failed
        } else if input.worst_not_accepted() >= Some(fail_on) {
            Self::Findings
        } else {
            Self::Good
        }
    }

    /// The number that the shell sees.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}
