//! What another copy tells of an input.

use xenspect_model::report::{Against, AgainstState, Carries, Difference, DifferingRange, Input};
use xenspect_model::{Code, Finding, Range};

use super::add;

/// Adds what the comparison with another copy says of an input, and keeps the comparison.
///
/// Errors are about this input alone; what is wrong with the other copy is a note here. Whoever shows the report is to list the
/// other copy beside this one, with the comparison [mirrored](Against::mirrored), so that its damage is an error there.
pub fn against(input: &mut Input, against: Against) {
    let mut findings = Vec::new();
    if against.state == AgainstState::OtherArchive {
        findings.push(other_archive(&against));
    } else {
        let judged = |range| (code(range, against.state), range);
        let ranges: Vec<_> = against.ranges.iter().map(judged).collect();
        for &(code, range) in &ranges {
            if !matches!(
                code,
                Code::AgainstWrongThere | Code::AgainstOrder | Code::AgainstSameDamage
            ) {
                findings.push(of_range(code, range));
            }
        }
        for code in [
            Code::AgainstWrongThere,
            Code::AgainstOrder,
            Code::AgainstSameDamage,
        ] {
            let of_code = ranges.iter().filter(|(of, _)| *of == code);
            findings.extend(joined(code, of_code.map(|(_, range)| *range)));
        }
        input.checked.extend(agreement(&against));
    }
    if against.not_compared > 0 {
        input.not_checked.push(format!(
            "{} members beyond the number that is kept were not compared with those of the other copy",
            against.not_compared
        ));
    }
    add(input, findings);
    input.copy.against = Some(Box::new(against));
}

/// What a range means for this copy.
fn code(range: &DifferingRange, state: AgainstState) -> Code {
    match (range.differs, range.right) {
        // It is damage that the input's own findings tell.
        (Difference::Alike | Difference::Unread, _) if state == AgainstState::Same => {
            Code::AgainstSameDamage
        }
        (Difference::Order, Carries::Untold) if state == AgainstState::Same => Code::AgainstOrder,
        (Difference::Alike | Difference::Unread, _) | (_, Carries::Neither) => {
            Code::AgainstWrongInBoth
        }
        (Difference::OnlyHere, _) | (_, Carries::Here) => Code::AgainstWrongThere,
        (Difference::OnlyThere, _) => Code::AgainstMissingHere,
        (_, Carries::There) => Code::AgainstWrongHere,
        (_, Carries::Both | Carries::Untold) => Code::AgainstUndecided,
    }
}

/// One finding for a range, at its place in this copy.
fn of_range(code: Code, range: &DifferingRange) -> Finding {
    let mut finding = Finding::new(code).member(range.first.as_bytes());
    finding.place.offset = range.here.map(|here| here.start);
    finding.place.disk.clone_from(&range.disk);
    finding.place.disk_range = range.disk_range;
    if let Some(last) = &range.last {
        finding = finding
            .fact("last", last.as_str())
            .fact("members", range.members);
    }
    if range.differs == Difference::Order {
        finding = finding.fact("differs", "order");
    }
    match range.there {
        Some(Range { start, length }) => finding
            .fact("offset_in_other", start)
            .fact("length_in_other", length),
        None => finding,
    }
}

/// One finding for all ranges of a code, unless there is none.
fn joined<'a>(code: Code, ranges: impl Iterator<Item = &'a DifferingRange>) -> Option<Finding> {
    let (mut number, mut members) = (0u64, 0u64);
    for range in ranges {
        number = number.saturating_add(1);
        members = members.saturating_add(range.members);
    }
    (number > 0).then(|| {
        Finding::new(code)
            .fact("ranges", number)
            .fact("members", members)
    })
}

fn other_archive(against: &Against) -> Finding {
    let mut finding = Finding::new(Code::AgainstOther);
    let first = |range: &&DifferingRange| range.right == Carries::Both;
    if let Some(range) = against.ranges.iter().find(first) {
        finding = finding.member(range.first.as_bytes());
        finding.place.offset = range.here.map(|here| here.start);
        finding.place.disk.clone_from(&range.disk);
        finding.place.disk_range = range.disk_range;
    }
    finding
        .fact("same", against.same)
        .fact("different", against.different)
        .fact("only_here", against.only_here)
        .fact("only_there", against.only_there)
}

/// What the other copy confirms.
fn agreement(against: &Against) -> Option<String> {
    if against.same == 0 {
        return None;
    }
    let all = against.different == 0 && against.only_here == 0 && against.only_there == 0;
    Some(match (all, against.same) {
        (true, 1) => "Its only member is the same in the other copy".to_owned(),
        (true, same) => format!("All {same} members are the same in the other copy"),
        (false, 1) => "One member is the same in the other copy".to_owned(),
        (false, same) => format!("{same} members are the same in the other copy"),
    })
}

#[cfg(test)]
mod tests {
    use xenspect_model::Severity;
    use xenspect_model::report::{CopyChecks, Verdict};

    use super::*;

    fn range(differs: Difference, right: Carries) -> DifferingRange {
        DifferingRange {
            first: "Ref:4/00000003".to_owned(),
            last: None,
            members: 1,
            differs,
            here: Some(Range {
                start: 4096,
                length: 512,
            }),
            there: Some(Range {
                start: 8192,
                length: 512,
            }),
            disk: Some("Ref:4".to_owned()),
            disk_range: None,
            right,
        }
    }

    fn judged(state: AgainstState, ranges: Vec<DifferingRange>) -> Input {
        let mut input = Input {
            verdict: Verdict::Sound,
            error: None,
            copy: CopyChecks::default(),
            ..Input::unreadable("a.xva".to_owned(), String::new())
        };
        let comparison = Against {
            path: "b.xva".to_owned(),
            state,
            same: 7,
            different: ranges.len() as u64,
            only_here: 0,
            only_there: 0,
            moved: 0,
            not_compared: 0,
            ranges,
            ranges_more: 0,
        };
        against(&mut input, comparison);
        input
    }

    #[test]
    fn each_difference_gives_its_code_and_verdict() {
        use AgainstState::{OneIsRight, OtherArchive, Same, Undecided};
        use Difference::{Alike, Contents, OnlyHere, OnlyThere, Order, Unread};
        use Verdict::{Damaged, Incomplete, Sound, Suspect};
        for (state, differs, right, code, verdict) in [
            (
                OneIsRight,
                Contents,
                Carries::There,
                Code::AgainstWrongHere,
                Damaged,
            ),
            (
                OneIsRight,
                Contents,
                Carries::Here,
                Code::AgainstWrongThere,
                Sound,
            ),
            (
                Undecided,
                Contents,
                Carries::Neither,
                Code::AgainstWrongInBoth,
                Damaged,
            ),
            (
                Undecided,
                Contents,
                Carries::Untold,
                Code::AgainstUndecided,
                Suspect,
            ),
            (
                OtherArchive,
                Contents,
                Carries::Both,
                Code::AgainstOther,
                Suspect,
            ),
            (
                OneIsRight,
                OnlyThere,
                Carries::There,
                Code::AgainstMissingHere,
                Incomplete,
            ),
            (
                Undecided,
                OnlyThere,
                Carries::Untold,
                Code::AgainstMissingHere,
                Incomplete,
            ),
            (
                Undecided,
                OnlyThere,
                Carries::Neither,
                Code::AgainstWrongInBoth,
                Damaged,
            ),
            (
                OneIsRight,
                OnlyHere,
                Carries::Here,
                Code::AgainstWrongThere,
                Sound,
            ),
            (
                Undecided,
                OnlyHere,
                Carries::Untold,
                Code::AgainstWrongThere,
                Sound,
            ),
            (
                OneIsRight,
                Order,
                Carries::There,
                Code::AgainstWrongHere,
                Damaged,
            ),
            (
                OneIsRight,
                Order,
                Carries::Here,
                Code::AgainstWrongThere,
                Sound,
            ),
            (
                Undecided,
                Order,
                Carries::Untold,
                Code::AgainstUndecided,
                Suspect,
            ),
            (Same, Order, Carries::Untold, Code::AgainstOrder, Sound),
            (
                Same,
                Alike,
                Carries::Neither,
                Code::AgainstSameDamage,
                Sound,
            ),
            (
                Undecided,
                Alike,
                Carries::Neither,
                Code::AgainstWrongInBoth,
                Damaged,
            ),
            (
                Undecided,
                Unread,
                Carries::Neither,
                Code::AgainstWrongInBoth,
                Damaged,
            ),
        ] {
            let input = judged(state, vec![range(differs, right)]);
            let codes: Vec<_> = input.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [code], "{state:?} {differs:?} {right:?}");
            assert_eq!(input.verdict, verdict, "{code}");
            assert!(input.copy.against.is_some());
        }
    }

    #[test]
    fn what_is_the_same_is_said_to_be_checked() {
        let input = judged(AgainstState::Same, Vec::new());
        assert!(input.findings.is_empty());
        assert_eq!(
            input.checked,
            ["All 7 members are the same in the other copy"]
        );
    }

    #[test]
    fn damage_of_the_other_copy_is_one_note() {
        let there = range(Difference::Contents, Carries::Here);
        let input = judged(AgainstState::OneIsRight, vec![there.clone(), there]);
        let [finding] = &input.findings[..] else {
            panic!("{:?}", input.findings);
        };
        assert_eq!(finding.severity, Severity::Note);
        assert_eq!(finding.facts.get("ranges"), Some(&2u64.into()));
    }

    #[test]
    fn a_place_tells_where_it_is_in_both() {
        let input = judged(
            AgainstState::OneIsRight,
            vec![range(Difference::Contents, Carries::There)],
        );
        let finding = &input.findings[0];
        assert_eq!(finding.place.offset, Some(4096));
        assert_eq!(finding.place.disk.as_deref(), Some("Ref:4"));
        assert_eq!(finding.facts.get("offset_in_other"), Some(&8192u64.into()));
    }
}
