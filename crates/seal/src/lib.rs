//! Seals of backups: a digest of every member, a root over them, and signatures.
