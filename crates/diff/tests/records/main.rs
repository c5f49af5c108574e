//! Objects of two pool databases or exports, compared.

mod build;
mod exports;
mod fields;
mod left_out;
mod objects;
mod properties;
mod said;
mod secrets;
