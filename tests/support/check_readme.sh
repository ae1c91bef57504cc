#!/usr/bin/env bash
# Fails when tests/README.md names a test or a file that does not exist, or leaves out one of the 79
# items of its table.
set -euo pipefail

if [[ ${1-} == -h || ${1-} == --help || $# -ne 1 ]]; then
  printf 'usage: %s REPOSITORY\n' "${0##*/}"
  [[ ${1-} == -h || ${1-} == --help ]] && exit 0 || exit 2
fi
cd "$1/tests"

bad=0
complain() {
  printf 'tests/README.md: %s\n' "$1"
  bad=1
}

items=$(grep -cE '^\| [0-9]+ \|' README.md || true)
last=$(grep -E '^\| [0-9]+ \|' README.md | awk -F'|' '$2 + 0 != NR { print NR; exit }')
[[ $items == 79 && -z $last ]] || complain "the items are not 1 to 79 in order"
# The tests, or why there is none.
while read -r number; do
  complain "nothing is said of how $number is tested"
done < <(awk -F'|' '/^\| [0-9]+ \|/ && $4 ~ /^ *$/ { print $2 + 0 }' README.md)

# A name counts for the file before it on the line: `file` "name", "name".
names=0
while IFS=$'\t' read -r file name; do
  names=$((names + 1))
  if [[ ! -e $file ]]; then
    complain "no such file: $file"
  elif ! tr '\n' ' ' <"$file" | grep -qF -e "TEST_CASE(\"$name\"" -e "TEST_CASE( \"$name\""; then
    complain "no such test in $file: $name"
  fi
done < <(awk '/^\| [0-9]+ \|/ {
  line = $0
  file = ""
  while (match(line, /`[a-z0-9_\/]+\.cpp`|"[^"]+"/)) {
    found = substr(line, RSTART + 1, RLENGTH - 2)
    if (substr(line, RSTART, 1) == "`") file = found
    else printf "%s\t%s\n", file, found
    line = substr(line, RSTART + RLENGTH)
  }
}' README.md)
((names > 79)) || complain "only $names tests are named"

while read -r path; do
  [[ -e ../$path ]] || complain "no such file: $path"
done < <(grep -oE '`tests/[a-z0-9_./]+' README.md | tr -d '`')

printf '%d tests named, %d items\n' "$names" "$items"
exit "$bad"
