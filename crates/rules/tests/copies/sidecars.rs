//! Sidecars: each outcome gives its finding and nothing else, and the advice fits what else is known.

use xenspect_model::report::{Input, Kind, Sidecar, SidecarOutcome, Verdict};
use xenspect_model::{Code, Fact, Finding, Severity};
use xenspect_rules::copy::{
    DigestList, digest_list, lone_digest, sidecars, store_findings, store_input,
};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{Fault, Recipe};

fn sidecar(tells: &str, outcome: SidecarOutcome) -> Sidecar {
    Sidecar {
        path: "SHA256SUMS".to_owned(),
        tells: tells.to_owned(),
        outcome,
        expected: Some("12".to_owned()),
        found: Some("34".to_owned()),
        detail: None,
    }
}

fn scanned(bytes: Vec<u8>) -> Input {
    let source = Source::Stream(Box::new(std::io::Cursor::new(bytes)));
    let catalog = scan(source, &Options::default(), &Progress::default()).expect("a backup");
    xenspect_rules::input("web.xva".to_owned(), &catalog)
}

fn good() -> Input {
    scanned(Recipe::named("small").expect("a recipe").build())
}

fn broken(fault: &str) -> Input {
    scanned(Fault::named(fault).expect("a fault").build())
}

fn with(mut input: Input, all: Vec<Sidecar>) -> Input {
    sidecars(&mut input, all);
    input
}

fn new_findings(input: &Input) -> Vec<(Code, Severity)> {
    let of_sidecars = |finding: &&Finding| finding.code.name().starts_with("sidecar/");
    let findings = input.findings.iter().filter(of_sidecars);
    findings
        .map(|finding| (finding.code, finding.severity))
        .collect()
}

#[test]
fn each_outcome_gives_its_finding() {
    use SidecarOutcome::{Good, Malformed, Missing, Untold, Wrong};
    let cases = [
        ("SHA-256", Good, None, Verdict::Sound),
        ("SHA-256", Untold, None, Verdict::Sound),
        (
            "SHA-256",
            Wrong,
            Some((Code::SidecarWrong, Severity::Error)),
            Verdict::Damaged,
        ),
        (
            "size",
            Wrong,
            Some((Code::SidecarSize, Severity::Error)),
            Verdict::Damaged,
        ),
        (
            "MD5",
            Missing,
            Some((Code::SidecarNotListed, Severity::Note)),
            Verdict::Sound,
        ),
        (
            "MD5",
            Malformed,
            Some((Code::SidecarMalformed, Severity::Warning)),
            Verdict::Suspect,
        ),
    ];
    let before = good();
    for (tells, outcome, finding, verdict) in cases {
        let input = with(before.clone(), vec![sidecar(tells, outcome)]);
        assert_eq!(new_findings(&input), Vec::from_iter(finding), "{outcome:?}");
        assert_eq!(input.verdict, verdict, "{outcome:?}");
        assert_eq!(input.copy.sidecars.len(), 1);
        let said = usize::from(outcome == Good);
        assert_eq!(input.checked.len(), before.checked.len() + said);
        let unsaid = usize::from(outcome == Untold);
        assert_eq!(input.not_checked.len(), before.not_checked.len() + unsaid);
    }
}

#[test]
fn a_wrong_digest_says_what_is_compared() {
    let input = with(good(), vec![sidecar("SHA-256", SidecarOutcome::Wrong)]);
    let finding = input
        .findings
        .iter()
        .find(|finding| finding.code == Code::SidecarWrong);
    let facts: Vec<_> = finding.expect("a finding").facts.iter().collect();
    let text = |text: &str| Fact::Text(text.to_owned());
    assert_eq!(
        facts,
        [
            ("sidecar", &text("SHA256SUMS")),
            ("digest", &text("SHA-256")),
            ("expected", &text("12")),
            ("found", &text("34"))
        ]
    );
    let input = with(good(), vec![sidecar("size", SidecarOutcome::Wrong)]);
    let finding = input
        .findings
        .iter()
        .find(|finding| finding.code == Code::SidecarSize);
    let facts = &finding.expect("a finding").facts;
    assert_eq!(facts.get("expected"), Some(&Fact::Number(12)));
    assert_eq!(facts.get("digest"), None);
}

#[test]
fn the_advice_on_a_wrong_digest_fits_what_else_is_known() {
    let advice = |input: Input| {
        let input = with(input, vec![sidecar("SHA-256", SidecarOutcome::Wrong)]);
        let finding = input
            .findings
            .into_iter()
            .find(|finding| finding.code == Code::SidecarWrong);
        finding.and_then(|finding| finding.advice).expect("advice")
    };
    let lost = broken("missing-middle-pair-looks-like-a-gap");
    assert_eq!(lost.verdict, Verdict::Sound);
    assert!(advice(lost).starts_with("Every block matches its own sum"));
    assert!(advice(broken("flip-block-byte")).starts_with("The file is damaged"));
    let metadata = scanned(Recipe::named("metadata-pool").expect("a recipe").build());
    assert_eq!(metadata.kind, Some(Kind::Metadata));
    assert!(advice(metadata).starts_with("Nothing else is wrong"));
    let none = Input::unreadable("web.xva".to_owned(), "no backup".to_owned());
    assert_eq!(advice(none), Code::SidecarWrong.entry().advice);
}

#[test]
fn a_wrong_length_weighs_less_where_a_digest_is_right() {
    let both = vec![
        sidecar("size", SidecarOutcome::Wrong),
        sidecar("MD5", SidecarOutcome::Good),
    ];
    let input = with(good(), both);
    assert_eq!(
        new_findings(&input),
        [(Code::SidecarSize, Severity::Warning)]
    );
    assert_eq!(input.verdict, Verdict::Suspect);
}

#[test]
fn a_list_is_told_of_only_where_something_is_wrong_with_it() {
    let fine = DigestList {
        bytes: 100,
        lines: 2,
        ..DigestList::default()
    };
    assert_eq!(digest_list("SHA256SUMS".to_owned(), &fine), None);
    let spoilt = DigestList {
        bad_lines: vec![3, 7],
        more_bad_lines: 1,
        ..fine.clone()
    };
    let input = digest_list("SHA256SUMS".to_owned(), &spoilt).expect("an input");
    assert_eq!(
        (input.kind, input.error, input.verdict),
        (None, None, Verdict::Suspect)
    );
    assert_eq!(
        input.findings[0].facts.get("bad_lines"),
        Some(&Fact::Number(3))
    );
    let gone = DigestList {
        missing: vec!["a.xva".to_owned(), "b.xva".to_owned()],
        ..fine.clone()
    };
    let input = digest_list("SHA256SUMS".to_owned(), &gone).expect("an input");
    let missing = (Code::SidecarFileMissing, Severity::Error);
    assert_eq!(new_findings(&input), [missing, missing]);
    assert_eq!(input.verdict, Verdict::Incomplete);
    let unusable = DigestList {
        unusable: Some("it is longer than 67108864 bytes".to_owned()),
        ..fine
    };
    let input = digest_list("SHA256SUMS".to_owned(), &unusable).expect("an input");
    assert_eq!(
        new_findings(&input),
        [(Code::SidecarMalformed, Severity::Warning)]
    );
    let input = lone_digest("a.xva.md5".to_owned(), 33, "a.xva");
    assert_eq!((new_findings(&input), input.bytes), (vec![missing], 33));
}

#[test]
fn many_lost_files_are_counted() {
    let gone = DigestList {
        missing: (0..1500).map(|number| format!("{number}.xva")).collect(),
        ..DigestList::default()
    };
    let input = digest_list("SHA256SUMS".to_owned(), &gone).expect("an input");
    assert_eq!(input.findings.len(), 1000);
    assert_eq!(input.omitted[&Code::SidecarFileMissing], 500);
}

#[test]
fn findings_of_a_store_go_to_an_input() {
    let mut input = good();
    store_findings(&mut input, vec![Finding::new(Code::StoreMetadataMissing)]);
    assert_eq!(input.verdict, Verdict::Suspect);
    let apart = store_input("n.json".to_owned(), 7, Vec::new());
    assert_eq!(
        (apart.verdict, apart.bytes, apart.error),
        (Verdict::Sound, 7, None)
    );
}
