# What run.sh and coverage.sh share: where seeds come from, and what each target is given. To be read by a shell, not run.
# shellcheck shell=sh

# seeds FOLDER: writes the seeds into folders below it.
seeds() {
    cargo run --quiet --package xenspect-synth -- seeds "$1"
    cargo run --quiet --package xenspect-harness --example small_archives "$1/small" "$1/host-backup"
    cargo run --quiet --package xenspect-harness --example report_seeds "$1/report"
}

# targets FOLDER: calls `target TARGET LONGEST DICTIONARY [FOLDER...]` for each, in this order. Seeds come from the folders, and `-` is
# no dictionary.
targets() {
    seeds=crates/harness/seeds
    target tar_walker 65536 archives "$1/archive" "$1/header"
    target block_placement 4096 -
    target checksum_text 256 - "$1/sum"
    target sidecars 4096 lines "$1/sidecar"
    target ova_xml 65536 documents "$1/ova" "$1/table"
    target xmlrpc 65536 documents "$1/ova"
    target sexpr_round_trip 4096 dumps "$1/value"
    target pool_dump 8192 dumps "$1/dump"
    target redo_log 8192 dumps "$1/redo" "$1/value"
    target preflight 8192 dumps "$1/dump" "$1/ova"
    target target_files 8192 hosts "$1/host"
    target host_files 8192 hosts "$1/host" "$seeds/host_files"
    target host_backup 32768 archives "$1/host-backup"
    target compared 16384 dumps "$1/dump" "$1/ova" "$1/small"
    target collected 16384 archives "$1/host-backup" "$1/small" "$seeds/collected"
    target policies 4096 lines "$seeds/policies"
    target merged 16384 reports "$1/report"
    target seals 8192 lines "$seeds/seals"
    target keys 4096 lines "$seeds/keys" "$seeds/seals"
    target words 512 lines "$seeds/words"
    target listings 4096 listings "$seeds/listings"
    target state_file 65536 -
    target whole_scan 65536 archives "$1/small" "$1/archive" "$1/dump" "$1/redo" "$1/ova"
}
