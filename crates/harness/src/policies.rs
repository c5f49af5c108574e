//! Texts of policies and baselines.

use xenspect_policy::{Baseline, Policy};

/// Reads the bytes as a policy and as a baseline.
///
/// Invariants:
/// - a policy that is read comes out the same when it is written and read again;
/// - so does a baseline, whose text is ASCII that no terminal acts on;
/// - what is refused is refused in words.
///
/// # Panics
///
/// When one of them does not hold.
pub fn policies(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Policy::read(&text) {
        Ok(policy) => {
            let written = toml::to_string(&policy).expect("what was read can be written");
            assert_eq!(Policy::read(&written).as_ref(), Ok(&policy), "{written}");
        }
        Err(why) => assert!(!why.to_string().is_empty()),
    }
    match Baseline::read(&text) {
        Ok(baseline) => {
            let written = baseline.text();
            assert!(
                written
                    .bytes()
                    .all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte))
            );
            assert_eq!(
                Baseline::read(&written).as_ref(),
                Ok(&baseline),
                "{written}"
            );
        }
        Err(why) => assert!(!why.to_string().is_empty()),
    }
}
