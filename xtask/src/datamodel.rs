//! The table of columns, from `xapi-datamodel.tsv`.

use std::fmt::Write;

use crate::rust::{banner, literal};
use crate::tsv::{Row, Table};
use crate::{Folders, Result};

pub(crate) fn generate(folders: &Folders) -> Result<String> {
    let text = folders.shared("xapi-datamodel.tsv")?;
    let table = Table::parse(&text)?;
    let mut lines = Vec::new();
    for row in table.rows() {
        let key = (row.get("class")?, row.get("column")?);
        lines.push((key, line(&row)?));
    }
    // The order in which they are searched.
    lines.sort();
    if let Some(twice) = lines.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!("{:?} is there twice", twice[0].0).into());
    }
    let mut out = banner("datamodel");
    out.push_str(HEAD);
    for (_, line) in lines {
        writeln!(out, "    {line},")?;
    }
    out.push_str("];\n");
    Ok(out)
}

const HEAD: &str = r#"
use super::Qualifier::{Constructor, ReadWrite, Runtime, Unlisted};
use super::{Field, Qualifier, Type};

use Type::{Bool, DateTime, Enum, Float, Int, Map, Option, Record, Ref, Set, String};

#[expect(clippy::too_many_arguments, reason = "one line a column")]
const fn field(
    class: &'static str,
    column: &'static str,
    api_field: &'static str,
    ty: Type,
    qualifier: Qualifier,
    [since, deprecated, removed]: [&'static str; 3],
    default: &'static str,
    observed: bool,
) -> Field {
    Field { class, column, api_field, ty, qualifier, since, deprecated, removed, default, observed }
}

pub(super) static FIELDS: &[Field] = &[
"#;

fn line(row: &Row<'_>) -> Result<String> {
    let text = |name| row.get(name).map(literal);
    let qualifier = match row.get("qualifier")? {
        "RW" => "ReadWrite",
        "RO/constructor" => "Constructor",
        "RO/runtime" => "Runtime",
        "internal or removed" => "Unlisted",
        other => return Err(format!("unknown qualifier {other:?}").into()),
    };
    let observed = match row.get("seen")? {
        "y" => true,
        "n" => false,
        other => return Err(format!("unknown mark {other:?}").into()),
    };
    Ok(format!(
        "field({}, {}, {}, {}, {qualifier}, [{}, {}, {}], {}, {observed})",
        text("class")?,
        text("column")?,
        text("api_field")?,
        ty(row.get("type")?)?,
        text("since")?,
        text("deprecated")?,
        text("removed")?,
        text("default")?,
    ))
}

/// A type as Rust: `string`, `int`, `bool`, `float`, `datetime`, `enum NAME`, `CLASS ref`, `CLASS record`, `T set`,
/// `T option`, `(K -> V) map`; empty for a column of the dumps that the model does not have.
fn ty(text: &str) -> Result<String> {
    if let Some(inner) = text.strip_suffix(" set") {
        return Ok(format!("Set(&{})", ty(inner)?));
    }
    if let Some(inner) = text.strip_suffix(" option") {
        return Ok(format!("Option(&{})", ty(inner)?));
    }
    if let Some(inner) = text.strip_suffix(" map") {
        let pair = inner
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'));
        let (key, value) = pair
            .and_then(|pair| pair.split_once(" -> "))
            .ok_or_else(|| format!("not a map type: {text}"))?;
        return Ok(format!("Map(&{}, &{})", ty(key)?, ty(value)?));
    }
    let plain = match text {
        "" => "Type::Unlisted",
        "string" => "String",
        "int" => "Int",
        "bool" => "Bool",
        "float" => "Float",
        "datetime" => "DateTime",
        _ => "",
    };
    if !plain.is_empty() {
        return Ok(plain.to_owned());
    }
    let named = [
        ("Enum", text.strip_prefix("enum ")),
        ("Ref", text.strip_suffix(" ref")),
        ("Record", text.strip_suffix(" record")),
    ];
    for (kind, name) in named {
        match name {
            Some(name) if !name.is_empty() && !name.contains(' ') => {
                return Ok(format!("{kind}({})", literal(name)));
            }
            _ => {}
        }
    }
    Err(format!("unknown type: {text}").into())
}

#[cfg(test)]
mod tests {
    use super::ty;

    #[test]
    fn types() {
        for (text, rust) in [
            ("string", "String"),
            ("enum vm_power_state", "Enum(\"vm_power_state\")"),
            ("PIF ref set", "Set(&Ref(\"PIF\"))"),
            ("(int -> string set) map", "Map(&Int, &Set(&String))"),
            ("sr_stat record option", "Option(&Record(\"sr_stat\"))"),
            ("", "Type::Unlisted"),
        ] {
            assert_eq!(ty(text).unwrap(), rust);
        }
        for text in ["text", "string map", "a b ref", "(int, int) map"] {
            assert!(ty(text).is_err(), "{text}");
        }
    }
}
