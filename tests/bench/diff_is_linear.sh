#!/usr/bin/env bash
# usage: diff_is_linear.sh PROGRAM
#
# Counts the instructions of comparing two snapshots of 10^4, 10^5 and 10^6 values, of which one differs,
# and demands that ten times the values take at most 11 times the instructions. What making them takes
# is counted by a run that does not compare, and subtracted.
set -euo pipefail
[[ $# == 1 ]] || { sed -n 2p "$0" >&2; exit 2; }

instructions() { # values repetitions
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

program=$1
last=0
for values in 10000 100000 1000000; do
  without=$(instructions "$values" 0)
  with=$(instructions "$values" 1)
  count=$((with - without))
  printf 'diff of %d values: %d instructions, %d a value\n' "$values" "$count" "$((count / values))"
  ((count > 0)) || { printf 'nothing was counted\n' >&2; exit 1; }
  if ((last > 0 && count > 11 * last)); then
    printf 'more than eleven times as many as for a tenth of the values\n' >&2
    exit 1
  fi
  last=$count
done
