#!/usr/bin/env bash
# Builds and tests RegWatch on Debian 12, from a clean clone, with nothing but git and a root shell.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: tests/run.sh [--quick | --wine10]

Installs what is missing, then checks the formatting, builds, and tests: the searches of the simulator
with gcc, then all with clang, clang-tidy and AddressSanitizer, for Windows under Wine, and with
ThreadSanitizer. The last line says how many test cases passed and failed.

  --quick    instead of all that, builds with gcc and runs its tests
  --wine10   instead of all that: builds for Windows, and runs the contract suite, the stress tests
             and the end-to-end cases under the Wine of the next Debian release, which it installs in
             build/wine10 (as root, 2 GB)
EOF
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
passed=0
failed=0
failed_steps=()
# Nothing is skipped here that a machine could be made ready for.
export REGWATCH_NEEDS_AJV=1
export WINEPREFIX=$root/build/wineprefix WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml=

attribute() { # file element name: the number in the first such attribute, 0 where there is none
  tr '\n' ' ' <"$1" | grep -o "<$2 [^>]*" | head -n 1 | grep -o " $3=\"[0-9]*\"" | tr -dc 0-9 || echo 0
}

# A test program counts by its cases, as its XML report has them. A program that has no report, or
# none that is whole, and every other test, counts as one.
count_results() { # build-folder
  local report cases=0 bad_cases=0 whole=0 whole_bad=0 bad ctest tests ctest_bad good_rest bad_rest
  ctest=$1/results/ctest.xml
  [[ -e $ctest ]] || return 0
  for report in "$1"/results/*.xml; do
    grep -qs '<OverallResultsCases ' "$report" || continue
    bad=$(attribute "$report" OverallResultsCases failures)
    cases=$((cases + $(attribute "$report" OverallResultsCases successes)))
    bad_cases=$((bad_cases + bad))
    whole=$((whole + 1))
    whole_bad=$((whole_bad + (bad > 0)))
  done
  tests=$(attribute "$ctest" testsuite tests)
  ctest_bad=$(attribute "$ctest" testsuite failures)
  bad_rest=$((ctest_bad - whole_bad))
  good_rest=$((tests - ctest_bad - (whole - whole_bad)))
  passed=$((passed + cases + (good_rest > 0 ? good_rest : 0)))
  failed=$((failed + bad_cases + (bad_rest > 0 ? bad_rest : 0)))
}

# A step is a shell of its own, where the first failing command ends it. That holds only as long as
# neither this nor what calls it is part of a condition; so a step reports by variables.
step() { # title build-folder command...
  local title=$1 folder=$2 begin=$SECONDS status=0
  shift 2
  printf '\n=== %s\n' "$title"
  [[ -z $folder ]] || rm -rf "$folder/results"
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  account_for "$title" "$folder" "$status" "$((SECONDS - begin))"
}

account_for() { # title build-folder status seconds
  local failed_before=$failed
  [[ -z $2 ]] || count_results "$2"
  if (($3 != 0)); then
    failed_steps+=("$1")
    # What is broken other than by a test shall not be read as "0 failed".
    ((failed > failed_before)) || failed=$((failed + 1))
  fi
  printf -- '--- %s: %s, %d s\n' "$1" "$( (($3)) && echo FAILED || echo ok)" "$4"
}

# A step with what other steps leave of the processors. What it says is shown when join_step waits for it.
step_behind() { # title build-folder command...
  behind_title=$1 behind_folder=$2 behind_begin=$SECONDS
  shift 2
  rm -rf "$behind_folder/results"
  (
    set -e
    renice -n 19 "$BASHPID" >/dev/null
    "$@"
  ) >"$behind_folder.log" 2>&1 &
  behind=$!
  trap 'kill "$behind" 2>/dev/null || true' EXIT
}

join_step() {
  local status=0
  wait "$behind" || status=$?
  printf '\n=== %s\n' "$behind_title"
  cat "$behind_folder.log"
  account_for "$behind_title" "$behind_folder" "$status" "$((SECONDS - behind_begin))"
}

finish() {
  if ((${#failed_steps[@]} > 0)); then
    printf '\n'
    printf 'failed: %s\n' "${failed_steps[@]}"
  fi
  printf '\ntook %d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
  ((failed == 0 && ${#failed_steps[@]} == 0))
}

check_format() {
  local files
  mapfile -t files < <(git ls-files -- 'src/*.h' 'src/*.cpp' 'service/*.h' 'service/*.cpp' \
    'tests/*.h' 'tests/*.cpp')
  if ! clang-format --dry-run -Werror "${files[@]}"; then
    printf 'To put it right: clang-format -i $(git ls-files "*.h" "*.cpp")\n'
    return 1
  fi
}

build() { # preset [target...]
  local preset=$1 log=build/$1.configure.log fresh=() targets=()
  shift
  mkdir -p build
  # A tree that is there may be somebody's, who compiles it file by file.
  [[ -e build/$preset/CMakeCache.txt ]] || fresh=(-DREGWATCH_JOIN_SOURCES=ON)
  if ! cmake --preset "$preset" "${fresh[@]}" >"$log" 2>&1; then
    cat "$log"
    return 1
  fi
  (($# == 0)) || targets=(--target "$@")
  # Going on after an error shows all of them at once.
  cmake --build --preset "$preset" "${targets[@]}" -- --quiet -k 0
  mkdir -p "build/$preset/results"
}

build_and_test() { # preset ctest-option...
  local preset=$1 run=()
  shift
  build "$preset"
  # The sanitizers of this release lose against kernels that spread addresses wider than they knew.
  if [[ $preset == native-?san ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
    run=(setarch "$(uname -m)" -R)
  fi
  "${run[@]}" ctest --preset "$preset" --output-junit "$root/build/$preset/results/ctest.xml" "$@"
}

# What the other builds do not do as well: the searches in full, the mutants, and what is counted in
# instructions. The rest is compiled by gcc, and run, with ThreadSanitizer and for Windows.
test_searches() { # ctest-option...
  build native regwatch-sim regwatch-diff-cost
  ctest --preset native --output-junit "$root/build/native/results/ctest.xml" -L 'sim|figures' "$@"
}

stop_wine() { wineserver -k 2>/dev/null || true; }

test_under_wine() {
  trap stop_wine EXIT
  stop_wine
  rm -rf "$WINEPREFIX"
  printf 'creating a Wine prefix in build/\n'
  mkdir -p "$WINEPREFIX"
  # A 64-bit Wine complains about its missing 32-bit half; the tests need none.
  wineboot --init 2>build/wineboot.log
  # What wineboot started ends by itself after it; services made meanwhile would end with it.
  wineserver -w
  # Without a server that stays, each test starts the whole of Wine again.
  wineserver -p
  # Wine's own services start with the first program and keep its output open, for which ctest would
  # wait for ever.
  wine cmd /c exit >/dev/null 2>&1
  build_and_test wine "$@"
}

run_under_wine10() {
  step "packages and sources" "" .ci/setup-debian.sh
  if ((${#failed_steps[@]} == 0)); then step "build for Windows" "" build wine; fi
  if ((${#failed_steps[@]} == 0)); then step "Wine 10" "" tests/support/wine10.sh install; fi
  if ((${#failed_steps[@]} == 0)); then
    step "Windows under Wine 10" build/wine10 tests/support/wine10.sh test
  fi
  finish
}

main() {
  local quick=0
  case ${1-} in
    '') ;;
    --quick) quick=1 ;;
    --wine10)
      run_under_wine10
      return
      ;;
    -h | --help)
      usage
      return
      ;;
    *)
      usage >&2
      return 2
      ;;
  esac
  local jobs
  jobs=$(nproc)

  step "packages and sources" "" .ci/setup-debian.sh --tests
  if ((${#failed_steps[@]} > 0)); then
    finish
    return
  fi
  step "formatting" "" check_format
  if ((quick)); then
    step "gcc" build/native build_and_test native -j "$jobs"
  else
    step "gcc: searches, mutants, instructions" build/native test_searches -j "$jobs"
    step "clang: thread safety, clang-tidy, AddressSanitizer" build/native-asan \
      build_and_test native-asan -j "$jobs"
    step "build for Windows" "" build wine
    # The tests under Wine wait most of the time, for services to start and to stop.
    step_behind "ThreadSanitizer" build/native-tsan build_and_test native-tsan -j "$jobs"
    step "Windows under Wine" build/wine test_under_wine -j "$((2 * jobs))"
    join_step
  fi
  finish
}

main "$@"
