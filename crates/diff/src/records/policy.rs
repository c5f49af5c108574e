//! What is left out of a comparison: the table of volatile fields, derived sets, and what the caller named.

use xenspect_xapi::datamodel;

use super::volatile::{ANY, Part, VOLATILE, is_derived};
use crate::Settings;

/// What is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy<'s> {
    settings: &'s Settings,
}

/// What is left out of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// All of it.
    pub(super) whole: bool,
    /// Keys of a map; one that ends in an asterisk stands for all that begin alike.
    keys: Vec<String>,
}

impl LeftOut {
    /// Whether a key of the map is left out.
    pub(super) fn has_key(&self, key: &str) -> bool {
        let begins = |pattern: &String| match pattern.strip_suffix('*') {
            Some(head) => key.starts_with(head),
            None => pattern == key,
        };
        self.keys.iter().any(begins)
    }
}

impl<'s> Policy<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings }
    }

    /// Whether the caller does not want to be told of objects of a class.
    pub(super) fn ignores_objects(self, class: &str) -> bool {
        self.settings
            .ignore
            .iter()
            .any(|ignored| ignored.is_of_class(class))
    }

    /// Whether everything is to be told.
    pub(super) fn tells_all(self) -> bool {
        self.settings.all
    }

    /// Whether it is left out that objects of a class come and go.
    pub(super) fn leaves_out_objects(self, class: &str) -> bool {
        let volatile = || {
            VOLATILE.iter().any(|line| {
                line.class == class && matches!(line.part, Part::Everything | Part::Objects)
            })
        };
        self.ignores_objects(class) || (!self.settings.all && volatile())
    }

    /// What is left out of a field, given by its name in the API and by its column.
    pub(super) fn field(self, class: &str, field: &str, column: &str) -> LeftOut {
        let mut left_out = LeftOut::default();
        for ignored in &self.settings.ignore {
            if ignored.is_of_field(class, field) {
                match ignored.key() {
                    Some(key) => left_out.keys.push(key.to_owned()),
                    None => left_out.whole = true,
                }
            }
        }
        if self.settings.all {
            return left_out;
        }
        left_out.whole |= datamodel::field(class, column).is_some_and(is_derived);
        let lines = VOLATILE.iter();
        for line in lines.filter(|line| line.class == ANY || line.class == class) {
            match line.part {
                Part::Everything => left_out.whole = true,
                Part::Objects => {}
                Part::Field(name) => left_out.whole |= name == field,
                Part::Key(name, "*") => left_out.whole |= name == field,
                Part::Key(name, key) if name == field => left_out.keys.push(key.to_owned()),
                Part::Key(..) => {}
            }
        }
        left_out
    }
}
