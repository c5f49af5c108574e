//! `xenspect man`: manual pages, made from the arguments and their help texts.

mod page;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;

use crate::args::{self, Man};
use crate::exit::Exit;
use crate::messages::say;
use crate::new_file::{Access, NewFile};
use crate::output::{self, escaped};

/// Prints one page, or writes all of them.
pub(crate) fn run(command: &Man) -> Exit {
    let mut root = args::command();
    root.build();
    let pages = Page::all(&root);
    if let Some(dir) = &command.dir {
        return match write_all(dir, &pages) {
            Ok(()) => Exit::Good,
            Err(error) => {
                let dir = escaped(&dir.to_string_lossy());
                say(format_args!(
                    "{dir}: the pages cannot be written there: {error}"
                ));
                Exit::Failed
            }
        };
    }
    let mut wanted = vec![root.get_name()];
    wanted.extend(command.command.iter().map(String::as_str));
    let wanted = wanted.join("-");
    match pages.iter().find(|page| page.name == wanted) {
        Some(page) => output::report(Exit::Good, |out| out.write_all(&page.text())),
        None => {
            let names: Vec<&str> = root
                .get_subcommands()
                .filter(|command| !command.is_hide_set() && command.get_name() != "help")
                .map(Command::get_name)
                .collect();
            say(format_args!(
                "there is no command {}; there are: {}",
                escaped(&command.command.join(" ")),
                names.join(", ")
            ));
            Exit::Failed
        }
    }
}

fn write_all(dir: &Path, pages: &[Page<'_>]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    for page in pages {
        let path = dir.join(format!("{}.1", page.name));
        let mut file = NewFile::create(&path, Access::Usual)?;
        file.write_all(&page.text())?;
        file.finish(&path, true)?;
    }
    Ok(())
}

/// One manual page.
struct Page<'c> {
    /// `xenspect-report-merge`.
    name: String,
    command: &'c Command,
    /// Of the pages above and below it.
    related: Vec<String>,
}

impl<'c> Page<'c> {
    /// The pages of a command and of all below it.
    fn all(root: &'c Command) -> Vec<Self> {
        let mut pages = Vec::new();
        Self::add(root, None, &mut pages);
        pages
    }

    fn add(command: &'c Command, above: Option<&str>, pages: &mut Vec<Self>) {
        let name = match above {
            Some(above) => format!("{above}-{}", command.get_name()),
            None => command.get_name().to_owned(),
        };
        let below: Vec<&Command> = command
            .get_subcommands()
            .filter(|command| !command.is_hide_set() && command.get_name() != "help")
            .collect();
        let mut related: Vec<String> = above.map(str::to_owned).into_iter().collect();
        related.extend(
            below
                .iter()
                .map(|command| format!("{name}-{}", command.get_name())),
        );
        pages.push(Self {
            name: name.clone(),
            command,
            related,
        });
        for command in below {
            Self::add(command, Some(&name), pages);
        }
    }

    fn text(&self) -> Vec<u8> {
        page::text(&self.name, self.command, &self.related)
    }
}
