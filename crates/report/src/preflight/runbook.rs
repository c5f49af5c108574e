//! The steps, numbered. Commands stand on lines of their own and are never broken, so that they can be copied.

use xenspect_model::preflight::Step;

use crate::human::Style;
use crate::text::escape;
use crate::wrap::wrap;

/// The lines of all steps.
pub(super) fn lines(steps: &[Step], style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, step) in (1..).zip(steps) {
        let number = format!("  {number:2}. ");
        let indent = " ".repeat(number.len());
        let on = step
            .on
            .as_ref()
            .map_or_else(String::new, |on| format!("[{on}] "));
        let title = escape(&format!("{on}{}", step.title), style.unicode);
        lines.extend(wrap(&title, style.columns(), &number, &indent));
        if let Some(note) = &step.note {
            let note = escape(note, style.unicode);
            lines.extend(wrap(&note, style.columns(), &indent, &indent));
        }
        let commands = step.commands.iter();
        lines.extend(
            commands.map(|command| format!("{indent}  {}", escape(command, style.unicode))),
        );
    }
    lines
}
