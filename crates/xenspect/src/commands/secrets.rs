//! `xenspect secrets`: where secrets are, never what they are.

use xenspect_model::secret::{Grade, SCHEMA, SecretsInput, SecretsReport};
use xenspect_report::secrets;
use xenspect_scan::{Depth, Options, scan};

use super::each;
use crate::args::{Secrets, SecretsFormat};
use crate::exit::Exit;
use crate::host_files;
use crate::output::{self, tool};
use crate::reading::within;

/// Lists the secrets of the inputs. There being some is exit status 1.
pub(crate) fn run(command: &Secrets) -> Exit {
    let options = Options {
        depth: Depth::Metadata,
        ..host_files::options()
    };
    let options = within(options, command.care);
    let done = each::input(
        &command.inputs,
        command.recursive,
        (command.quiet.quiet, command.care),
        |name, source, progress| {
            let catalog = scan(source, &options, progress)?;
            Ok(xenspect_inventory::secrets(
                name.to_owned(),
                &catalog,
                command.personal,
            ))
        },
        |name, failure| SecretsInput::unreadable(name, failure.to_string()),
    );
    let report = SecretsReport {
        schema: SCHEMA,
        tool: tool(),
        inputs: done.results,
    };
    let exit = report.inputs.iter().map(exit).fold(done.exit, Exit::max);
    output::report(exit, |mut out| match command.format {
        SecretsFormat::Human => secrets::write(
            &report,
            &output::style(command.colour.color, false),
            &mut out,
        ),
        SecretsFormat::Json => secrets::write_json(&report, &mut out),
    })
}

/// What could not be read to its end may hold more than is known.
fn exit(input: &SecretsInput) -> Exit {
    if input.error.is_some() {
        Exit::Failed
    } else if input.count(Grade::Secret) > 0 {
        Exit::Findings
    } else {
        Exit::Good
    }
}
