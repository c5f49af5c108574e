//! A file that changed while it was read: what was read may be of both states, or of one that is there no more.

use xenspect_model::catalog::Change;
use xenspect_model::report::Input;
use xenspect_model::{Code, Finding};

use super::add;

/// Adds that a file changed, unless that is said already.
pub fn changed(input: &mut Input, change: Change) {
    let mut said = input.findings.iter();
    if !said.any(|finding| finding.code == Code::SourceChanged) {
        add(input, vec![finding(change)]);
    }
}

fn finding(change: Change) -> Finding {
    let finding = Finding::new(Code::SourceChanged);
    match change {
        Change::Written { before, now } => finding
            .fact("change", "written to")
            .fact("size_before", before)
            .fact("size_now", now),
        Change::Replaced => finding.fact("change", "replaced by another file"),
        Change::Gone => finding.fact("change", "removed"),
    }
}

#[cfg(test)]
mod tests {
    use xenspect_model::report::Verdict;

    use super::*;

    #[test]
    fn each_change_is_told_once_and_leaves_no_good_verdict() {
        for change in [
            Change::Written { before: 3, now: 4 },
            Change::Replaced,
            Change::Gone,
        ] {
            let mut input = super::super::store_input("a.xva".to_owned(), 3, Vec::new());
            assert_eq!(input.verdict, Verdict::Sound);
            for _ in 0..2 {
                changed(&mut input, change);
                let codes: Vec<_> = input.findings.iter().map(|finding| finding.code).collect();
                assert_eq!(codes, [Code::SourceChanged], "{change:?}");
                assert_eq!(input.verdict, Verdict::Incomplete, "{change:?}");
            }
        }
    }
}
