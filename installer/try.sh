#!/usr/bin/env bash
# Shows RegWatch at work on Debian 12: builds it, installs it as a service in a private Wine prefix,
# changes real registry keys and prints the events that came of it.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: installer/try.sh

Needs nothing but git and a root shell. Installs what is missing, builds regwatch.exe, creates a Wine
prefix of its own, installs the service with sc.exe, changes keys with reg.exe and shows what the
service reported. Leaves nothing running. Ends with 1 when an expected change was not reported.
USAGE
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
bin=build/wine/bin
prefix=$root/build/try-prefix
trace=$prefix/event.trace
data=$prefix/drive_c/ProgramData/RegWatch
run='HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run'
user_run='HKCU\Software\Microsoft\Windows\CurrentVersion\RunOnce'
winlogon='HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
# Longer than anything here takes on a slow machine; what happens, happens at once.
patience=60
missing=0

export WINEPREFIX=$prefix WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml=

say() { printf '\n=== %s\n' "$*"; }

die() {
  printf 'try: error: %s\n' "$@" >&2
  exit 1
}

stop_wine() {
  wineserver -k 2>/dev/null || true
  wineserver -w 2>/dev/null || true
}

# What a user would type, and what it prints.
windows() {
  local word line=
  for word in "$@"; do
    if [[ $word == *' '* || $word == *'"'* ]]; then line+=" \"${word//\"/\\\"}\""; else line+=" $word"; fi
  done
  printf 'C:\\>%s\n' "$line"
  wine "$@" 2>>"$prefix/wine.log" | tr -d '\r' | sed '/^$/d' || printf '(exit code %s)\n' "${PIPESTATUS[0]}"
}

quiet_build() { # log command...
  local log=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "building failed; the whole output is in ${log#"$root"/}"
  fi
}

build() {
  say "Building regwatch.exe for Windows (about a minute)"
  mkdir -p build
  quiet_build "$root/build/try-configure.log" cmake --preset wine
  quiet_build "$root/build/try-build.log" \
    cmake --build --preset wine --target regwatch regwatch-events regwatch-event-text
  ls -l "$bin/regwatch.exe" "$bin/regwatch-events.dll"
}

create_prefix() {
  say "Creating a private Wine prefix"
  stop_wine
  rm -rf "$prefix"
  mkdir -p "$prefix"
  wineboot --init >/dev/null 2>&1
  # What wineboot started ends by itself after it; a service made meanwhile would end with it.
  wineserver -w
  # A server that stays, or the service would end with the last ordinary program. The Event Log of
  # Wine keeps nothing, but says on stderr what it was given; the services manager, which the first
  # program starts, hands its stderr on to the service.
  wineserver -p
  WINEDEBUG=-all,+eventlog,fixme+advapi wine cmd /c exit >/dev/null 2>"$trace"
}

install_service() {
  say "Installing the service with sc.exe"
  local program="$prefix/drive_c/Program Files/RegWatch"
  mkdir -p "$program" "$data"
  cp "$bin/regwatch.exe" "$bin/regwatch-events.dll" "$program/"
  cp -r config/regwatch.json config/schema.json config/packs "$data/"
  windows sc.exe create RegWatch binPath= '"C:\Program Files\RegWatch\regwatch.exe"' start= auto
  windows sc.exe start RegWatch
  wait_for "the service to run" service_is RUNNING
  windows sc.exe query RegWatch
}

service_is() { [[ $(wine sc.exe query RegWatch 2>/dev/null) == *"$1"* ]]; }

wait_for() { # what command...
  local what=$1 end=$((SECONDS + patience))
  shift
  until "$@"; do
    ((SECONDS < end)) || {
      [[ ! -e $data/logs/regwatch.log ]] || cat "$data/logs/regwatch.log" >&2
      die "waited $patience s for $what"
    }
    sleep 0.2
  done
}

records() { cat "$data"/logs/events-*.jsonl 2>/dev/null || true; }

# The records of this action whose registry path ends like this, as JSON writes it.
matching() { records | grep -F "\"action\":\"$1\"" | grep -F "$2\"" || true; }

# Changes one thing, and waits for its record.
change() { # action path-end reg-argument...
  local action=$1 path=$2 end=$((SECONDS + patience)) before
  shift 2
  before=$(matching "$action" "$path" | wc -l)
  windows reg.exe "$@"
  until (($(matching "$action" "$path" | wc -l) > before)); do
    if ((SECONDS >= end)); then
      printf 'try: NOT REPORTED: %s of %s\n' "$action" "$path" >&2
      missing=$((missing + 1))
      return
    fi
    sleep 0.1
  done
  matching "$action" "$path" | tail -n 1 >>"$prefix/shown.jsonl"
}

change_keys() {
  say "Changing real keys with reg.exe"
  change registry-value-set 'Run\\Updater' \
    add "$run" /v Updater /t REG_SZ /d 'C:\Temp\u.exe' /f
  change registry-value-set 'Run\\Updater' \
    add "$run" /v Updater /t REG_SZ /d 'C:\Temp\evil.exe -quiet' /f
  change registry-value-set 'Winlogon\\Shell' \
    add "$winlogon" /v Shell /t REG_SZ /d 'explorer.exe, C:\Temp\evil.exe' /f
  change registry-value-set 'RunOnce\\Once' \
    add "$user_run" /v Once /t REG_DWORD /d 42 /f
  change registry-key-created 'Run\\Sub' add "$run\\Sub" /f
  change registry-value-deleted 'Run\\Updater' delete "$run" /v Updater /f
}

show_events() {
  say "The JSON lines in %ProgramData%\\RegWatch\\logs"
  cat "$prefix/shown.jsonl" 2>/dev/null || true
  say "The same changes as Event Viewer shows them (Application log, source RegWatch)"
  wine "$bin/regwatch-event-text.exe" "$bin/regwatch-events.dll" "$trace" 2>/dev/null | tr -d '\r'
}

remove_service() {
  say "Stopping and removing the service"
  windows sc.exe stop RegWatch
  wait_for "the service to stop" service_is STOPPED
  windows sc.exe query RegWatch
  windows sc.exe delete RegWatch
}

main() {
  case ${1-} in
    '') ;;
    -h | --help)
      usage
      return
      ;;
    *)
      usage >&2
      return 2
      ;;
  esac
  .ci/setup-debian.sh
  build
  trap stop_wine EXIT
  create_prefix
  install_service
  change_keys
  show_events
  remove_service
  say "Done in $SECONDS s"
  ((missing == 0)) || die "$missing expected change(s) were not reported"
  printf 'All expected changes were reported. Nothing is left running.\n'
}

main "$@"
