#!/usr/bin/env bash
# Runs the tests of the Windows build under a second Wine: the one of the next Debian release.
#
# usage: tests/support/wine10.sh install    Wine's system, in build/wine10/root (about 2 GB)
#        tests/support/wine10.sh test [CTEST-OPTION...]
#                                           the contract suite, the stress tests and the e2e cases; all
#                                           but known_to_fail where no option chooses
#
# Needs root, and the tree build/wine built. The system lives in a folder and is entered by chroot;
# everything is mounted in a mount namespace of its own, which goes with the last process in it, so that
# nothing stays mounted however this ends. Results are in build/wine10/results.
set -euo pipefail

suite=trixie
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$repository/build/wine10
root=$folder/root
programs=(wine wineboot winepath wineserver)
# The reasons are in the README, below the table of what was verified where.
known_to_fail='e2e-(console|crash-[12]|hostile|install|volume|watch)'

die() {
  printf 'wine10: error: %s\n' "$@" >&2
  exit 1
}

# Where this machine gets its own release from; others may use the same names, so all are tried.
archives() {
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
  apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
    'Created-By: Packages' |
    awk -v codename="$codename" '
      $2 == "main" && $3 !~ /^cdrom:/ && $1 == codename && !seen[$3]++ { print $3 }'
}

need_debootstrap() {
  command -v debootstrap >/dev/null && return
  printf 'wine10: installing debootstrap\n'
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -q update && apt-get -q install -y --no-install-recommends debootstrap; } \
    >"$folder/apt.log" 2>&1 || die "debootstrap could not be installed, see $folder/apt.log"
}

bootstrap() {
  local archive script=()
  # An older debootstrap does not know the name yet; all releases are made alike.
  [[ -e /usr/share/debootstrap/scripts/$suite ]] || script=(/usr/share/debootstrap/scripts/sid)
  while read -r archive; do
    rm -rf "$root"
    debootstrap --variant=minbase "$suite" "$root" "$archive" "${script[@]}" && return
  done < <(archives)
  return 1
}

install() {
  [[ ! -e $root/.complete ]] || return 0
  mkdir -p "$folder"
  need_debootstrap
  printf 'wine10: installing Wine from %s in build/wine10/root\n' "$suite"
  bootstrap >"$folder/debootstrap.log" 2>&1 ||
    die "debootstrap failed, see $folder/debootstrap.log"
  mount -t proc proc "$root/proc"
  inside env DEBIAN_FRONTEND=noninteractive \
    apt-get -q install -y --no-install-recommends wine wine64 >"$folder/install.log" 2>&1 ||
    die "Wine could not be installed, see $folder/install.log"
  touch "$root/.complete"
}

inside() {
  chroot "$root" /usr/bin/env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# Programs of these names, to be put first in PATH: the same place in the same tree, but in there.
write_wrappers() {
  local program
  mkdir -p "$folder/bin"
  for program in "${programs[@]}"; do
    cat >"$folder/bin/$program" <<END
#!/bin/sh
exec chroot "$root" /usr/bin/env --chdir="\$PWD" PATH=/usr/bin:/bin $program "\$@"
END
    chmod +x "$folder/bin/$program"
  done
}

# The same tests as those of build/wine, with folders of their own for prefixes and results.
write_tests() {
  local rung file
  for rung in contract e2e; do
    file=$repository/build/wine/tests/$rung/CTestTestfile.cmake
    [[ -e $file ]] || die "there is no $file: build the preset wine first"
    sed -e "s|\"$repository/build/wine\"|\"$folder\"|g" \
      -e "s|\"$repository/build/wine/prefixes\"|\"$folder/prefixes\"|g" "$file"
  done >"$folder/CTestTestfile.cmake"
}

stop_wine() { wineserver -k 2>/dev/null || true; }

run_tests() {
  [[ -e $root/.complete ]] || die "Wine is not installed: run this with 'install' first"
  local chosen=("$@")
  if (($# == 0)); then
    chosen=(--exclude-regex "^$known_to_fail\$")
    printf 'wine10: left out, as known to fail: %s\n' "$known_to_fail"
  fi
  write_wrappers
  write_tests
  mkdir -p "$folder/results" "$root$repository"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --bind "$repository" "$root$repository"
  export PATH=$folder/bin:$PATH WINEPREFIX=$folder/wineprefix
  export WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml=
  trap stop_wine EXIT
  printf 'wine10: %s\n' "$(wine --version)"
  stop_wine
  rm -rf "$WINEPREFIX"
  mkdir -p "$WINEPREFIX"
  wineboot --init >"$folder/wineboot.log" 2>&1
  wineserver -w
  wineserver -p
  # Wine's own services start with the first program and keep its output open, for which ctest would
  # wait for ever.
  wine cmd /c exit >/dev/null 2>&1
  ctest --test-dir "$folder" --output-on-failure --no-tests=error \
    --output-junit "$folder/results/ctest.xml" "${chosen[@]}"
}

((EUID == 0)) || die "this needs root"
if [[ ${REGWATCH_MOUNTS_ARE_PRIVATE-} != yes ]]; then
  export REGWATCH_MOUNTS_ARE_PRIVATE=yes
  exec unshare --mount --propagation private "${BASH_SOURCE[0]}" "$@"
fi
case ${1-} in
  install) install ;;
  test) run_tests "${@:2}" ;;
  *) die "say 'install' or 'test'" ;;
esac
