//! What lies beside and around backups: digests in sidecar files, folders of Xen Orchestra, shards.
