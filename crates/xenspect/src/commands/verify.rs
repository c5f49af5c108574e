//! `xenspect verify`: scan each input, judge it, show one report.

use xenspect_model::report::{Input, Report, SCHEMA};
use xenspect_report::{human, json};
use xenspect_scan::{Depth, Options, scan};

use super::each;
use crate::args::{self, Format, Verify};
use crate::exit::Exit;
use crate::host_files;
use crate::output::{self, tool};

/// Verifies the inputs and says how it went.
pub(crate) fn run(command: &Verify) -> Exit {
    let options = options(command);
    let done = each::input(
        &command.inputs,
        command.recursive,
        command.quiet,
        |name, source, progress| {
            let catalog = scan(source, &options, progress)?;
            Ok(xenspect_rules::input(name.to_owned(), &catalog))
        },
        |name, failure| Input::unreadable(name, failure.to_string()),
    );
    let report = Report {
        schema: SCHEMA,
        tool: tool(),
        inputs: done.results,
        left: Vec::new(),
    };
    // Before any renderer runs, so that none can change it.
    let interrupted = done.exit == Exit::Interrupted;
    let exit = Exit::of(&report, command.fail_on.into(), interrupted);
    output::report(exit, |mut out| match command.format {
        Format::Human => human::write(
            &report,
            &output::style(command.color, command.verbose),
            &mut out,
        ),
        Format::Json => json::write(&report, &mut out),
    })
}

fn options(command: &Verify) -> Options {
    let mut options = host_files::options();
    if let Some(threads) = command.threads {
        options.threads = threads.get();
    }
    options.depth = match command.depth {
        args::Depth::Headers => Depth::Headers,
        args::Depth::Full => Depth::Full,
    };
    options
}
