//! Why an input could not be taken as it is stored, byte for byte: then no digest of it is known, and it must not look as if nothing
//! were wrong. What the scan met itself is said by the rules of its facts, and not a second time.

use xenspect_model::catalog::{Flaw, StoredFile};
use xenspect_model::report::{Input, Verdict};
use xenspect_model::{Code, Finding};

use super::add;

/// Adds what is wrong with the reading of the stored file, unless it is said already.
pub fn stored(input: &mut Input, stored: &StoredFile) {
    let Some(finding) = stored.flaw.as_ref().and_then(finding) else {
        return;
    };
    let code = finding.code;
    if !input.findings.iter().any(|said| said.code == code) {
        add(input, vec![finding]);
    }
    if code == Code::ScanInternalError {
        input.verdict = Verdict::Unreadable;
    }
}

fn finding(flaw: &Flaw) -> Option<Finding> {
    Some(match flaw {
        Flaw::ReadError {
            offset,
            len,
            reason,
        } => Finding::new(Code::SourceReadError)
            .fact("offset_in_file", *offset)
            .fact("bytes", *len)
            .fact("reason", reason.as_str()),
        Flaw::Changed { before, now } => {
            let finding = Finding::new(Code::SourceChanged).fact("size_before", *before);
            match now {
                Some(now) => finding.fact("size_now", *now),
                None => finding.fact("size_now", "more"),
            }
        }
        Flaw::Internal(reason) => {
            Finding::new(Code::ScanInternalError).fact("reason", reason.as_str())
        }
        // Where it was a block that was looked at twice, it is a fact of the catalog too.
        Flaw::Unstable => Finding::new(Code::SourceUnstable),
        // A run that is stopped says so.
        Flaw::Stopped => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(flaw: Option<Flaw>, said: Option<Code>) -> Input {
        let mut input = super::super::store_input("a.xva".to_owned(), 3, Vec::new());
        add(&mut input, said.map(Finding::new).into_iter().collect());
        let file = StoredFile {
            bytes: 3,
            digests: Vec::new(),
            flaw,
        };
        stored(&mut input, &file);
        input
    }

    #[test]
    fn each_flaw_is_told_once() {
        let read_error = || Flaw::ReadError {
            offset: 1024,
            len: 512,
            reason: "Input/output error".to_owned(),
        };
        let changed = |now| Flaw::Changed { before: 3, now };
        let internal = Flaw::Internal("a digest failed".to_owned());
        for (flaw, code, verdict) in [
            (None, None, Verdict::Sound),
            (
                Some(Flaw::Unstable),
                Some(Code::SourceUnstable),
                Verdict::Suspect,
            ),
            (Some(Flaw::Stopped), None, Verdict::Sound),
            (
                Some(read_error()),
                Some(Code::SourceReadError),
                Verdict::Damaged,
            ),
            (
                Some(changed(Some(2))),
                Some(Code::SourceChanged),
                Verdict::Incomplete,
            ),
            (
                Some(changed(None)),
                Some(Code::SourceChanged),
                Verdict::Incomplete,
            ),
            (
                Some(internal),
                Some(Code::ScanInternalError),
                Verdict::Unreadable,
            ),
        ] {
            let input = judged(flaw.clone(), None);
            let codes: Vec<Code> = input.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{flaw:?}");
            assert_eq!(input.verdict, verdict, "{flaw:?}");
        }
        for (flaw, code) in [
            (read_error(), Code::SourceReadError),
            (Flaw::Unstable, Code::SourceUnstable),
        ] {
            let said = judged(Some(flaw), Some(code));
            assert_eq!(said.findings.len(), 1);
        }
    }
}
