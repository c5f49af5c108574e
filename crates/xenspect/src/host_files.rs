//! The files of a host backup whose contents are kept by a scan.

pub(crate) use xenspect_host::files::is_wanted;
