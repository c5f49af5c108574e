//! Whatever a report holds: lines keep to the width, nothing hidden reaches the terminal, and the
//! JSON form fits its schema.

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;
use xenspect_model::report::{
    CopyChecks, DatabaseSummary, Disk, Envelope, Exporter, Formatted, Host, HostDatabase, HostRole,
    HostSummary, Import, ImportAnswer, Input, Kind, Left, LeftReason, Named, RedoLog, Report,
    RestoreAnswer, StageAnswer, Verdict, Vm,
};
use xenspect_model::{Code, Fact, Finding, MemberText, Place, Range, Severity};
use xenspect_report::human::{MIN_WIDTH, Style};
use xenspect_report::markdown;

use crate::programs::{FORMS, Form};
use crate::sample;

/// Any text, long ones without blanks and ones of wide, combining and hidden characters included.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 ./:-]{0,40}",
        "[a-z]{0,300}",
        any::<String>(),
        vec(any::<char>(), 0..200).prop_map(String::from_iter),
        vec(
            select(
                &[
                    '日', 'e', '\u{301}', ' ', '\u{1b}', '\u{202e}', '❤', '\u{fe0f}', '👩',
                    '\u{200d}'
                ][..]
            ),
            0..100
        )
        .prop_map(String::from_iter),
    ]
}

/// Numbers of all magnitudes.
fn number() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..64_u32).prop_map(|(n, shift)| n >> shift)
}

fn code() -> impl Strategy<Value = Code> {
    select(Code::ALL)
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        number().prop_map(Fact::Number),
        any::<bool>().prop_map(Fact::Truth),
        text().prop_map(Fact::Text),
        "[0-9a-f]{40}".prop_map(Fact::Text),
        vec(text(), 0..8).prop_map(Fact::List),
    ]
}

prop_compose! {
    fn place()(
        member in of(vec(any::<u8>(), 0..60)),
        offset in of(number()),
        disk in of(text()),
        block in of(number()),
        disk_range in of((number(), number())),
        object in of(text()),
        cell in (of(text()), of(text()), of(text())),
    ) -> Place {
        let (table, row, column) = cell;
        Place {
            member: member.map(|name| MemberText::from(name.as_slice())),
            offset,
            disk,
            block,
            disk_range: disk_range.map(|(start, length)| Range { start, length }),
            object,
            table,
            row,
            column,
        }
    }
}

prop_compose! {
    fn database()(
        schema in (of(any::<i64>()), of(any::<i64>()), of(any::<i64>())),
        releases in vec(text(), 0..8),
        pool in of((text(), text())),
        coordinator in of(0..6_usize),
        hosts in vec((text(), text(), of(text()), of(text())), 0..6),
        numbers in proptest::array::uniform9(prop_oneof![Just(0), number()]),
        redo_log in of((1..3_u8, any::<i64>(), number(), number())),
    ) -> DatabaseSummary {
        let (schema_major, schema_minor, generation) = schema;
        let hosts: Vec<Host> = hosts
            .into_iter()
            .map(|(name, uuid, product, xapi)| Host { name, uuid, product, xapi })
            .collect();
        let coordinator = coordinator.and_then(|at| hosts.get(at)).map(|host| Named {
            name: host.name.clone(),
            uuid: host.uuid.clone(),
        });
        let [tables, rows, vms, templates, snapshots, control_domains, srs, vdis, networks] = numbers;
        DatabaseSummary {
            schema_major, schema_minor, releases, generation,
            pool: pool.map(|(name, uuid)| Named { name, uuid }),
            coordinator, hosts, tables, rows, vms, templates, snapshots, control_domains, srs, vdis, networks,
            redo_log: redo_log.map(|(half, generation, applied, skipped)| RedoLog {
                half, generation, applied, skipped,
            }),
        }
    }
}

prop_compose! {
    fn finding()(
        code in code(),
        severity in of(select(&Severity::ALL[..])),
        place in place(),
        names in vec(prop_oneof!["[a-z]{1,8}_(offset|length)", text()], 0..3),
        facts in vec(fact(), 3),
        advice in of(text()),
        accepted in any::<bool>(),
    ) -> Finding {
        let mut finding = Finding::new(code);
        finding.accepted = accepted;
        finding.severity = severity.unwrap_or(finding.severity);
        finding.place = place;
        finding.facts = names.into_iter().zip(facts).collect();
        finding.advice = advice.or(finding.advice);
        finding
    }
}

prop_compose! {
    fn disk()(
        texts in (text(), of(text()), of(text()), of(text())),
        virtual_size in of(number()),
        numbers in proptest::array::uniform8(prop_oneof![Just(0), number()]),
        sums in vec(text(), 0..3),
    ) -> Disk {
        let (id, uuid, name, device) = texts;
        let [reached, stored, blocks, absent, zero, keep_alives, bad, unchecked] = numbers;
        Disk {
            id, uuid, name, device, virtual_size, reached, stored, blocks, absent, zero,
            keep_alives, good: blocks, bad, unchecked, sums, map: None,
        }
    }
}

fn exporter() -> impl Strategy<Value = Exporter> {
    (text(), text(), text(), of(text()), any::<u32>()).prop_map(
        |(product_brand, product_version, build_number, xapi, export_vsn)| Exporter {
            product_brand,
            product_version,
            build_number,
            xapi,
            export_vsn,
        },
    )
}

fn import() -> impl Strategy<Value = Import> {
    let answers = [
        ImportAnswer::Accepted,
        ImportAnswer::OnlyWithForce,
        ImportAnswer::Refused,
    ];
    (
        select(answers.to_vec()),
        of(text()),
        of(number()),
        of(text()),
    )
        .prop_map(|(answer, xapi_error, offset, needs_xapi)| Import {
            answer,
            xapi_error,
            offset,
            needs_xapi,
        })
}

fn stage() -> impl Strategy<Value = StageAnswer> {
    let answers = [
        RestoreAnswer::Accepted,
        RestoreAnswer::Refused,
        RestoreAnswer::NotListed,
        RestoreAnswer::Stops,
        RestoreAnswer::Unknown,
    ];
    let formatted = [
        Formatted::Nothing,
        Formatted::SparePartition,
        Formatted::RootAndEfi,
    ];
    (
        select(answers.to_vec()),
        of(code()),
        of(text()),
        of(select(formatted.to_vec())),
        of(text()),
        of(text()),
    )
        .prop_map(
            |(answer, code, xapi_error, formatted, only_on, needs_platform)| StageAnswer {
                answer,
                code,
                xapi_error,
                formatted,
                only_on,
                needs_platform,
            },
        )
}

prop_compose! {
    fn host_database()(
        path in text(),
        modified in of(text()),
        preferred in any::<bool>(),
        database in of(database().boxed()),
    ) -> HostDatabase {
        HostDatabase { path, modified, preferred, database }
    }
}

prop_compose! {
    fn host()(
        texts in proptest::array::uniform9(of(text().boxed())),
        role in of(select(vec![HostRole::Coordinator, HostRole::Member, HostRole::Broken])),
        sizes in (number(), number(), any::<bool>()),
        databases in vec(host_database().boxed(), 0..6),
        stages in (stage().boxed(), stage().boxed()),
    ) -> HostSummary {
        let [product_brand, product_version, platform_version, build_number, installation_uuid,
            control_domain_uuid, primary_disk, coordinator_address, newest_file] = texts;
        let (unpacked_bytes, partition_bytes, fits_old_layout) = sizes;
        let (host_restore, installer) = stages;
        HostSummary {
            product_brand, product_version, platform_version, build_number, installation_uuid,
            control_domain_uuid, primary_disk, role, coordinator_address, newest_file,
            unpacked_bytes, partition_bytes, fits_old_layout, databases,
            host_restore, installer,
        }
    }
}

prop_compose! {
    fn input()(
        path in text(),
        kind in of(select(vec![Kind::Xva, Kind::XvaVersion1, Kind::Metadata, Kind::VdiTar,
            Kind::OvaXml, Kind::PoolDb, Kind::RedoLog, Kind::HostBackup])),
        envelope in of(select(vec![Envelope::Plain, Envelope::Gzip, Envelope::Zstd])),
        verdict in select(vec![
            Verdict::Sound, Verdict::Suspect, Verdict::Incomplete, Verdict::Damaged, Verdict::Unreadable,
        ]),
        error in of(text()),
        numbers in [number(), number(), number()],
        origin in (of(exporter()), of(database().boxed()), of(host().prop_map(Box::new).boxed()), vec((text(), text()), 0..8)),
        disks in vec(disk().boxed(), 0..4),
        import in of(import()),
        findings in prop_oneof![Just(Vec::new()), vec(finding().boxed(), 0..20)],
        omitted in btree_map(code(), number(), 0..3),
        sentences in (vec(text(), 0..3), vec(text(), 0..3)),
    ) -> Input {
        let [bytes, stream_bytes, members] = numbers;
        let (exporter, database, host, vms) = origin;
        let vms = vms.into_iter().map(|(name, uuid)| Vm { name, uuid }).collect();
        let (checked, not_checked) = sentences;
        Input {
            below: None,
            path, kind, envelope, verdict, error, bytes, stream_bytes, members, exporter, database, host, vms,
            copy: CopyChecks::default(),
            disks, import, findings, omitted, checked, not_checked,
        }
    }
}

fn report() -> impl Strategy<Value = Report> {
    vec(input(), 0..4).prop_map(sample::report)
}

fn hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn human_reports_keep_to_the_width(
        report in report(),
        width in MIN_WIDTH..140,
        unicode in any::<bool>(),
        verbose in any::<bool>(),
    ) {
        let style = Style { width, color: false, unicode, verbose };
        let shown = crate::human::render(&report, &style);
        for line in shown.lines() {
            prop_assert!(line.width() <= width, "{} columns: {line:?}", line.width());
        }
        prop_assert!(!shown.contains(hidden), "{shown:?}");
        prop_assert!(unicode || shown.is_ascii(), "{shown:?}");
        for input in &report.inputs {
            prop_assert!(shown.contains(&input.verdict.word().to_uppercase()));
        }
    }

    #[test]
    fn json_reports_fit_the_schema(report in report()) {
        let text = crate::json::render(&report);
        prop_assert!(!text.contains(hidden));
        let document = serde_json::from_str(&text).expect("a document");
        crate::json::assert_valid(&document);
        prop_assert_eq!(document, serde_json::to_value(&report).expect("a value"));
    }

    #[test]
    fn every_form_holds_whatever_it_is_given(mut report in report(), path in text(), detail in text()) {
        let reason = LeftReason::StillGrowing;
        report.left.push(Left { path, below: None, reason, detail });
        let valid = crate::programs::published_schema();
        for form in FORMS {
            let text = form.render(&report);
            // XML is the one that has to leave out what it forbids.
            prop_assert!(!text.contains(hidden), "{form:?}: {text:?}");
            prop_assert!(text.ends_with('\n'), "{form:?}");
            match form {
                Form::Jsonl => crate::programs::assert_lines(&text, &report),
                Form::Sarif => {
                    let document: Value = serde_json::from_str(&text).expect("a document");
                    let fits = valid.is_none_or(|schema| schema.is_valid(&document));
                    prop_assert!(fits, "{text}");
                }
                Form::Nagios => crate::programs::assert_plugin_output(&text),
                Form::Prometheus => crate::programs::assert_series(&text),
                Form::Markdown => prop_assert!(text.len() <= markdown::LIMIT),
                Form::Junit => {}
            }
        }
    }
}
