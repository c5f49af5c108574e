//! The hosts that backups are made of: one of the pool of three, of some release and firmware.

use crate::content::uuid;
use crate::dump::{Card, Dump, DumpRecipe, Row, cards};
use crate::restore::{Scene, pairs};

/// What a host says of its release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// `PRODUCT_BRAND`.
    pub brand: &'static str,
    /// `PRODUCT_VERSION`.
    pub version: &'static str,
    /// `PRODUCT_VERSION_TEXT`.
    pub text: &'static str,
    /// `PLATFORM_VERSION`.
    pub platform: &'static str,
    /// `BUILD_NUMBER`.
    pub build: &'static str,
    /// Minor number of the schema of its database.
    pub schema: u32,
}

/// How a host starts, and what of that is in its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmware {
    /// `boot/efi` is a partition of its own.
    Uefi,
    /// `boot/grub/grub.cfg`, and `boot/efi` is empty.
    Bios,
    /// `boot/extlinux.conf`, as up to 6.5.
    Extlinux,
}

/// A kind of host.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    name: &'static str,
    description: &'static str,
    codes: &'static [&'static str],
    pub(super) product: Product,
    pub(super) firmware: Firmware,
    /// Which host of the pool; the first is its coordinator.
    pub(super) at: usize,
}

const XCP_NG_8_2: Product = Product {
    brand: "XCP-ng",
    version: "8.2.1",
    text: "8.2",
    platform: "3.2.1",
    build: "release/yangtze/master/58",
    schema: 603,
};

static VARIANTS: &[Variant] = &[
    Variant {
        name: "coordinator",
        description: "XCP-ng 8.2 with UEFI, the coordinator of a pool of three",
        codes: &[],
        product: XCP_NG_8_2,
        firmware: Firmware::Uefi,
        at: 0,
    },
    Variant {
        name: "member",
        description: "the same, a member of the pool",
        codes: &["host/member-only"],
        product: XCP_NG_8_2,
        firmware: Firmware::Uefi,
        at: 1,
    },
    Variant {
        name: "bios",
        description: "the same with BIOS, the coordinator",
        codes: &["host/fstab-line"],
        product: XCP_NG_8_2,
        firmware: Firmware::Bios,
        at: 0,
    },
    Variant {
        name: "xenserver-6.5",
        description: "XenServer 6.5 with BIOS: the old layout of the disk",
        codes: &["host/old-layout"],
        product: Product {
            brand: "XenServer",
            version: "6.5.0",
            text: "6.5",
            platform: "1.9.0",
            build: "90233c",
            schema: 72,
        },
        firmware: Firmware::Extlinux,
        at: 0,
    },
    Variant {
        name: "xenserver-7.0",
        description: "XenServer 7.0 with BIOS",
        codes: &["host/fstab-line"],
        product: Product {
            brand: "XenServer",
            version: "7.0.0",
            text: "7.0",
            platform: "2.1.0",
            build: "125380c",
            schema: 108,
        },
        firmware: Firmware::Bios,
        at: 0,
    },
    Variant {
        name: "xcp-ng-8.3",
        description: "XCP-ng 8.3 with UEFI",
        codes: &[],
        product: Product {
            brand: "XCP-ng",
            version: "8.3.0",
            text: "8.3",
            platform: "3.4.0",
            build: "cloud",
            schema: 783,
        },
        firmware: Firmware::Uefi,
        at: 0,
    },
];

impl Variant {
    /// Every kind of host.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        VARIANTS.iter()
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|variant| variant.name == name)
    }

    /// Its name, in kebab-case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, in one line.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// What is to be found in its backup beyond what is in every one; it may be but a note.
    #[must_use]
    pub fn codes(&self) -> &'static [&'static str] {
        self.codes
    }
}

/// A host with the database of its pool.
#[derive(Debug, Clone)]
pub struct Site {
    pub(super) variant: Variant,
    recipe: DumpRecipe,
    /// The database of the pool as the host has it on its disk.
    pub pool: Dump,
}

impl Site {
    pub(super) fn new(variant: Variant) -> Self {
        let scene = Scene::of_schema(variant.product.schema);
        let mut site = Self {
            variant,
            recipe: scene.recipe,
            pool: scene.pool,
        };
        site.install();
        site
    }

    /// All hosts of the pool are of the release.
    fn install(&mut self) {
        let product = self.variant.product;
        let set = [
            ("product_version", product.version),
            ("product_version_text", product.text),
            ("product_version_text_short", product.text),
            ("product_brand", product.brand),
            ("platform_version", product.platform),
            ("build_number", product.build),
        ];
        let hosts = self.pool.table_mut("host").map(|table| &mut table.rows);
        for host in hosts.into_iter().flatten() {
            let old = host.get("software_version").unwrap_or_default().to_owned();
            let new: Vec<(&str, &str)> = pairs(&old)
                .into_iter()
                .map(|(key, value)| {
                    let known = set.iter().find(|(known, _)| *known == key);
                    (key, known.map_or(value, |(_, value)| value))
                })
                .collect();
            host.set("software_version", crate::dump::value::map(&new));
        }
    }

    /// The bytes of the database, `later` generations on.
    ///
    /// # Panics
    ///
    /// Never: each database has a generation.
    #[must_use]
    pub fn database(&self, later: i64) -> Vec<u8> {
        let mut pool = self.pool.clone();
        let generation = pool.manifest_mut("generation_count").expect("a generation");
        let count: i64 = generation.parse().expect("a number");
        *generation = (count + later).to_string();
        let mut bytes = Vec::new();
        self.recipe
            .encode(&pool, &mut bytes)
            .expect("writing to memory does not fail");
        bytes
    }

    pub(super) fn host(&self) -> &Row {
        &self.pool.rows("host")[self.variant.at]
    }

    /// `host.uuid`.
    #[must_use]
    pub fn uuid(&self) -> &str {
        self.host().uuid()
    }

    /// The uuid of its control domain.
    ///
    /// # Panics
    ///
    /// Never: each host has one.
    #[must_use]
    pub fn control_domain(&self) -> &str {
        let own = &self.host().reference;
        let mut vms = self.pool.rows("VM").iter();
        let is_it = |row: &&Row| {
            row.get("is_control_domain") == Some("true") && row.get("resident_on") == Some(own)
        };
        vms.find(is_it).expect("a control domain").uuid()
    }

    /// Where the coordinator is.
    pub(super) fn coordinator(&self) -> &str {
        let address = self.pool.rows("host")[0].get("address");
        address.unwrap_or_default()
    }

    pub(super) fn address(&self) -> &str {
        self.host().get("address").unwrap_or_default()
    }

    pub(super) fn cards(&self) -> Vec<Card> {
        cards(self.recipe.seed, self.variant.at)
    }

    /// The disk it is installed on.
    pub(super) fn disk(&self) -> String {
        format!(
            "/dev/disk/by-id/scsi-3600508b1001c00{}",
            self.variant.at + 1
        )
    }

    /// Three uuids: the secret of the pool.
    pub(super) fn secret(&self) -> String {
        ["one", "two", "three"]
            .map(|part| uuid(self.recipe.seed, &format!("pool secret {part}")))
            .join("/")
    }

    /// A text that stands for a secret.
    pub(super) fn planted(&self, what: &str) -> String {
        format!("planted-{}", uuid(self.recipe.seed, what))
    }
}
