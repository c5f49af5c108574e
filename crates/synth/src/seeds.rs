//! Small inputs for the fuzz targets: whole archives, headers, checksum texts, documents, pool databases and the texts of
//! their values.

use std::fs;
use std::io;
use std::path::Path;

use crate::dump::redo_log::{Change, Device, Half, Records};
use crate::dump::{DumpFault, DumpKind, DumpRecipe, Extent, apply_dump};
use crate::envelope::Envelope;
use crate::fault::{Fault, apply};
use crate::header::{Header, HeaderStyle};
use crate::host_backup::{self, HostBackup};
use crate::member::Role;
use crate::recipe::Recipe;
use crate::sum::SumKind;

/// Longest archive worth giving to a fuzzer, in bytes.
const LARGEST_ARCHIVE: usize = 300_000;
/// Longest pool database worth giving to a fuzzer, in bytes.
const LARGEST_DUMP: usize = 60_000;

/// Writes the seeds into `archive`, `header`, `sum`, `sidecar`, `ova`, `table`, `dump`, `redo`, `value` and `host` below a directory.
///
/// # Errors
///
/// Those of the file system.
pub fn write_all(directory: &Path) -> io::Result<()> {
    for (kind, name, bytes) in seeds() {
        let folder = directory.join(kind);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// Folder, file name and bytes of every seed.
#[must_use]
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    archives(&mut seeds);
    headers(&mut seeds);
    sums(&mut seeds);
    sidecars(&mut seeds);
    documents(&mut seeds);
    dumps(&mut seeds);
    redo_logs(&mut seeds);
    values(&mut seeds);
    hosts(&mut seeds);
    host_backups(&mut seeds);
    seeds
}

type Seeds = Vec<(&'static str, String, Vec<u8>)>;

fn archives(seeds: &mut Seeds) {
    let small = [
        "tiny",
        "tiny-blocks",
        "small-sha1",
        "export-vsn-1",
        "export-vsn-0",
        "per-disk-export",
        "metadata-only",
    ];
    for name in
        small
            .into_iter()
            .chain(["xva-version-1", "no-disks", "vtpm-nvram", "host-leftovers"])
    {
        seeds.extend(
            Recipe::named(name).map(|recipe| ("archive", format!("{name}.xva"), recipe.build())),
        );
    }
    for (name, envelope) in Envelope::NAMES {
        let recipe = Recipe::named("tiny-blocks").map(|recipe| Recipe { envelope, ..recipe });
        seeds.extend(
            recipe.map(|recipe| ("archive", format!("tiny-blocks.{name}"), recipe.build())),
        );
    }
    // A fault is tried on small grounds; those that need a large one are left to the tests.
    for fault in Fault::all() {
        for name in ["tiny-blocks", "export-vsn-1"] {
            let Some(mut recipe) = Recipe::named(name) else {
                continue;
            };
            recipe.envelope = match fault.name() {
                name if name.starts_with("gzip") => Envelope::GzipMembers(4096),
                name if name.starts_with("zstd") => Envelope::ZstdFrames(4096),
                _ => Envelope::Plain,
            };
            if let Ok(bytes) = apply(&recipe, fault)
                && bytes.len() <= LARGEST_ARCHIVE
            {
                seeds.push(("archive", format!("{}.xva", fault.name()), bytes));
                break;
            }
        }
    }
}

fn headers(seeds: &mut Seeds) {
    let styles = [
        ("old", HeaderStyle::XapiOld),
        ("new", HeaderStyle::XapiNew),
        ("tar-stream", HeaderStyle::TarStream),
        ("ustar", HeaderStyle::Ustar),
        ("gnu", HeaderStyle::Gnu),
    ];
    for (style_name, style) in styles {
        for (member, size) in [
            ("ova.xml", 20_000),
            ("Ref:4/00000000", 1_048_576),
            ("Ref:4/00000000.xxhash", 16),
        ] {
            let name = format!("{style_name}-{}", member.replace(['/', ':'], "_"));
            seeds.push((
                "header",
                name,
                Header::new(style).encode(member.as_bytes(), size).to_vec(),
            ));
        }
    }
    let mut base_256 = [0; 12];
    base_256[0] = 0x80;
    base_256[9] = 0x10;
    let header = Header {
        size_field: Some(base_256),
        ..Header::new(HeaderStyle::Gnu)
    };
    seeds.push((
        "header",
        "gnu-base-256".to_owned(),
        header.encode(b"Ref:4/00000000", 0).to_vec(),
    ));
}

fn sums(seeds: &mut Seeds) {
    for (name, kind) in [("sha1", SumKind::Sha1), ("xxh64", SumKind::Xxh64)] {
        let text = kind.text(b"abc");
        seeds.push(("sum", name.to_owned(), text.clone().into_bytes()));
        seeds.push((
            "sum",
            format!("{name}-line-end"),
            format!("{text}\n").into_bytes(),
        ));
        seeds.push((
            "sum",
            format!("{name}-lower"),
            text.to_lowercase().into_bytes(),
        ));
        seeds.push((
            "sum",
            format!("{name}-short"),
            text.as_bytes()[1..].to_vec(),
        ));
    }
}

/// What lies beside archives.
fn sidecars(seeds: &mut Seeds) {
    let sha1 = SumKind::Sha1.text(b"abc");
    let (md5, sha256) = (&sha1[..32], format!("{sha1}{}", &sha1[..24]));
    let vm = "xo-vm-backups/vm";
    let texts = [
        ("list", format!("{sha256}  a.xva\n{sha256} *./sub/b.xva\r\n{sha1}  /mnt/c.xva\n# by hand\nnonsense\n")),
        ("list-zero", format!("{sha256}  a\nb\0{md5}  c\\d\0")),
        ("list-tagged", format!("SHA256 (a.xva) = {sha256}\n\\MD5 (b\\nc) = {md5}\nSHA2-256(d)= {sha256}\n")),
        ("lone", format!("{sha256}\n")),
        ("checksum", format!("$1$${md5}")),
        ("checksum-sha256", format!("$5$${sha256}")),
        ("full", r#"{"jobId":"j","mode":"full","timestamp":1793491200000,"vm":{"name_label":"web"},"xva":"./n.xva","size":5}"#.to_owned()),
        ("delta", r#"{"mode":"delta","vhds":{"OpaqueRef:1":"vdis/j/v/n.vhd"},"size":5}"#.to_owned()),
        ("listing", format!("{vm}/n.json\n{vm}/n.xva\n{vm}/.m.xva\n{vm}.lock\n{vm}/vdis/j/v/n.vhd\nxo-config-backups/s/t/data.json\nencryption.json\n")),
    ];
    for (name, text) in texts {
        seeds.push(("sidecar", name.to_owned(), text.into_bytes()));
    }
}

fn documents(seeds: &mut Seeds) {
    for (name, _) in Recipe::names() {
        let document = Recipe::named(name).and_then(|recipe| recipe.document());
        seeds.extend(
            document.map(|tree| ("ova", format!("{name}.xml"), tree.to_xml().into_bytes())),
        );
    }
    let legacy = Recipe::named("export-vsn-1")
        .map(|recipe| recipe.members())
        .unwrap_or_default();
    let table = legacy.into_iter().find(|member| member.role == Role::Table);
    seeds.extend(table.map(|member| ("table", "checksum.xml".to_owned(), member.payload)));
}

/// Dumps of a few rows: what a fuzzer can change much of in little time.
const SMALL_DUMPS: [(&str, &str); 5] = [
    (
        "tiny-603",
        r#"<?xml version="1.0" encoding="UTF-8"?>
<database><manifest><pair key="schema_major_vsn" value="5"/><pair key="schema_minor_vsn" value="603"/><pair key="generation_count" value="90"/></manifest><table name="PBD"><row ref="OpaqueRef:4" __ctime="1" __mtime="2" _ref="OpaqueRef:4" SR="OpaqueRef:3" device_config="(('chappassword'%.'a%.b')%.('target'%.'192.0.2.7'))" host="OpaqueRef:1" uuid="u4"/></table><table name="SR"><row ref="OpaqueRef:3" __ctime="1" __mtime="2" PBDs="('OpaqueRef:4')" VDIs="('OpaqueRef:5')" _ref="OpaqueRef:3" name__label="disks%.%%" type="lvmoiscsi" uuid="u3"/></table><table name="VBD"><row ref="OpaqueRef:7" __ctime="3" __mtime="4" VDI="OpaqueRef:5" VM="OpaqueRef:6" _ref="OpaqueRef:7" type="Disk" userdevice="0" uuid="u7"/></table><table name="VDI"><row ref="OpaqueRef:5" __ctime="3" __mtime="4" SR="OpaqueRef:3" VBDs="('OpaqueRef:7')" _ref="OpaqueRef:5" name__label="disk" snapshot_time="19700101T00:00:00Z" uuid="u5" virtual_size="1048576"/></table><table name="VIF"><row ref="OpaqueRef:9" __ctime="3" __mtime="4" MAC="00:16:3e:00:00:01" VM="OpaqueRef:6" _ref="OpaqueRef:9" device="0" network="OpaqueRef:8" uuid="u9"/></table><table name="VM"><row ref="OpaqueRef:6" __ctime="3" __mtime="90" VBDs="('OpaqueRef:7')" VIFs="('OpaqueRef:9')" _ref="OpaqueRef:6" memory__static_max="1073741824" name__label="web" other_config="(('folder'%.'/a')%.('mac_seed'%.'it\'s'))" power_state="Running" resident_on="OpaqueRef:1" snapshots="('OpaqueRef:a')" uuid="u6"/><row ref="OpaqueRef:a" __ctime="5" __mtime="5" _ref="OpaqueRef:a" is_a_snapshot="true" is_a_template="true" name__label="before" snapshot_metadata="(('uuid'%.'u6')%.('NVRAM'%.'((\'EFI-variables\'%.\'AAAA\'))'))" snapshot_of="OpaqueRef:6" uuid="ua"/></table><table name="event"/><table name="host"><row ref="OpaqueRef:1" __ctime="1" __mtime="80" _ref="OpaqueRef:1" address="192.0.2.1" name__label="h1" software_version="(('product_version'%.'8.2.1')%.('db_schema'%.'5.603'))" uuid="u1"/></table><table name="network"><row ref="OpaqueRef:8" __ctime="1" __mtime="1" VIFs="('OpaqueRef:9')" _ref="OpaqueRef:8" bridge="xenbr0" name__label="net" uuid="u8"/></table><table name="pool"><row ref="OpaqueRef:2" __ctime="1" __mtime="9" _ref="OpaqueRef:2" default_SR="OpaqueRef:3" master="OpaqueRef:1" name_label="p" uuid="u2"/></table><table name="secret"><row ref="OpaqueRef:b" __ctime="1" __mtime="1" _ref="OpaqueRef:b" other_config="()" uuid="ub" value="hidden"/></table></database>"#,
    ),
    (
        "tiny-61",
        "<database><manifest><pair key=\"pool_token\" value=\"a/b/c\"/><pair key=\"schema_major_vsn\" value=\"5\"/>\
         <pair key=\"schema_minor_vsn\" value=\"61\"/><pair key=\"generation_count\" value=\"3\"/></manifest>\r\n  \
         <table name=\"pool\">\r\n<row ref=\"OpaqueRef:2\" uuid=\"u2\" name_label=\"a b%_c\" master=\"OpaqueRef:1\" wlb_password=\"x\"/>\
         </table><table name=\"VM\"/></database>\n",
    ),
    (
        "tiny-unusual",
        "<?xml version='1.0' encoding='latin1'?><!-- c --><!DOCTYPE database [<!ENTITY a 'b'>]><database><table name='VM'>\
         <row ref='1' _ref='2' uuid='' a='&a;&#65;&amp;' a='twice'/>text<row/><x><y/></x></table>\
         <manifest><pair key='generation_count' value='x'/><pair/></manifest><table name='VM'><row ref='1'/></table></database>behind",
    ),
    (
        "tiny-cut",
        "<database><manifest><pair key=\"schema_minor_vsn\" value=\"66\"/></manifest><table name=\"VM\"><row ref=\"1\" name__la",
    ),
    ("tiny-empty", "<database><manifest/></database>"),
];

/// One host, one VM.
fn small_pool() -> DumpRecipe {
    DumpRecipe {
        extent: Extent::Small,
        ..DumpRecipe::new(603)
    }
}

fn dumps(seeds: &mut Seeds) {
    for (name, text) in SMALL_DUMPS {
        seeds.push(("dump", format!("{name}.xml"), text.as_bytes().to_vec()));
    }
    for schema in [61, 63, 72, 603, 783] {
        let recipe = DumpRecipe {
            schema,
            ..small_pool()
        };
        seeds.push(("dump", format!("small-{schema}.xml"), recipe.build()));
    }
    for (name, kind) in [("bugtool", DumpKind::Bugtool), ("stub", DumpKind::Stub)] {
        let recipe = DumpRecipe {
            kind,
            ..small_pool()
        };
        seeds.push(("dump", format!("{name}.xml"), recipe.build()));
    }
    for fault in DumpFault::all() {
        let default = fault.default_recipe();
        let folder = match default.kind {
            DumpKind::RedoLog(_) => "redo",
            _ => "dump",
        };
        let recipe = DumpRecipe {
            extent: Extent::Small,
            ..default
        };
        if let Ok(bytes) = apply_dump(&recipe, fault)
            && bytes.len() <= LARGEST_DUMP
        {
            seeds.push((folder, fault.name().to_owned(), bytes));
        }
    }
}

fn redo_logs(seeds: &mut Seeds) {
    let recipe = DumpRecipe {
        kind: DumpKind::RedoLog(Half::First),
        ..small_pool()
    };
    seeds.push(("redo", "small".to_owned(), recipe.build()));
    let text = str::to_owned;
    let changes = [
        Change::Write(
            text("VM"),
            text("OpaqueRef:6"),
            text("name__label"),
            text("new name"),
        ),
        Change::Create(
            text("network"),
            text("OpaqueRef:c"),
            vec![
                (text("uuid"), text("uc")),
                (text("other_config"), text("(('a' 'b'))")),
            ],
        ),
        Change::Delete(text("secret"), text("OpaqueRef:b")),
    ];
    for (name, dump) in SMALL_DUMPS {
        let mut bytes = Vec::new();
        let device = Device {
            valid: Half::First,
            first: Records {
                marker: text("6f1c1a34-5b1d-4a3c-9a39-6f4a8f5d0c11"),
                database: dump.as_bytes().to_vec(),
                generation: 90,
                changes: (91..).zip(changes.clone()).collect(),
            },
            second: None,
        };
        device
            .write_to(&mut bytes)
            .expect("writing to memory does not fail");
        seeds.push(("redo", name.to_owned(), bytes));
    }
}

fn values(seeds: &mut Seeds) {
    let texts = [
        ("set", "('a'%.'b%.c'%.'')"),
        ("set-spaces", "('a' 'b  c')"),
        ("map", "(('k'%.'v')%.('k2'%.'it\\'s \\\\'))"),
        (
            "nested",
            "(('NVRAM'%.'((\\'EFI-variables\\'%.\\'AA==\\'))'))",
        ),
        ("double-quotes", "(('a' 'x\\\"y'))"),
        ("symbols", "(a (b 'c') \"d\" ())"),
        ("open", "(('a' 'b'"),
        ("entities", "&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&nbsp;&"),
        ("protected", "a%.b%_c%t%n%r%%%x%"),
        ("date", "20240131T23:59:59Z"),
        ("number", "-9223372036854775808"),
        ("truth", "true"),
        ("null", "OpaqueRef:NULL"),
    ];
    for (name, text) in texts {
        seeds.push(("value", name.to_owned(), text.as_bytes().to_vec()));
    }
}

/// Each text file of a host with a byte in front, which the target that reads it takes for the choice of a name.
/// A host backup with databases of nothing, plain and in gzip.
fn host_backups(seeds: &mut Seeds) {
    let mut backup = HostBackup::named("coordinator").expect("a host of that name");
    for path in [host_backup::DUMP, host_backup::STATE] {
        let put = backup.put(path, "<database/>");
        debug_assert!(put.is_some());
    }
    for (name, envelope) in [("plain", Envelope::Plain), ("gzip", Envelope::Gzip)] {
        backup.envelope = envelope;
        seeds.push(("archive", format!("host-backup.{name}"), backup.bytes()));
    }
}

fn hosts(seeds: &mut Seeds) {
    for (number, (name, bytes)) in (0..).zip(crate::restore::fresh_host().folder()) {
        let mut seed: Vec<u8> = vec![number];
        seed.extend(bytes.into_iter().filter(|byte| *byte != 0).take(8000));
        seeds.push(("host", name.replace('/', "-"), seed));
    }
}
