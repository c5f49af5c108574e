//! What differs from one exporting release to the next (`formats/xva.md` section 10).

use crate::header::HeaderStyle;
use crate::sum::SumKind;
use crate::xmlrpc::{Fields, Spelling, Value};

/// The exporting release, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Release {
    /// XenServer 4.0, the only one with the forms of section 9.
    V4_0,
    /// XenServer 6.2.
    V6_2,
    /// XenServer 7.0.
    V7_0,
    /// Citrix Hypervisor 8.0.
    V8_0,
    /// XCP-ng 8.2.
    V8_2,
    /// XCP-ng 8.3 as released (xapi 24.19).
    V8_3,
    /// XCP-ng 8.3 with the updates of 2026 (xapi 26.1).
    V26_1,
}

impl Release {
    /// Every release, oldest first.
    pub const ALL: [Self; 7] = [
        Self::V4_0,
        Self::V6_2,
        Self::V7_0,
        Self::V8_0,
        Self::V8_2,
        Self::V8_3,
        Self::V26_1,
    ];

    /// Short name: `6.2`, `8.3`, …; `24.x` is another name of `8.3`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "24.x" { "8.3" } else { name };
        Self::ALL.into_iter().find(|release| release.name() == name)
    }

    /// Short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V4_0 => "4.0",
            Self::V6_2 => "6.2",
            Self::V7_0 => "7.0",
            Self::V8_0 => "8.0",
            Self::V8_2 => "8.2",
            Self::V8_3 => "8.3",
            Self::V26_1 => "26.1",
        }
    }

    /// The checksum members of this release.
    #[must_use]
    pub fn sum_kind(self) -> SumKind {
        if self < Self::V8_2 {
            SumKind::Sha1
        } else {
            SumKind::Xxh64
        }
    }

    /// The headers of this release.
    #[must_use]
    pub fn header_style(self) -> HeaderStyle {
        if self < Self::V8_3 {
            HeaderStyle::XapiOld
        } else {
            HeaderStyle::XapiNew
        }
    }

    /// Time of the `ova.xml` member: since xapi 24.14 the time of the export, before 0.
    #[must_use]
    pub fn document_mtime(self) -> u64 {
        if self < Self::V8_3 { 0 } else { 1_719_800_000 }
    }

    /// Spelling of `ova.xml`.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        Spelling {
            self_closing: self < Self::V8_0,
            xen_orchestra: false,
        }
    }

    /// The members of `version` in order (`formats/xva.md` section 3.1).
    #[must_use]
    pub fn version(self, export_vsn: i64) -> Fields {
        let (hostname, date, product, brand, build, major, minor) = match self {
            Self::V4_0 => (
                "buildhost-1",
                "2007-08-16",
                "4.0.1",
                "XenServer",
                "4249p",
                1,
                0,
            ),
            Self::V6_2 => (
                "buildhost-2",
                "2013-06-14",
                "6.2.0",
                "XenServer",
                "70446c",
                1,
                3,
            ),
            Self::V7_0 => (
                "buildhost-4",
                "2016-07-26",
                "7.0.0",
                "XenServer",
                "125380c",
                1,
                9,
            ),
            Self::V8_0 => (
                "localhost",
                "2019-04-16",
                "8.0.0",
                "XenServer",
                "release/naples/master/45",
                1,
                20,
            ),
            Self::V8_2 => (
                "localhost",
                "2022-02-11",
                "8.2.1",
                "XCP-ng",
                "release/yangtze/master/58",
                1,
                20,
            ),
            Self::V8_3 => (
                "localhost",
                "2024-07-08",
                "8.3.0",
                "XCP-ng",
                "8.3.0",
                24,
                19,
            ),
            Self::V26_1 => ("localhost", "2026-01-13", "8.3.0", "XCP-ng", "8.3.0", 26, 1),
        };
        vec![
            ("hostname".to_owned(), Value::text(hostname)),
            ("date".to_owned(), Value::text(date)),
            ("product_version".to_owned(), Value::text(product)),
            ("product_brand".to_owned(), Value::text(brand)),
            ("build_number".to_owned(), Value::text(build)),
            ("xapi_major".to_owned(), Value::Int(major)),
            ("xapi_minor".to_owned(), Value::Int(minor)),
            ("export_vsn".to_owned(), Value::Int(export_vsn)),
        ]
    }
}
