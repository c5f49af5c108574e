//! An export against the pool it would be imported to (`formats/restore.md` section 7, `formats/xva.md` sections 11
//! and 13).

use xenspect_model::preflight::{
    Answer, PreflightInput, PreflightReport, SCHEMA, VersionAnswer,
};

use crate::checks::IMPORT;
use crate::verdicts::Verdicts;
use crate::{Question, target_of};

/// Makes all checks of an export.
pub(crate) fn preflight(question: Question<'_>) -> PreflightReport {
    let verdicts = Verdicts::default();
    let accepted = verdicts.accepted(&IMPORT);
    let sum = verdicts.finish(&IMPORT);
    let mut refusals = sum.refusals.into_iter();
    PreflightReport {
        schema: SCHEMA,
        tool: question.tool.clone(),
        input: PreflightInput {
            path: question.path.to_owned(),
            kind: Some(question.catalog.kind()),
            envelope: Some(question.catalog.envelope()),
            ..PreflightInput::default()
        },
        target: target_of(question.known),
        preflight: Answer {
            accepted,
            boots: None,
            xapi_error: refusals.next(),
            further_errors: refusals.collect(),
            ..Answer::default()
        },
        version: VersionAnswer::default(),
        nics: Vec::new(),
        renaming: None,
        findings: sum.findings,
        omitted: sum.omitted,
        checks: sum.checks,
        runbook: Vec::new(),
        not_checked: Vec::new(),
    }
}
