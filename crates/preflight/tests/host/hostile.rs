//! Inventories and files that nobody should have written.

use proptest::prelude::*;
use xenspect_model::preflight::HostDatabase;

use crate::build::{FSTAB, GRUB, INVENTORY, POOL_CONF, Pair, host};

const KEYS: [&str; 10] = [
    "PLATFORM_VERSION",
    "PRODUCT_VERSION",
    "PRODUCT_BRAND",
    "PRODUCT_NAME",
    "PRIMARY_DISK",
    "PARTITION_LAYOUT",
    "INSTALLATION_UUID",
    "CONTROL_DOMAIN_UUID",
    "MANAGEMENT_INTERFACE",
    "BUILD_NUMBER",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is in the files: all stages and checks are there, and no stage is refused without a reason.
    #[test]
    fn any_files_give_a_whole_report(
        inventory in prop::collection::vec((0..KEYS.len(), "[ -~\\t\u{e9}\u{202e}]{0,24}"), 0..14),
        role in "(master|slave:)?[ -~]{0,12}",
        grub in "(menuentry a \\{\n)?( linux /x (root=LABEL=)?[a-z-]{0,8}\n)?\\}?",
        fstab in "[ -~\n]{0,40}",
    ) {
        let mut pair = Pair::good();
        let lines = inventory.iter().map(|(key, value)| format!("{}='{value}'\n", KEYS[*key]));
        pair.put(INVENTORY, lines.collect::<String>());
        pair.put(POOL_CONF, role);
        pair.put(GRUB, grub);
        pair.put(FSTAB, fstab);
        let report = pair.judge();
        let host = host(&report);
        prop_assert_eq!(host.stages.len(), 3);
        for stage in &host.stages {
            prop_assert_eq!(stage.accepted == Some(true), stage.reasons.is_empty());
        }
        prop_assert!(report.checks.len() >= 17);
        if host.accepted == Some(false) {
            prop_assert_eq!(report.preflight.accepted, Some(false));
        }
        if host.database == HostDatabase::NotOnMember {
            prop_assert!(report.nics.is_empty());
        }
        // What is pasted into a shell is quoted or of this program.
        for command in report.runbook.iter().flat_map(|step| &step.commands) {
            prop_assert!(!command.contains('\u{202e}'), "{}", command);
        }
    }

    #[test]
    fn any_bytes_for_an_inventory(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut pair = Pair::good();
        pair.put(INVENTORY, bytes);
        let report = pair.judge();
        prop_assert_eq!(host(&report).accepted, Some(false));
    }
}
