//! Nothing that was planted comes through, in whatever encoding, and everything else does.

use super::*;
use crate::db::DumpLimits;
use crate::secrets::plant::{self, Planted};
use crate::secrets::{in_database, in_export};
use crate::{db::write, export as ova};

const ALL: Options = Options {
    personal: true,
    names: true,
    addresses: true,
};

/// Not fit for anything but a test: different for different short texts, and that is all.
fn keyed(text: &str) -> [u8; 32] {
    let mut out = [0; 32];
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for (place, slot) in out.iter_mut().enumerate() {
        for byte in text.bytes().chain([place as u8]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        *slot = (state >> 32) as u8;
    }
    out
}

fn read(bytes: &[u8]) -> Database<'_> {
    Database::read(bytes, &DumpLimits::default()).unwrap()
}

fn redacted(bytes: &[u8], options: &Options) -> String {
    let database = read(bytes);
    let mut out = Vec::new();
    let _: ControlFlow<()> = dump(
        &database,
        &Style::of(&database),
        options,
        &mut StandIns::new(keyed),
        &mut |piece| {
            out.extend_from_slice(piece);
            ControlFlow::Continue(())
        },
    );
    String::from_utf8(out).unwrap()
}

fn redacted_ova(text: &str, options: &Options) -> String {
    let limits = Limits::default();
    let out = ova_xml(text.as_bytes(), &limits, options, &mut StandIns::new(keyed)).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_gone(out: &str, planted: &[Planted], options: &Options) {
    for one in planted {
        for (core, kind) in &one.cores {
            let gone = options.replace(*kind);
            assert_eq!(!out.contains(core), gone, "{:?} {kind:?} {core}", one.rule);
        }
    }
}

fn same_structure(before: &Database<'_>, after: &Database<'_>) {
    assert!(
        before
            .tables()
            .map(|table| table.name())
            .eq(after.tables().map(|table| table.name()))
    );
    assert!(
        before
            .manifest()
            .map(|(key, _)| key)
            .eq(after.manifest().map(|(key, _)| key))
    );
    assert_eq!(before.row_count(), after.row_count());
    for (a, b) in before.rows().zip(after.rows()) {
        assert_eq!(
            (a.reference(), a.uuid(), a.ctime(), a.mtime()),
            (b.reference(), b.uuid(), b.ctime(), b.mtime())
        );
        assert!(
            a.columns()
                .map(|(name, _)| name)
                .eq(b.columns().map(|(name, _)| name))
        );
    }
}

#[test]
fn no_planted_value_is_in_a_redacted_dump() {
    let planted = plant::all();
    for minor in [66, 790] {
        let dump = plant::dump(&planted, minor);
        for options in [
            Options::default(),
            ALL,
            Options {
                personal: false,
                ..Options::default()
            },
        ] {
            let out = redacted(dump.as_bytes(), &options);
            assert_gone(&out, &planted, &options);
            let (before, after) = (read(dump.as_bytes()), read(out.as_bytes()));
            same_structure(&before, &after);
            assert!(after.oddities().kept.is_empty(), "{:?}", after.oddities());
            assert_eq!(in_database(&after, Grade::Secret), []);
            // As its writer would have written it, and as it is the second time.
            assert_eq!(
                write::first_difference(&after, &Style::of(&after), out.as_bytes()),
                None
            );
            assert!(redacted(out.as_bytes(), &options) == out);
        }
    }
}

#[test]
fn no_planted_value_is_in_a_redacted_export() {
    let planted = plant::all();
    let document = plant::ova_xml(&planted);
    let parse = |text: &str| ova::parse(text.as_bytes(), &Limits::default()).unwrap();
    for options in [Options::default(), ALL] {
        let out = redacted_ova(&document, &options);
        assert_gone(&out, &planted, &options);
        let (before, after) = (parse(&document), parse(&out));
        assert_eq!(in_export(&after, Grade::Secret), []);
        assert_eq!(before.objects.len(), after.objects.len());
        for (a, b) in before.objects.iter().zip(&after.objects) {
            assert_eq!((&a.class, &a.id, a.uuid()), (&b.class, &b.id, b.uuid()));
        }
        assert!(redacted_ova(&out, &options) == out);
    }
}

#[test]
fn everything_else_of_an_export_stays_byte_for_byte() {
    let document = "<?xml version=\"1.0\"?>\n<value > <struct>\n<member><name>version</name><value/></member>\
         <member><name>Objects</name><value><array><data><value><struct><member><name>class</name><value>VTPM</value></member>\
         <member><name>id</name><value>Ref:1</value></member><member><name>snapshot</name><value><struct>\
         <member><name>vTPM'_content</name><value><string>c2Vj&#10;cmV0</string></value></member>\
         <member><name>name_label</name><value>&#65;&apos;</value></member></struct></value></member></struct></value>\
         </data></array></value></member></struct></value>\n";
    let stand_in = StandIns::new(keyed).text("c2Vj\ncmV0");
    let expected = document.replace("c2Vj&#10;cmV0", &stand_in);
    assert_eq!(redacted_ova(document, &Options::default()), expected);
}

#[test]
fn equal_values_get_equal_stand_ins_in_every_nesting() {
    let dump = "<database><manifest/><table name='VM'><row ref='a' xenstore_data=\"(('password' 'it\\'s'))\" \
         snapshot_metadata=\"(('xenstore_data' '((\\'password\\' \\'it\\\\\\'s\\'))'))\" PV__args=\"password=it's\" \
         last_booted_record=\"&lt;value&gt;&lt;struct&gt;&lt;member&gt;&lt;name&gt;xenstore_data&lt;/name&gt;&lt;value&gt;&lt;struct&gt;\
         &lt;member&gt;&lt;name&gt;password&lt;/name&gt;&lt;value&gt;it's&lt;/value&gt;&lt;/member&gt;&lt;/struct&gt;&lt;/value&gt;&lt;/member&gt;&lt;/struct&gt;&lt;/value&gt;\"/>\
         </table><table name='secret'><row ref='b' value=\"it's\"/><row ref='c' value='other'/></table></database>";
    let out = redacted(dump.as_bytes(), &Options::default());
    let stand_in = StandIns::new(keyed).text("it's");
    assert_eq!(out.matches(&stand_in).count(), 5, "{out}");
    assert_eq!(out.matches(STAND_IN_PREFIX).count(), 6);
}

#[test]
fn addresses_stay_addresses_everywhere() {
    let dump = "<database><manifest><pair key='pool_conf' value='slave:192.0.2.1'/></manifest><table name='PIF'>\
         <row ref='a' IP='192.0.2.1' MAC='00:16:3E:00:00:01' DNS='192.0.2.9,192.0.2.1' netmask='255.255.255.0' IPv6=\"('2001:db8::5/64')\"/></table>\
         <table name='console'><row ref='b' location='https://192.0.2.1/console?x=192.0.2.200'/></table>\
         <table name='VM'><row ref='c' PV__args='ip=192.0.2.1:x mac=00:16:3e:00:00:01 v6=[2001:DB8:0::5]' name__label='5.6.900.1'/></table>\
         <table name='PBD'><row ref='d' device_config=\"(('server' 'filer.example') ('target' '192.0.2.9'))\"/></table></database>";
    let options = Options {
        addresses: true,
        ..Options::default()
    };
    let out = redacted(dump.as_bytes(), &options);
    let after = read(out.as_bytes());
    let text = |table: &str, column: &str| {
        let row = after.table(table).unwrap().rows().next().unwrap();
        row.text(column).unwrap().into_owned()
    };
    let ip = text("PIF", "IP");
    assert!(ip.parse::<std::net::Ipv4Addr>().unwrap().is_private());
    let mac = text("PIF", "MAC");
    assert!(mac.starts_with("0A:58:53:"), "{mac}");
    let v6 = text("PIF", "IPv6");
    let v6 = v6
        .trim_start_matches("('")
        .trim_end_matches("/64')")
        .to_owned();
    assert!(v6.parse::<std::net::Ipv6Addr>().unwrap().is_unique_local());
    assert_eq!(
        after.manifest_value("pool_conf").unwrap(),
        format!("slave:{ip}")
    );
    let (dns, other) = (text("PIF", "DNS"), text("PBD", "device_config"));
    let (nine, one) = dns.split_once(',').unwrap();
    assert_eq!(one, ip);
    assert!(other.contains(&format!("('target' '{nine}')")));
    assert!(other.contains(&StandIns::new(keyed).text("filer.example")));
    // An address that no column of addresses holds is none that is known.
    assert_eq!(
        text("console", "location"),
        format!("https://{ip}/console?x=192.0.2.200")
    );
    assert_eq!(
        text("VM", "PV__args"),
        format!(
            "ip={ip}:x mac={} v6=[{}]",
            mac.to_lowercase(),
            v6.to_uppercase()
        )
    );
    assert_eq!(text("PIF", "netmask"), "255.255.255.0");
    assert_eq!(text("VM", "name__label"), "5.6.900.1");
}

#[test]
fn addresses_in_other_spellings_and_names_of_hosts() {
    let dump = "<database><manifest/><table name='PIF'><row ref='a' IP='192.0.2.7' MAC='aa:bb:cc:dd:ee:01' \
         DNS='dns1.corp.example,192.0.2.53 dns2' other_config=\"(('dash'%.'AA-BB-CC-DD-EE-01')%.('bare'%.'aabbccddee01')%.\
         ('dots'%.'aabb.ccdd.ee01')%.('domain'%.'corp.example')%.('iqn'%.'iqn.x:192.0.2.7.a')%.('hex'%.'dead.192.0.2.7')%.\
         ('xen01'%.'on%.xen01.lan'))\" uuid='61b6ac70-9062-fe58-bb77-aabbccddee01'/></table>\
         <table name='host'><row ref='b' hostname='xen01.corp.example' name__label='xen01' enabled='true'/></table>\
         <table name='VM'><row ref='c' power_state='xen01' affinity='xen01' name__label='xen01' PV__args='a%.XEN01:b'/></table></database>";
    let all = redacted(dump.as_bytes(), &ALL);
    for gone in [
        "192.0.2.7",
        "dns1",
        "dns2",
        "192.0.2.53",
        "AA-BB",
        "'aabb",
        "aabb.",
        "corp.example",
        "xen01.",
        "on xen01",
        "XEN01",
    ] {
        assert!(!all.contains(gone), "{gone} {all}");
    }
    for kept in [
        "uuid=\"61b6ac70-9062-fe58-bb77-aabbccddee01\"",
        "power_state=\"xen01\"",
        "affinity=\"xen01\"",
        "('xen01' 'on redacted-",
        "('dash' '0A-58-53-",
        "('bare' '0a5853",
        "('dots' '0a58.53",
    ] {
        assert!(all.contains(kept), "{kept} {all}");
    }
    let name = StandIns::new(keyed).text("xen01");
    assert_eq!(all.matches(&name).count(), 4, "{all}");
    assert!(
        redacted(
            all.as_bytes(),
            &Options {
                addresses: false,
                ..ALL
            }
        ) == all
    );

    let addresses = Options {
        addresses: true,
        ..Options::default()
    };
    let out = redacted(dump.as_bytes(), &addresses);
    assert!(out.contains("xen01.lan") && out.contains("'corp.example'"));
}

#[test]
fn names_of_hosts_in_an_export() {
    let field = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value>{value}</value></member>")
    };
    let object = |class: &str, fields: &str| {
        let snapshot = field("snapshot", &format!("<struct>{fields}</struct>"));
        let head = field("class", class) + &field("id", "Ref:1");
        format!("<value><struct>{head}{snapshot}</struct></value>")
    };
    let vm = field("affinity", "xen01") + &field("PV_args", "on xen01");
    let objects = object("host", &field("hostname", "xen01")) + &object("VM", &vm);
    let document = format!(
        "<value><struct><member><name>objects</name><value><array><data>{objects}</data></array></value></member></struct></value>"
    );
    let options = Options {
        names: true,
        ..Options::default()
    };
    let name = StandIns::new(keyed).text("xen01");
    let expected = document.replace("on xen01", &format!("on {name}")).replace(
        "<name>hostname</name><value>xen01",
        &format!("<name>hostname</name><value>{name}"),
    );
    assert_eq!(redacted_ova(&document, &options), expected);
}

#[test]
fn nothing_to_redact_is_nothing_changed() {
    let dump = "<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"790\"/>\
         <pair key=\"generation_count\" value=\"9\"/></manifest><table name=\"VM\"><row ref=\"a\" __ctime=\"1\" __mtime=\"2\" \
         PV__args=\"ro%.quiet\" other_config=\"(('a'%.'b%.c'))\"/></table></database>";
    assert_eq!(redacted(dump.as_bytes(), &ALL), dump);
}
