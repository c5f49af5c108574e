//! Files taken out of folders and archives, as the system's own programs write them and as nobody should.

mod archives;
mod bounds;
mod folder;
mod hostile;
mod others;
mod support;
mod zips;
