//! Words of commands. Names and uuids come from inputs, and a command of a runbook is pasted into a root shell.

use std::fmt::Write;

/// A text as one word of a shell: as it is where that is safe, else in single quotes; with `$'…'` where it holds
/// control characters, which would not survive being shown and copied.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let mut word = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            c if c.is_ascii_control() => {
                // Three octal digits, so that a digit behind them is not taken for one more.
                let _ = write!(word, "\\{:03o}", u32::from(c));
            }
            c if is_hidden(c) => {
                let _ = write!(word, "\\U{:08x}", u32::from(c));
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// Characters that are not seen, or that change the order in which others are seen.
fn is_hidden(c: char) -> bool {
    let format = [
        '\u{ad}'..='\u{ad}',
        '\u{61c}'..='\u{61c}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
    ];
    c.is_control() || format.iter().any(|range| range.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        let cases = [
            ("db-1.xva", "db-1.xva"),
            ("6e1f-77", "6e1f-77"),
            ("", "''"),
            ("-x", "'-x'"),
            ("my vm", "'my vm'"),
            ("a'; reboot; '", r"'a'\''; reboot; '\'''"),
            ("$(reboot)", "'$(reboot)'"),
            ("a\n7'", r"$'a\0127\''"),
            ("\u{202e}x", r"$'\U0000202ex'"),
        ];
        for (text, word) in cases {
            assert_eq!(quoted(text), word, "{text:?}");
        }
    }
}
