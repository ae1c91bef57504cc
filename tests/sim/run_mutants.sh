#!/usr/bin/env bash
# Breaks one rule of the sources at a time and demands that a scenario of the simulator notices.
#
# For each block of mutants.txt a changed copy of one source file is compiled as the simulated core
# is, linked in front of the core's library with the objects of regwatch-sim, and the named scenario
# is run. It has to fail: by a check, a broken rule of a port, a crash or a sanitizer.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: run_mutants.sh BUILD [NAME...]

  BUILD  a configured tree in which regwatch-sim has been built
  NAME   only these mutants
USAGE
}
case ${1-} in
  -h | --help) usage; exit 0 ;;
  '') usage >&2; exit 2 ;;
esac

sim=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$sim/../.." && pwd)
build=$(cd "$1" && pwd)
shift
list=${MUTANTS_LIST:-$sim/mutants.txt}
limit=${MUTANTS_SECONDS:-60}
folder=$build/mutants
rm -rf "$folder"
mkdir -p "$folder"

# The two commands as the build itself has them.
cd "$build"
commands=$(ninja -t commands regwatch-sim)
compile=$(grep -m 1 -E -- ' -c .*\.(cpp|cxx)$' \
  <(grep -F 'regwatch_core_simulated.dir' <<<"$commands" | grep -v -- -x.c++-header)) || {
  printf 'no compile command of the simulated core\n' >&2
  exit 2
}
link=$(grep -E -- ' -o bin/regwatch-sim( |$)' <<<"$commands" | tail -n 1)
# A cache would only keep what nobody asks for again.
compile=$(sed -E 's|^[^ ]*ccache ||; s| -MD -MT [^ ]+ -MF [^ ]+||; s| -o [^ ]+ -c [^ ]+||' <<<"$compile")
link=$(sed -E 's|^: && ||; s| && :$||; s|^[^ ]*ccache ||' <<<"$link")
if command -v ld.lld >/dev/null; then link+=' -fuse-ld=lld -Wl,--strip-debug'; fi
# Where sources were joined, the library has the unbroken twin of what is replaced in one object with other
# files: what comes first in the command is taken.
link+=' -Wl,--allow-multiple-definition'
# Their searches may have another size, and schedules may not fit them.
export REGWATCH_MUTANT=1
# What is freed is overwritten, so that a use of it is noticed without a sanitizer too.
export GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0

# One file per mutant out of the list: name, rule, source, scenario; and the texts, numbered.
split_list() {
  awk -v folder="$folder" '
    function fail(why) { printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"; bad = 1; exit 1 }
    function close_text() { if (text != "") close(text); text = "" }
    /^#/ && text == "" { next }
    /^mutant / {
      close_text()
      name = $2
      if (name in seen) fail("a second mutant of this name")
      seen[name] = 1
      texts = 0
      dir = folder "/" name
      system("mkdir -p " dir)
      print name
      next
    }
    /^(rule|source|scenario) / {
      close_text()
      field = $1
      sub(/^[a-z]+ /, "")
      print > (dir "/" field)
      close(dir "/" field)
      next
    }
    /^(replace|with)$/ {
      close_text()
      if ($1 == "replace") ++texts
      text = dir "/" $1 "." texts
      printf "" > text
      next
    }
    text != "" && /^\|/ { sub(/^\|/, ""); print > text; next }
    /^$/ { next }
    { fail("not understood: " $0) }
    END { if (bad) exit 1 }
  ' "$list"
}

# The texts are whole lines; each occurs exactly once in the file.
change_source() { # source-file mutant-folder
  local content old new number rest
  content=$(<"$1")
  for old in "$2"/replace.*; do
    number=${old##*.}
    new=$(<"$2/with.$number")
    old=$(<"$old")
    rest=${content#*"$old"}
    [[ $rest != "$content" ]] || { printf 'text %s is not in the file\n' "$number"; return 1; }
    [[ ${rest#*"$old"} == "$rest" ]] || { printf 'text %s is there twice\n' "$number"; return 1; }
    content=${content%%"$old"*}$new$rest
  done
  printf '%s\n' "$content" >"$2/mutant.cpp"
}

run_mutant() { # name
  local dir=$folder/$1 source status=0 scenario why
  source=$root/$(<"$dir/source")
  scenario=$(<"$dir/scenario")
  if [[ $source != *.cpp ]]; then
    printf 'ERROR     %s: a changed header changes nothing that is compiled already\n' "$1"
    return
  fi
  if ! why=$(change_source "$source" "$dir"); then
    printf 'ERROR     %s: %s\n' "$1" "$why"
    return
  fi
  if ! grep -qxF "$scenario" "$folder/scenarios"; then
    printf 'ERROR     %s: no scenario %s\n' "$1" "$scenario"
    return
  fi
  if ! eval "$compile -Wno-error -w -g0 -o '$dir/mutant.o' -c '$dir/mutant.cpp'" >"$dir/compile" 2>&1; then
    printf 'ERROR     %s: does not compile, see %s\n' "$1" "$dir/compile"
    return
  fi
  if ! eval "${link/ -o bin\/regwatch-sim/ \'$dir/mutant.o\' -o \'$dir/program\'}" \
    >"$dir/link" 2>&1; then
    printf 'ERROR     %s: does not link, see %s\n' "$1" "$dir/link"
    return
  fi
  timeout "$limit" "$dir/program" --abort "$scenario" >"$dir/output" 2>&1 || status=$?
  rm -f "$dir/program" "$dir/mutant.o"
  if ((status == 0)); then
    printf 'SURVIVED  %s: %s\n' "$1" "$(<"$dir/rule")"
    return
  fi
  why=$(grep -m 1 -oE 'first at run [0-9]+: .*|SIG[A-Z]+ - .*|ERROR: AddressSanitizer: [a-z-]+|runtime error: .*' \
    "$dir/output" || true)
  [[ -n $why ]] || why=$(grep -m 1 -E '^ *(CHECK|REQUIRE)' "$dir/output" || true)
  if [[ -z $why ]]; then
    why="ended with $status and no sentence"
    if ((status == 124)); then why="not done after $limit s"; fi
    printf 'ERROR     %s: %s, see %s\n' "$1" "$why" "$dir/output"
    return
  fi
  printf 'caught    %-42s %s\n' "$1" "$why"
}

names=$(split_list)
if (($# > 0)); then names=$(printf '%s\n' "$@"); fi
"$build/bin/regwatch-sim" --list-tests --verbosity quiet | sed 's/^ *//' >"$folder/scenarios"

running=0
for name in $names; do
  run_mutant "$name" >"$folder/$name/verdict" &
  if ((++running >= 2)); then
    wait -n
    running=$((running - 1))
  fi
done
wait

caught=0
others=0
for name in $names; do
  cat "$folder/$name/verdict"
  if [[ $(<"$folder/$name/verdict") == caught* ]]; then
    caught=$((caught + 1))
  else
    others=$((others + 1))
  fi
done
printf '%d mutants caught, %d not\n' "$caught" "$others"
((others == 0 && caught > 0))
