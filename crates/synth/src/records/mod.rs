//! The objects of `ova.xml` as xapi exports one VM: ids, order and edits of `formats/xva.md`
//! sections 3.2 and 3.3. The fields of each class are in the files below; which of them a release has
//! follows the data model's history.

mod host;
mod network;
mod storage;
mod vm;

use std::collections::BTreeSet;

use crate::content::uuid;
use crate::document::{Document, Object};
use crate::recipe::{Kind, Recipe};
use crate::release::Release;
use crate::xmlrpc::{Fields, Value};

pub(crate) const NULL: &str = "OpaqueRef:NULL";
const EPOCH: &str = "19700101T00:00:00Z";

/// A block device in allocation order.
pub(crate) struct VbdIds {
    pub(crate) vbd: String,
    /// `OpaqueRef:NULL` for an empty drive.
    pub(crate) vdi: String,
    /// Index into [`Recipe::disks`]; `None` for a CD drive.
    pub(crate) disk: Option<usize>,
}

/// The ids of one export, in the order xapi hands them out.
pub(crate) struct Ids {
    vm: String,
    /// VIF and its network.
    vifs: Vec<(String, String)>,
    pub(crate) vbds: Vec<VbdIds>,
    disk_sr: String,
    iso_sr: String,
    vtpm: String,
    /// VDI and SR of the memory image.
    pub(crate) suspend: Option<(String, String)>,
    metrics: String,
    guest_metrics: String,
    /// What a null `resident_on` is written as: an id without an object.
    null_host: String,
    affinity: String,
}

impl Ids {
    pub(crate) fn allocate(recipe: &Recipe) -> Self {
        let reserved: BTreeSet<u64> = recipe.disks.iter().filter_map(|disk| disk.id).collect();
        let mut counter = recipe.first_id;
        let mut next = || {
            while reserved.contains(&counter) {
                counter += 1;
            }
            counter += 1;
            format!("Ref:{}", counter - 1)
        };
        let vm = next();
        let vifs = (0..recipe.vifs).map(|_| (next(), next())).collect();
        let (mut disk_sr, mut iso_sr) = (String::new(), String::new());
        let mut vbds = Vec::new();
        for (ordinal, disk) in recipe.disks.iter().enumerate() {
            let vbd = next();
            let vdi = disk.id.map_or_else(&mut next, |id| format!("Ref:{id}"));
            if disk_sr.is_empty() {
                disk_sr = next();
            }
            vbds.push(VbdIds {
                vbd,
                vdi,
                disk: Some(ordinal),
            });
        }
        if recipe.cd_image {
            vbds.push(VbdIds {
                vbd: next(),
                vdi: next(),
                disk: None,
            });
            iso_sr = next();
        }
        if recipe.empty_cd {
            vbds.push(VbdIds {
                vbd: next(),
                vdi: NULL.to_owned(),
                disk: None,
            });
        }
        let vtpm = if recipe.vtpm { next() } else { String::new() };
        let suspend = recipe.suspend_image.map(|_| {
            let vdi = next();
            if disk_sr.is_empty() {
                disk_sr = next();
            }
            (vdi, disk_sr.clone())
        });
        let metrics = if recipe.release >= Release::V26_1 {
            next()
        } else {
            NULL.to_owned()
        };
        let guest_metrics = next();
        let null_host = next();
        let affinity = if recipe.host {
            next()
        } else {
            null_host.clone()
        };
        Self {
            vm,
            vifs,
            vbds,
            disk_sr,
            iso_sr,
            vtpm,
            suspend,
            metrics,
            guest_metrics,
            null_host,
            affinity,
        }
    }
}

/// What every record writer needs.
struct Scene<'a> {
    recipe: &'a Recipe,
    ids: Ids,
    /// Whether power state and attached flags are kept (`formats/xva.md` section 13).
    preserve: bool,
}

impl Scene<'_> {
    fn uuid(&self, label: &str) -> String {
        uuid(self.recipe.seed, label)
    }

    /// A reference of the source pool that nobody cleared, or null.
    fn leftover(&self, label: &str) -> String {
        if self.recipe.leftovers {
            format!("OpaqueRef:{}", self.uuid(label))
        } else {
            NULL.to_owned()
        }
    }

    fn has(&self, release: Release) -> bool {
        self.recipe.release >= release
    }
}

/// Collects the fields of one record in order.
#[derive(Default)]
struct Record {
    fields: Fields,
}

impl Record {
    fn put(&mut self, name: &str, value: Value) -> &mut Self {
        self.fields.push((name.to_owned(), value));
        self
    }

    fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.put(name, Value::text(text))
    }

    fn int(&mut self, name: &str, number: i64) -> &mut Self {
        self.put(name, Value::Int(number))
    }

    /// Sizes are below 2^63 by the format.
    fn bytes(&mut self, name: &str, number: u64) -> &mut Self {
        self.int(name, i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn flag(&mut self, name: &str, flag: bool) -> &mut Self {
        self.put(name, Value::Bool(flag))
    }

    fn map(&mut self, name: &str, pairs: &[(&str, &str)]) -> &mut Self {
        self.put(name, Value::map(pairs))
    }

    fn set<S: Into<String>>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.put(name, Value::set(items))
    }

    fn none(&mut self, name: &str) -> &mut Self {
        self.put(name, Value::Array(Vec::new()))
    }

    fn date(&mut self, name: &str, text: &str) -> &mut Self {
        self.put(name, Value::Date(text.to_owned()))
    }

    /// The two fields every class with operations has, emptied on export.
    fn operations(&mut self) -> &mut Self {
        self.none("allowed_operations")
            .map("current_operations", &[])
    }

    fn object(self, class: &str, id: &str) -> Object {
        Object {
            class: class.to_owned(),
            id: id.to_owned(),
            snapshot: self.fields,
        }
    }
}

/// The tree of one export.
pub(crate) fn document(recipe: &Recipe) -> Document {
    let scene = Scene {
        recipe,
        ids: Ids::allocate(recipe),
        preserve: recipe.suspend_image.is_some() || recipe.kind == Kind::MetadataOnly,
    };
    let mut objects = Vec::new();
    if recipe.host {
        objects.push(host::host(&scene));
    }
    objects.push(vm::vm(&scene));
    if scene.has(Release::V26_1) {
        objects.push(vm::metrics(&scene));
    }
    objects.push(vm::guest_metrics(&scene));
    // Inside a class the order follows database references, that is, nothing a reader may rely on.
    objects.extend(
        scene
            .ids
            .vbds
            .iter()
            .enumerate()
            .rev()
            .map(|(at, vbd)| storage::vbd(&scene, at, vbd)),
    );
    objects.extend((0..recipe.vifs).rev().map(|at| network::vif(&scene, at)));
    objects.extend(
        (0..recipe.vifs)
            .rev()
            .map(|at| network::network(&scene, at)),
    );
    objects.extend(storage::vdis(&scene));
    objects.extend(storage::srs(&scene));
    if recipe.vtpm {
        objects.push(vm::vtpm(&scene));
    }
    Document {
        version: Some(recipe.release.version(recipe.export_vsn)),
        objects: Some(objects),
        spelling: recipe.release.spelling(),
    }
}
