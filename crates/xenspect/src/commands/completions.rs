//! `xenspect completions`: what makes a shell complete the arguments.

use crate::args::{self, Completions};
use crate::exit::Exit;
use crate::output;

/// Prints it.
pub(crate) fn run(command: &Completions) -> Exit {
    // The generator takes a failure to write for one that cannot be, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(
        command.shell,
        &mut args::command(),
        env!("CARGO_PKG_NAME"),
        &mut script,
    );
    output::report(Exit::Good, |out| out.write_all(&script))
}
