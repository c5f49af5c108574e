//! The arguments of `xenspect completions`.

use clap::Args;
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  xenspect completions bash > ~/.local/share/bash-completion/completions/xenspect
  xenspect completions zsh > ~/.zfunc/_xenspect
  xenspect completions fish > ~/.config/fish/completions/xenspect.fish
  xenspect completions powershell >> profile.ps1

The packages bring those of bash, zsh and fish along. For zsh the folder has to be
one of $fpath, and compinit has to run after it was added.";

/// Print what makes a shell complete the arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}
