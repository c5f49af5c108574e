//! Policies and baselines: what is read, what is refused with which words, and what they make of inputs.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use xenspect_model::report::{Input, Kind, Left, LeftReason, Verdict, Vm};
use xenspect_model::{Code, Finding, Severity};
use xenspect_policy::{Baseline, Facts, Policy, Seen, Survey};
use xenspect_rules::{copy, firm};

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn ago(hours: u64) -> Option<SystemTime> {
    now().checked_sub(Duration::from_secs(hours * 3600))
}

fn input(path: &str, findings: Vec<Finding>) -> Input {
    let mut input = copy::apart(path.to_owned(), 1 << 20, findings);
    input.kind = Some(Kind::Xva);
    input
}

fn policy(text: &str) -> Policy {
    Policy::read(&format!("policy = 1\n{text}")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn codes(input: &Input) -> Vec<(Code, Severity)> {
    let findings = input.findings.iter();
    findings
        .map(|finding| (finding.code, finding.severity))
        .collect()
}

#[test]
fn mistakes_are_refused_with_line_and_reason() {
    for (text, words) in [
        ("", "lacks `policy = 1`"),
        ("policy = 2\nnew = true", "version 2"),
        ("policy = -1", "lacks `policy = 1`"),
        ("policy = 1\nfoo = 1", "unknown field `foo`"),
        ("policy = 1\n[limits]\nmax-sise = '1 B'", "line 3"),
        (
            "policy = 1\n[limits]\nmax-size = '1 gib'",
            "a size is a whole number",
        ),
        ("policy = 1\n[limits]\n\nmax-age = 'soon'", "line 4"),
        (
            "policy = 1\n[severity]\n'xva/haunted' = 'note'",
            "is no code",
        ),
        (
            "policy = 1\n[severity]\n'haunted/*' = 'note'",
            "no code begins with `haunted/`",
        ),
        ("policy = 1\n[severity]\n\n'host/*' = 'fatal'", "line 4"),
        (
            "policy = 1\n[severity]\n'scan/internal-error' = 'note'",
            "line 3",
        ),
        (
            "policy = 1\n[severity]\n'xva/truncated-in-block' = 'warning'",
            "cannot be less than error",
        ),
        (
            "policy = 1\n[limits]\nmin-size = '2 B'\nmax-size = '1 B'",
            "more than `max-size`",
        ),
        ("policy = 1\n[[input]]\nmatch = 'a['", "no pattern of paths"),
        (
            "policy = 1\n[[expect]]\nmin = 1",
            "[[expect]] number 1: it needs `archive`",
        ),
        (
            "policy = 1\n[[expect]]\nvm = 'a'\narchive = 'b'",
            "make two blocks",
        ),
        ("policy = 1\n[[expect]]\nvm = 'a'\nmin = 0", "`min` is 0"),
        ("policy = 1\nfail-on = 'never'", "line 2"),
    ] {
        let error = Policy::read(text).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn the_more_exact_pattern_counts() {
    let policy = policy(
        "[severity]\n'xva/checksum-sha1-only' = 'error'\n'*' = 'note'\n'xva/*' = 'warning'\n\
         [[input]]\nmatch = 'old/**'\nseverity = { 'xva/*' = 'note' }",
    );
    for (path, code, severity) in [
        ("a.xva", Code::ChecksumSha1, Severity::Error),
        ("a.xva", Code::BlockChecksum, Severity::Warning),
        ("a.xva", Code::DbEdited, Severity::Note),
        ("old/a.xva", Code::ChecksumSha1, Severity::Note),
    ] {
        assert_eq!(
            policy.severity_of(path, code),
            Some(severity),
            "{path} {code}"
        );
    }
}

#[test]
fn a_severity_changes_the_verdict_and_keeps_what_it_was() {
    let mut damaged = input("a.xva", vec![Finding::new(Code::BlockChecksum)]);
    assert_eq!(damaged.verdict, Verdict::Damaged);
    let note = policy("[severity]\n'xva/block-checksum-mismatch' = 'note'");
    assert_eq!(note.set_severities("a.xva", &mut damaged), 1);
    // Not sound, whatever the policy calls it.
    assert_eq!(damaged.verdict, Verdict::Suspect);
    let finding = &damaged.findings[0];
    assert_eq!(
        (finding.severity, finding.default_severity),
        (Severity::Note, Some(Severity::Error))
    );
    // Another policy judges what the rules said, not what the first one made of it.
    assert_eq!(policy("").set_severities("a.xva", &mut damaged), 0);
    assert_eq!(
        damaged,
        input("a.xva", vec![Finding::new(Code::BlockChecksum)])
    );
}

#[test]
fn a_note_that_becomes_an_error_has_advice() {
    let mut sound = input("a.xva", vec![Finding::new(Code::ChecksumSha1)]);
    assert_eq!(sound.findings[0].severity, Severity::Note);
    policy("[severity]\n'xva/*' = 'error'").set_severities("a.xva", &mut sound);
    assert_eq!(sound.verdict, Verdict::Damaged);
    assert!(sound.findings[0].advice.is_some());
}

#[test]
fn groups_pass_over_what_was_not_read() {
    let note = policy("[severity]\n'*' = 'note'");
    for &code in Code::ALL {
        let mut input = input("a.xva", vec![Finding::new(code)]);
        let before = input.verdict;
        note.set_severities("a.xva", &mut input);
        match firm(code) {
            Some(_) => {
                assert_eq!(codes(&input), [(code, code.entry().severity)]);
                assert!(input.verdict >= before);
            }
            None => assert_eq!(codes(&input), [(code, Severity::Note)]),
        }
    }
}

#[test]
fn what_is_worse_than_its_findings_stays_so() {
    let note = policy("[severity]\n'*' = 'note'");
    let mut unreadable = Input::unreadable("a.xva".to_owned(), "gone".to_owned());
    unreadable.findings.push(Finding::new(Code::SidecarWrong));
    note.set_severities("a.xva", &mut unreadable);
    assert_eq!(unreadable.verdict, Verdict::Unreadable);
    let unread = Finding::new(Code::ScanHeadersOnly);
    let mut headers = input("a.xva", vec![unread, Finding::new(Code::MemberForeign)]);
    assert_eq!(headers.verdict, Verdict::Suspect);
    note.set_severities("a.xva", &mut headers);
    assert_eq!(headers.verdict, Verdict::Incomplete);
}

#[test]
fn limits() {
    let policy = policy(
        "[limits]\nmin-size = '2 MiB'\nmax-age = '1d'\n\
         [[input]]\nmatch = 'old/**'\nlimits = { max-age = '10d', min-size = '1 B', max-size = '1 kB' }",
    );
    let old = (Code::PolicyTooOld, Severity::Error);
    let small = (Code::PolicyTooSmall, Severity::Error);
    let large = (Code::PolicyTooLarge, Severity::Warning);
    for (path, modified, expected) in [
        ("a.xva", ago(25), vec![small, old]),
        ("a.xva", ago(23), vec![small]),
        ("a.xva", None, vec![small]),
        ("old/a.xva", ago(25), vec![large]),
        ("old/a.xva", ago(250), vec![large, old]),
        (
            "a.xva",
            now().checked_add(Duration::from_secs(99)),
            vec![small],
        ),
    ] {
        let mut judged = input(path, Vec::new());
        let facts = Facts {
            path,
            modified,
            now: now(),
        };
        policy.limit(&facts, &mut judged);
        assert_eq!(codes(&judged), expected, "{path} {modified:?}");
        assert_eq!(judged.verdict, Verdict::Suspect);
        assert_eq!(judged.not_checked.len(), usize::from(modified.is_none()));
    }
    // What is no backup has no limits.
    let mut other = copy::apart("a.json".to_owned(), 1, Vec::new());
    let facts = Facts {
        path: "a.json",
        modified: None,
        now: now(),
    };
    policy.limit(&facts, &mut other);
    assert_eq!(codes(&other), []);
}

fn export(path: &str, verdict: Verdict, vm: &str) -> Input {
    let mut input = input(path, Vec::new());
    input.verdict = verdict;
    input.vms.push(Vm {
        name: vm.to_owned(),
        uuid: "0A-UUID".to_owned(),
    });
    input
}

/// What a policy misses among exports, given with their verdicts, VMs and ages in hours.
fn missing(
    text: &str,
    inputs: &[(&str, Verdict, &str, Option<u64>)],
    left: &[Left],
) -> Vec<String> {
    let exports: Vec<Input> = inputs
        .iter()
        .map(|(path, verdict, vm, _)| export(path, *verdict, vm))
        .collect();
    let seen: Vec<Seen> = exports
        .iter()
        .zip(inputs)
        .map(|(input, (path, .., age))| Seen::of(path, input, age.and_then(ago)))
        .collect();
    let survey = Survey {
        seen: &seen,
        left: left
            .iter()
            .map(|left| (left.path.as_str(), left, ago(1)))
            .collect(),
    };
    let missing = policy(text).missing(&survey, now());
    let findings = missing.findings.iter();
    findings
        .map(|finding| finding.code.name().to_owned())
        .chain(missing.not_judged)
        .collect()
}

#[test]
fn what_is_expected() {
    use Verdict::{Damaged, Sound, Suspect};
    let web = "[[expect]]\narchive = 'web-*.xva'\n";
    let nothing: [&str; 0] = [];
    for (text, inputs, expected) in [
        (web, vec![], vec!["policy/archive-missing"]),
        (
            web,
            vec![("s/web-1.xva", Sound, "w", None)],
            nothing.to_vec(),
        ),
        (
            web,
            vec![("s/db-1.xva", Sound, "w", None)],
            vec!["policy/archive-missing"],
        ),
        (
            web,
            vec![("web-1.xva", Damaged, "w", None)],
            vec!["policy/only-damaged"],
        ),
        (
            "[[expect]]\narchive = 'web-*.xva'\nmin-verdict = 'sound'",
            vec![("web-1.xva", Suspect, "w", None)],
            vec!["policy/only-damaged"],
        ),
        (
            "[[expect]]\narchive = 'web-*.xva'\nmin = 2",
            vec![
                ("web-1.xva", Sound, "w", None),
                ("web-2.xva", Damaged, "w", None),
            ],
            vec!["policy/archive-missing"],
        ),
        (
            "[[expect]]\narchive = 'web-*.xva'\nnewer-than = '26h'",
            vec![
                ("web-1.xva", Sound, "w", Some(27)),
                ("web-2.xva", Damaged, "w", Some(2)),
            ],
            vec!["policy/none-recent"],
        ),
        (
            "[[expect]]\narchive = 'web-*.xva'\nnewer-than = '26h'",
            vec![("web-1.xva", Sound, "w", Some(25))],
            nothing.to_vec(),
        ),
        (
            "[[expect]]\narchive = 'web-*.xva'\nnewer-than = '26h'",
            vec![("-", Sound, "w", None), ("web-1.xva", Sound, "w", None)],
            vec!["archive web-*.xva: it is not known when they were written"],
        ),
        (
            "[[expect]]\nvm = 'web'",
            vec![("a", Sound, "web", None)],
            nothing.to_vec(),
        ),
        (
            "[[expect]]\nvm = 'web'",
            vec![("a", Sound, "WEB", None)],
            vec!["policy/vm-missing"],
        ),
        (
            "[[expect]]\nvm = '0a-uuid'",
            vec![("a", Sound, "x", None)],
            nothing.to_vec(),
        ),
        (
            "[[expect]]\nvm = 'web'",
            vec![("a", Damaged, "web", None)],
            vec!["policy/only-damaged"],
        ),
    ] {
        assert_eq!(missing(text, &inputs, &[]), expected, "{text} {inputs:?}");
    }
}

#[test]
fn what_was_left_may_be_what_is_expected() {
    let left = |reason| {
        [Left {
            below: None,
            path: "web-1.xva".to_owned(),
            reason,
            detail: String::new(),
        }]
    };
    let web = "[[expect]]\narchive = 'web-*.xva'\nnewer-than = '2h'";
    let open = "archive web-*.xva: inputs that may count were left for another run";
    assert!(missing(web, &[], &left(LeftReason::VerifiedRecently)).is_empty());
    assert_eq!(missing(web, &[], &left(LeftReason::StillGrowing)), [open]);
    let vm = missing(
        "[[expect]]\nvm = 'web'",
        &[],
        &left(LeftReason::VerifiedRecently),
    );
    assert_eq!(
        vm,
        ["VM web: inputs that may count were left for another run"]
    );
}

#[test]
fn exports_without_disks_do_not_count() {
    let mut metadata = export("a", Verdict::Sound, "web");
    metadata.kind = Some(Kind::Metadata);
    let survey = Survey {
        seen: &[Seen::of("a", &metadata, None)],
        left: Vec::new(),
    };
    let missing = policy("[[expect]]\nvm = 'web'").missing(&survey, now());
    assert_eq!(missing.findings[0].code, Code::PolicyVmMissing);
}

fn block(number: u64) -> Finding {
    Finding::new(Code::BlockChecksum).block("Ref:4", number)
}

fn baseline_of(inputs: &[(&str, &Input)], least: Severity) -> Baseline {
    let mut baseline = Baseline::empty();
    for (path, input) in inputs {
        baseline.add(path, input, least);
    }
    baseline.sort();
    baseline
}

fn judged(baseline: &Baseline, path: &str, input: &Input) -> (Input, u64, u64) {
    let mut input = input.clone();
    let mut using = baseline.begin();
    using.judge(path, &mut input);
    let came = using.finish();
    (input, came.accepted, came.stale)
}

#[test]
fn a_baseline_accepts_what_it_knows_and_no_more() {
    let old = input("a.xva", vec![block(1), block(2)]);
    let baseline = baseline_of(&[("a.xva", &old)], Severity::Warning);
    let (same, accepted, stale) = judged(&baseline, "a.xva", &old);
    assert_eq!((same.worst_not_accepted(), accepted, stale), (None, 2, 0));
    // The archive is what it is.
    assert_eq!(
        (same.verdict, same.worst()),
        (Verdict::Damaged, Some(Severity::Error))
    );
    let new = input("a.xva", vec![block(1), block(2), block(3)]);
    let (new, accepted, _) = judged(&baseline, "a.xva", &new);
    assert_eq!(
        (new.worst_not_accepted(), accepted),
        (Some(Severity::Error), 2)
    );
    // One finding accepts one.
    let twice = input("a.xva", vec![block(1), block(1)]);
    let (twice, accepted, stale) = judged(&baseline, "a.xva", &twice);
    assert_eq!(
        (twice.worst_not_accepted(), accepted, stale),
        (Some(Severity::Error), 1, 1)
    );
    // Another path, and another size, are another archive.
    assert_eq!(judged(&baseline, "b.xva", &old).1, 0);
    let longer = Input { bytes: 7, ..old };
    assert_eq!(judged(&baseline, "a.xva", &longer).1, 0);
}

#[test]
fn one_line_accepts_one_finding_of_all_inputs_by_that_path() {
    let one = input("a.xva", vec![block(1)]);
    let baseline = baseline_of(&[("a.xva", &one)], Severity::Warning);
    let mut using = baseline.begin();
    let (mut first, mut second) = (one.clone(), one);
    using.judge("a.xva", &mut first);
    using.judge("a.xva", &mut second);
    assert!(first.findings[0].accepted && !second.findings[0].accepted);
    assert_eq!(using.finish().accepted, 1);
}

#[test]
fn what_was_only_counted_is_accepted_up_to_its_number() {
    let mut old = input("a.xva", vec![block(1)]);
    old.omitted.insert(Code::BlockChecksum, 5);
    let baseline = baseline_of(&[("a.xva", &old)], Severity::Warning);
    assert_eq!(
        judged(&baseline, "a.xva", &old).0.worst_not_accepted(),
        None
    );
    old.omitted.insert(Code::BlockChecksum, 4);
    assert_eq!(
        judged(&baseline, "a.xva", &old).0.worst_not_accepted(),
        None
    );
    old.omitted.insert(Code::BlockChecksum, 6);
    let more = judged(&baseline, "a.xva", &old).0;
    assert_eq!(more.worst_not_accepted(), Some(Severity::Error));
}

#[test]
fn what_was_not_read_is_never_accepted() {
    let unreadable = Input::unreadable("a".to_owned(), "gone".to_owned());
    let cut = input("b", vec![Finding::new(Code::ScanInterrupted)]);
    let baseline = baseline_of(&[("a", &unreadable), ("b", &cut)], Severity::Note);
    assert_eq!(baseline.inputs, []);
}

#[test]
fn texts_of_baselines() {
    let hostile = input(
        "\u{1b}[2J\u{202e}\u{1f4a3}\"\n",
        vec![Finding::new(Code::BlockChecksum).member(b"\x1b]0;x\x07\xff")],
    );
    let baseline = baseline_of(
        &[("z.xva", &hostile), (hostile.path.as_str(), &hostile)],
        Severity::Warning,
    );
    let text = baseline.text();
    assert!(
        text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
        "{text}"
    );
    assert_eq!(Baseline::read(&text), Ok(baseline));
    assert_eq!(text.lines().count(), 4 + 2 * 3 + 1);
    for (text, words) in [
        ("", "line 1"),
        ("{}", "lacks `baseline = 1`"),
        ("{\"baseline\":2}", "version 2"),
        ("{\"baseline\":1,\n\"inputs\":[{}]}", "line 2"),
    ] {
        let error = Baseline::read(text).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

fn any_input() -> impl Strategy<Value = Input> {
    let finding = (0..Code::ALL.len(), 0u64..4)
        .prop_map(|(code, number)| Finding::new(Code::ALL[code]).block("Ref:4", number));
    (prop::collection::vec(finding, 0..8), any::<bool>()).prop_map(|(findings, readable)| {
        let mut input = input("a.xva", findings);
        if !readable {
            input.verdict = Verdict::Unreadable;
        }
        input
    })
}

/// Codes of what was not read to its end, or not twice the same.
const NEVER_ACCEPTED: [Code; 6] = [
    Code::ScanInterrupted,
    Code::ScanInternalError,
    Code::ScanLimit,
    Code::SourceReadError,
    Code::SourceUnstable,
    Code::SourceChanged,
];

proptest! {
    #[test]
    fn no_policy_makes_good_what_was_not_read(input in any_input(), severity in 0usize..3) {
        let word = Severity::ALL[severity].word();
        let mut judged = input.clone();
        policy(&format!("[severity]\n'*' = '{word}'")).set_severities("a.xva", &mut judged);
        if input.verdict == Verdict::Unreadable {
            prop_assert_eq!(judged.verdict, Verdict::Unreadable);
        }
        let unread = |finding: &Finding| {
            firm(finding.code).is_some() && finding.severity == Severity::Error
        };
        if input.findings.iter().any(unread) {
            prop_assert!(judged.verdict >= Verdict::Incomplete);
        }
    }

    #[test]
    fn the_baseline_of_a_run_leaves_nothing_new(input in any_input(), more in 0..Code::ALL.len()) {
        let baseline = baseline_of(&[("a.xva", &input)], Severity::Note);
        let never = |finding: &&Finding| {
            !NEVER_ACCEPTED.contains(&finding.code)
                && input.verdict != Verdict::Unreadable
        };
        let (same, accepted, stale) = judged(&baseline, "a.xva", &input);
        prop_assert_eq!(stale, 0);
        prop_assert_eq!(accepted, input.findings.iter().filter(never).count() as u64);
        prop_assert_eq!(same.verdict, input.verdict);
        let mut added = input.clone();
        let finding = Finding::new(Code::ALL[more]).block("Ref:4", 99);
        let severity = finding.severity;
        added.findings.push(finding);
        let worst = judged(&baseline, "a.xva", &added).0.worst_not_accepted();
        prop_assert!(worst >= Some(severity));
    }

    #[test]
    fn any_text_is_a_policy_or_refused(text in "\\PC{0,80}") {
        let _ = Policy::read(&text);
        let _ = Policy::read(&format!("policy = 1\n{text}"));
        let _ = Baseline::read(&text);
    }
}
