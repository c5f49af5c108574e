//! What a caller can leave out or ask for.

use std::str::FromStr;

/// How to compare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Compare volatile fields and derived sets too.
    pub all: bool,
    /// Fields that are left out, whatever `all` says.
    pub ignore: Vec<Ignored>,
}

/// A field that is left out: `VM.name_label`, `*.other_config`, `VM.*`, or a key of a map, `VM.other_config:folder`. With
/// `VM.*` it is the class: nothing is told of its objects, nor that they came or went.
///
/// ```
/// use xenspect_diff::Ignored;
///
/// let ignored: Ignored = "VM.other_config:folder".parse().unwrap();
/// assert_eq!(ignored.to_string(), "VM.other_config:folder");
/// assert!("name_label".parse::<Ignored>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    class: String,
    field: String,
    key: Option<String>,
}

/// Stands for every class, or every field.
const ANY: &str = "*";

impl Ignored {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// A sentence about what is wrong with the text, for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            Err(format!(
                "`{text}` is no field: {why}; write TABLE.FIELD, TABLE.FIELD:KEY, TABLE.* or *.FIELD"
            ))
        };
        let (path, key) = match text.split_once(':') {
            Some((path, key)) => (path, Some(key)),
            None => (text, None),
        };
        let Some((class, field)) = path.split_once('.') else {
            return wrong("there is no dot in it");
        };
        let is_name = |name: &str| {
            let mut characters = name.chars();
            name == ANY
                || (!name.is_empty()
                    && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '\'')))
        };
        if !is_name(class) {
            return wrong("the part before the dot is no table");
        }
        if !is_name(field) {
            return wrong("the part after the dot is no field");
        }
        match key {
            Some("") => wrong("there is no key after the colon"),
            Some(_) if field == ANY => wrong("a key needs a field"),
            _ if class == ANY && field == ANY => wrong("it would leave out everything"),
            _ => Ok(Self {
                class: class.to_owned(),
                field: api_name(field),
                key: key.map(str::to_owned),
            }),
        }
    }

    /// Whether it is about every field of a class.
    pub(crate) fn is_of_class(&self, class: &str) -> bool {
        self.field == ANY && self.class == class
    }

    /// Whether it is about a field, or a key of it; the field goes by its name in the API.
    pub(crate) fn is_of_field(&self, class: &str, field: &str) -> bool {
        (self.class == ANY || self.class == class) && (self.field == ANY || self.field == field)
    }

    /// The key that it is about; `None` for the whole field.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

/// The name of a field in the API, where its column in a dump, with two underscores, is as good.
fn api_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    for c in field.chars() {
        if c != '_' || !name.ends_with('_') {
            name.push(c);
        }
    }
    name
}

impl FromStr for Ignored {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl std::fmt::Display for Ignored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.class, self.field)?;
        match &self.key {
            Some(key) => write!(f, ":{key}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        for (text, class, field, key) in [
            ("VM.name_label", "VM", "name_label", None),
            ("VM.name__label", "VM", "name_label", None),
            ("VM.name___label", "VM", "name_label", None),
            ("*.other_config", "*", "other_config", None),
            ("VM.*", "VM", "*", None),
            ("VM.other_config:a.b:c", "VM", "other_config", Some("a.b:c")),
        ] {
            let ignored = Ignored::parse(text).unwrap();
            assert_eq!((&*ignored.class, &*ignored.field), (class, field), "{text}");
            assert_eq!(ignored.key(), key, "{text}");
        }
    }

    #[test]
    fn what_is_no_field_is_refused_with_a_reason() {
        for (text, why) in [
            ("", "no dot"),
            ("VM", "no dot"),
            (".x", "before the dot"),
            ("VM.", "after the dot"),
            ("VM.a b", "after the dot"),
            ("*.*", "everything"),
            ("VM.other_config:", "no key"),
            ("VM.*:x", "needs a field"),
        ] {
            let error = Ignored::parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
