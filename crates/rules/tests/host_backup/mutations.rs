//! Files with bytes that were altered at random: nothing fails, and the answers agree with the findings.

use xenspect_model::Severity;
use xenspect_model::report::{Input, RestoreAnswer, StageAnswer, Verdict};

use crate::build::{GRUB, INVENTORY, verify};

/// A generator of numbers that needs nothing else.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }
}

const BYTES: &[u8] = b"'\"`$;= \n\t\0#{}=-/LABEL\xff";

#[test]
fn answers_agree_with_findings() {
    let mut numbers = Numbers(1);
    let paths = [INVENTORY, GRUB, "etc/fstab", "etc/xensource/pool.conf"];
    for round in 0..400 {
        let input = verify(|scene| {
            // The databases take their time, and are not what is altered.
            scene.databases.clear();
            let path = paths[numbers.below(paths.len())];
            let file = scene.files.get_mut(path).expect("it is there");
            for _ in 0..=numbers.below(6) {
                let at = numbers.below(file.len());
                match numbers.below(3) {
                    0 => file[at] = BYTES[numbers.below(BYTES.len())],
                    1 => file.insert(at, BYTES[numbers.below(BYTES.len())]),
                    _ if file.len() > 1 => drop(file.remove(at)),
                    _ => {}
                }
            }
        });
        let host = input.host.as_deref().expect("it is of a host");
        for answer in [&host.host_restore, &host.installer] {
            agrees(round, &input, answer);
        }
        let all = input.worst() <= Some(Severity::Warning);
        assert_eq!(
            all,
            matches!(input.verdict, Verdict::Sound | Verdict::Suspect),
            "{round}"
        );
    }
}

fn agrees(round: u32, input: &Input, answer: &StageAnswer) {
    let is_told = answer
        .code
        .is_none_or(|code| input.findings.iter().any(|finding| finding.code == code));
    assert!(is_told, "{round}: {answer:?}");
    match answer.answer {
        RestoreAnswer::Accepted | RestoreAnswer::Unknown => {
            assert_eq!(answer.formatted, None, "{round}");
        }
        _ => assert!(
            answer.code.is_some() && answer.formatted.is_some(),
            "{round}: {answer:?}"
        ),
    }
}
