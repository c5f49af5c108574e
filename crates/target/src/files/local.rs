//! `/var/lib/xcp/local.db`: a host's own settings (`formats/host-backup.md` section 8).

use xenspect_host::local_db;

use crate::Target;

/// Whether high availability is armed; `None` where the text is no such file.
pub(super) fn read(text: &str) -> Option<Target> {
    let rows = local_db::parse(text.as_bytes())?;
    let mut target = Target::default();
    // A key that xapi never wrote is one that it never set.
    let armed = rows.get("ha.armed").map(String::as_str);
    target.host.ha_armed = Some(armed == Some("true"));
    Some(target)
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
