//! The program `xenspect` as a shell sees it: arguments and bytes in; report, remarks and exit
//! status out. What the rules make of each fault is tested in the `rules` crate; what is held here
//! is that the program passes it on whole, in every form and for every kind of input.

#[cfg(target_os = "linux")]
mod bombs;
mod copies;
mod diff;
mod exit_status;
mod explain;
#[cfg(target_os = "linux")]
mod faults;
mod foreign_writers;
mod formats;
mod history;
mod host_backup;
mod hostile;
mod human;
mod inspect;
mod json;
mod members;
mod newcomer;
mod object_store;
mod policy;
mod preflight;
mod reading;
mod recursion;
mod redact;
mod report;
mod report_files;
mod run;
mod seal;
mod secrets;
#[cfg(unix)]
mod signals;
mod stores;
mod tee;
#[cfg(target_os = "linux")]
mod traced;
#[cfg(target_os = "linux")]
mod unprivileged;
