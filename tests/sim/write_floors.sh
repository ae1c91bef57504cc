#!/usr/bin/env bash
# Writes floors.txt anew: runs the complete searches of the simulator, each as deep as it stays small, and
# keeps how many schedules they have, less a tenth.
set -euo pipefail

if [[ ${1-} == -h || ${1-} == --help || $# -ne 1 ]]; then
  printf 'usage: %s BUILD\n\n  BUILD  a configured tree in which regwatch-sim has been built\n' "${0##*/}"
  [[ ${1-} == -h || ${1-} == --help ]] && exit 0 || exit 2
fi
sim=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(cd "$1" && pwd)/bin/regwatch-sim
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# In two processes, each with a file of its own.
runs=()
for shard in 0 1; do
  REGWATCH_WRITE_FLOORS=$folder/floors-$shard "$program" --shard-count 2 --shard-index "$shard" \
    >"$folder/output-$shard" &
  runs+=($!)
done
for shard in 0 1; do
  if ! wait "${runs[shard]}"; then
    cat "$folder/output-$shard"
    exit 1
  fi
done
LC_ALL=C sort -u "$folder"/floors-* >"$folder/all"
twice=$(sed 's/ | .*//' "$folder/all" | uniq -d)
if [[ -n $twice ]]; then
  printf 'searches of one name that differ:\n%s\n' "$twice"
  exit 1
fi
{
  sed '/^#/!d' "$sim/floors.txt"
  cat "$folder/all"
} >"$folder/new"
cp "$folder/new" "$sim/floors.txt"
printf '%d floors\n' "$(wc -l <"$folder/all")"
