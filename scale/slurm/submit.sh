#!/bin/bash
# submit.sh STORE OUT SHARDS: verifies a store in SHARDS parts, and joins the reports when all of them have ended, however they did.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
export STORE=${1:?store} OUT=${2:?folder for reports} SHARDS=${3:?number of shards}
mkdir -p -- "$OUT"
rm -f -- "$OUT"/out-*.json "$OUT"/out-*.json.part "$OUT"/store.json
job=$(sbatch --parsable --array="1-$SHARDS" "$here/verify.sbatch")
sbatch --parsable --dependency="afterany:$job" "$here/merge.sbatch"
