//! Finding the rules of a column, and telling what a key holds. The rules themselves are in `policy`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::policy::{
    ANY, DESCRIPTIONS, KEY_NAMES, NAMED_BY_XAPI, PASSWORD_NAMES, Part, RULES, Rule, SETTINGS,
    TOKEN_NAMES, VALUE_COLUMNS,
};
use super::shape::IsMap;
use super::{Grade, Kind};
use crate::datamodel::{self, Type};

/// What is known about one column before any value of it is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnRules {
    /// Rules that name the column, in the order of the table.
    pub(crate) own: Vec<&'static Rule>,
    /// The column is not in the datamodel, and its name or that of its table says that it is a secret.
    pub(crate) by_name: Option<Kind>,
    /// The rules for every map are to be left out.
    pub(crate) describes: bool,
    /// A rule of the column itself looks into a map.
    pub(crate) is_map: bool,
    /// A text that starts like a map is none.
    pub(crate) is_text: bool,
    /// Passwords inside texts are looked for.
    pub(crate) search: bool,
}

impl ColumnRules {
    /// The rules of a column, or of a field of an export. Both names are matched in any case: a reader of an export
    /// would not take the wrong one, but whoever wrote it meant something.
    pub(crate) fn of(class: &str, column: &str) -> ColumnRules {
        let column = api_spelling(class, column);
        let is = |name: &str| name == ANY || name.eq_ignore_ascii_case(class);
        let own: Vec<_> = BY_COLUMN
            .get(&*column)
            .into_iter()
            .flatten()
            .copied()
            .filter(|rule| is(rule.class))
            .filter(|rule| {
                rule.kind != Kind::Name || rule.class != ANY || !NAMED_BY_XAPI.contains(&class)
            })
            .collect();
        let types = TYPES.get(&class.to_ascii_lowercase());
        let ty = types.and_then(|columns| columns.get(&*column));
        let by_name = match (own.is_empty(), ty, types) {
            (true, None, None) if VALUE_COLUMNS.iter().any(|name| matches(name, &column)) => {
                secret_name(&column).or_else(|| secret_name(class))
            }
            (true, None, _) => secret_name(&column),
            _ => None,
        };
        // What is shown as a whole, or taken apart as a record, is no map.
        let whole = own.iter().any(|rule| {
            matches!(rule.part, Part::Record(_))
                || (rule.part == Part::Whole && rule.kind.grade() == Grade::Secret)
        });
        let is_map = own.iter().any(|rule| {
            matches!(
                rule.part,
                Part::Keys(_) | Part::CommonKeys(_) | Part::OtherKeys(_) | Part::Values
            )
        });
        let describes = DESCRIPTIONS
            .iter()
            .any(|&(described, name)| described.eq_ignore_ascii_case(class) && name == column);
        let identifies = matches!(&*column, "uuid" | "_ref");
        ColumnRules {
            is_map,
            describes,
            is_text: whole || KNOWN.get(&*column) == Some(&false),
            search: !whole
                && by_name.is_none()
                && !describes
                && !identifies
                && ty.is_none_or(has_text),
            by_name,
            own,
        }
    }

    /// Only the rules of at least that grade.
    pub(crate) fn at_least(mut self, grade: Grade) -> ColumnRules {
        self.own.retain(|rule| rule.kind.grade() >= grade);
        self
    }

    /// True when no rule names the column and a value like this is not to be taken apart. Passwords may be inside all
    /// the same, if [`ColumnRules::search`] says so.
    pub(crate) fn leave_out(&self, is_map: IsMap) -> bool {
        self.own.is_empty() && self.by_name.is_none() && !self.take_apart(is_map)
    }

    /// True when a value like this is to be taken apart as a map.
    pub(crate) fn take_apart(&self, is_map: IsMap) -> bool {
        self.is_map
            || match is_map {
                IsMap::Yes => !self.describes,
                IsMap::Perhaps => !self.describes && !self.is_text,
                IsMap::No => false,
            }
    }

    /// True when a secret of the column can only be where its text has words in it that name secrets.
    pub(crate) fn hints_at_secrets(&self) -> bool {
        let mut parts = self.own.iter().map(|rule| rule.part);
        self.by_name.is_none() && parts.all(is_hinted)
    }

    /// True when every value of the map is a secret, but for a few keys.
    pub(crate) fn secret_map(&self) -> bool {
        self.own.iter().any(|rule| {
            rule.kind.grade() == Grade::Secret
                && matches!(rule.part, Part::Values | Part::OtherKeys(_))
        })
    }

    /// What the column's own rules say about a key of a map.
    pub(crate) fn key(&self, key: &str) -> Option<Kind> {
        let names = |rule: &Rule| match rule.part {
            Part::Values => true,
            Part::Keys(patterns) | Part::CommonKeys(patterns) => matches_any(patterns, key),
            Part::OtherKeys(patterns) => !matches_any(patterns, key),
            _ => false,
        };
        let mut rules = self.own.iter();
        rules.find(|rule| names(rule)).map(|rule| rule.kind)
    }
}

/// True when what a rule is about has words in it that `hint` knows.
pub(crate) fn is_hinted(part: Part) -> bool {
    !matches!(
        part,
        Part::Whole | Part::Items | Part::Values | Part::CommonKeys(_) | Part::OtherKeys(_)
    )
}

/// Rules by the column they name, in API spelling and small letters.
static BY_COLUMN: LazyLock<HashMap<String, Vec<&'static Rule>>> = LazyLock::new(|| {
    let mut index: HashMap<String, Vec<_>> = HashMap::new();
    for rule in RULES.iter().filter(|rule| rule.column != ANY) {
        let column = api_spelling("", rule.column).into_owned();
        index.entry(column).or_default().push(rule);
    }
    index
});

/// Columns of the datamodel, in API spelling and small letters, and whether one of that name is a map in any class.
static KNOWN: LazyLock<HashMap<String, bool>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for field in datamodel::fields() {
        let is_map = matches!(field.ty, Type::Map(..) | Type::Unlisted);
        let column = api_spelling("", field.column).into_owned();
        *known.entry(column).or_default() |= is_map;
    }
    known
});

/// The type of each column of the datamodel by class and column, spelled as in [`KNOWN`]. None of these columns is
/// a secret by its name alone.
static TYPES: LazyLock<HashMap<String, HashMap<String, Type>>> = LazyLock::new(|| {
    let mut types: HashMap<_, HashMap<_, _>> = HashMap::new();
    for field in datamodel::fields() {
        let column = api_spelling("", field.column).into_owned();
        let class = types.entry(field.class.to_ascii_lowercase()).or_default();
        class.insert(column, field.ty);
    }
    types
});

/// True when any text may be written into the column: it is no uuid, no word of an enumeration, no number, no
/// reference.
pub(crate) fn is_free_text(class: &str, column: &str) -> bool {
    let column = api_spelling(class, column);
    let types = TYPES.get(&class.to_ascii_lowercase());
    let ty = types.and_then(|columns| columns.get(&*column));
    !matches!(&*column, "uuid" | "_ref")
        && ty.is_none_or(|ty| !matches!(ty, Type::Enum(_)) && has_text(ty))
}

/// True when a value of the type can hold a text that somebody wrote.
fn has_text(ty: &Type) -> bool {
    match ty {
        Type::Int | Type::Bool | Type::Float | Type::DateTime | Type::Ref(_) => false,
        Type::Set(item) | Type::Option(item) => has_text(item),
        Type::Map(key, value) => has_text(key) || has_text(value),
        Type::String | Type::Enum(_) | Type::Record(_) | Type::Unlisted => true,
    }
}

/// A column or field as the API spells it, in small letters. A record that the exporter makes by hand has a prefix of
/// its own (`formats/xva.md` section 3.3).
fn api_spelling<'c>(class: &str, column: &'c str) -> Cow<'c, str> {
    const VTPM_PREFIX: &str = "vtpm'_";
    let mut column: Cow<'c, str> = match column.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => column.to_ascii_lowercase().into(),
        false => column.into(),
    };
    if class.eq_ignore_ascii_case("VTPM")
        && let Some(bare) = column.strip_prefix(VTPM_PREFIX)
    {
        column = bare.to_owned().into();
    }
    match column.contains("__") {
        true => column.replace("__", "_").into(),
        false => column,
    }
}

/// What the rules for every map say about a key.
pub(crate) fn any_key(key: &str) -> Option<Kind> {
    let setting = matches_any(SETTINGS, key);
    RULES
        .iter()
        .filter(|rule| rule.column == ANY)
        .filter(|rule| !(setting && rule.kind.grade() == Grade::Secret))
        .find_map(|rule| match rule.part {
            Part::Keys(patterns) if matches_any(patterns, key) => Some(rule.kind),
            _ => None,
        })
}

/// What a name says about the secret it stands for.
pub(crate) fn secret_name(name: &str) -> Option<Kind> {
    if matches_any(SETTINGS, name) {
        return None;
    }
    [
        (PASSWORD_NAMES, Kind::Password),
        (TOKEN_NAMES, Kind::Token),
        (KEY_NAMES, Kind::Key),
    ]
    .into_iter()
    .find(|(patterns, _)| matches_any(patterns, name))
    .map(|(_, kind)| kind)
}

fn matches_any(patterns: &[&str], text: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, text))
}

/// Compares in any case; `*` at either end of the pattern stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let (core, before) = match pattern.strip_prefix('*') {
        Some(core) => (core, true),
        None => (pattern, false),
    };
    let (core, after) = match core.strip_suffix('*') {
        Some(core) => (core, true),
        None => (core, false),
    };
    let (core, text) = (core.as_bytes(), text.as_bytes());
    let length = core.len();
    match (before, after) {
        (false, false) => text.eq_ignore_ascii_case(core),
        (false, true) => text
            .get(..length)
            .is_some_and(|head| head.eq_ignore_ascii_case(core)),
        (true, false) => text
            .len()
            .checked_sub(length)
            .and_then(|start| text.get(start..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(core)),
        (true, true) => text
            .windows(length.max(1))
            .any(|window| window.eq_ignore_ascii_case(core)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("pass", "PASS", true),
            ("pass", "passe", false),
            ("*_pass", "x_Pass", true),
            ("*_pass", "bypass", false),
            ("vm-data/*", "vm-data/x", true),
            ("vm-data/*", "vm-data", false),
            ("*serial*", "system-SERIAL-number", true),
            ("*serial*", "seria", false),
            ("*serial*", "", false),
            ("*é*", "caf\u{e9}s", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn names_of_secrets() {
        for name in [
            "cifspassword_transformed",
            "Password",
            "UploadTokenSecret",
            "AuthPass",
            "ssmtp-AuthPass",
            "storagelink_password_secret",
            "private-key",
            "key_hash",
            "root_pwd",
        ] {
            assert!(secret_name(name).is_some(), "{name}");
        }
        for name in [
            "subject-password-expired",
            "token_timeout",
            "gpu_passthrough",
            "bypass",
            "mac_seed",
            "i18n-key",
            "secureboot",
            "install-kernel",
        ] {
            assert_eq!(secret_name(name), None, "{name}");
        }
    }

    #[test]
    fn both_spellings_find_the_rules() {
        for (class, column) in [
            ("VM", "last_booted_record"),
            ("vm", "Last_Booted_Record"),
            ("VM", "nvram"),
            ("VTPM", "vTPM'_content"),
            ("VTPM", "VTPM'_Content"),
            ("pool", "name_label"),
            ("VM", "name__label"),
        ] {
            assert_eq!(ColumnRules::of(class, column).own.len(), 1, "{column}");
        }
        for (class, column) in [("role", "name__label"), ("VM", "memory__target")] {
            assert!(ColumnRules::of(class, column).leave_out(IsMap::Perhaps));
        }
        assert!(!ColumnRules::of("VM", "platform").leave_out(IsMap::Perhaps));
        assert!(!ColumnRules::of("VM", "vendor_map").leave_out(IsMap::Perhaps));
        let unknown = ColumnRules::of("VM", "vendor_password");
        assert_eq!(unknown.by_name, Some(Kind::Password));
        let unknown = ColumnRules::of("vendor_secret", "value");
        assert_eq!(unknown.by_name, Some(Kind::Token));
        assert_eq!(ColumnRules::of("vendor", "value").by_name, None);
        assert_eq!(ColumnRules::of("vendor_secret", "uuid").by_name, None);
    }

    #[test]
    fn what_can_hold_a_text_is_searched() {
        for (class, column) in [
            ("VM", "PV__kernel"),
            ("VM", "tags"),
            ("vm", "pv_args"),
            ("VM", "no_such"),
            ("Vendor", "memory__target"),
            ("pool", "gui_config"),
            ("VM", "actions__after_crash"),
        ] {
            assert!(ColumnRules::of(class, column).search, "{class}.{column}");
        }
        for (class, column) in [
            ("VM", "uuid"),
            ("VM", "_ref"),
            ("VM", "memory__target"),
            ("VM", "is_a_template"),
            ("VM", "VBDs"),
            ("VM", "snapshot_time"),
            ("SM", "configuration"),
            ("VM", "last_booted_record"),
            ("secret", "value"),
        ] {
            assert!(!ColumnRules::of(class, column).search, "{class}.{column}");
        }
    }
}
