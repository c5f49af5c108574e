//! `/var/lib/xcp/local.db`: a host's own settings (`formats/host-backup.md` section 8).

use crate::Target;

/// Whether high availability is armed; `None` where the text is no such file.
pub(super) fn read(text: &str) -> Option<Target> {
    if !text.contains("<config") {
        return None;
    }
    let mut rows = text.split('<').filter(|tag| tag.starts_with("row"));
    let row = rows.find(|row| attribute(row, "key") == Some("ha.armed"));
    let mut target = Target::default();
    // A key that xapi never wrote is one that it never set.
    let armed = row.and_then(|row| attribute(row, "value"));
    target.host.ha_armed = Some(armed == Some("true"));
    Some(target)
}

/// The value of an attribute. Keys and values that matter have nothing to be unescaped.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = after.strip_prefix(quote)?.split_once(quote)?;
        if before.split_whitespace().next_back() == Some(name) {
            return Some(value);
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armed_or_not() {
        for (row, armed) in [
            ("<row key=\"ha.armed\" value=\"true\"/>", true),
            ("<row value='true' key='ha.armed'/>", true),
            ("<row key=\"ha.armed\" value=\"false\"/>", false),
            ("<row key=\"a\" value=\"key=&quot;ha.armed\"/>", false),
            ("", false),
        ] {
            let text = format!(
                "<?xml version=\"1.0\"?>\n<config><row key=\"x\" value=\"true\"/>{row}</config>"
            );
            let target = read(&text).expect("facts");
            assert_eq!(target.host.ha_armed, Some(armed), "{row}");
        }
        assert_eq!(read("true"), None);
    }
}
