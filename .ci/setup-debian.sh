#!/usr/bin/env bash
# Makes a fresh Debian 12 ready to build RegWatch for Windows and to run it under Wine.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: .ci/setup-debian.sh [--tests]

Installs the packages that the build needs (as root) and unpacks the sources of the libraries into
build/deps. Does nothing where nothing is missing.

  --tests   also what the native tests need: g++, clang, clang-tidy, clang-format, sanitizers, and
            node with the schema validator ajv, in build/ajv
EOF
}

# One line per library: name in CMake, source package, lowest version that will do, Debian suites in
# the order to try them. The suites are fixed, so that every machine builds the same versions; the
# second is for the day the first has moved on. SQLite is no CMake project: what is compiled is its
# amalgamation, one file, which has to be made first (make_amalgamation).
libraries() {
  cat <<'EOF'
fmt            fmtlib          9.1   trixie bookworm
spdlog         spdlog          1.10  trixie bookworm
nlohmann_json  nlohmann-json3  3.11  bookworm trixie
CLI11          cli11           2.1   bookworm trixie
Catch2         catch2          3.4   trixie bookworm
sqlite3        sqlite3         3.40  bookworm trixie
EOF
}

build_packages=(
  ca-certificates cmake dpkg-dev g++-mingw-w64-x86-64-posix gcc git make ninja-build tcl wine wine64
)
test_packages=(clang clang-format clang-tidy g++ libclang-rt-14-dev lld sqlite3 valgrind)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=$root/build/deps
work=

say() { printf 'setup: %s\n' "$*"; }
die() {
  printf 'setup: error: %s\n' "$@" >&2
  exit 1
}

missing_packages() {
  local package installed
  # dpkg-query fails when it does not know one of the names; that one is then simply missing.
  installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true)"
  for package in "$@"; do
    [[ $installed == *" installed=$package "* ]] || printf '%s\n' "$package"
  done
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    say "all packages are installed"
    return
  fi
  ((EUID == 0)) || die "these packages are missing: ${missing[*]}" \
    "run this script as root, or install them and run it again"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  local log=$work/apt.log
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install the packages (its last lines are above)" \
      "check the network and that 'apt-get update' works on this machine, then run this again"
  fi
}

# Where the machine itself gets its release from. Asking apt, instead of reading its files, covers
# both file formats, comments, options and included folders; no release info, so that it answers
# before the first update as well. Archives of others may use the same names: all are tried, and
# the keyring tells which one is Debian.
debian_archives() {
  local codename
  codename=$(. /etc/os-release && printf "%s" "${VERSION_CODENAME-}")
  apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
    'Created-By: Packages' |
    awk -v codename="$codename" '
      $2 == "main" && $3 !~ /^cdrom:/ && !seen[$3]++ &&
        ($1 == codename || $1 == "stable" || $1 == "oldstable") { print $3 }'
}

apt_for() { # suite command...: apt-get with its state and one source suite in the work folder only
  local state=$work/$1
  shift
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/parts" \
    -o Dir::State::lists="$state/lists" -o Dir::Cache="$state/cache" \
    -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=0 -o Acquire::Retries=3 \
    -o Acquire::Languages=none "$@"
}

read_suite() { # suite
  local state=$work/$1 archives archive options=
  [[ ! -e $state ]] || return 0
  mapfile -t archives < <(debian_archives)
  ((${#archives[@]} > 0)) ||
    die "this machine's apt sources name no Debian archive with the component main" \
      "name the Debian archive in /etc/apt/sources.list and run this again"
  say "reading the list of sources of $1"
  mkdir -p "$state/parts" "$state/lists/partial" "$state/cache/archives/partial"
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ ! -r $keyring ]] || options="[signed-by=$keyring] "
  for archive in "${archives[@]}"; do
    printf 'deb-src %s%s %s main\n' "$options" "$archive" "$1"
  done >"$state/parts/sources.list"
  if ! apt_for "$1" -o APT::Update::Error-Mode=any update >"$state/log" 2>&1; then
    tail -n 10 "$state/log" >&2
    say "not everything of $1 could be read (apt's last lines are above)"
  fi
}

fetch_from() { # suite source-package lowest-version target-folder
  local suite=$1 package=$2 lowest=$3 target=$4 into=$work/$1/$2 dsc version
  read_suite "$suite"
  mkdir -p "$into"
  if ! (cd "$into" && apt_for "$suite" source --only-source "$package") >"$into.log" 2>&1; then
    tail -n 5 "$into.log" >&2
    return 1
  fi
  dsc=$(find "$into" -maxdepth 1 -name '*.dsc' -print -quit)
  version=$(sed -n 's/^Version: //p' "$dsc")
  if ! dpkg --compare-versions "${version#*:}" ge "$lowest"; then
    say "$suite has $package $version, too old"
    return 1
  fi
  rm -rf "$target"
  find "$into" -mindepth 1 -maxdepth 1 -type d -exec mv {} "$target" \;
  printf '%s\n' "$version" >"$target/.debian-version"
  say "$package $version is in build/deps/${target##*/}"
}

fetch_library() { # name source-package lowest-version suite...
  local name=$1 package=$2 lowest=$3 suite
  shift 3
  # The version is written last, so a folder without it is half a source.
  [[ ! -e $deps/$name/.debian-version ]] || return 0
  for suite in "$@"; do
    say "fetching the source package $package from $suite"
    if fetch_from "$suite" "$package" "$lowest" "$deps/$name"; then return; fi
  done
  die "the source package $package could not be fetched from any of: $*" \
    "check that this machine can reach its Debian archive, or unpack $package >= $lowest" \
    "into build/deps/$name yourself and put its version into build/deps/$name/.debian-version"
}

# With tclsh, in the source's own way. Only sqlite3.c and sqlite3.h are wanted of it.
make_amalgamation() {
  local source=$deps/sqlite3 log=$work/sqlite3.log
  [[ ! -s $source/sqlite3.c || ! -s $source/sqlite3.h ]] || return 0
  say "making the amalgamation of sqlite3"
  if ! (cd "$source" && ./configure --disable-tcl && make sqlite3.c sqlite3.h) >"$log" 2>&1; then
    # Half a file must not pass for a whole one.
    rm -f "$source/sqlite3.c"
    tail -n 20 "$log" >&2
    die "the amalgamation of sqlite3 could not be made (its last lines are above)"
  fi
}

# An independent judge of config/schema.json, with what it depends on, as the npm registry has them.
fetch_validator() {
  local folder=$root/build/ajv
  [[ ! -e $folder/node_modules/ajv/package.json ]] || return 0
  say "fetching the schema validator ajv"
  mkdir -p "$folder"
  if ! (cd "$folder" && npm install --no-audit --no-fund --no-save ajv@8) >"$work/npm.log" 2>&1; then
    tail -n 5 "$work/npm.log" >&2
    die "npm could not install ajv (its last lines are above)" \
      "check that 'npm ping' works on this machine, then run this again"
  fi
}

write_sources_file() {
  local name rest
  {
    printf '# Written by .ci/setup-debian.sh; read by src/dependencies.cmake.\n'
    while read -r name rest; do
      printf 'set(FETCHCONTENT_SOURCE_DIR_%s "${CMAKE_CURRENT_LIST_DIR}/%s" CACHE PATH "")\n' \
        "${name^^}" "$name"
    done < <(libraries)
  } >"$deps/sources.cmake.new"
  # Only when it says something else: a newer file would make every build tree configure again.
  if cmp -s "$deps/sources.cmake.new" "$deps/sources.cmake"; then
    rm "$deps/sources.cmake.new"
  else
    mv "$deps/sources.cmake.new" "$deps/sources.cmake"
  fi
}

main() {
  local packages=("${build_packages[@]}") line fields tests=0
  case ${1-} in
    '') ;;
    --tests)
      tests=1
      packages+=("${test_packages[@]}")
      # Some machines have them from elsewhere than Debian.
      command -v node >/dev/null || packages+=(nodejs)
      command -v npm >/dev/null || packages+=(npm)
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
  command -v apt-get >/dev/null || die "this script is for Debian: there is no apt-get here" \
    "elsewhere install cmake, ninja, a C++20 compiler and mingw-w64 by other means;" \
    "cmake then downloads the libraries itself"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  install_packages "${packages[@]}"
  mkdir -p "$deps"
  while read -r line; do
    read -ra fields <<<"$line"
    fetch_library "${fields[@]}"
  done < <(libraries)
  make_amalgamation
  write_sources_file
  if ((tests == 1)); then fetch_validator; fi
  say "the sources of the libraries are in build/deps"
}

main "$@"
