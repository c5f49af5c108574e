//! Faults of the file: checks 1 to 13.

use super::RestoreFault as Fault;
use super::edit::{NOWHERE, first, insert, named, reference, row, set_key, vm};
use crate::dump::{Dump, DumpKind, Row, Table, stub};
use crate::dump::{DumpRecipe, Extent};
use crate::restore::Scene;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        1,
        "closing-tag-missing",
        "the dump has no </database>",
        |scene| {
            scene.cut = Some(|bytes| {
                bytes.truncate(bytes.len().checked_sub("</database>".len())?);
                Some(())
            });
            Some(())
        },
    ),
    Fault::new(
        1,
        "not-well-formed",
        "a control character in the description of a host",
        |scene| {
            scene.cut = Some(|bytes| {
                let text = b"Default%.install";
                let same = |window: &[u8]| window == text;
                let at = bytes.windows(text.len()).position(same)?;
                *bytes.get_mut(at)? = 7;
                Some(())
            });
            Some(())
        },
    ),
    Fault::new(
        2,
        "rolling-upgrade-stub",
        "the stand-in of a rolling upgrade",
        |scene| {
            scene.recipe.kind = DumpKind::Stub;
            scene.pool = stub();
            Some(())
        },
    )
    .unlinked(),
    Fault::new(
        3,
        "secret-removed",
        "the value of one secret is REMOVED",
        |scene| first(&mut scene.pool, "secret", |row| row.set("value", "REMOVED")),
    ),
    Fault::new(
        3,
        "redacted-copy",
        "the dump is written as the bug tool writes it",
        |scene| {
            scene.recipe.kind = DumpKind::Bugtool;
            scene.pool = scene.recipe.tree()?;
            Some(())
        },
    ),
    Fault::new(4, "schema-older", "the manifest says 602", |scene| {
        "602".clone_into(scene.pool.manifest_mut("schema_minor_vsn")?);
        Some(())
    }),
    Fault::new(
        4,
        "schema-newer-by-number",
        "the manifest says 604; columns are those of 603",
        |scene| {
            "604".clone_into(scene.pool.manifest_mut("schema_minor_vsn")?);
            Some(())
        },
    ),
    Fault::new(
        4,
        "schema-newer",
        "a pool of XenServer 8, schema 783",
        |scene| {
            scene.recipe = DumpRecipe {
                extent: Extent::ThreeHostsQuiet,
                ..DumpRecipe::new(783)
            };
            scene.pool = scene.recipe.tree()?;
            Some(())
        },
    ),
    Fault::new(4, "schema-major", "the manifest says 4.603", |scene| {
        "4".clone_into(scene.pool.manifest_mut("schema_major_vsn")?);
        Some(())
    }),
    Fault::new(
        5,
        "other-vendor",
        "the coordinator ran Citrix Hypervisor of the same schema",
        |scene| {
            coordinator(scene, |row| {
                set_key(
                    row,
                    "software_version",
                    "product_brand",
                    "Citrix Hypervisor",
                )
            })
        },
    ),
    Fault::new(
        5,
        "other-build",
        "the coordinator ran another build",
        |scene| {
            coordinator(scene, |row| {
                set_key(
                    row,
                    "software_version",
                    "build_number",
                    "release/yangtze/master/44",
                )
            })
        },
    ),
    Fault::new(
        6,
        "column-unknown",
        "VM rows have a column flavour",
        |scene| {
            let rows = &mut scene.pool.table_mut("VM")?.rows;
            rows.iter_mut().for_each(|row| row.set("flavour", "plain"));
            Some(())
        },
    ),
    Fault::new(
        6,
        "table-unknown",
        "a table Blueprint with a row",
        |scene| {
            let mut row = scene.pool.rows("role").first()?.clone();
            row.reference = NOWHERE.to_owned();
            row.set("_ref", NOWHERE);
            row.set("uuid", "00000000-dead-4000-8000-000000000005");
            scene.pool.tables.insert(
                0,
                Table {
                    name: "Blueprint".to_owned(),
                    rows: vec![row],
                },
            );
            Some(())
        },
    ),
    Fault::new(
        6,
        "column-missing",
        "SR rows have no type, which has no default",
        |scene| {
            let rows = &mut scene.pool.table_mut("SR")?.rows;
            rows.iter_mut().for_each(|row| {
                row.columns.remove("type");
            });
            Some(())
        },
    ),
    Fault::new(
        7,
        "set-undecodable",
        "VM.tags of web lacks the closing bracket",
        |scene| {
            vm(&mut scene.pool, "web", |row| {
                row.set("tags", "('production'");
            })
        },
    ),
    Fault::new(
        7,
        "map-undecodable",
        "VM.platform of web has an entry without a value",
        |scene| {
            vm(&mut scene.pool, "web", |row| {
                row.set("platform", "(('acpi'))");
            })
        },
    ),
    Fault::new(
        8,
        "coordinator-dangling",
        "pool.master names no row",
        |scene| first(&mut scene.pool, "pool", |row| row.set("master", NOWHERE)),
    ),
    Fault::new(
        8,
        "two-pools",
        "two rows in table pool, the first as it was",
        |scene| {
            let mut row = scene.pool.rows("pool").first()?.clone();
            "OpaqueRef:ffffffff-dead-4000-8000-000000000004".clone_into(&mut row.reference);
            let own = row.reference.clone();
            row.set("_ref", own);
            row.set("uuid", "00000000-dead-4000-8000-000000000004");
            scene.pool.table_mut("pool")?.rows.push(row);
            Some(())
        },
    ),
    Fault::new(
        9,
        "control-domain-dangling",
        "host.control_domain of the coordinator names no row",
        |scene| {
            named(&mut scene.pool, "host", "xcp-1", |row| {
                row.set("control_domain", NOWHERE);
            })
        },
    ),
    Fault::new(
        10,
        "uuid-twice",
        "a network with the uuid of the VM web",
        |scene| {
            let uuid = row(&scene.pool, "VM", "web")?.uuid().to_owned();
            named(&mut scene.pool, "network", "Storage", |row| {
                row.set("uuid", uuid);
            })
        },
    ),
    Fault::new(
        10,
        "ref-twice",
        "a role with the ref of a driver",
        |scene| {
            let reference = scene.pool.rows("SM").first()?.reference.clone();
            first(&mut scene.pool, "role", |row| {
                row.set("_ref", &*reference);
                row.reference = reference;
            })
        },
    ),
    Fault::new(
        10,
        "ref-differs",
        "_ref of the role is not its ref",
        |scene| first(&mut scene.pool, "role", |row| row.set("_ref", NOWHERE)),
    ),
    Fault::new(
        11,
        "pif-listed-missing",
        "host.PIFs of the coordinator names a PIF that is not there",
        |scene| {
            named(&mut scene.pool, "host", "xcp-1", |row| {
                let listed = row.get("PIFs").unwrap_or_default();
                let listed = listed.replace(')', &format!(" '{NOWHERE}')"));
                row.set("PIFs", listed);
            })
        },
    )
    .unlinked(),
    Fault::new(
        11,
        "pif-not-listed",
        "host.PIFs of the coordinator lacks eth3",
        |scene| {
            let own = reference(&scene.pool, "host", "xcp-1")?;
            let is_it =
                |row: &&Row| row.get("host") == Some(&own) && row.get("device") == Some("eth3");
            let pif = scene.pool.rows("PIF").iter().find(is_it)?.reference.clone();
            named(&mut scene.pool, "host", "xcp-1", |row| {
                let listed = row.get("PIFs").unwrap_or_default();
                let listed = listed.replace(&format!("'{pif}'"), "").replace("  ", " ");
                row.set("PIFs", listed.replace("( ", "(").replace(" )", ")"));
            })
        },
    )
    .unlinked(),
    Fault::new(
        12,
        "reference-dangling",
        "VIF.VM of the interface of web names no row",
        |scene| {
            let web = reference(&scene.pool, "VM", "web")?;
            let is_it = |row: &Row| row.get("VM") == Some(&web);
            scene.pool.row_mut("VIF", is_it)?.set("VM", NOWHERE);
            Some(())
        },
    ),
    Fault::new(
        12,
        "ctime-after-mtime",
        "the VM web was changed before it was made",
        |scene| vm(&mut scene.pool, "web", |row| row.modified = row.created - 1),
    ),
    Fault::new(
        13,
        "roll-back",
        "the target is a later state of the same pool",
        |scene| {
            same_pool(&scene.pool, &mut scene.host.dump)?;
            "1000000".clone_into(scene.host.dump.manifest_mut("generation_count")?);
            Some(())
        },
    ),
];

/// The host is in the pool of the dump.
pub(super) fn same_pool(pool: &Dump, host: &mut Dump) -> Option<()> {
    let uuid = pool.rows("pool").first()?.uuid().to_owned();
    first(host, "pool", |row| row.set("uuid", uuid))
}

fn coordinator(scene: &mut Scene, edit: impl FnOnce(&mut Row) -> Option<()>) -> Option<()> {
    let mut done = None;
    named(&mut scene.pool, "host", "xcp-1", |row| done = edit(row))?;
    done
}

/// Adds a row to the pool of a scene.
pub(super) fn add(
    scene: &mut Scene,
    table: &str,
    label: &str,
    columns: &[(&str, String)],
) -> Option<String> {
    insert(&mut scene.pool, scene.recipe.schema, table, label, columns)
}
