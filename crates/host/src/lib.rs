//! The text files of a host (`formats/host-backup.md` sections 5 to 9), as each of their readers takes them: bytes in,
//! values out. Nothing is judged here, and nothing is opened.
//!
//! ```
//! use xenspect_host::inventory::Inventory;
//!
//! let inventory = Inventory::parse(b"PRODUCT_VERSION='8.2.1'\nDOM0_MEM='7584' \n");
//! assert_eq!(inventory.xapi("PRODUCT_VERSION"), Some("8.2.1"));
//! // xapi takes the quotes off before it trims, so a blank behind them keeps them.
//! assert_eq!(inventory.xapi("DOM0_MEM"), Some("'7584'"));
//! ```

#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod boot;
pub mod files;
pub mod fstab;
pub mod inventory;
pub mod local_db;
pub mod networkd;
pub mod pairs;
pub mod paths;
pub mod pool_conf;
pub mod rename;
pub mod repository;
pub mod sensitive;
mod shell;
pub mod sizes;
