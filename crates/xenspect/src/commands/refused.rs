//! Arguments that make no command: what is said of them, and help that was asked for.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::Exit;
use crate::messages::say;
use crate::output::{self, escaped};
use crate::remote;

/// Tells what is wrong with the arguments and what to do, or shows the help or the version.
pub(crate) fn tell(refused: &clap::Error) -> Exit {
    if let Some(path) = backup(refused) {
        let path = escaped(&path);
        say(format_args!(
            "{path} is no command; `xenspect verify {path}` says whether a backup is good, `xenspect inspect {path}` what is in it"
        ));
        return Exit::Failed;
    }
    let exit = match refused.use_stderr() {
        true => Exit::Failed,
        false => Exit::Good,
    };
    match output::written(refused.print()) {
        Ok(()) => exit,
        Err(()) => Exit::Failed,
    }
}

/// The backup that stands where a command should.
fn backup(refused: &clap::Error) -> Option<String> {
    if refused.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(word)) = refused.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let path = Path::new(word);
    let is_one = path.exists()
        || remote::is_url(path)
        || word == "-"
        || crate::inputs::is_named_like_a_backup(path);
    is_one.then(|| word.clone())
}
