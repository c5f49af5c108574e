//! The keys of the inventory that a restore needs, and who needs each (`formats/host-backup.md` sections 5.1, 5.2 and 7).

use xenspect_host::inventory::Inventory;
use xenspect_model::{Code, Severity};

use super::Backup;
use super::inventory::{about, is_before_7};
use super::ruling::{Point, Ruling, SINCE_8_2, UP_TO_8_2};

/// Who looks a key up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Installer,
    /// Installers of the generation of 8.2 and before only.
    OldInstaller,
    /// Installers of later generations only.
    NewInstaller,
    Xapi,
}

impl Reader {
    const fn name(self) -> &'static str {
        match self {
            Self::Installer => "installer",
            Self::OldInstaller => UP_TO_8_2,
            Self::NewInstaller => SINCE_8_2,
            Self::Xapi => "xapi",
        }
    }

    /// The value as this reader has it.
    fn value(self, inventory: &Inventory, key: &str) -> Option<String> {
        let value = match self {
            Self::Xapi => inventory.xapi(key),
            _ => inventory.installer(key),
        };
        value.map(str::to_owned)
    }
}

/// A key that somebody needs.
struct Need {
    key: &'static str,
    reader: Reader,
    point: Point,
    /// An empty value is as bad as none. The installer tells the two apart where it only shows the value.
    not_empty: bool,
}

const fn need(key: &'static str, reader: Reader, point: Point, not_empty: bool) -> Need {
    Need {
        key,
        reader,
        point,
        not_empty,
    }
}

/// Those that do not depend on others.
const NEEDS: [Need; 8] = [
    need("PLATFORM_VERSION", Reader::Installer, Point::Listing, true),
    need("PRIMARY_DISK", Reader::Installer, Point::Listing, true),
    need("BUILD_NUMBER", Reader::OldInstaller, Point::Listing, false),
    need("PARTITION_LAYOUT", Reader::Installer, Point::Reading, false),
    need("PRODUCT_BRAND", Reader::Installer, Point::Finishing, false),
    need("INSTALLATION_UUID", Reader::Xapi, Point::Starting, true),
    need("CONTROL_DOMAIN_UUID", Reader::Xapi, Point::Starting, true),
    // A bridge may be empty on purpose: the host has no management interface then.
    need("MANAGEMENT_INTERFACE", Reader::Xapi, Point::Starting, false),
];

pub(super) fn check(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) {
    // No installer that is meant here lists backups of 6.x, which is told by itself.
    let is_old = is_before_7(inventory);
    let brand_is_told = !is_old && names(backup, inventory, ruling);
    for need in &NEEDS {
        let is_told = need.key == "PRODUCT_BRAND" && brand_is_told;
        if !(is_told || is_old && need.reader != Reader::Xapi) {
            look_up(backup, inventory, need, ruling);
        }
    }
}

fn look_up(backup: &Backup<'_>, inventory: &Inventory, need: &Need, ruling: &mut Ruling) {
    let value = need.reader.value(inventory, need.key);
    if value.is_some_and(|value| !(need.not_empty && value.is_empty())) {
        return;
    }
    let finding = about(backup, Code::HostInventoryKey)
        .fact("key", need.key)
        .fact("reader", need.reader.name());
    match need.reader {
        Reader::Installer | Reader::Xapi => ruling.stop(need.point, finding),
        Reader::OldInstaller => {
            ruling.taken_only(SINCE_8_2, need.point, finding.severity(Severity::Warning));
        }
        Reader::NewInstaller => {
            ruling.taken_only(UP_TO_8_2, need.point, finding.severity(Severity::Warning));
        }
    }
}

/// The names of product and version, which the installer shows. True if the brand was told as missing.
fn names(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) -> bool {
    let has = |key: &str| inventory.installer(key).is_some();
    let mut needs = Vec::new();
    let listing = |key, reader| need(key, reader, Point::Listing, false);
    let brand = has("PRODUCT_NAME") && !has("PRODUCT_BRAND");
    if brand {
        needs.push(listing("PRODUCT_BRAND", Reader::Installer));
    }
    if !has("PRODUCT_NAME") && !has("PLATFORM_NAME") {
        needs.push(listing("PRODUCT_NAME", Reader::Installer));
    }
    if !has("OEM_VERSION") {
        needs.push(listing("PRODUCT_VERSION", Reader::Installer));
        needs.push(listing("PRODUCT_VERSION_TEXT", Reader::NewInstaller));
    }
    for need in &needs {
        look_up(backup, inventory, need, ruling);
    }
    brand
}
