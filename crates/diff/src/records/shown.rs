//! Values as a report shows them, and what of them is hidden. Values that get here have their secrets masked, but for the
//! question whether there were any.

use xenspect_inventory::iso_8601;
use xenspect_model::diff::{Change, Delta, Shown};
use xenspect_xapi::datamodel::Value;
use xenspect_xapi::secrets;

use super::keys::{Sides, Which};

/// How much of a value is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hidden {
    Nothing,
    Partly,
    Wholly,
}

/// How much of a value is a secret, given it as it is and as it is masked.
pub(super) fn hidden(raw: &Value<'_>, masked: &Value<'_>) -> Hidden {
    match (raw.as_text(), masked.as_text()) {
        (Some(raw), Some(masked)) if raw == masked => Hidden::Nothing,
        (Some(raw), Some(masked)) if masked == secrets::mask(raw.len()) => Hidden::Wholly,
        (None, None) if raw == masked => Hidden::Nothing,
        _ => Hidden::Partly,
    }
}

/// What became of a secret.
pub(super) fn secret(old: &Value<'_>, new: &Value<'_>, key: Option<String>) -> Delta {
    let is_empty = |value: &Value<'_>| value.as_text() == Some("");
    let change = match (is_empty(old), is_empty(new)) {
        (true, _) => Change::Added,
        (_, true) => Change::Removed,
        _ => Change::Changed,
    };
    Delta::Secret { change, key }
}

/// Whether two masked values are the same but for what is masked: masks tell a length.
pub(super) fn same_but_masks(old: &Value<'_>, new: &Value<'_>) -> bool {
    match (old.as_text(), new.as_text()) {
        (Some(old), Some(new)) => without_lengths(old) == without_lengths(new),
        _ => old == new,
    }
}

fn without_lengths(text: &str) -> String {
    const MASK: &str = "(secret, ";
    let mut parts = text.split(MASK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(MASK);
        out.push_str(
            part.trim_start_matches(|c: char| c.is_ascii_digit())
                .trim_start_matches(" bytes")
                .trim_start_matches(" byte"),
        );
    }
    out
}

impl Sides<'_> {
    /// A masked value of a side as a report shows it.
    pub(super) fn shown(&self, which: Which, value: &Value<'_>) -> Shown {
        match value {
            Value::Bool(value) => Shown::Bool(*value),
            Value::Int(number) => Shown::Number(*number),
            Value::Ref(reference) => Shown::Object {
                reference: reference.clone().into_owned(),
                title: self
                    .store(which)
                    .resolve(reference)
                    .and_then(|record| self.budget.title(self.names(which).full(&record))),
            },
            other => Shown::Text(self.text(which, other)),
        }
    }

    /// A masked value in one text. Recursion goes as deep as the type.
    pub(super) fn text(&self, which: Which, value: &Value<'_>) -> String {
        match value {
            Value::Text(text)
            | Value::Enum(text)
            | Value::Unknown(text)
            | Value::Undecodable { text, .. } => text.clone().into_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::DateTime(date) => iso_8601(*date),
            Value::Ref(reference) => {
                let record = self.store(which).resolve(reference);
                record
                    .and_then(|record| self.budget.title(self.names(which).full(&record)))
                    .unwrap_or_else(|| reference.clone().into_owned())
            }
            Value::Set(items) => {
                let items: Vec<_> = items.iter().map(|item| self.text(which, item)).collect();
                items.join(", ")
            }
            Value::Map(pairs) => {
                let pair = |(key, value): &(Value<'_>, Value<'_>)| {
                    format!("{}: {}", self.text(which, key), self.text(which, value))
                };
                pairs.iter().map(pair).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_of_two_lengths_are_one() {
        assert_eq!(
            without_lengths("a (secret, 7 bytes) b (secret, 1 byte)"),
            "a (secret, ) b (secret, )"
        );
        assert_eq!(without_lengths("plain"), "plain");
    }
}
