//! Full exports: one fault each, and exactly what it must give.

use xenspect_model::Severity::{self, Error, Note, Warning};
use xenspect_synth::xmlrpc::Value;

use super::*;

struct Case {
    recipe: &'static str,
    fault: fn(&mut Pair),
    code: &'static str,
    severity: Severity,
    error: Option<&'static str>,
}

const fn case(
    recipe: &'static str,
    fault: fn(&mut Pair),
    code: &'static str,
    severity: Severity,
    error: Option<&'static str>,
) -> Case {
    Case {
        recipe,
        fault,
        code,
        severity,
        error,
    }
}

pub(super) fn sr(pair: &mut Pair) -> &mut TargetSr {
    &mut pair.target.srs.as_mut().unwrap()[0]
}

fn vm(pair: &mut Pair) -> &mut Object {
    pair.document.find_mut("VM", |_| true).unwrap()
}

pub(super) fn release(pair: &mut Pair, version: &str, xapi: &str) {
    pair.target.product.version = Some(version.to_owned());
    pair.target.product.xapi = Some(xapi.to_owned());
}

/// The VM is in the pool too, and `preserve=true`.
pub(super) fn preserved(pair: &mut Pair, edit: fn(&mut TargetVm)) {
    let mut there = pair.same_vm();
    edit(&mut there);
    pair.target.vms = Some(vec![there]);
    pair.manner.preserve = true;
}

static CASES: &[Case] = &[
    case(
        "small-sha1",
        |pair| {
            pair.document
                .version
                .as_mut()
                .unwrap()
                .iter_mut()
                .for_each(|(name, value)| {
                    if name == "xapi_minor" {
                        *value = Value::Int(21);
                    }
                });
        },
        "import/version",
        Error,
        Some("IMPORT_INCOMPATIBLE_VERSION []"),
    ),
    case(
        "small",
        |pair| release(pair, "8.0.0", "1.160.1"),
        "import/checksums-unreadable",
        Error,
        Some("IMPORT_ERROR_GENERIC []"),
    ),
    case(
        "small",
        |pair| pair.target.pool.as_mut().unwrap().default_sr = Some(String::new()),
        "import/sr-missing",
        Error,
        Some("DEFAULT_SR_NOT_FOUND [OpaqueRef:NULL]"),
    ),
    case(
        "small",
        |pair| pair.manner.sr = Some("gone".to_owned()),
        "import/sr-missing",
        Error,
        Some("UUID_INVALID [SR; gone]"),
    ),
    case(
        "small",
        |pair| sr(pair).content_type = Some("iso".to_owned()),
        "import/sr-not-usable",
        Error,
        Some("SR_OPERATION_NOT_SUPPORTED []"),
    ),
    case(
        "two-disks",
        |pair| {
            sr(pair).kind = Some("lvm".to_owned());
            sr(pair).used = Some(1024 * GIB - (6 << 20));
        },
        "import/sr-full",
        Error,
        None,
    ),
    case(
        "sparse",
        |pair| sr(pair).used = Some(1024 * GIB - 1024),
        "import/sr-full",
        Error,
        None,
    ),
    case(
        "small",
        |pair| pair.target.networks = Some(Vec::new()),
        "import/network-created",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| pair.target.networks.as_mut().unwrap()[0].name = Some("LAN".to_owned()),
        "import/network-by-bridge",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| vm(pair).set("VCPUs_max", Value::Int(17)),
        "import/vcpus",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| pair.target.host.memory = Some(GIB / 2),
        "import/memory",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| {
            let seed = vm(pair).get("other_config").and_then(|map| match map {
                Value::Struct(fields) => fields.iter().find(|(key, _)| key == "mac_seed").cloned(),
                _ => None,
            });
            let Some((_, Value::Text(seed))) = seed else {
                unreachable!()
            };
            preserved(pair, |there| there.uuid = "other".to_owned());
            pair.target.vms.as_mut().unwrap()[0].mac_seed = Some(seed);
        },
        "import/mac-seed-doubled",
        Error,
        Some("DUPLICATE_MAC_SEED [<seed>]"),
    ),
    case(
        "small",
        |pair| {
            let mac = text(of_class(&pair.document, "VIF").next().unwrap(), "MAC");
            preserved(pair, |there| there.uuid = "other".to_owned());
            pair.target.vms.as_mut().unwrap()[0]
                .macs
                .insert(mac.to_ascii_lowercase());
        },
        "import/mac-doubled",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| {
            preserved(pair, |_| {});
            pair.manner.preserve = false;
        },
        "import/vm-exists",
        Note,
        None,
    ),
    case(
        "small",
        |pair| preserved(pair, |there| there.power_state = Some("Running".to_owned())),
        "import/vm-not-halted",
        Error,
        Some("VM_BAD_POWER_STATE [<uuid>; Halted; Running]"),
    ),
    case(
        "small",
        |pair| preserved(pair, |there| there.version = Some(0)),
        "import/vm-not-newer",
        Error,
        Some("VM_TO_IMPORT_IS_NOT_NEWER_VERSION [<uuid>; 0; 0]"),
    ),
    case(
        "small",
        |pair| preserved(pair, |_| {}),
        "import/vm-replaced",
        Warning,
        None,
    ),
    case(
        "small",
        |pair| {
            preserved(pair, |there| there.version = Some(7));
            pair.manner.force = true;
        },
        "import/vm-replaced",
        Warning,
        None,
    ),
    case(
        "small-sha1",
        |pair| {
            vm(pair).set("HVM_boot_params", Value::map(&[("firmware", "uefi")]));
            release(pair, "7.5.0", "1.90.1");
        },
        "import/firmware",
        Error,
        None,
    ),
    case(
        "small-sha1",
        |pair| {
            vm(pair).set("HVM_boot_params", Value::map(&[("firmware", "uefi")]));
            vm(pair).set("platform", Value::map(&[("secureboot", "true")]));
            release(pair, "8.1.0", "1.214.1");
        },
        "import/firmware",
        Warning,
        None,
    ),
    case("suspended", |_| {}, "import/suspend-image", Warning, None),
];

#[test]
fn each_fault_gives_its_finding_alone() {
    for case in CASES {
        let mut pair = Pair::named(case.recipe);
        (case.fault)(&mut pair);
        let report = pair.judge();
        assert_eq!(
            codes(&report),
            [case.code],
            "{}: {:?}",
            case.recipe,
            report.findings
        );
        let finding = &report.findings[0];
        assert_eq!(finding.severity, case.severity, "{}", case.code);
        let seed = pair
            .target
            .vms
            .iter()
            .flatten()
            .find_map(|vm| vm.mac_seed.clone());
        let expected = case.error.map(|error| {
            error
                .replace("<uuid>", &pair.same_vm().uuid)
                .replace("<seed>", &seed.unwrap_or_default())
        });
        assert_eq!(error(&report), expected, "{}", case.code);
        assert_eq!(
            report.preflight.accepted,
            Some(case.error.is_none()),
            "{}",
            case.code
        );
        assert!(
            finding.xapi_error.is_some() == case.error.is_some(),
            "{}",
            case.code
        );
    }
}
