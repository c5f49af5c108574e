//! The digests and lengths beside an input: those that are right in one line, the others one by one.

use xenspect_model::report::{Sidecar, SidecarOutcome};

use super::super::{Row, Style};
use crate::text::shorten;

/// Columns that a name, or what else is to be known of one, may take.
const TEXT: usize = 100;

/// One row for all that are right, and one for each other, under one label.
pub(super) fn rows(sidecars: &[Sidecar], style: &Style) -> Vec<Row> {
    let (good, others): (Vec<_>, Vec<_>) = sidecars
        .iter()
        .partition(|sidecar| sidecar.outcome == SidecarOutcome::Good);
    let good: Vec<String> = good
        .into_iter()
        .map(|sidecar| format!("{} in {}", tells(sidecar), name(sidecar, style)))
        .collect();
    let all_good = (!good.is_empty()).then(|| format!("good: {}", good.join(", ")));
    let others = others.into_iter().map(|sidecar| other(sidecar, style));
    let sentences = all_good.into_iter().chain(others).enumerate();
    let row = |(index, sentence)| Row::new(if index == 0 { "beside" } else { "" }, sentence);
    sentences.map(row).collect()
}

/// What is compared.
fn tells(sidecar: &Sidecar) -> &str {
    match sidecar.tells.as_str() {
        "size" => "length",
        digest => digest,
    }
}

/// The sidecar without its folder, which is mostly that of the input.
fn name(sidecar: &Sidecar, style: &Style) -> String {
    let name = sidecar.path.rsplit('/').next().unwrap_or_default();
    shorten(name, TEXT, style.unicode)
}

fn other(sidecar: &Sidecar, style: &Style) -> String {
    let (tells, name) = (tells(sidecar), name(sidecar, style));
    let sentence = match sidecar.outcome {
        SidecarOutcome::Good => format!("good: {tells} in {name}"),
        SidecarOutcome::Wrong => format!("WRONG: {tells} in {name}"),
        SidecarOutcome::Missing => format!("missing: {name} has no line for it"),
        SidecarOutcome::Malformed => format!("malformed: {name}"),
        SidecarOutcome::Untold => {
            format!("not compared: {tells} in {name}, since it was not read to its end")
        }
    };
    match &sidecar.detail {
        Some(detail) => format!("{sentence} ({})", shorten(detail, TEXT, style.unicode)),
        None => sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::human::laid_out;

    fn sidecar(path: &str, tells: &str, outcome: SidecarOutcome, detail: Option<&str>) -> Sidecar {
        Sidecar {
            path: path.to_owned(),
            tells: tells.to_owned(),
            outcome,
            expected: None,
            found: None,
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn good_ones_share_a_line() {
        let sidecars = [
            sidecar("a/SHA256SUMS", "SHA-256", SidecarOutcome::Good, None),
            sidecar("a/n.xva.checksum", "MD5", SidecarOutcome::Wrong, None),
            sidecar("a/n.json", "size", SidecarOutcome::Good, None),
            sidecar("a/MD5SUMS", "MD5", SidecarOutcome::Missing, None),
            sidecar(
                "a/n.\x1b[1m.sha1",
                "SHA-1",
                SidecarOutcome::Malformed,
                Some("line 2\n\x1b is no digest"),
            ),
        ];
        let style = Style::default();
        let lines = laid_out(&rows(&sidecars, &style), &style);
        let text = lines.join("\n");
        assert!(!text.contains('\x1b'), "{text}");
        assert_eq!(lines.len(), 4, "{text}");
        for (line, expected) in lines.iter().zip([
            "  beside       good: SHA-256 in SHA256SUMS, length in n.json",
            "               WRONG: MD5 in n.xva.checksum",
            "               missing: MD5SUMS has no line for it",
            "               malformed: n.",
        ]) {
            assert!(line.starts_with(expected), "{line}");
        }
    }

    #[test]
    fn nothing_beside_is_no_line() {
        assert!(rows(&[], &Style::default()).is_empty());
    }
}
