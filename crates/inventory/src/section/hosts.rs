//! The sections `hosts` and `certificates`.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{bytes, date, flag, int, natural, number, section, text, time, title};
use crate::view::{Host, Pool};
use crate::{Record, Relations};

pub(super) fn hosts(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        flag("coordinator", "coord."),
        text("address", "address").rank(1),
        text("product", "product").rank(2),
        text("build", "build").rank(9),
        text("xapi", "xapi").rank(5),
        text("schema", "schema").rank(10),
        text("api", "API").rank(11),
        text("edition", "edition").rank(7),
        flag("enabled", "enabled").rank(8),
        int("cpus", "CPUs").rank(6),
        bytes("memory", "memory").rank(4),
        int("vms", "VMs").rank(3),
        text("cpu_model", "processors").rank(13),
        text("hostname", "hostname").rank(14),
        time("last_updated", "last seen").rank(15),
        text("uuid", "uuid").rank(12),
    ]);
    let pool = Pool::of(relations.store());
    let mut hosts: Vec<Host<'_>> = relations.store().of_class("host").map(Host).collect();
    hosts.sort_by_cached_key(|host| {
        let coordinator = host.is_coordinator(pool.as_ref());
        (!coordinator, natural(&host.0.title()))
    });
    for host in hosts {
        let record = host.0;
        let api = [
            record.int("API_version_major"),
            record.int("API_version_minor"),
        ];
        let api = match api {
            [Some(major), Some(minor)] => Cell::Text(format!("{major}.{minor}")),
            _ => Cell::None,
        };
        let metrics = record.follow("metrics");
        table.rows.push(vec![
            Cell::text(record.title()),
            Cell::Bool(host.is_coordinator(pool.as_ref())),
            record.filled("address").into(),
            host.product().into(),
            host.software("build_number").into(),
            host.xapi().into(),
            host.software("db_schema").into(),
            api,
            record.filled("edition").into(),
            record.bool("enabled").into(),
            host.cpus().into(),
            host.memory().into(),
            number(host.running(relations)),
            host.cpu_model().into(),
            record.filled("hostname").into(),
            date(metrics.and_then(|metrics| metrics.date_time("last_updated"))),
            record.uuid().into(),
        ]);
    }
    section("hosts", "Hosts", table)
}

pub(super) fn certificates(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("host", "host"),
        text("name", "name").rank(3),
        text("type", "type").rank(2),
        time("not_before", "valid from").rank(4),
        time("not_after", "valid until"),
        text("fingerprint", "fingerprint").rank(6),
        text("uuid", "uuid").rank(5),
    ]);
    let mut certificates: Vec<Record<'_>> = relations.store().of_class("Certificate").collect();
    certificates.sort_by_cached_key(|certificate| {
        let host = certificate
            .follow("host")
            .map(|host| natural(&host.title()));
        (host, certificate.filled("type"), certificate.reference())
    });
    for certificate in certificates {
        let fingerprint = certificate
            .filled("fingerprint_sha256")
            .or_else(|| certificate.filled("fingerprint"));
        table.rows.push(vec![
            title(certificate.follow("host")),
            certificate.filled("name").into(),
            certificate.filled("type").into(),
            date(certificate.date_time("not_before")),
            date(certificate.date_time("not_after")),
            fingerprint.into(),
            certificate.uuid().into(),
        ]);
    }
    section("certificates", "Certificates", table)
}
