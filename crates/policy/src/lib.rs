//! What somebody expects of their backups, written down: severities, limits, what has to be there, and what is known already.
