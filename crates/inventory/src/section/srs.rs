//! The section `srs`.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{bytes, flag, int, list, natural, number, section, text};
use crate::view::{Pool, Sr};
use crate::{Relation, Relations};

pub(super) fn srs(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("type", "type"),
        flag("shared", "shared").rank(1),
        bytes("size", "size").rank(2),
        bytes("used", "used").rank(6),
        int("disks", "disks").rank(4),
        int("hosts", "hosts").rank(7),
        flag("default", "default").rank(5),
        list("device_config", "device config").rank(3),
        text("content_type", "content").rank(9),
        bytes("allocated", "allocated").rank(10),
        text("description", "description").rank(11),
        text("uuid", "uuid").rank(8),
    ]);
    let has_pbds = relations.store().count("PBD") > 0;
    let default = Pool::of(relations.store()).and_then(|pool| pool.0.link("default_SR"));
    let mut srs: Vec<Sr<'_>> = relations.store().of_class("SR").map(Sr).collect();
    srs.sort_by_cached_key(|sr| (sr.is_of_media(), natural(&sr.0.title()), sr.0.reference()));
    for sr in srs {
        let record = sr.0;
        let hosts = relations.of(Relation::PbdsOfSr, &record).len();
        table.rows.push(vec![
            Cell::text(record.title()),
            record.filled("type").into(),
            record.bool("shared").into(),
            sr.size().into(),
            sr.used().into(),
            number(relations.of(Relation::VdisOfSr, &record).len()),
            // Exports hold none, so it would always be 0.
            match hosts {
                0 if !has_pbds => Cell::None,
                n => number(n),
            },
            match default {
                Some(ref default) => Cell::Bool(*default == record.reference()),
                None => Cell::None,
            },
            Cell::List(sr.device_config(relations)),
            record.filled("content_type").into(),
            record.count("virtual_allocation").into(),
            record.filled("name_description").into(),
            record.uuid().into(),
        ]);
    }
    section("srs", "Storage repositories", table)
}
