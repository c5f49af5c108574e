//! Names of columns, kept once, and shapes: the lists of columns that rows have. The rows of a table nearly all share
//! one, so a row only has to say which.

use std::collections::HashMap;

use super::event::Roles;
use super::{DumpLimits, ErrorKind};

/// All names and shapes of a database.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    names: Vec<Box<str>>,
    name_ids: HashMap<Box<str>, u32>,
    shapes: Vec<Shape>,
    shape_ids: HashMap<Box<[u32]>, u32>,
}

#[derive(Debug)]
struct Shape {
    names: Box<[u32]>,
    roles: Roles,
}

impl Shapes {
    /// The id of a name, which is added when it is new.
    pub(super) fn name_id(&mut self, name: &str, limits: &DumpLimits) -> Result<u32, ErrorKind> {
        if let Some(&id) = self.name_ids.get(name) {
            return Ok(id);
        }
        let id = new_id(self.names.len(), limits)?;
        self.names.push(name.into());
        self.name_ids.insert(name.into(), id);
        Ok(id)
    }

    /// The id of a list of names, which is added when it is new.
    pub(super) fn shape_id(
        &mut self,
        names: &[u32],
        limits: &DumpLimits,
    ) -> Result<u32, ErrorKind> {
        if let Some(&id) = self.shape_ids.get(names) {
            return Ok(id);
        }
        let id = new_id(self.shapes.len(), limits)?;
        let roles = Roles::of(names.iter().map(|&name| self.name(name)));
        self.shapes.push(Shape {
            names: names.into(),
            roles,
        });
        self.shape_ids.insert(names.into(), id);
        Ok(id)
    }

    pub(super) fn name(&self, id: u32) -> &str {
        position(id)
            .and_then(|at| self.names.get(at))
            .map_or("", |name| name)
    }

    pub(super) fn names_of(&self, shape: u32) -> &[u32] {
        self.shape(shape).map_or(&[], |shape| &shape.names)
    }

    pub(super) fn roles_of(&self, shape: u32) -> Roles {
        self.shape(shape)
            .map(|shape| shape.roles)
            .unwrap_or_default()
    }

    /// Where in a shape a column is. The first of two counts.
    pub(super) fn position_of(&self, shape: u32, name: &str) -> Option<usize> {
        let id = self.name_ids.get(name)?;
        self.names_of(shape).iter().position(|name| name == id)
    }

    fn shape(&self, id: u32) -> Option<&Shape> {
        self.shapes.get(position(id)?)
    }
}

fn new_id(count: usize, limits: &DumpLimits) -> Result<u32, ErrorKind> {
    let limit = limits.columns;
    match u32::try_from(count) {
        Ok(id) if count < limit => Ok(id),
        _ => Err(ErrorKind::TooManyColumns { limit }),
    }
}

/// An id as a position in the vector it numbers.
pub(super) fn position(id: u32) -> Option<usize> {
    usize::try_from(id).ok()
}
