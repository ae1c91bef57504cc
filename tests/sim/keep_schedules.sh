#!/usr/bin/env bash
# Writes schedules.txt anew: runs mutants, takes the schedules in which they are found, and keeps of those and
# of what is there already what fits the sources as they are.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: keep_schedules.sh BUILD [MUTANT...]

  BUILD   a configured tree in which regwatch-sim has been built
  MUTANT  of mutants.txt; without one, only what does not fit any more is thrown out
USAGE
}
case ${1-} in
  -h | --help) usage; exit 0 ;;
  '') usage >&2; exit 2 ;;
esac
sim=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

grep -v '^#' "$sim/schedules.txt" >"$folder/candidates" || true
if (($# > 0)); then
  "$sim/run_mutants.sh" "$build" "$@" || true
  for mutant in "$@"; do
    # The name of a search, and what replays its failure, if it is not the plain course.
    awk '/ +schedules=[0-9]/ { name = $0; sub(/ +schedules=.*/, "", name) }
         /^  schedule "/ { sub(/^  schedule "/, ""); sub(/"$/, ""); if ($0 != "") print name " | " $0; exit }' \
      "$build/mutants/$mutant/output" >>"$folder/candidates"
  done
fi
: >"$folder/fitting"
REGWATCH_SCHEDULES=$folder/candidates REGWATCH_FITTING_SCHEDULES=$folder/fitting \
  "$build/bin/regwatch-sim" '~[faults]~[scheduler]' >"$folder/output" || true
{
  sed '/^#/!d' "$sim/schedules.txt"
  LC_ALL=C sort -u "$folder/fitting"
} >"$folder/new"
cp "$folder/new" "$sim/schedules.txt"
printf '%d of %d schedules are kept\n' "$(sort -u "$folder/fitting" | wc -l)" \
  "$(sort -u "$folder/candidates" | wc -l)"
