//! Records as `xe …-list params=all` prints them: `uuid ( RO)` at the left with the colon of the others, the others at the
//! right before it, a blank line behind each record.

use super::super::host::FreshHost;
use super::links::slot;
use crate::dump::Row;

const NOWHERE: &str = "<not in database>";

/// Pieces between quotes in twos: keys and values of a map whose texts have no quotes.
pub(crate) fn pairs(text: &str) -> Vec<(&str, &str)> {
    let pieces: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
    pieces
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

/// Name with mark, and value.
type Field = (&'static str, String);

fn records(records: &[Vec<Field>]) -> String {
    let mut text = String::new();
    for record in records {
        let width = record.iter().map(|(name, _)| name.len()).max();
        let width = width.unwrap_or_default().max(10) + 4;
        for (at, (name, value)) in record.iter().enumerate() {
            text.push_str(&if at == 0 {
                format!("{name:<width$}: {value}\n")
            } else {
                format!("{name:>width$}: {value}\n")
            });
        }
        text.push_str("\n\n");
    }
    text
}

fn map(text: &str) -> String {
    let pairs = pairs(text).into_iter();
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    pairs.join("; ")
}

fn column(row: &Row, name: &str) -> String {
    row.get(name).unwrap_or_default().to_owned()
}

/// A column of the row that a reference leads to.
fn of(host: &FreshHost, table: &str, reference: &str, name: &str) -> String {
    let mut rows = host.dump.rows(table).iter();
    let row = rows.find(|row| row.reference == reference);
    row.map_or_else(|| NOWHERE.to_owned(), |row| column(row, name))
}

pub(super) fn pifs(host: &FreshHost) -> String {
    let record = |row: &Row| {
        let network = column(row, "network");
        let own = column(row, "host");
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("device ( RO)", column(row, "device")),
            ("MAC ( RO)", column(row, "MAC")),
            ("physical ( RO)", column(row, "physical")),
            ("managed ( RO)", "true".into()),
            (
                "currently-attached ( RO)",
                column(row, "currently_attached"),
            ),
            ("MTU ( RO)", column(row, "MTU")),
            ("VLAN ( RO)", column(row, "VLAN")),
            ("bond-master-of ( RO)", String::new()),
            ("bond-slave-of ( RO)", NOWHERE.into()),
            ("management ( RO)", column(row, "management")),
            ("network-uuid ( RO)", of(host, "network", &network, "uuid")),
            (
                "network-name-label ( RO)",
                of(host, "network", &network, "name__label"),
            ),
            ("host-uuid ( RO)", of(host, "host", &own, "uuid")),
            (
                "host-name-label ( RO)",
                of(host, "host", &own, "name__label"),
            ),
            (
                "IP-configuration-mode ( RO)",
                column(row, "ip_configuration_mode"),
            ),
            ("IP ( RO)", column(row, "IP")),
            ("netmask ( RO)", column(row, "netmask")),
            ("gateway ( RO)", column(row, "gateway")),
            ("IPv6-configuration-mode ( RO)", "None".into()),
            ("DNS ( RO)", column(row, "DNS")),
            ("properties (MRO)", "gro: on".into()),
            ("carrier ( RO)", "true".into()),
            ("vendor-name ( RO)", "Intel Corporation".into()),
            ("speed ( RO)", "10000 Mbit/s".into()),
            ("duplex ( RO)", "full".into()),
            ("disallow-unplug ( RO)", "false".into()),
            (
                "pci-bus-path ( RO)",
                slot(host, row).unwrap_or("N/A").to_owned(),
            ),
            ("other-config (MRW)", String::new()),
        ]
    };
    let rows = host.dump.rows("PIF").iter();
    records(&rows.map(record).collect::<Vec<_>>())
}

pub(super) fn hosts(host: &FreshHost) -> String {
    let record = |row: &Row| {
        let metrics = column(row, "metrics");
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("name-label ( RW)", column(row, "name__label")),
            ("name-description ( RW)", column(row, "name__description")),
            ("enabled ( RO)", "true".into()),
            ("API-version-major ( RO)", column(row, "API_version__major")),
            ("API-version-minor ( RO)", column(row, "API_version__minor")),
            (
                "software-version (MRO)",
                map(&column(row, "software_version")),
            ),
            (
                "capabilities (SRO)",
                "xen-3.0-x86_64; hvm-3.0-x86_64".into(),
            ),
            ("other-config (MRW)", map(&column(row, "other_config"))),
            ("cpu_info (MRO)", map(&column(row, "cpu_info"))),
            ("hostname ( RO)", column(row, "hostname")),
            ("address ( RO)", column(row, "address")),
            (
                "memory-total ( RO)",
                of(host, "host_metrics", &metrics, "memory__total"),
            ),
            (
                "memory-free ( RO)",
                of(host, "host_metrics", &metrics, "memory__free"),
            ),
            ("host-metrics-live ( RO)", "true".into()),
            ("external-auth-type ( RO)", String::new()),
            ("edition ( RO)", column(row, "edition")),
            (
                "control-domain-uuid ( RO)",
                of(host, "VM", &column(row, "control_domain"), "uuid"),
            ),
        ]
    };
    let rows = host.dump.rows("host").iter();
    records(&rows.map(record).collect::<Vec<_>>())
}

pub(super) fn srs(host: &FreshHost) -> String {
    let name = column(host.row("host"), "name__label");
    let record = |row: &Row| {
        let shared = row.get("shared") == Some("true");
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("name-label ( RW)", column(row, "name__label")),
            ("name-description ( RW)", column(row, "name__description")),
            (
                "host ( RO)",
                if shared {
                    "<shared>".into()
                } else {
                    name.clone()
                },
            ),
            (
                "virtual-allocation ( RO)",
                column(row, "virtual_allocation"),
            ),
            (
                "physical-utilisation ( RO)",
                column(row, "physical_utilisation"),
            ),
            ("physical-size ( RO)", column(row, "physical_size")),
            ("type ( RO)", column(row, "type")),
            ("content-type ( RO)", column(row, "content_type")),
            ("shared ( RW)", column(row, "shared")),
            ("introduced-by ( RO)", NOWHERE.into()),
            ("is-tools-sr ( RO)", column(row, "is_tools_sr")),
            ("other-config (MRW)", map(&column(row, "other_config"))),
            ("sm-config (MRO)", map(&column(row, "sm_config"))),
        ]
    };
    let rows = host.dump.rows("SR").iter();
    records(&rows.map(record).collect::<Vec<_>>())
}

pub(super) fn networks(host: &FreshHost) -> String {
    let record = |row: &Row| {
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("name-label ( RW)", column(row, "name__label")),
            ("name-description ( RW)", column(row, "name__description")),
            ("MTU ( RW)", column(row, "MTU")),
            ("bridge ( RO)", column(row, "bridge")),
            ("managed ( RO)", "true".into()),
            ("other-config (MRW)", map(&column(row, "other_config"))),
        ]
    };
    let rows = host.dump.rows("network").iter();
    records(&rows.map(record).collect::<Vec<_>>())
}

pub(super) fn pools(host: &FreshHost) -> String {
    let record = |row: &Row| {
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("name-label ( RW)", column(row, "name_label")),
            ("name-description ( RW)", column(row, "name_description")),
            (
                "master ( RO)",
                of(host, "host", &column(row, "master"), "uuid"),
            ),
            (
                "default-SR ( RW)",
                of(host, "SR", &column(row, "default_SR"), "uuid"),
            ),
            ("other-config (MRW)", map(&column(row, "other_config"))),
            ("ha-enabled ( RO)", column(row, "ha_enabled")),
            ("cpu_info (MRO)", map(&column(row, "cpu_info"))),
        ]
    };
    let rows = host.dump.rows("pool").iter();
    records(&rows.map(record).collect::<Vec<_>>())
}

/// Without templates, as `xe vm-list` lists them.
pub(super) fn vms(host: &FreshHost) -> String {
    let record = |row: &Row| {
        vec![
            ("uuid ( RO)", column(row, "uuid")),
            ("name-label ( RW)", column(row, "name__label")),
            ("name-description ( RW)", column(row, "name__description")),
            ("is-a-template ( RW)", "false".into()),
            ("is-a-snapshot ( RO)", "false".into()),
            ("is-control-domain ( RO)", column(row, "is_control_domain")),
            (
                "power-state ( RO)",
                column(row, "power_state").to_lowercase(),
            ),
            ("other-config (MRW)", map(&column(row, "other_config"))),
        ]
    };
    let rows = host.dump.rows("VM").iter();
    let rows = rows.filter(|row| row.get("is_a_template") != Some("true"));
    records(&rows.map(record).collect::<Vec<_>>())
}
