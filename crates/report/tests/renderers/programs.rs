//! The forms for programs and for what watches over a site: what they look like, that they are what their formats say, and that
//! nothing of an archive gets out of its place in them.

mod lines;
mod published;
mod watching;

use std::io::Write;
use std::process::{Command, Stdio};

use xenspect_model::report::{Left, LeftReason, PolicyApplied, Report};
use xenspect_model::{Code, Finding, Severity};
use xenspect_report::ending::Ending;
use xenspect_report::{jsonl, junit, markdown, nagios, prometheus, sarif};

use crate::sample;

pub(crate) use lines::assert_lines;
pub(crate) use published::published_schema;
pub(crate) use watching::{assert_plugin_output, assert_series};

/// The forms that are shown here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Jsonl,
    Junit,
    Sarif,
    Markdown,
    Nagios,
    Prometheus,
}

pub(crate) const FORMS: [Form; 6] = [
    Form::Jsonl,
    Form::Junit,
    Form::Sarif,
    Form::Markdown,
    Form::Nagios,
    Form::Prometheus,
];

const ENDING: Ending = Ending {
    exit_status: 1,
    interrupted: false,
    fail_on: Severity::Error,
    at: Some(1_795_900_000),
};

impl Form {
    pub(crate) fn render(self, report: &Report) -> String {
        self.ended(report, &ENDING)
    }

    fn ended(self, report: &Report, ending: &Ending) -> String {
        let mut shown = Vec::new();
        match self {
            Self::Jsonl => jsonl::write(report, ending, &mut shown),
            Self::Junit => junit::write(report, ending.fail_on, &mut shown),
            Self::Sarif => sarif::write(report, ending, &mut shown),
            Self::Markdown => markdown::write(report, ending, &mut shown),
            Self::Nagios => nagios::write(report, ending, &mut shown),
            Self::Prometheus => prometheus::write(report, ending, &mut shown),
        }
        .expect("a Vec takes everything");
        String::from_utf8(shown).expect("UTF-8")
    }
}

/// One of each verdict, with findings that were only counted, one that a baseline accepts, and an input that was left.
fn everything() -> Report {
    let mut damaged = sample::damaged();
    damaged.findings.drain(2..50);
    let mut suspect = sample::suspect();
    if let Some(finding) = suspect.findings.first_mut() {
        finding.accepted = true;
    }
    let mut report = sample::report(vec![
        damaged,
        sample::sound(),
        suspect,
        sample::truncated(),
        sample::pool_database(),
        sample::unreadable(),
    ]);
    report.left.push(Left {
        below: None,
        path: "/mnt/nas/xen/new.xva".to_owned(),
        reason: LeftReason::StillGrowing,
        detail: "it grew from 1024 to 2048 bytes".to_owned(),
    });
    report
}

/// Texts that mean something to one form or another.
fn hostile() -> Report {
    let texts = [
        "<script>alert(1)</script>&amp;]]>",
        "a|b\n'perf'=1;2;3",
        "x\"} 1\nxenspect_exit_status 0",
        "](https://example.com) **bold** `code` </details> @user #1 www.example.com",
        "{0} [link](1) \\",
        "\u{fffe}\u{ffff}\u{0}\u{1b}[31m",
    ];
    let inputs = texts.iter().map(|text| {
        let mut input = sample::hostile();
        input.path = (*text).to_owned();
        input.error = Some((*text).to_owned());
        for vm in &mut input.vms {
            vm.name = (*text).to_owned();
        }
        for disk in &mut input.disks {
            disk.name = Some((*text).to_owned());
        }
        input.findings.push(
            Finding::new(Code::BlockChecksum)
                .block(text, 3)
                .member(text.as_bytes())
                .object((*text).to_owned())
                .fact("text", *text)
                .advice(*text),
        );
        input
    });
    sample::report(inputs.collect())
}

macro_rules! snapshots {
    ($($name:ident: $form:expr, $report:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!($form.render(&$report));
        })*
    };
}

snapshots! {
    lines_of_everything: Form::Jsonl, everything();
    junit_of_everything: Form::Junit, everything();
    sarif_of_everything: Form::Sarif, everything();
    markdown_of_everything: Form::Markdown, everything();
    nagios_of_everything: Form::Nagios, everything();
    prometheus_of_everything: Form::Prometheus, everything();
    markdown_of_hostile_names: Form::Markdown, hostile();
    nagios_of_hostile_names: Form::Nagios, hostile();
}

fn skipped(what: std::fmt::Arguments<'_>) {
    // Straight to standard error: the test harness hides what its own macros print.
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

/// Runs a checker with the text on its standard input; `None`, said, where it is not on this machine.
fn checked(program: &str, args: &[&str], text: &str) -> Option<Result<(), String>> {
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skipped(format_args!("{program} is not on this machine"));
        return None;
    };
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(text.as_bytes()).expect("the checker reads");
    drop(pipe);
    let output = child.wait_with_output().expect("the checker ends");
    let said = [output.stdout, output.stderr].concat();
    Some(match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&said).into_owned()),
    })
}

fn reports() -> [Report; 4] {
    [
        everything(),
        hostile(),
        sample::rich(),
        sample::report(Vec::new()),
    ]
}

#[test]
fn junit_is_well_formed() {
    for report in reports() {
        let text = Form::Junit.render(&report);
        let checked = checked("xmllint", &["--noout", "-"], &text);
        assert_eq!(checked.unwrap_or(Ok(())), Ok(()), "{text}");
    }
}

#[test]
fn warnings_fail_a_case_only_where_they_fail_the_run() {
    let report = sample::report(vec![sample::suspect()]);
    for (fail_on, failures) in [
        (Severity::Error, 0),
        (Severity::Warning, 1),
        (Severity::Note, 2),
    ] {
        let ending = Ending { fail_on, ..ENDING };
        let text = Form::Junit.ended(&report, &ending);
        let head = format!("failures=\"{failures}\" errors=\"0\"");
        assert!(text.contains(&head), "{fail_on}: {text}");
    }
}

#[test]
fn an_accepted_finding_fails_no_case() {
    let mut input = sample::damaged();
    for finding in &mut input.findings {
        finding.accepted = true;
    }
    input.omitted = [(Code::BlockChecksum, 7)].into();
    let text = Form::Junit.render(&sample::report(vec![input]));
    assert!(text.contains("failures=\"0\""), "{text}");
    assert!(text.contains("(accepted by the baseline)"));
}

#[test]
fn a_summary_is_never_too_long() {
    let long = "日本語".repeat(200);
    let inputs = (0..4000).map(|number| {
        let mut input = sample::damaged();
        input.path = format!("{number}/{long}");
        for disk in &mut input.disks {
            disk.name = Some(long.clone());
        }
        input
    });
    let text = Form::Markdown.render(&sample::report(inputs.collect()));
    assert!(text.len() <= markdown::LIMIT, "{}", text.len());
    assert!(text.contains("are not told here, for want of room"));
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

#[test]
fn hostile_text_makes_no_markup() {
    let text = Form::Markdown.render(&hostile());
    for markup in [
        "<script",
        "](https://",
        "**bold**",
        "`code`",
        " @user",
        "www.example",
    ] {
        assert!(!text.contains(markup), "{markup}");
    }
    assert_eq!(text.matches("</details>").count(), hostile().inputs.len());
    let junit = Form::Junit.render(&hostile());
    assert!(!junit.contains("<script") && !junit.contains('\u{fffe}'));
    let metrics = Form::Prometheus.render(&hostile());
    assert_eq!(metrics.matches("\nxenspect_exit_status ").count(), 1);
}

#[test]
fn markdown_tells_what_a_policy_made_of_it() {
    let mut report = sample::report(vec![sample::damaged()]);
    report.policy = Some(PolicyApplied {
        path: Some("<i>nightly.toml".to_owned()),
        changed: 1,
        not_judged: vec!["ages".to_owned()],
        ..PolicyApplied::default()
    });
    let page = Form::Markdown.render(&report);
    assert!(page.contains("nightly.toml: 1 severity changed."), "{page}");
    assert!(page.contains("Not judged: ages"), "{page}");
    assert!(!page.contains("<i>"), "{page}");
}
