//! Which secrets a document holds, for tests that look for them where they must not be.

use crate::document::Document;
use crate::xmlrpc::Value;

/// Where secrets are in a document and their texts: the planted ones, TPM states, EFI variables.
pub(crate) fn planted_in(document: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for object in document.objects() {
        for (field, value) in &object.snapshot {
            let place = format!("{}.{field}", object.class);
            match value {
                Value::Text(text) if field == "vTPM'_content" => found.push((place, text.clone())),
                Value::Text(text) => found.extend(within(text).map(|text| (place, text))),
                Value::Struct(fields) => {
                    for (key, value) in fields {
                        let Value::Text(text) = value else { continue };
                        let text = if key == "EFI-variables" {
                            Some(text.clone())
                        } else {
                            within(text)
                        };
                        found.extend(text.map(|text| (format!("{place}[{key}]"), text)));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

fn within(text: &str) -> Option<String> {
    let from = text.find("PLANTED")?;
    let end = text[from..]
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))
        .map_or(text.len(), |end| from + end);
    Some(text[from..end].to_owned())
}
