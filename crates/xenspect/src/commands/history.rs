//! `xenspect history`: what a state file knows of earlier verifications. No backup is opened.

use std::path::{Path, PathBuf};

use xenspect_model::report::history::{
    Fully, HistoryInput, HistoryReport, PartOf, ReadExtent, SCHEMA, Verification,
};
use xenspect_report::history;
use xenspect_state::{Extent, Past, Record, State, StateError, Timestamp, Wanted};

use crate::args::{History, HistoryFormat};
use crate::exit::Exit;
use crate::messages::say;
use crate::output::{self, escaped, tool};
use crate::state;

/// Lists the past.
pub(crate) fn run(command: &History) -> Exit {
    let now = Timestamp::now();
    let series = !command.paths.is_empty();
    let wanted = Wanted {
        keys: command.paths.iter().map(|path| state::key(path)).collect(),
        since: command
            .since
            .as_ref()
            .and_then(|since| now.checked_sub(since.duration).ok()),
        series: series && command.due.is_none(),
    };
    let past = State::open_read_only(&command.state).and_then(|state| state.history(&wanted));
    let past = match past {
        Ok(past) => past,
        Err(error) => return failed(&command.state, &error),
    };
    let mut exit = exit_of_unknown(&command.paths, &past);
    let mut report = HistoryReport {
        schema: SCHEMA,
        tool: tool(),
        state: command.state.to_string_lossy().into_owned(),
        due: command.due.as_ref().map(|due| due.text.clone()),
        inputs: Vec::new(),
    };
    match &command.due {
        None => report.inputs = past.iter().map(|past| input(past, None)).collect(),
        Some(due) => {
            let is_done = |past: &Past| {
                past.fully
                    .is_some_and(|full| full.is_within(due.duration, now))
            };
            let (done, missing): (Vec<_>, Vec<_>) = past.iter().partition(|past| is_done(past));
            report.inputs = missing
                .iter()
                .map(|past| input(past, past.exists().map(|there| !there)))
                .collect();
            exit = exit.max(exit_of_due(&report.inputs, &done));
        }
    }
    output::report(exit, |mut out| match command.format {
        HistoryFormat::Human => {
            let style = output::style(command.colour.color, command.verbose);
            history::write(&report, series, &style, &mut out)
        }
        HistoryFormat::Json => history::write_json(&report, &mut out),
        HistoryFormat::Csv => history::write_csv(&report, &mut out),
    })
}

/// Says why a state file cannot be used.
fn failed(file: &Path, error: &StateError) -> Exit {
    say(format_args!(
        "{}: {}",
        escaped(&file.to_string_lossy()),
        escaped(&error.to_string())
    ));
    Exit::Failed
}

/// Says which of the paths nothing is known of.
fn exit_of_unknown(paths: &[PathBuf], past: &[Past]) -> Exit {
    let mut exit = Exit::Good;
    for path in paths {
        let wanted = Wanted {
            keys: vec![state::key(path)],
            ..Wanted::default()
        };
        if !past.iter().any(|past| wanted.names(&past.key)) {
            let path = path.to_string_lossy();
            say(format_args!("nothing is recorded of {}", escaped(&path)));
            exit = Exit::Findings;
        }
    }
    exit
}

/// What is due and there makes the status 1. Files that are gone are due no more, unless nothing at all is there: then it is rather
/// the store that is not mounted.
fn exit_of_due(due: &[HistoryInput], done: &[&Past]) -> Exit {
    if due.iter().any(|input| input.gone != Some(true)) {
        return Exit::Findings;
    }
    if due.is_empty() || done.iter().any(|past| past.exists() != Some(false)) {
        return Exit::Good;
    }
    say("none of the files that are recorded is there; is the store mounted?");
    Exit::Findings
}

fn input(past: &Past, gone: Option<bool>) -> HistoryInput {
    let records = past.verifications.iter();
    let before = past.verifications.iter().skip(1).map(Some).chain([None]);
    HistoryInput {
        path: past.path.clone(),
        key: past.key.clone(),
        gone,
        fully: past.fully.map(|full| Fully {
            at: full.at.to_string(),
            verdict: full.verdict,
            parts: full.parts,
        }),
        count: past.count,
        verifications: records
            .zip(before)
            .map(|(record, before)| verification(record, before))
            .collect(),
    }
}

fn verification(record: &Record, before: Option<&Record>) -> Verification {
    let (extent, part) = match record.extent {
        Extent::Full => (ReadExtent::Full, None),
        Extent::Headers => (ReadExtent::Headers, None),
        Extent::Part(part) => (ReadExtent::Part, Some(part)),
    };
    let modified = record.print.modified.map(i128::from);
    Verification {
        at: record.at.to_string(),
        verdict: record.verdict,
        kind: record.kind,
        worst: record.worst,
        extent,
        part: part.map(|part| PartOf {
            number: part.index().saturating_add(1),
            of: part.of(),
        }),
        size: record.print.size,
        modified: modified
            .and_then(|time| Timestamp::from_nanosecond(time).ok())
            .map(|time| time.to_string()),
        changed: before.is_some_and(|before| !before.print.is_same(&record.print)),
        sha256: record.sha256.clone(),
        duration_ms: u64::try_from(record.duration.as_millis()).unwrap_or(u64::MAX),
        bytes_read: record.bytes_read,
        version: record.tool.clone(),
    }
}
