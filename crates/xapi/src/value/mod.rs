//! The text of pool-database values, layer by layer: the XML attribute ([`Raw`], [`escape`]), the protection of white
//! space ([`protect`], [`unprotect`]), and S-expressions for sets and maps ([`sexpr`], and [`plain`] for those that stand
//! as they are written). Layers are taken off in that
//! order (`formats/pool-db.md` sections 3 and 4). What type a column has is known to [`crate::datamodel`].
//!
//! Nothing is copied where nothing has to be changed.
//!
//! ```
//! use xenspect_xapi::value::{Raw, sexpr};
//! let raw = Raw::new(b"(('name'%.'My%.VM')%.('size'%.'&lt;1%%'))");
//! let text = raw.text();
//! let map = sexpr::decode_map(&text)?;
//! assert_eq!(map[0].1, "My VM");
//! assert_eq!(map[1].1, "<1%");
//! # Ok::<(), xenspect_xapi::value::sexpr::SexprError>(())
//! ```

mod attribute;
pub mod plain;
mod protect;
pub mod sexpr;
#[cfg(test)]
mod tests;

pub use attribute::{Raw, escape};
pub(crate) use attribute::{Reference, escape_into, is_xml_char, may_need_escape, reference};
pub(crate) use protect::protect_into;
pub use protect::{Protection, protect, unprotect};
