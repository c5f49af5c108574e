//! The forms a value comes in: the text of a dump, a value of `ova.xml`, a decoded column. Each lets its whole text, its
//! members or its entries be looked at and replaced; what to look for is not known here.

use std::borrow::Cow;

use crate::datamodel;
use crate::value::sexpr::{self, Quoting};
use crate::xmlrpc;

/// Looks at a text and may give another one for it.
pub(crate) type Edit<'e> = dyn FnMut(&str) -> Option<String> + 'e;
/// Looks at a key and its value, and may change the value.
pub(crate) type EditEntry<'e> = dyn FnMut(&str, &mut dyn Shape) + 'e;
/// Looks at a part of a value, with its key where it has one, and may change it.
pub(crate) type EditPart<'e> = dyn FnMut(Option<&str>, &mut dyn Shape) + 'e;

/// The value is not of the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OtherForm;

/// Whether a value is a map, as far as it can be told without taking it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IsMap {
    Yes,
    /// A text that starts like one.
    Perhaps,
    No,
}

/// A value of any form.
pub(crate) trait Shape {
    /// Whether it is a map.
    fn is_map(&self) -> IsMap;
    /// Every text in it.
    fn whole(&mut self, edit: &mut Edit<'_>);
    /// Every member of a set.
    fn items(&mut self, edit: &mut Edit<'_>) -> Result<(), OtherForm>;
    /// Every entry of a map.
    fn entries(&mut self, edit: &mut EditEntry<'_>) -> Result<(), OtherForm>;
    /// Every item of an array or a set, or entry of a struct or a map, that needs no reading to be told; false for
    /// a single value.
    fn parts(&mut self, edit: &mut EditPart<'_>) -> bool;
}

/// The text of a value in a dump (`formats/pool-db.md` section 4): the layers of XML and of white space are off.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    text: Cow<'a, str>,
    changed: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Text {
            text: text.into(),
            changed: false,
        }
    }

    /// The text, if it is not what it was.
    pub(crate) fn changed(self) -> Option<String> {
        self.changed.then(|| self.text.into_owned())
    }

    pub(crate) fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    fn set(&mut self, text: Option<String>) {
        if let Some(text) = text {
            self.text = Cow::Owned(text);
            self.changed = true;
        }
    }
}

impl Shape for Text<'_> {
    fn is_map(&self) -> IsMap {
        match self.text.trim_ascii_start().starts_with('(') {
            true => IsMap::Perhaps,
            false => IsMap::No,
        }
    }

    fn whole(&mut self, edit: &mut Edit<'_>) {
        let edited = edit(&self.text);
        self.set(edited);
    }

    fn items(&mut self, edit: &mut Edit<'_>) -> Result<(), OtherForm> {
        let mut items = sexpr::decode_set(&self.text).map_err(|_| OtherForm)?;
        let mut changed = false;
        for item in &mut items {
            if let Some(edited) = edit(item) {
                *item = Cow::Owned(edited);
                changed = true;
            }
        }
        let edited = changed.then(|| Quoting::of(&self.text).set(items));
        self.set(edited);
        Ok(())
    }

    fn entries(&mut self, edit: &mut EditEntry<'_>) -> Result<(), OtherForm> {
        let mut pairs = sexpr::decode_map(&self.text).map_err(|_| OtherForm)?;
        let mut changed = false;
        for (key, value) in &mut pairs {
            let mut inner = Text::new(&**value);
            edit(key, &mut inner);
            if let Some(edited) = inner.changed() {
                *value = Cow::Owned(edited);
                changed = true;
            }
        }
        let edited = changed.then(|| Quoting::of(&self.text).map(pairs));
        self.set(edited);
        Ok(())
    }

    fn parts(&mut self, _: &mut EditPart<'_>) -> bool {
        false
    }
}

impl Shape for xmlrpc::Value {
    fn is_map(&self) -> IsMap {
        match self {
            xmlrpc::Value::Struct(_) => IsMap::Yes,
            xmlrpc::Value::Text(text) => Text::new(text.as_str()).is_map(),
            _ => IsMap::No,
        }
    }

    /// Recursion goes as deep as the value, which the limits of its parser bound.
    fn whole(&mut self, edit: &mut Edit<'_>) {
        match self {
            xmlrpc::Value::Text(text)
            | xmlrpc::Value::Base64(text)
            | xmlrpc::Value::Double(text)
            | xmlrpc::Value::DateTime(text)
            | xmlrpc::Value::OddBoolean(text) => {
                if let Some(edited) = edit(text) {
                    *text = edited;
                }
            }
            xmlrpc::Value::Array(items) => items.iter_mut().for_each(|item| item.whole(edit)),
            xmlrpc::Value::Struct(members) => {
                members.iter_mut().for_each(|(_, value)| value.whole(edit));
            }
            xmlrpc::Value::Boolean(_) | xmlrpc::Value::Nil => {}
        }
    }

    fn items(&mut self, edit: &mut Edit<'_>) -> Result<(), OtherForm> {
        match self {
            xmlrpc::Value::Text(text) => {
                let mut inner = Text::new(std::mem::take(text));
                let read = inner.items(edit);
                *text = inner.into_text().into_owned();
                read
            }
            xmlrpc::Value::Array(_) => {
                self.whole(edit);
                Ok(())
            }
            _ => Err(OtherForm),
        }
    }

    fn entries(&mut self, edit: &mut EditEntry<'_>) -> Result<(), OtherForm> {
        match self {
            xmlrpc::Value::Text(text) => {
                let mut inner = Text::new(std::mem::take(text));
                let read = inner.entries(edit);
                *text = inner.into_text().into_owned();
                read
            }
            xmlrpc::Value::Struct(members) => {
                for (key, value) in members {
                    edit(key, value);
                }
                Ok(())
            }
            _ => Err(OtherForm),
        }
    }

    fn parts(&mut self, edit: &mut EditPart<'_>) -> bool {
        match self {
            xmlrpc::Value::Array(items) => items.iter_mut().for_each(|item| edit(None, item)),
            xmlrpc::Value::Struct(members) => {
                for (key, value) in members {
                    edit(Some(key), value);
                }
            }
            _ => return false,
        }
        true
    }
}

impl Shape for datamodel::Value<'_> {
    fn is_map(&self) -> IsMap {
        match self {
            datamodel::Value::Map(_) => IsMap::Yes,
            _ => self
                .as_text()
                .map_or(IsMap::No, |text| Text::new(text).is_map()),
        }
    }

    /// Recursion goes as deep as the type of the column.
    fn whole(&mut self, edit: &mut Edit<'_>) {
        match self {
            datamodel::Value::Set(items) => items.iter_mut().for_each(|item| item.whole(edit)),
            datamodel::Value::Map(pairs) => {
                pairs.iter_mut().for_each(|(_, value)| value.whole(edit));
            }
            _ => {
                if let Some(edited) = self.as_text().and_then(edit) {
                    self.replace(edited);
                }
            }
        }
    }

    fn items(&mut self, edit: &mut Edit<'_>) -> Result<(), OtherForm> {
        if let datamodel::Value::Set(_) = self {
            self.whole(edit);
            return Ok(());
        }
        let mut inner = Text::new(self.as_text().ok_or(OtherForm)?);
        inner.items(edit)?;
        if let Some(edited) = inner.changed() {
            self.replace(edited);
        }
        Ok(())
    }

    fn entries(&mut self, edit: &mut EditEntry<'_>) -> Result<(), OtherForm> {
        if let datamodel::Value::Map(pairs) = self {
            for (key, value) in pairs {
                edit(key.as_text().unwrap_or_default(), value);
            }
            return Ok(());
        }
        let mut inner = Text::new(self.as_text().ok_or(OtherForm)?);
        inner.entries(edit)?;
        if let Some(edited) = inner.changed() {
            self.replace(edited);
        }
        Ok(())
    }

    fn parts(&mut self, edit: &mut EditPart<'_>) -> bool {
        match self {
            datamodel::Value::Set(items) => items.iter_mut().for_each(|item| edit(None, item)),
            datamodel::Value::Map(pairs) => {
                for (key, value) in pairs {
                    edit(key.as_text(), value);
                }
            }
            _ => return false,
        }
        true
    }
}

impl datamodel::Value<'_> {
    /// Puts another text in. A reference or a word that is replaced is one no longer.
    fn replace(&mut self, text: String) {
        *self = match self {
            datamodel::Value::Unknown(_) => datamodel::Value::Unknown(text.into()),
            _ => datamodel::Value::Text(text.into()),
        };
    }
}
