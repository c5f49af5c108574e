//! A made-up host backup: what its files tell.

use std::collections::BTreeMap;

use xenspect_archive::tar::{self, Trailing};
use xenspect_inventory::{holds_secrets, into_newest_database, newest_database, of, secrets};
use xenspect_model::Catalog;
use xenspect_model::catalog::{
    Dump, EmbeddedDatabase, EmbeddedState, Ending, Facts, FileTable, FolderSize, HostBackup, Names,
    Rewritten, Uncompared,
};
use xenspect_model::diff::{FileKind, FileState};
use xenspect_model::inventory::{Cell, Inventory};
use xenspect_model::report::{Envelope, Kind};
use xenspect_xapi::db::{Database, DumpLimits};

const DUMP: &str = "var/backup/pool-database-2024-05-31--13-07-09";
const FILES: [(&str, &[u8]); 9] = [
    (
        "etc/xensource-inventory",
        b"PRODUCT_BRAND='XCP-ng'\nPRODUCT_VERSION='8.3.0'\nPLATFORM_NAME='XCP'\nPLATFORM_VERSION='3.4.0'\n\
          BUILD_NUMBER='cloud'\nINSTALLATION_DATE='2021-08-03 16:39:24.077945'\n\
          INSTALLATION_UUID='u-host'\nPRIMARY_DISK='/dev/disk/by-id/scsi-1'\n\
          BACKUP_PARTITION='/dev/disk/by-id/scsi-1-part2'\nPARTITION_LAYOUT='ROOT,BACKUP,LOG,BOOT,SWAP,SR'\n\
          MANAGEMENT_INTERFACE='xenbr0'\n",
    ),
    ("etc/xensource/pool.conf", b"slave:10.71.0.1\n"),
    (
        "etc/firstboot.d/data/management.conf",
        b"LABEL='eth0'\nMODE='static'\nIP='10.71.0.2'\nNETMASK='255.255.255.0'\n",
    ),
    (
        "etc/firstboot.d/data/default-storage.conf",
        b"XSPARTITIONS='/dev/disk/by-id/scsi-1-part3'\nXSTYPE='lvm'\n",
    ),
    (
        "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf",
        b"# rules\neth0: mac = \"aa:00:00:00:00:01\"\neth1:ppn=\"em2\"\n",
    ),
    (
        "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json",
        b"# made by a machine\n{\"lastboot\": [[\"aa:00:00:00:00:02\", \"0000:03:00.1\", \"eth1\"], [\"x\"]], \"old\": []}",
    ),
    (
        "var/lib/xcp/networkd.db",
        br#"{"interface_config": {"xenbr0": {"ipv4_conf": ["Static4", [["10.71.0.2", 24]]], "ipv4_gateway": "10.71.0.254", "dns": [["10.71.0.53"], []], "mtu": 1500}},
            "bridge_config": {"xenbr0": {"ports": {"bond0": {"interfaces": ["eth0", "eth1"], "bond_properties": [["mode", "balance-slb"]]}}},
                              "xapi1": {"vlan": ["xenbr0", 12], "ports": {}}},
            "interface_order": [{"name": "eth0", "position": 0, "mac": "aa:00:00:00:00:01", "pci": "0000:03:00.0", "present": true}]}"#,
    ),
    (
        "etc/xensource/installed-repos/xs:main/XS-REPOSITORY",
        br#"<repository originator="xs" name="main" version="8.3.0" build="58"></repository>"#,
    ),
    (
        "etc/xensource/xapi-ssl.pem",
        include_bytes!("data/xapi-ssl.pem"),
    ),
];

fn file(len: u64) -> FileState {
    FileState {
        is: FileKind::File,
        len: Some(len),
        sha256: None,
        link: None,
        mode: "0600".to_owned(),
        owner: "0:0".to_owned(),
    }
}

fn database(path: &str, generation: u32) -> EmbeddedDatabase {
    let text = format!(
        r#"<database><manifest><pair key="schema_major_vsn" value="5"/><pair key="schema_minor_vsn" value="603"/><pair key="generation_count" value="{generation}"/></manifest><table name="pool"><row ref="OpaqueRef:p" name_label="lab"/></table><table name="VM"><row ref="OpaqueRef:v" name__label="web"/></table><table name="secret"><row ref="OpaqueRef:s" uuid="u-secret" value="planted"/></table></database>"#
    );
    embedded(path, text.as_bytes())
}

fn embedded(path: &str, text: &[u8]) -> EmbeddedDatabase {
    let database = Database::from_vec(text.to_vec(), &DumpLimits::default()).unwrap();
    EmbeddedDatabase {
        path: path.to_owned(),
        offset: 1024,
        modified: None,
        state: EmbeddedState::Read(Box::new(Dump {
            kind: Kind::PoolDb,
            envelope: Envelope::Plain,
            bytes: 0,
            stream_bytes: 0,
            database,
            redo_log: None,
            rewritten: Rewritten::NotCompared(Uncompared::NotAsked),
            readable_by_others: false,
            facts: Facts::new(1),
            interrupted: false,
        })),
    }
}

fn backup() -> HostBackup {
    let mut tree = FileTable::default();
    for (path, bytes) in FILES {
        tree.files.insert(path.to_owned(), file(bytes.len() as u64));
        tree.contents.insert(path.to_owned(), bytes.to_vec());
    }
    for path in ["etc/shadow", DUMP] {
        tree.files.insert(path.to_owned(), file(7));
    }
    let sizes = [("usr", 9 << 30), ("etc", 1 << 20)];
    let folders = sizes.map(|(name, bytes)| (name.to_owned(), FolderSize { members: 2, bytes }));
    HostBackup {
        envelope: Envelope::Gzip,
        bytes: 4096,
        stream_bytes: 10_240,
        members: 11,
        first_member: b"./".to_vec(),
        tree,
        places: BTreeMap::new(),
        newest_file: Some(1_717_160_829),
        folders: folders.into(),
        databases: vec![database("var/lib/xcp/state.db", 41), database(DUMP, 42)],
        names: Names::default(),
        facts: Facts::new(1),
        ending: Ending::Tar(tar::Ending::Complete),
        trailing: Trailing::default(),
        frames_without_checksum: false,
        readable_by_others: false,
    }
}

fn shown(backup: HostBackup) -> Inventory {
    of("host.xbk", &Catalog::Host(Box::new(backup)))
}

fn fact(inventory: &Inventory, name: &str) -> String {
    let item = inventory.summary.iter().find(|item| item.name == name);
    match item.map(|item| &item.value) {
        Some(Cell::Text(text)) => text.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn column(inventory: &Inventory, section: &str, column: &str) -> Vec<Cell> {
    let table = &inventory.section(section).expect(section).table;
    let at = table.position(column).expect(column);
    table.rows.iter().map(|row| row[at].clone()).collect()
}

fn texts(inventory: &Inventory, section: &str, name: &str) -> Vec<String> {
    let cells = column(inventory, section, name).into_iter();
    cells
        .map(|cell| match cell {
            Cell::Text(text) | Cell::Time(text) => text,
            Cell::List(texts) => texts.join(" "),
            Cell::Int(number) => number.to_string(),
            _ => String::new(),
        })
        .collect()
}

#[test]
fn the_summary_tells_the_host() {
    let inventory = shown(backup());
    assert_eq!(inventory.kind, Some(Kind::HostBackup));
    assert_eq!(inventory.error, None);
    for (name, value) in [
        ("product", "XCP-ng 8.3.0"),
        ("platform", "XCP 3.4.0"),
        ("build", "cloud"),
        ("host_uuid", "u-host"),
        ("pool_role", "member of 10.71.0.1"),
        (
            "management",
            "xenbr0 on eth0 and eth1, 10.71.0.2/24, static, gateway 10.71.0.254",
        ),
        ("newest_file", "2024-05-31T13:07:09Z"),
        ("sensitive", "3 files; `xenspect secrets` lists them"),
        ("primary_disk", "/dev/disk/by-id/scsi-1"),
        ("layout", "ROOT,BACKUP,LOG,BOOT,SWAP,SR"),
        (
            "unpacked",
            "9217 MiB in 11 members: 51 % of 18 GiB, 226 % of 4 GiB (a partition up to 6.x)",
        ),
    ] {
        assert_eq!(fact(&inventory, name), value, "{name}");
    }
    assert!(fact(&inventory, "records").contains(DUMP));
}

#[test]
fn sections_tell_the_rest() {
    let inventory = shown(backup());
    assert_eq!(
        texts(&inventory, "disks", "key"),
        [
            "PRIMARY_DISK",
            "BACKUP_PARTITION",
            "PARTITION_LAYOUT",
            "XSPARTITIONS",
            "XSTYPE"
        ]
    );
    // What says the same of a NIC is one row.
    for (column, expected) in [
        ("name", ["eth0", "eth1", "eth1"]),
        ("mac", ["aa:00:00:00:00:01", "", "aa:00:00:00:00:02"]),
        ("pci", ["0000:03:00.0", "", "0000:03:00.1"]),
        ("rules", ["static networkd", "static", "last boot"]),
        ("other", ["", "ppn em2", ""]),
        ("bridge", ["xenbr0"; 3]),
        ("bond", ["bond0"; 3]),
    ] {
        assert_eq!(texts(&inventory, "nics", column), expected, "{column}");
    }
    for (column, expected) in [
        ("name", ["xapi1", "xenbr0"]),
        ("kind", ["VLAN", "bond"]),
        ("vlan", ["12", ""]),
        ("of", ["xenbr0", ""]),
        ("interfaces", ["", "eth0 eth1"]),
        ("bond_mode", ["", "balance-slb"]),
        ("mode", ["", "static"]),
        ("addresses", ["", "10.71.0.2/24"]),
        ("gateway", ["", "10.71.0.254"]),
        ("dns", ["", "10.71.0.53"]),
        ("mtu", ["", "1500"]),
    ] {
        assert_eq!(texts(&inventory, "networkd", column), expected, "{column}");
    }
    assert_eq!(texts(&inventory, "packages", "name"), ["main"]);
    assert_eq!(texts(&inventory, "packages", "version"), ["8.3.0"]);
    assert_eq!(texts(&inventory, "folders", "folder"), ["usr", "etc"]);
    assert_eq!(texts(&inventory, "folders", "percent"), ["50", "1"]);
    assert_eq!(
        texts(&inventory, "folders", "percent_before_7"),
        ["225", "1"]
    );
    assert_eq!(texts(&inventory, "databases", "generation"), ["41", "42"]);
    assert_eq!(
        texts(&inventory, "sensitive", "paths"),
        ["etc/shadow", "etc/xensource/xapi-ssl.pem", DUMP]
    );
}

#[test]
fn certificates_are_told_without_the_key() {
    let inventory = shown(backup());
    assert_eq!(
        texts(&inventory, "certificates", "subject"),
        ["CN=host1.example.org"]
    );
    let [until] = &*texts(&inventory, "certificates", "not_after") else {
        panic!("one certificate");
    };
    assert!(until.ends_with('Z') && until.len() == 20, "{until}");
    let [Cell::Int(days)] = &*column(&inventory, "certificates", "days_left") else {
        panic!("a number of days");
    };
    assert!(*days > 0);
    let until = until.split('T').next().unwrap();
    assert_eq!(
        fact(&inventory, "certificate"),
        format!("xapi-ssl.pem valid until {until}, {days} days after the newest file")
    );
    let text = serde_json::to_string(&inventory).unwrap();
    assert!(!text.contains("planted"), "{text}");
}

#[test]
fn a_certificate_that_was_over_is_told() {
    let mut late = backup();
    late.newest_file = Some(4_000_000_000);
    let inventory = shown(late);
    assert_eq!(
        texts(&inventory, "certificates", "remark"),
        ["expired when the backup was made"]
    );
    assert!(fact(&inventory, "certificate").ends_with("which was over when the backup was made"));
    // Without a time nothing is left or over.
    let mut timeless = backup();
    timeless.newest_file = None;
    let inventory = shown(timeless);
    assert_eq!(
        column(&inventory, "certificates", "days_left"),
        [Cell::None]
    );
    assert_eq!(texts(&inventory, "certificates", "remark"), [""]);
}

#[test]
fn packages_are_those_of_yum_and_the_rest_is_said() {
    let mut host = backup();
    let sum = "0123456789abcdef0123456789abcdef01234567";
    for path in [
        format!("var/lib/yum/yumdb/x/{sum}-xapi-core-1.249.36-1.1.xcpng8.2-x86_64"),
        format!("var/lib/yum/yumdb/x/{sum}-xapi-core-1.249.36-1.1.xcpng8.2-x86_64/reason"),
        "var/lib/yum/yumdb/version".to_owned(),
        "var/lib/rpm/Packages".to_owned(),
    ] {
        host.tree.files.insert(path, file(1));
    }
    let inventory = shown(host);
    assert_eq!(texts(&inventory, "rpms", "name"), ["xapi-core"]);
    assert_eq!(texts(&inventory, "rpms", "release"), ["1.1.xcpng8.2"]);
    assert_eq!(
        fact(&inventory, "rpms"),
        "1 installed by yum (--table rpms); the list in var/lib/rpm/Packages is not read"
    );
}

#[test]
fn the_host_has_the_name_that_its_database_knows() {
    let mut host = backup();
    let dump = br#"<database><manifest><pair key="generation_count" value="50"/></manifest><table name="host">
        <row ref="OpaqueRef:h" _ref="OpaqueRef:h" uuid="u-host" name__label="host-1" address="10.71.0.2"/></table></database>"#;
    host.databases = vec![embedded(DUMP, dump)];
    assert_eq!(fact(&shown(host), "host"), "host-1 (10.71.0.2)");
}

#[test]
fn without_a_configuration_the_installer_is_asked() {
    let mut old = backup();
    old.tree.contents.remove("var/lib/xcp/networkd.db");
    let inventory = shown(old);
    assert_eq!(fact(&inventory, "management"), "xenbr0, 10.71.0.2");
    assert!(texts(&inventory, "networkd", "name").is_empty());
}

#[test]
fn secrets_are_told_by_their_places() {
    let listed = secrets(
        "host.xbk".to_owned(),
        &Catalog::Host(Box::new(backup())),
        false,
    );
    let files = listed
        .secrets
        .iter()
        .filter(|secret| secret.class == "file");
    let files: Vec<_> = files.map(|secret| secret.reference.as_str()).collect();
    assert_eq!(files, ["etc/shadow", "etc/xensource/xapi-ssl.pem", DUMP]);
    let rows = listed
        .secrets
        .iter()
        .filter(|secret| secret.class == "secret");
    let rows: Vec<_> = rows.map(|secret| secret.member.as_deref()).collect();
    assert_eq!(rows, [Some("var/lib/xcp/state.db"), Some(DUMP)]);
    assert!(!serde_json::to_string(&listed).unwrap().contains("planted"));
}

#[test]
fn the_newest_database_is_taken() {
    let mut backup = backup();
    assert_eq!(newest_database(&backup).unwrap().0, DUMP);
    backup.databases.push(database("var/lib/xcp/state.db", 43));
    assert_eq!(newest_database(&backup).unwrap().0, "var/lib/xcp/state.db");
    backup.databases.push(database(DUMP, 43));
    assert_eq!(newest_database(&backup).unwrap().0, DUMP);
    backup.databases.clear();
    assert!(newest_database(&backup).is_none());
}

#[test]
fn a_backup_that_is_cut_says_so() {
    let mut cut = backup();
    cut.tree.incomplete = true;
    cut.databases[1].state = EmbeddedState::Cut;
    let inventory = shown(cut);
    assert!(inventory.error.is_some());
    assert_eq!(
        texts(&inventory, "databases", "remark"),
        ["", "the archive ends inside of it"]
    );
    let told: Vec<_> = inventory
        .summary
        .iter()
        .filter(|item| item.name == "database")
        .map(|item| format!("{:?}", item.value))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[1].contains(DUMP) && told[1].contains("ends inside"),
        "{told:?}"
    );
    let mut none = backup();
    none.databases.clear();
    assert_eq!(
        fact(&shown(none), "database"),
        "none: there is no pool database in it"
    );
}

#[test]
fn an_empty_tree_has_all_sections() {
    let mut empty = backup();
    empty.tree = FileTable::default();
    empty.databases.clear();
    empty.folders.clear();
    let inventory = shown(empty);
    assert_eq!(inventory.sections.len(), 11);
    assert!(
        inventory
            .sections
            .iter()
            .all(|section| section.table.rows.is_empty())
    );
}

#[test]
fn paths_with_secrets_are_known_in_all_spellings() {
    for path in [
        "etc/shadow",
        "./etc/shadow",
        "././etc/shadow",
        "/etc/shadow",
        "etc//shadow",
        "etc/./shadow",
        "etc/../etc/shadow",
        "../etc/shadow",
        "./etc/xensource/ptoken",
    ] {
        assert!(holds_secrets(path).is_some(), "{path}");
    }
    for path in ["./etc/fstab", "etc/shadow/../fstab", ".", "", "ova.xml"] {
        assert!(holds_secrets(path).is_none(), "{path}");
    }
}

#[test]
fn the_newest_database_can_be_taken_out() {
    let mut backup = backup();
    let (path, dump) = into_newest_database(&mut backup).unwrap();
    assert_eq!(
        (path.as_str(), dump.database.generation()),
        (DUMP, Some(42))
    );
    assert_eq!(backup.databases.len(), 1);
}

#[test]
fn files_that_are_cut_or_damaged_are_no_danger() {
    let rows = |inventory: &Inventory| {
        for section in &inventory.sections {
            for row in &section.table.rows {
                assert_eq!(row.len(), section.table.columns.len(), "{}", section.name);
            }
        }
    };
    for (path, bytes) in FILES {
        for at in 0..bytes.len() {
            let mut cut = backup();
            cut.databases.clear();
            let contents = cut.tree.contents.get_mut(path).unwrap();
            // Cut at every other place, and damaged at the others.
            if at % 2 == 0 {
                contents.truncate(at);
            } else {
                contents[at] ^= 0x91;
            }
            rows(&shown(cut));
        }
    }
}

#[test]
fn long_texts_are_cut() {
    let mut long = backup();
    let text = "x".repeat(100_000);
    for (path, contents) in [
        (
            "etc/xensource-inventory",
            format!("PRODUCT_BRAND='{text}'\nMANAGEMENT_INTERFACE='{text}'\n"),
        ),
        ("etc/xensource/pool.conf", format!("slave:{text}")),
        (
            "var/lib/xcp/networkd.db",
            format!(
                r#"{{"interface_config": {{"{text}": {{"ipv4_conf": ["{text}", [["{text}", 24]]], "ipv4_gateway": "{text}"}}}},
                    "bridge_config": {{"{text}": {{"ports": {{"{text}": {{"interfaces": ["{text}", "eth0"]}}}}}}}}}}"#
            ),
        ),
        ("etc/fstab", format!("/{text} /{text} ext3")),
    ] {
        long.tree
            .contents
            .insert(path.to_owned(), contents.into_bytes());
    }
    let json = serde_json::to_string(&shown(long)).unwrap();
    assert!(json.len() < 50_000, "{}", json.len());
}
