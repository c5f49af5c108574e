//! Long texts, compared line by line or word by word.

use similar::{Algorithm, ChangeTag, TextDiff};
use xenspect_model::diff::{Delta, Piece, TextUnit};

use super::budget::Budget;

/// Characters beyond which a text is long.
const LONG: usize = 80;
/// Bytes of both texts together beyond which they are shown as two values.
const MOST_BYTES: usize = 64 << 10;
/// Lines or words of both together beyond which they are: the work may be the product of the two.
const MOST_UNITS: usize = 4096;
/// Lines around a difference that are shown.
const LINES_AROUND: usize = 1;
/// Words around one, and the space between them.
const WORDS_AROUND: usize = 6;

/// The difference of two texts, if they are to be shown so.
pub(super) fn compare(old: &str, new: &str, budget: &Budget) -> Option<Delta> {
    let is_long = |text: &str| text.contains('\n') || text.chars().nth(LONG).is_some();
    if old.is_empty() || new.is_empty() || !(is_long(old) || is_long(new)) {
        return None;
    }
    if old.len().saturating_add(new.len()) > MOST_BYTES {
        return None;
    }
    let by = match old.contains('\n') || new.contains('\n') {
        true => TextUnit::Lines,
        false => TextUnit::Words,
    };
    let units = |text: &str| match by {
        TextUnit::Lines => text.split('\n').count(),
        TextUnit::Words => text.split_whitespace().count().saturating_mul(2),
    };
    let (olds, news) = (units(old), units(new));
    if olds.saturating_add(news) > MOST_UNITS || !budget.steps(olds, news) {
        return None;
    }
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Myers);
    let (diff, around) = match by {
        TextUnit::Lines => (config.diff_lines(old, new), LINES_AROUND),
        TextUnit::Words => (config.diff_words(old, new), WORDS_AROUND),
    };
    let changes: Vec<(ChangeTag, &str)> = diff
        .iter_all_changes()
        .map(|change| (change.tag(), *change.value_ref()))
        .collect();
    Some(Delta::Text {
        by,
        pieces: pieces(by, &changes, around),
    })
}

fn pieces(by: TextUnit, changes: &[(ChangeTag, &str)], around: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = changes;
    let mut is_first = true;
    while let Some((tag, _)) = rest.first() {
        let len = rest.iter().take_while(|(other, _)| other == tag).count();
        let (run, after) = rest.split_at(len);
        rest = after;
        if *tag != ChangeTag::Equal {
            push(&mut pieces, by, *tag, run);
        } else {
            let before = if is_first { 0 } else { around };
            let behind = if rest.is_empty() { 0 } else { around };
            let shown = before.saturating_add(behind);
            if len <= shown.saturating_add(1) {
                push(&mut pieces, by, *tag, run);
            } else {
                let (head, tail) = run.split_at(before);
                let skipped = tail.len().saturating_sub(behind);
                let (skipped, tail) = tail.split_at(skipped);
                push(&mut pieces, by, *tag, head);
                pieces.push(Piece::Skipped {
                    count: count(by, skipped),
                });
                push(&mut pieces, by, *tag, tail);
            }
        }
        is_first = false;
    }
    pieces
}

/// Lines, or words without the space between them.
fn count(by: TextUnit, units: &[(ChangeTag, &str)]) -> u64 {
    let counts = |text: &&str| by == TextUnit::Lines || !text.trim().is_empty();
    let units = units.iter().map(|(_, text)| *text).filter(counts);
    u64::try_from(units.count()).unwrap_or(u64::MAX)
}

fn push(pieces: &mut Vec<Piece>, by: TextUnit, tag: ChangeTag, run: &[(ChangeTag, &str)]) {
    let piece = |text: String| match tag {
        ChangeTag::Equal => Piece::Same { text },
        ChangeTag::Delete => Piece::Removed { text },
        ChangeTag::Insert => Piece::Added { text },
    };
    match by {
        TextUnit::Lines => pieces.extend(run.iter().map(|(_, line)| {
            let line = line.strip_suffix('\n').unwrap_or(line);
            piece(line.to_owned())
        })),
        TextUnit::Words if run.is_empty() => {}
        TextUnit::Words => pieces.push(piece(run.iter().map(|(_, word)| *word).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(old: &str, new: &str) -> Option<Delta> {
        super::compare(old, new, &Budget::default())
    }

    fn same(text: &str) -> Piece {
        let text = text.to_owned();
        Piece::Same { text }
    }

    fn removed(text: &str) -> Piece {
        let text = text.to_owned();
        Piece::Removed { text }
    }

    fn added(text: &str) -> Piece {
        let text = text.to_owned();
        Piece::Added { text }
    }

    #[test]
    fn lines_have_one_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n";
        let new = "1\n2\n3\n4\nfive\n6\n";
        let Some(Delta::Text { by, pieces }) = compare(old, new) else {
            panic!("no text");
        };
        assert_eq!(by, TextUnit::Lines);
        let skipped = Piece::Skipped { count: 3 };
        assert_eq!(
            pieces,
            [skipped, same("4"), removed("5"), added("five"), same("6")]
        );
    }

    #[test]
    fn words_have_three_around_them() {
        let head = "word ".repeat(30);
        let old = format!("{head}a b c old d");
        let new = format!("{head}a b c new d");
        let Some(Delta::Text { by, pieces }) = compare(&old, &new) else {
            panic!("no text");
        };
        assert_eq!(by, TextUnit::Words);
        let skipped = Piece::Skipped { count: 30 };
        assert_eq!(
            pieces,
            [
                skipped,
                same("a b c "),
                removed("old"),
                added("new"),
                same(" d")
            ]
        );
    }

    #[test]
    fn short_empty_and_huge_texts_are_values() {
        let long = "x ".repeat(100);
        let huge = "x ".repeat(50_000);
        let many = "\n".repeat(5000);
        for (old, new) in [
            ("a", "b"),
            ("", &*long),
            (&*long, ""),
            (&*huge, "x"),
            (&*many, "x"),
        ] {
            assert_eq!(compare(old, new), None);
        }
        assert!(compare(&long, "x").is_some());
    }
}
