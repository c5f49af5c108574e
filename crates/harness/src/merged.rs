//! Any bytes as a JSON report that is joined with others, and shown in every form.

use xenspect_model::Severity;
use xenspect_model::report::{Report, Tool, by_path};
use xenspect_report::ending::Ending;
use xenspect_report::merge::{merge, parse};
use xenspect_report::{html, human, json, jsonl, junit, markdown, nagios, prometheus, sarif};

use crate::shown;

/// Reads the bytes as a report, joins it with itself and with its halves, and shows it.
///
/// Invariants:
/// - a report that is read comes out the same when it is written and read again;
/// - one that is joined with itself, or with its halves in either order, holds each input once, in the order of paths, and says of
///   none that it was left;
/// - it is refused only where two inputs of one path differ;
/// - no form shows what a terminal acts on, and each is what it is said to be.
///
/// # Panics
///
/// When one of them does not hold.
pub fn merged(data: &[u8]) {
    let report = match parse(data) {
        Ok(report) => report,
        Err(why) => {
            assert!(!why.to_string().is_empty());
            return;
        }
    };
    let mut written = Vec::new();
    json::write(&report, &mut written).expect("memory takes all");
    assert_eq!(parse(&written).expect("it was written as one"), report);
    let contradicts = contradicts(&report);
    let (one, other) = halves(&report);
    let joins = [
        vec![report.clone()],
        vec![report.clone(), report.clone()],
        vec![one.clone(), other.clone()],
        vec![other, one],
    ];
    let joined: Vec<Option<Report>> = joins
        .into_iter()
        .map(|reports| merge(reports, tool()).ok())
        .collect();
    for joined in &joined {
        assert_eq!(joined.is_none(), contradicts, "refused without a reason");
    }
    for pair in joined.windows(2) {
        let inputs = |report: &Option<Report>| report.as_ref().map(|report| report.inputs.clone());
        assert_eq!(inputs(&pair[0]), inputs(&pair[1]), "the order tells");
    }
    for joined in joined.iter().flatten() {
        check(joined, &report);
    }
    show(&report);
}

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0.0.0".to_owned(),
    }
}

/// Whether it tells two different things of one path.
fn contradicts(report: &Report) -> bool {
    let inputs = &report.inputs;
    inputs.iter().enumerate().any(|(index, one)| {
        let mut further = inputs.iter().skip(index + 1);
        further.any(|other| one.path == other.path && one != other)
    })
}

/// The inputs in two reports.
fn halves(report: &Report) -> (Report, Report) {
    let mut one = report.clone();
    let mut other = report.clone();
    other.inputs = one.inputs.split_off(one.inputs.len() / 2);
    (one, other)
}

fn check(joined: &Report, report: &Report) {
    let in_order = |one: &str, next: &str| by_path(one, next).is_lt();
    let inputs = &joined.inputs;
    assert!(inputs.is_sorted_by(|one, next| in_order(&one.path, &next.path)));
    assert!(inputs.iter().all(|input| report.inputs.contains(input)));
    assert!(report.inputs.iter().all(|input| inputs.contains(input)));
    let left = &joined.left;
    assert!(left.is_sorted_by(|one, next| in_order(&one.path, &next.path)));
    assert!(left.iter().all(|left| report.left.contains(left)));
    for left in left {
        assert!(
            !inputs.iter().any(|input| input.path == left.path),
            "{} was verified and is left",
            left.path
        );
    }
    assert_eq!(joined.interrupted, report.interrupted);
    assert_eq!(joined.fail_on, report.fail_on);
}

fn show(report: &Report) {
    for style in shown::styles() {
        let mut page = Vec::new();
        human::write(report, &style, &mut page).expect("memory takes all");
        shown::check_page(page, &style);
    }
    let ending = Ending {
        exit_status: 1,
        interrupted: report.interrupted,
        fail_on: report.fail_on.unwrap_or(Severity::Error),
        at: None,
    };
    let form = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut form = Vec::new();
        write(&mut form).expect("memory takes all");
        form
    };
    shown::check_json(form(&|w| json::write(report, w)));
    shown::check_json(form(&|w| sarif::write(report, &ending, w)));
    let lines = form(&|w| jsonl::write(report, &ending, w));
    for line in lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        shown::check_json(line.to_vec());
    }
    shown::harmless(form(&|w| markdown::write(report, &ending, w)));
    shown::harmless(form(&|w| nagios::write(report, &ending, w)));
    shown::harmless(form(&|w| prometheus::write(report, &ending, w)));
    shown::harmless(form(&|w| junit::write(report, ending.fail_on, w)));
    let page = shown::harmless(form(&|w| html::write(report, w)));
    assert!(!page.contains("<script"), "a script in a page");
}
