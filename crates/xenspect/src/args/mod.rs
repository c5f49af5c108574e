//! What can be typed. Only the shape of the command line; nothing is opened or decided here.

mod appearance;
mod completions;
mod diff;
mod explain;
mod forms;
mod history;
mod inspect;
mod man;
mod members;
mod policy;
mod preflight;
mod reading;
mod report;
mod seal;
mod secrets;
mod shape;
#[cfg(test)]
mod tests;
mod verify;

use std::num::NonZeroUsize;

use clap::{Parser, Subcommand};

pub(crate) use completions::Completions;
pub(crate) use diff::{Diff, DiffFormat};
pub(crate) use explain::Explain;
pub(crate) use forms::{Format, Forms, ReportFile};
pub(crate) use history::{History, HistoryFormat};
pub(crate) use inspect::{Form, Inspect};
pub(crate) use man::Man;
pub(crate) use members::{Cat, ListFormat, Ls};
pub(crate) use policy::{OfPolicy, PolicyCommand, PolicyOptions};
pub(crate) use preflight::{Preflight, PreflightFormat};
pub(crate) use reading::{Care, Reading};
pub(crate) use report::{Merge, OfReports, ReportCommand};
pub(crate) use seal::{Prove, Seal};
pub(crate) use secrets::{Redact, Secrets, SecretsFormat};
pub(crate) use shape::{command, parse};
pub(crate) use verify::{Depth, FailOn, Verify};

/// Reads backups of Citrix Hypervisor, XenServer and XCP-ng offline.
#[derive(Debug, Parser)]
#[command(
    name = "xenspect",
    version,
    about,
    long_about = None,
    max_term_width = 100,
    after_help = AFTER,
)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// A number of threads or jobs.
fn at_least_one(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "must be a whole number of at least 1".to_owned())
}

const AFTER: &str = "\
Examples:
  xenspect verify web01.xva               Is it good?
  xenspect inspect pool.xml               What is in it?
  xenspect preflight pool.xml --target fresh-host.xml
  xenspect verify --help                  All of one command, with examples

Exit status:
  0    done; verify: nothing at or above --fail-on (error, unless given)
  1    verify: findings at or above it; secrets: there are some;
       inspect --find: nothing was found; inspect, ls, cat: the input is broken;
       preflight: not accepted, would not boot, or it cannot be said;
       diff: something differs; history: something is due, or not known;
       seal: not good, so not sealed; prove --check: not proved
  2    the job could not be done: wrong arguments, no backup, cannot be opened
  130  interrupted";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say whether a backup is good
    Verify(Box<Verify>),
    /// Verify a backup and seal it, so that copies can be told good or bad
    Seal(Seal),
    /// Prove that a member is one of those that were sealed
    Prove(Prove),
    /// Show what is in a backup
    Inspect(Inspect),
    /// Say whether a restore would be accepted, whether the host would boot, and what would change
    Preflight(Preflight),
    /// Say what changed between two backups, or along a series of them
    Diff(Diff),
    /// List the members of an archive, or the tables of a pool database
    Ls(Ls),
    /// Print a member of an archive, or a table of a pool database as JSON
    Cat(Cat),
    /// List what was verified when, out of a state file
    History(History),
    /// List where secrets are, without showing them
    Secrets(Secrets),
    /// Write a copy without the secrets
    Redact(Redact),
    /// Join JSON reports
    Report(OfReports),
    /// Check a policy file, or print its schema
    Policy(OfPolicy),
    /// Tell what a finding's code means and what to do about it
    Explain(Explain),
    /// Print what makes a shell complete the arguments
    Completions(Completions),
    /// Print a manual page, or write them all
    Man(Man),
}
