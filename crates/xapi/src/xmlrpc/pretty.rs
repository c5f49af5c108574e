//! A document with its elements on lines of their own. Layout only: every piece of text that is a value stays.

use quick_xml::events::{BytesText, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;

use crate::xml::Document;
use crate::{Error, ErrorKind, Limits};

/// Spaces for each level.
const INDENT: usize = 2;

/// The document, indented. White space alone counts as layout unless it is all there is between a start tag and its end
/// tag.
///
/// # Errors
///
/// A document that is longer than the limit, no UTF-8, or not well-formed.
pub fn pretty(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
    // Looks at size and characters, and at nothing else yet.
    Document::new(bytes, limits, limits.depth)?;
    let mut reader = Reader::from_reader(bytes);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', INDENT);
    // Where the contents of an element begin that has no child yet: up to its end they are written as they stand.
    let mut leaf: Option<u64> = None;
    let mut depth: usize = 0;
    loop {
        let position = reader.buffer_position();
        let fail = |reason: String| ErrorKind::NotWellFormed { reason }.at(position);
        let event = reader
            .read_event()
            .map_err(|error| fail(error.to_string()))?;
        let contents = |from: u64| {
            let range = usize::try_from(from)
                .ok()
                .zip(usize::try_from(position).ok());
            let raw = range.and_then(|(from, to)| bytes.get(from..to));
            String::from_utf8_lossy(raw.unwrap_or_default()).into_owned()
        };
        match &event {
            Event::Eof => break,
            Event::Start(_) | Event::Empty(_) | Event::End(_) => {}
            // A part of the contents of a leaf, or layout between elements.
            Event::Text(text) if leaf.is_some() || text.trim_ascii().is_empty() => continue,
            _ if leaf.is_some() => continue,
            _ => {}
        }
        if let Some(from) = leaf.take() {
            let raw = contents(from);
            // In front of a child, white space alone is layout.
            if matches!(event, Event::End(_)) || !raw.trim_ascii().is_empty() {
                let text = Event::Text(BytesText::from_escaped(raw));
                let written = writer.write_event(text);
                written.map_err(|error| fail(error.to_string()))?;
            }
        }
        match &event {
            Event::Start(_) => {
                depth = depth.saturating_add(1);
                if depth > limits.depth {
                    return Err(ErrorKind::TooDeep {
                        limit: limits.depth,
                    }
                    .at(position));
                }
                leaf = Some(reader.buffer_position());
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        let written = writer.write_event(event);
        written.map_err(|error| fail(error.to_string()))?;
    }
    let mut out = writer.into_inner();
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        String::from_utf8(pretty(text.as_bytes(), &Limits::default()).unwrap()).unwrap()
    }

    #[test]
    fn elements_stand_on_lines_of_their_own() {
        assert_eq!(
            shown(
                "<value><struct><member><name>a</name><value>x &amp; y</value></member></struct></value>"
            ),
            "<value>\n  <struct>\n    <member>\n      <name>a</name>\n      <value>x &amp; y</value>\n    </member>\n  </struct>\n</value>\n"
        );
    }

    #[test]
    fn white_space_that_is_a_value_stays() {
        assert_eq!(
            shown("<a> <b>  </b>\n<c/> </a>"),
            "<a>\n  <b>  </b>\n  <c/>\n</a>\n"
        );
    }

    #[test]
    fn what_is_in_an_element_without_children_stays_as_it_is() {
        for leaf in [
            "<v></v>",
            "<v>a &lt;&amp;&quot; &gt; b</v>",
            "<v> &amp; </v>",
            "<v>a<!-- c --><!-- d -->b</v>",
        ] {
            assert_eq!(
                shown(&format!("<a>{leaf}</a>")),
                format!("<a>\n  {leaf}\n</a>\n")
            );
        }
    }

    #[test]
    fn an_indented_document_stays_as_it_is() {
        let once = shown("<a><b>x</b><c><d/></c></a>");
        assert_eq!(shown(once.trim_end()), once);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in ["<a><b></a>", "<a", "\u{1}"] {
            assert!(
                pretty(text.as_bytes(), &Limits::default()).is_err(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn depth_has_a_limit() {
        let limits = Limits {
            depth: 10,
            ..Limits::default()
        };
        let error = pretty("<a>".repeat(11).as_bytes(), &limits).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooDeep { limit: 10 });
    }
}
