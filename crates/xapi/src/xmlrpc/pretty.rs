//! A document with its elements on lines of their own. Layout only: every piece of text that is a value stays.

use quick_xml::events::Event;
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
    // White space behind a start tag, until it is known what follows.
    let mut held = None;
    let mut after_start = false;
    let mut depth: usize = 0;
    loop {
        let position = reader.buffer_position();
        let fail = |reason: String| ErrorKind::NotWellFormed { reason }.at(position);
        let event = reader
            .read_event()
            .map_err(|error| fail(error.to_string()))?;
        let white = matches!(&event, Event::Text(text) if text.trim_ascii().is_empty());
        if white {
            if after_start {
                held = Some(event);
            }
            after_start = false;
            continue;
        }
        match &event {
            Event::Eof => break,
            Event::Start(_) => {
                depth = depth.saturating_add(1);
                if depth > limits.depth {
                    return Err(ErrorKind::TooDeep {
                        limit: limits.depth,
                    }
                    .at(position));
                }
                held = None;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some(text) = held.take() {
                    let written = writer.write_event(text);
                    written.map_err(|error| fail(error.to_string()))?;
                }
            }
            _ => held = None,
        }
        after_start = matches!(event, Event::Start(_));
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
