//! What was verified when, kept in a SQLite file.
