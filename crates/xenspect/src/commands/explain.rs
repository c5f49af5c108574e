//! `xenspect explain`.

use xenspect_model::Code;
use xenspect_report::explain::explain;

use crate::args::Explain;
use crate::exit::Exit;
use crate::messages::say;
use crate::output;

/// Explains a code, or lists all of them.
pub(crate) fn run(command: &Explain) -> Exit {
    let style = output::style(command.color, false);
    let Some(name) = &command.code else {
        return output::report(Exit::Good, |out| {
            Code::ALL.iter().try_for_each(|code| {
                let entry = code.entry();
                writeln!(
                    out,
                    "{:7}  {:33}  {}",
                    entry.severity.word(),
                    code.name(),
                    entry.title
                )
            })
        });
    };
    let Some(code) = Code::named(name) else {
        say(format_args!(
            "there is no code {name:?}{}",
            suggestion(name)
        ));
        say("`xenspect explain --list` shows all codes");
        return Exit::Failed;
    };
    output::report(Exit::Good, |mut out| explain(code, &style, &mut out))
}

/// Codes that a part of the name occurs in, those of the same group first.
fn suggestion(name: &str) -> String {
    const MOST: usize = 3;
    let (group, part) = name.split_once('/').unwrap_or(("", name));
    let mut alike: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|code| !part.is_empty() && code.contains(part))
        .collect();
    alike.sort_by_key(|code| !code.starts_with(group));
    alike.truncate(MOST);
    match alike.as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [most @ .., last] => format!("; did you mean {} or {last}?", most.join(", ")),
    }
}
