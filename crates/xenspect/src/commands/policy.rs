//! `xenspect policy`: whether a policy can be used, and what it would do.

use std::fmt::Display;
use std::io::{self, Write};

use xenspect_model::{Code, Severity};
use xenspect_policy::{Baseline, Limits, Pattern, Policy, Severities};
use xenspect_rules::firm;

use crate::args::{OfPolicy, PolicyCommand};
use crate::exit::Exit;
use crate::messages::say;
use crate::output::{self, escaped};
use crate::policy::{name, read_policy, upward};

/// Does what was asked.
pub(crate) fn run(command: &OfPolicy) -> Exit {
    match &command.command {
        PolicyCommand::Schema => schema(&Policy::schema()),
        PolicyCommand::BaselineSchema => schema(&Baseline::schema()),
        PolicyCommand::Check { file } => {
            let path = match file {
                Some(path) => Ok(Some(path.clone())),
                None => upward(),
            };
            let read = path.and_then(|path| {
                let path = path.ok_or_else(|| {
                    "there is no xenspect.toml here, nor in a folder above".to_owned()
                })?;
                let policy = read_policy(&path)?;
                Ok((path, policy))
            });
            match read {
                Ok((path, policy)) => output::report(Exit::Good, |out| {
                    writeln!(out, "{}: a policy of version 1", name(&path))?;
                    tell(&policy, out)
                }),
                Err(words) => {
                    say(words);
                    Exit::Failed
                }
            }
        }
    }
}

fn schema(schema: &impl Display) -> Exit {
    output::report(Exit::Good, |out| writeln!(out, "{schema:#}"))
}

/// Says what a policy would do.
fn tell(policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    let fail_on = policy.fail_on.unwrap_or(Severity::Error);
    writeln!(out, "  fails on    {fail_on}")?;
    severities(&policy.severity, out)?;
    limits(&policy.limits, out)?;
    for input in &policy.input {
        writeln!(out, "  for {}:", escaped(&input.path.to_string()))?;
        severities(&input.severity, out)?;
        limits(&input.limits, out)?;
    }
    for expect in &policy.expect {
        let what = match (&expect.archive, &expect.vm) {
            (Some(archive), _) => format!("archive {archive}"),
            (None, vm) => format!("VM {}", vm.as_deref().unwrap_or_default()),
        };
        let newer = expect
            .newer_than
            .map_or_else(String::new, |age| format!(", newer than {age}"));
        writeln!(
            out,
            "  expects     {} of {}, {} or better{newer}",
            expect.min,
            escaped(&what),
            expect.min_verdict
        )?;
    }
    Ok(())
}

fn severities(severities: &Severities, out: &mut dyn Write) -> io::Result<()> {
    for (pattern, severity) in severities.iter() {
        write!(out, "  severity    {pattern} = {severity}")?;
        if let Pattern::Group(start) = pattern {
            let codes = || {
                Code::ALL
                    .iter()
                    .filter(|code| code.name().starts_with(start))
            };
            let kept = codes()
                .filter(|code| firm(**code).is_some() && severity < code.entry().severity)
                .count();
            write!(out, ", codes: {}", codes().count())?;
            if kept > 0 {
                write!(
                    out,
                    ", of which {kept} stay as they are: what was not read cannot be made less"
                )?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn limits(limits: &Limits, out: &mut dyn Write) -> io::Result<()> {
    let sizes = [("min-size", limits.min_size), ("max-size", limits.max_size)];
    for (name, size) in sizes {
        if let Some(size) = size {
            writeln!(out, "  limit       {name} = {size}")?;
        }
    }
    match limits.max_age {
        Some(age) => writeln!(out, "  limit       max-age = {age}"),
        None => Ok(()),
    }
}
