//! `xenspect explain`.

use xenspect_model::Code;
use xenspect_report::explain::explain;

use crate::args::Explain;
use crate::exit::Exit;
use crate::messages::say;
use crate::output;

/// Explains a code, or lists all of them.
pub(crate) fn run(command: &Explain) -> Exit {
    let style = output::style(command.colour.color, false);
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

/// Codes that a part of the name occurs in, those of the same group first; without one, the code that is spelled most like it.
fn suggestion(name: &str) -> String {
    const MOST: usize = 3;
    /// Of two names that have little in common; 1 is the same.
    const ALIKE: f64 = 0.8;
    /// No code is nearly as long, and the comparison takes the product of the lengths.
    const LONGEST: usize = 200;
    let (group, part) = name.split_once('/').unwrap_or(("", name));
    let mut alike: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|code| !part.is_empty() && code.contains(part))
        .collect();
    alike.sort_by_key(|code| !code.starts_with(group));
    alike.truncate(MOST);
    if alike.is_empty() && name.len() <= LONGEST {
        let likeness = |code: &&str| strsim::normalized_damerau_levenshtein(code, name);
        let nearest = Code::ALL
            .iter()
            .map(|code| code.name())
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        alike.extend(nearest.filter(|code| likeness(code) >= ALIKE));
    }
    match alike.as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [most @ .., last] => format!("; did you mean {} or {last}?", most.join(", ")),
    }
}
