//! Faults of uuids, and of what the pool was: checks 14 to 23.

use super::RestoreFault as Fault;
use super::edit::{first, named, row};
use super::file::{add, same_pool};
use crate::dump::value::set;
use crate::restore::Scene;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        14,
        "no-installation-uuid",
        "the inventory lacks INSTALLATION_UUID",
        |scene| scene.host.installation_uuid.take().map(|_| ()),
    ),
    Fault::new(
        14,
        "no-control-domain-uuid",
        "the inventory lacks CONTROL_DOMAIN_UUID",
        |scene| scene.host.control_domain_uuid.take().map(|_| ()),
    ),
    Fault::new(
        15,
        "uuid-of-vm",
        "the host has the uuid of the VM web",
        |scene| {
            let uuid = row(&scene.pool, "VM", "web")?.uuid().to_owned();
            scene.host.identify(&uuid, None)
        },
    ),
    Fault::new(
        15,
        "former-member",
        "the host kept the uuids of the member xcp-2",
        |scene| became(scene, "xcp-2"),
    ),
    Fault::new(
        16,
        "former-coordinator",
        "the host kept the uuids of the coordinator",
        |scene| became(scene, "xcp-1"),
    ),
    Fault::new(
        17,
        "same-pool",
        "the host is in the pool of the dump",
        |scene| same_pool(&scene.pool, &mut scene.host.dump),
    ),
    Fault::new(18, "ha-enabled", "high availability was on", |scene| {
        first(&mut scene.pool, "pool", |row| row.set("ha_enabled", "true"))
    }),
    Fault::new(
        18,
        "ha-metadata-left",
        "ha_metadata.db is on the host",
        |scene| left(scene, "ha_metadata.db"),
    ),
    Fault::new(
        18,
        "gen-metadata-left",
        "gen_metadata.db is on the host",
        |scene| left(scene, "gen_metadata.db"),
    ),
    Fault::new(
        18,
        "ha-armed",
        "the local database of the host says that HA is armed",
        |scene| {
            scene.host.ha_armed = true;
            Some(())
        },
    ),
    Fault::new(
        19,
        "clustered",
        "the pool is a cluster of its three hosts",
        |scene| {
            let cluster = add(scene, "Cluster", "cluster", &[])?;
            let mut members = Vec::new();
            for host in ["xcp-1", "xcp-2", "xcp-3"] {
                let own = row(&scene.pool, "host", host)?.reference.clone();
                let is_it = |pif: &&crate::dump::Row| {
                    pif.get("host") == Some(&own) && pif.get("device") == Some("eth3")
                };
                let pif = scene.pool.rows("PIF").iter().find(is_it)?.reference.clone();
                let columns = [
                    ("cluster", cluster.clone()),
                    ("host", own),
                    ("PIF", pif),
                    ("enabled", "true".to_owned()),
                    ("joined", "true".to_owned()),
                ];
                members.push(add(scene, "Cluster_host", host, &columns)?);
            }
            first(&mut scene.pool, "Cluster", |row| {
                row.set("cluster_hosts", set(members));
            })
        },
    ),
    Fault::new(
        20,
        "directory-joined",
        "the coordinator was joined to a directory",
        |scene| {
            named(&mut scene.pool, "host", "xcp-1", |row| {
                row.set("external_auth_type", "AD");
                row.set("external_auth_service_name", "example.net");
            })
        },
    ),
    Fault::new(
        21,
        "tls-verification",
        "certificates are verified within the pool",
        |scene| {
            first(&mut scene.pool, "pool", |row| {
                row.set("tls_verification_enabled", "true");
            })
        },
    )
    .at(783),
    Fault::new(
        22,
        "secret-rotation-pending",
        "a change of the pool secret was not done",
        |scene| {
            first(&mut scene.pool, "pool", |row| {
                row.set("is_psr_pending", "true");
            })
        },
    ),
    Fault::new(
        23,
        "other-edition",
        "the coordinator had another licence edition",
        |scene| {
            named(&mut scene.pool, "host", "xcp-1", |row| {
                row.set("edition", "enterprise-per-socket");
            })
        },
    ),
];

/// The host has the uuids of this host of the pool.
fn became(scene: &mut Scene, name: &str) -> Option<()> {
    let host = row(&scene.pool, "host", name)?;
    let uuid = host.uuid().to_owned();
    let control_domain = host.get("control_domain")?;
    let mut vms = scene.pool.rows("VM").iter();
    let control_domain = vms.find(|vm| vm.reference == control_domain)?;
    let control_domain = control_domain.uuid().to_owned();
    scene.host.identify(&uuid, Some(&control_domain))
}

fn left(scene: &mut Scene, name: &str) -> Option<()> {
    scene.host.files.insert(name.to_owned()).then_some(())
}
