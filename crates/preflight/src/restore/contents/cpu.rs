//! CPU vendor and features: check 46. A VM that was suspended, or that is migrated, needs the features that it started
//! with; the pool has those that all its hosts have.

use xenspect_inventory::Record;
use xenspect_model::{Code, Finding};

use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(46);
    let target = restore.target;
    let vendor = |record: Option<Record<'_>>| {
        record?
            .map_text("cpu_info", "vendor")
            .map(|vendor| vendor.into_owned())
    };
    let ours = vendor(restore.pool).or_else(|| vendor(restore.coordinator));
    let theirs = target.host.cpu_vendor.clone();
    if let (Some(ours), Some(theirs)) = (&ours, &theirs)
        && ours != theirs
    {
        let finding = Finding::new(Code::RestoreCpuFeatures)
            .table("pool")
            .column("cpu_info")
            .fact("vendor_in_dump", ours.as_str())
            .fact("vendor_of_target", theirs.as_str())
            .advice(
                "Shut down the suspended VMs in the old pool before the dump is taken: none can be resumed on a CPU \
                 of another vendor. VMs that were shut down start as on new hardware.",
            );
        verdicts.find(finding);
        return;
    }
    let pool = target
        .pool
        .as_ref()
        .and_then(|pool| pool.cpu_features.as_deref());
    // Masks of a kind are compared with masks of the same kind.
    let pairs = [
        (pool_mask(restore), pool),
        (host_mask(restore), target.host.cpu_features.as_deref()),
    ];
    let pair = pairs
        .into_iter()
        .find_map(|(ours, theirs)| Some((ours?, words(theirs?)?)));
    let Some((ours, theirs)) = pair else {
        let known = pool.is_some() || target.host.cpu_features.is_some();
        let fact = if known {
            "CPU features in the dump"
        } else {
            "CPU features of the target"
        };
        verdicts.lack(check, fact);
        return;
    };
    let missing = missing(&ours, &theirs);
    if missing.is_empty() {
        return;
    }
    let finding = Finding::new(Code::RestoreCpuFeatures)
        .table("pool")
        .column("cpu_info")
        .fact("features_in_dump", shown(&ours))
        .fact("features_of_target", shown(&theirs))
        .fact("missing_bits", missing);
    verdicts.find(finding);
}

/// The features that VMs of the pool can have.
fn pool_mask(restore: &Restore<'_>) -> Option<Vec<u32>> {
    let pool = restore.pool?;
    let text = pool.map_text("cpu_info", "features_hvm");
    words(&text.or_else(|| pool.map_text("cpu_info", "features"))?)
}

/// The features that all hosts of the dump have.
fn host_mask(restore: &Restore<'_>) -> Option<Vec<u32>> {
    let hosts = restore.store.of_class("host");
    let masks = hosts.filter_map(|host| words(&host.map_text("cpu_info", "features")?));
    masks.reduce(|all, one| all.iter().zip(&one).map(|(all, one)| all & one).collect())
}

/// A mask: hexadecimal words, joined by `-`.
fn words(mask: &str) -> Option<Vec<u32>> {
    let words = mask
        .trim()
        .split('-')
        .map(|word| u32::from_str_radix(word, 16).ok());
    words.collect()
}

fn shown(mask: &[u32]) -> String {
    let words: Vec<_> = mask.iter().map(|word| format!("{word:08x}")).collect();
    words.join("-")
}

/// The bits that the first mask has and the second has not, `3:7` being bit 7 of word 3, counted from 0. A mask that
/// is shorter has zeros behind its end.
fn missing(ours: &[u32], theirs: &[u32]) -> Vec<String> {
    let mut bits = Vec::new();
    for (at, ours) in ours.iter().enumerate() {
        let lost = ours & !theirs.get(at).copied().unwrap_or_default();
        let lost = (0..u32::BITS).filter(|bit| (lost >> bit) & 1 == 1);
        bits.extend(lost.map(|bit| format!("{at}:{bit}")));
    }
    super::listed(bits)
}

#[cfg(test)]
mod tests {
    use super::{missing, words};

    #[test]
    fn bits_that_are_missing() {
        for (ours, theirs, bits) in [
            ("178bfbff-00000005", "178bfbff-00000005", &[][..]),
            ("00000003-00000005", "00000001-00000001", &["0:1", "1:2"]),
            ("00000001-00000001", "ffffffff", &["1:0"]),
            ("00000001", "00000001-00000001", &[]),
        ] {
            let (ours, theirs) = (words(ours).unwrap(), words(theirs).unwrap());
            assert_eq!(missing(&ours, &theirs), bits);
        }
        assert_eq!(words("REMOVED"), None);
        assert_eq!(words(""), None);
    }
}
