//! Values for the tests, one for each line of the policy: the table itself is gone through, so that no rule is left
//! without one. Each value has a core of letters and digits, which no encoding changes.

use super::Kind;
use super::policy::{ANY, Part, RULES, Rule};
use crate::value::sexpr::{encode_map, encode_set};
use crate::xmlrpc::Value;

/// A planted value.
pub(crate) struct Planted {
    pub(crate) rule: &'static Rule,
    pub(crate) class: String,
    /// In dump spelling.
    pub(crate) column: String,
    /// The text of the column in a dump.
    pub(crate) text: String,
    /// The field in an export.
    pub(crate) value: Value,
    /// What must not be found in any output, and the kind of the value it is the core of.
    pub(crate) cores: Vec<(String, Kind)>,
}

impl Planted {
    /// Name of the field in an export.
    pub(crate) fn field(&self) -> String {
        self.column.replace("__", "_")
    }
}

/// One for each rule and key; for a record one in each of its forms, with all values of its class in it.
pub(crate) fn all() -> Vec<Planted> {
    let mut number = 0;
    RULES
        .iter()
        .flat_map(|rule| plant(rule, &mut number))
        .collect()
}

/// The text of a dump, the value of an export, and the cores in both.
type Form = (String, Value, Vec<(String, Kind)>);

fn plant(rule: &'static Rule, number: &mut usize) -> Vec<Planted> {
    let mut next = || {
        *number += 1;
        let (value, core) = value(rule, *number);
        (value, (core, rule.kind))
    };
    let text = |text: String| Value::Text(text);
    let map = |key: &str, value: &str| {
        let inner = Value::Text(value.to_owned());
        (
            encode_map([("other", "x"), (key, value)]),
            Value::Struct(vec![(key.to_owned(), inner)]),
        )
    };
    let forms: Vec<Form> = match rule.part {
        Part::Whole => {
            let (value, core) = next();
            vec![(value.clone(), text(value), vec![core])]
        }
        Part::Items => {
            let (value, core) = next();
            let set = encode_set(["x", &value]);
            vec![(set, Value::Array(vec![Value::Text(value)]), vec![core])]
        }
        Part::Credentials => {
            let (value, core) = next();
            let line = format!("quiet http://h/ root_password={value} ro");
            vec![(line.clone(), text(line), vec![core])]
        }
        Part::Values | Part::OtherKeys(_) => {
            let (value, core) = next();
            let (dump, export) = map("k", &value);
            vec![(dump, export, vec![core])]
        }
        Part::Keys(patterns) | Part::CommonKeys(patterns) => patterns
            .iter()
            .map(|pattern| {
                let key = pattern
                    .strip_prefix('*')
                    .map_or((*pattern).to_owned(), |core| format!("x{core}"));
                let key = key
                    .strip_suffix('*')
                    .map_or(key.clone(), |core| format!("{core}x"));
                let (value, core) = next();
                let (dump, export) = map(&key, &value);
                (dump, export, vec![core])
            })
            .collect(),
        Part::Record(class) => records(class, number),
    };
    let class = match (rule.class, rule.kind) {
        (ANY, _) => "VM",
        (class, _) => class,
    };
    let column = match (rule.column, rule.part) {
        (ANY, Part::Credentials) => "PV__kernel",
        (ANY, _) => "platform",
        (column, _) => column,
    };
    forms
        .into_iter()
        .map(|(text, value, cores)| Planted {
            rule,
            class: class.to_owned(),
            column: column.to_owned(),
            text,
            value,
            cores,
        })
        .collect()
}

/// A value of the right kind, and its core.
fn value(rule: &Rule, number: usize) -> (String, String) {
    let core = format!("Pw{number:04}Q");
    let hostile = format!("{core}'\"\\<&>%._%n;)(\u{f6}]]>");
    let value = match (rule.kind, rule.part) {
        (Kind::Network, _) if rule.column == "MAC" => {
            let mac = format!("00:16:3e:77:{:02x}:{:02x}", number / 256, number % 256);
            return (mac.clone(), mac);
        }
        (Kind::Network | Kind::Address, _) => {
            let ip = format!("198.51.{}.{}", 100 + number / 100, 100 + number % 100);
            return (format!("{ip}:80"), ip);
        }
        (Kind::Email, _) => format!("{core}@example.net"),
        // Only up to white space.
        (_, Part::Credentials) => hostile,
        _ => format!("{hostile}  two\nlines\t{core}"),
    };
    (value, core)
}

/// A record of a class in its three forms, each with values of its own.
fn records(class: &str, number: &mut usize) -> Vec<Form> {
    let mut fields = || -> Vec<Planted> {
        RULES
            .iter()
            .filter(|rule| rule.class == class && !matches!(rule.part, Part::Record(_)))
            .flat_map(|rule| plant(rule, number))
            .collect()
    };
    let cores = |fields: &[Planted]| fields.iter().flat_map(|one| one.cores.clone()).collect();
    let mut forms = Vec::new();

    let inner = fields();
    let map = encode_map(inner.iter().map(|one| (&one.column, &one.text)));
    forms.push((map.clone(), Value::Text(map), cores(&inner)));

    let inner = fields();
    let tree = Value::Struct(
        inner
            .iter()
            .map(|one| (one.field(), one.value.clone()))
            .collect(),
    );
    let text = as_sexpr(&tree);
    forms.push((text.clone(), Value::Text(text), cores(&inner)));

    let inner = fields();
    let members = inner.iter().map(|one| (one.field(), one.value.clone()));
    let text = as_xml(&Value::Struct(members.collect()));
    forms.push((text.clone(), Value::Text(text), cores(&inner)));

    // A record in a record, and what cannot be read.
    let inner = fields();
    let map = encode_map(inner.iter().map(|one| (&one.column, &one.text)));
    let outer = encode_map([("name__label", "x"), ("snapshot_metadata", &map)]);
    forms.push((outer.clone(), Value::Text(outer), cores(&inner)));
    let inner = fields();
    let core = inner[0].cores[0].0.clone();
    let cut = format!("(('a' 'b') ('xenstore_data' '((\\'Password\\' \\'{core}");
    forms.push((
        cut.clone(),
        Value::Text(cut),
        vec![(core, Kind::Unreadable)],
    ));
    forms
}

fn as_sexpr(value: &Value) -> String {
    let quoted = |text: &str| {
        let set = encode_set([text]);
        set[1..set.len() - 1].to_owned()
    };
    match value {
        Value::Text(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(as_sexpr).collect();
            format!("('array' {})", items.join(" "))
        }
        Value::Struct(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!(" ({} {})", quoted(name), as_sexpr(value)));
            format!("('struct'{})", members.collect::<String>())
        }
        other => panic!("{other:?}"),
    }
}

/// XML-RPC text as xapi writes it.
pub(crate) fn as_xml(value: &Value) -> String {
    let inner = match value {
        Value::Text(text) => crate::value::escape(text).into_owned(),
        Value::Array(items) => {
            let items: String = items.iter().map(as_xml).collect();
            format!("<array><data>{items}</data></array>")
        }
        Value::Struct(members) => {
            let members = members.iter().map(|(name, value)| {
                format!("<member><name>{name}</name>{}</member>", as_xml(value))
            });
            format!("<struct>{}</struct>", members.collect::<String>())
        }
        other => panic!("{other:?}"),
    };
    format!("<value>{inner}</value>")
}

/// A dump of a schema with all planted values, a row each.
pub(crate) fn dump(planted: &[Planted], minor: i64) -> String {
    use crate::db::{Database, DumpLimits, write};
    use crate::value::{Protection, escape, protect};
    let protection = match minor > 133 {
        true => Protection::EverySpace,
        false => Protection::SpacePairs,
    };
    let mut manifest = format!(
        "<manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"{minor}\"/>\
         <pair key=\"generation_count\" value=\"9\"/>"
    );
    let mut tables = String::new();
    for (number, one) in planted.iter().enumerate() {
        if one.class == super::policy::MANIFEST {
            let value = escape(&one.text);
            // White space of a manifest is not protected.
            let value = value.replace(['\n', '\t'], " ");
            manifest.push_str(&format!("<pair key=\"{}\" value=\"{value}\"/>", one.column));
            continue;
        }
        tables.push_str(&format!(
            "<table name=\"{}\"><row ref=\"OpaqueRef:{number:04}\" __ctime=\"1\" __mtime=\"2\" {}=\"{}\" uuid=\"u{number}\"/></table>",
            one.class,
            one.column,
            escape(&protect(&one.text, protection))
        ));
    }
    let text = format!("<database>{manifest}</manifest>{tables}</database>");
    let database = Database::read(text.as_bytes(), &DumpLimits::default()).unwrap();
    String::from_utf8(write::to_vec(&database, &write::Style::of(&database))).unwrap()
}

/// An `ova.xml` with all planted values, an object each.
pub(crate) fn ova_xml(planted: &[Planted]) -> String {
    let text = |text: &str| Value::Text(text.to_owned());
    let member = |name: &str, value: Value| (name.to_owned(), value);
    let objects = planted.iter().enumerate().map(|(number, one)| {
        let field = match one.class.as_str() {
            "VTPM" => format!("vTPM'_{}", one.field()),
            _ => one.field(),
        };
        let record = Value::Struct(vec![
            member("uuid", text(&format!("u{number}"))),
            (field, one.value.clone()),
        ]);
        Value::Struct(vec![
            member("class", text(&one.class)),
            member("id", text(&format!("Ref:{number}"))),
            member("snapshot", record),
        ])
    });
    let version = Value::Struct(vec![member("hostname", text("localhost"))]);
    as_xml(&Value::Struct(vec![
        member("version", version),
        member("objects", Value::Array(objects.collect())),
    ]))
}
