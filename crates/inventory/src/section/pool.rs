//! The section `pool`.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{flag, list, number, section, text, title};
use crate::Relations;
use crate::view::Pool;

pub(super) fn pool(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("coordinator", "coordinator"),
        text("default_sr", "default SR"),
        flag("ha_enabled", "HA"),
        text("ha_cluster_stack", "HA stack").rank(5),
        flag("redo_log_enabled", "redo log").rank(4),
        text("suspend_sr", "suspend SR").rank(6),
        text("crash_dump_sr", "crash SR").rank(7),
        flag("tls_verification", "TLS verified").rank(3),
        flag("wlb_enabled", "WLB").rank(8),
        super::int("vswitch_controllers", "vSwitch").rank(9),
        list("tags", "tags").rank(2),
        text("description", "description").rank(10),
        text("uuid", "uuid").rank(1),
    ]);
    let controllers = relations.store().count("SDN_controller");
    for record in relations.store().of_class("pool") {
        let pool = Pool(record);
        table.rows.push(vec![
            record.name().into(),
            title(pool.coordinator()),
            title(pool.default_sr()),
            pool.ha_enabled().into(),
            record.filled("ha_cluster_stack").into(),
            record.bool("redo_log_enabled").into(),
            title(record.follow("suspend_image_SR")),
            title(record.follow("crash_dump_SR")),
            record.bool("tls_verification_enabled").into(),
            record.bool("wlb_enabled").into(),
            match controllers {
                0 => Cell::None,
                n => number(n),
            },
            super::names(record.set("tags").unwrap_or_default()),
            record.filled("name_description").into(),
            record.uuid().into(),
        ]);
    }
    section("pool", "Pool", table)
}
