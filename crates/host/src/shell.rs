//! What a shell makes of a line of a file that is sourced (`formats/host-backup.md` sections 4 and 7), as far as it can be
//! told without running anything.

/// Characters that mean something to a shell, outside of quotes at least.
const MEANT: [char; 9] = ['\'', '`', '$', ';', '&', '|', '<', '>', '\\'];

/// The one word that a shell makes of what stands behind a `=`, without expansions. `Err` has the first character that
/// makes more of it than a word: one that expands, ends the command, or opens a quote that is never closed, or a blank with
/// a command behind it.
pub(crate) fn word(text: &str) -> Result<String, char> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    if text.starts_with('~') {
        return Err('~');
    }
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let (inside, rest) = chars.as_str().split_once('\'').ok_or('\'')?;
                out.push_str(inside);
                chars = rest.chars();
            }
            '"' => {
                let (inside, rest) = chars.as_str().split_once('"').ok_or('"')?;
                // A backslash may also have hidden the quote.
                if let Some(c) = inside.chars().find(|c| matches!(c, '$' | '`' | '\\')) {
                    return Err(c);
                }
                out.push_str(inside);
                chars = rest.chars();
            }
            ' ' | '\t' => {
                let rest = chars.as_str().trim_start_matches([' ', '\t']);
                return match rest.is_empty() || rest.starts_with('#') {
                    true => Ok(out),
                    false => Err(c),
                };
            }
            '(' | ')' => return Err(c),
            c if MEANT.contains(&c) => return Err(c),
            c => out.push(c),
        }
    }
    Ok(out)
}

/// What of a line is more than the assignment of a plain word: its key, or its first word where there is no `=`, and the
/// first character that makes it so. A value that only its quotes protect is told too, since other readers have other rules
/// for quotes. `None` of blank lines and comments.
pub(crate) fn danger(line: &str) -> Option<(&str, char)> {
    // A carriage return at the end becomes a part of the value, and nothing that is run.
    let line = line.strip_suffix('\r').unwrap_or(line);
    let start = line.trim_start_matches([' ', '\t']);
    if start.is_empty() || start.starts_with('#') {
        return None;
    }
    let Some((key, value)) = start.split_once('=') else {
        let first = start.split([' ', '\t']).next().unwrap_or(start);
        let telling = start.chars().find(|c| is_meant(*c));
        return Some((first, telling.or_else(|| start.chars().next())?));
    };
    if let Some(character) = no_name(key) {
        return Some((key, character));
    }
    let character = match word(value) {
        Ok(word) => word.chars().find(|c| is_meant(*c))?,
        Err(character) => character,
    };
    Some((key, character))
}

fn is_meant(c: char) -> bool {
    MEANT.contains(&c) || c.is_control()
}

/// The first character for which a key is no name of a variable, so that the line is a command; `=` of an empty one.
fn no_name(key: &str) -> Option<char> {
    let is_of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    match key.chars().next() {
        None => Some('='),
        Some(digit) if digit.is_ascii_digit() => Some(digit),
        Some(_) => key.chars().find(|c| !is_of_name(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("", Ok("")),
            ("a", Ok("a")),
            ("'a b'", Ok("a b")),
            ("\"a b\"", Ok("a b")),
            ("'a'b\"c\"", Ok("abc")),
            ("a # a comment", Ok("a")),
            ("a#b", Ok("a#b")),
            ("'a' \t", Ok("a")),
            ("'a'\r", Ok("a\r")),
            // The carriage return would be the name of a command.
            ("'a' \r", Err(' ')),
            ("a \u{a0}# x", Err(' ')),
            ("a*b?[c]", Ok("a*b?[c]")),
            ("a b", Err(' ')),
            (" a", Err(' ')),
            ("\"a\" reboot", Err(' ')),
            ("\"a\"\treboot", Err('\t')),
            ("\"$a\"", Err('$')),
            ("\"`a`\"", Err('`')),
            ("\"a\\\"", Err('\\')),
            ("'a", Err('\'')),
            ("\"a", Err('"')),
            ("(a b)", Err('(')),
            ("~", Err('~')),
            ("a\\", Err('\\')),
        ] {
            assert_eq!(word(text).as_deref().map_err(|c| *c), expected, "{text:?}");
        }
    }

    #[test]
    fn dangers() {
        for (line, expected) in [
            ("", None),
            ("  \t", None),
            // That is no blank to a shell, so this is no comment.
            ("\u{a0}# $(reboot)", Some(("\u{a0}#", '$'))),
            ("\u{b}# x", Some(("\u{b}#", '\u{b}'))),
            (" # $(reboot)", None),
            ("K='v'", None),
            (" K=v", None),
            ("K='v'\r", None),
            ("K=a reboot", Some(("K", ' '))),
            ("K=\"a\" reboot", Some(("K", ' '))),
            ("K=\"$(reboot)\"", Some(("K", '$'))),
            ("K='$(reboot)'", Some(("K", '$'))),
            ("K='v'; reboot; '", Some(("K", ';'))),
            ("K='a", Some(("K", '\''))),
            ("K='a\u{7}'", Some(("K", '\u{7}'))),
            ("K='a\rb'", Some(("K", '\r'))),
            ("K =v", Some(("K ", ' '))),
            ("export K=v", Some(("export K", ' '))),
            ("K+=v", Some(("K+", '+'))),
            ("1K=v", Some(("1K", '1'))),
            ("=v", Some(("", '='))),
            ("$(reboot)=x", Some(("$(reboot)", '$'))),
            ("reboot", Some(("reboot", 'r'))),
            ("/sbin/reboot; true", Some(("/sbin/reboot;", ';'))),
            ("$(reboot)", Some(("$(reboot)", '$'))),
            ("\u{e9}=v", Some(("\u{e9}", '\u{e9}'))),
        ] {
            assert_eq!(danger(line), expected, "{line:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_word_in_single_quotes_is_itself(text in "[^'\n]{0,60}") {
            proptest::prop_assert_eq!(word(&format!("'{text}'")), Ok(text));
        }

        #[test]
        fn any_line_is_judged(line in "\\PC{0,60}") {
            // What is no danger is an assignment, a comment or blank.
            if danger(&line).is_none() {
                let start = line.trim_start_matches([' ', '\t']);
                proptest::prop_assert!(start.is_empty() || start.starts_with('#') || start.contains('='));
            }
        }
    }
}
