//! XML-RPC value text as xapi writes it (`formats/xva.md` section 3).
//!
//! Which values there are is decided in `records`; this is spelling only.

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string, enum or reference.
    Text(String),
    /// An integer, written without a tag.
    Int(i64),
    /// `<boolean>1</boolean>` or `0`.
    Bool(bool),
    /// `<double>`.
    Double(f64),
    /// `<dateTime.iso8601>`, already in the form `19700101T00:00:00Z`.
    Date(String),
    /// A set.
    Array(Vec<Value>),
    /// A map or record.
    Struct(Fields),
    /// The content of `<value>` verbatim, for what no writer would produce.
    Raw(String),
}

/// Named values in order.
pub type Fields = Vec<(String, Value)>;

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A map of strings.
    #[must_use]
    pub fn map(pairs: &[(&str, &str)]) -> Self {
        Self::Struct(
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), Self::text(*value)))
                .collect(),
        )
    }

    /// A set of strings.
    pub fn set<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::Array(items.into_iter().map(Self::text).collect())
    }
}

/// Differences between writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Spelling {
    /// Empty elements as `<value/>`, `<data/>`, `<struct/>`. Both real records at hand (6.2 and 7.0) have
    /// it; later releases write start and end tags.
    pub self_closing: bool,
    /// `'` as `&apos;` and names escaped too, as Xen Orchestra does.
    pub xen_orchestra: bool,
}

impl Spelling {
    /// Appends the value.
    pub fn write(self, out: &mut String, value: &Value) {
        match value {
            Value::Text(text) if text.is_empty() && self.self_closing => out.push_str("<value/>"),
            Value::Text(text) => {
                out.push_str("<value>");
                self.escape(out, text);
                out.push_str("</value>");
            }
            Value::Int(number) => out.push_str(&format!("<value>{number}</value>")),
            Value::Bool(flag) => {
                out.push_str(&format!(
                    "<value><boolean>{}</boolean></value>",
                    u8::from(*flag)
                ));
            }
            // `{}` and `%.16g` agree on the short decimals that records hold.
            Value::Double(number) => {
                out.push_str(&format!("<value><double>{number}</double></value>"));
            }
            Value::Date(text) => {
                out.push_str(&format!(
                    "<value><dateTime.iso8601>{text}</dateTime.iso8601></value>"
                ));
            }
            Value::Array(items) if items.is_empty() && self.self_closing => {
                out.push_str("<value><array><data/></array></value>");
            }
            Value::Array(items) => {
                out.push_str("<value><array><data>");
                for item in items {
                    self.write(out, item);
                }
                out.push_str("</data></array></value>");
            }
            Value::Struct(fields) if fields.is_empty() && self.self_closing => {
                out.push_str("<value><struct/></value>");
            }
            Value::Struct(fields) => {
                out.push_str("<value><struct>");
                for (name, field) in fields {
                    self.write_member(out, name, field);
                }
                out.push_str("</struct></value>");
            }
            Value::Raw(text) => out.push_str(&format!("<value>{text}</value>")),
        }
    }

    /// Appends `<member>` with a name, which xapi does not escape.
    pub fn write_member(self, out: &mut String, name: &str, value: &Value) {
        out.push_str("<member><name>");
        if self.xen_orchestra {
            self.escape(out, name);
        } else {
            out.push_str(name);
        }
        out.push_str("</name>");
        self.write(out, value);
        out.push_str("</member>");
    }

    fn escape(self, out: &mut String, text: &str) {
        for c in text.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' if self.xen_orchestra => out.push_str("&apos;"),
                '\t' | '\n' | '\r' => out.push(c),
                c if c < ' ' => {}
                c => out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(spelling: Spelling, value: &Value) -> String {
        let mut out = String::new();
        spelling.write(&mut out, value);
        out
    }

    #[test]
    fn forms_are_those_of_section_3() {
        let plain = Spelling::default();
        assert_eq!(written(plain, &Value::text("")), "<value></value>");
        assert_eq!(written(plain, &Value::Int(-1)), "<value>-1</value>");
        assert_eq!(
            written(plain, &Value::Bool(true)),
            "<value><boolean>1</boolean></value>"
        );
        assert_eq!(
            written(plain, &Value::Double(1.0)),
            "<value><double>1</double></value>"
        );
        assert_eq!(
            written(plain, &Value::Array(vec![])),
            "<value><array><data></data></array></value>"
        );
        assert_eq!(
            written(plain, &Value::map(&[("a&b", "<'\"&\u{1}>")])),
            "<value><struct><member><name>a&b</name><value>&lt;'&quot;&amp;&gt;</value></member></struct></value>"
        );
    }

    #[test]
    fn older_releases_close_empty_elements_in_one_tag() {
        let old = Spelling {
            self_closing: true,
            ..Spelling::default()
        };
        assert_eq!(written(old, &Value::text("")), "<value/>");
        assert_eq!(
            written(old, &Value::Array(vec![])),
            "<value><array><data/></array></value>"
        );
        assert_eq!(
            written(old, &Value::Struct(vec![])),
            "<value><struct/></value>"
        );
    }
}
