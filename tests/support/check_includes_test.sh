#!/usr/bin/env bash
# Shows that check_includes.sh lets right code pass and names the line of each kind of wrong code.
set -euo pipefail

check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/check_includes.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}

put() { # path line
  mkdir -p "$work/$(dirname "$1")"
  printf '#pragma once\n%s\n' "$2" >"$work/$1"
}

accepts() { # path line
  rm -rf "$work"/*
  put "$1" "$2"
  bash "$check" "$work" || fail "refused in $1: $2"
}

refuses() { # path line
  local output
  rm -rf "$work"/*
  put "$1" "$2"
  if output=$(bash "$check" "$work"); then fail "accepted in $1: $2"; fi
  if [[ $output != *"$1:2:"*"$2"* ]]; then fail "did not show the line of $1: $2"; fi
}

accepts src/registry/value.h '#include "text/utf.h"'
accepts src/action/log.cpp '#include "delivery/lane.h"'
accepts src/engine.cpp '#include "watch/key_watch.h"'
accepts src/engine.cpp '#include "engine.h"'
accepts src/win32/error.cpp '#include <windows.h>'
accepts src/win32/handle.h 'inline void f(void* h) { CloseHandle(h); }'
accepts src/watch/key_watch.h '// Not CloseHandle(h): see the handle types.'
accepts service/main.cpp '#include <windows.h>'
accepts service/main.cpp '#include "commands.h"'
accepts src/base/time.h '#include <string>'
accepts src/base/sync.h '#include "simulated_sync.h"'

refuses src/base/result.h '#include "text/utf.h"'
refuses src/text/utf.h '#include "registry/value.h"'
refuses src/change/change.h '#include "settings/settings.h"'
refuses src/settings/loader.cpp '#include "change/change.h"'
refuses src/platform/registry.h '#include "watch/key_watch.h"'
refuses src/watch/watch_set.cpp '#include "delivery/lane.h"'
refuses src/state/store.cpp '#  include "action/action.h"'
refuses src/delivery/lane.h '#include "watch/key_watch.h"'
refuses src/action/log.cpp '#include "win32/handle.h"'
refuses src/win32/registry.cpp '#include "engine.h"'
refuses src/engine.cpp '#include "win32/registry.h"'
refuses src/base/result.h '#include "sync.h"'
refuses src/base/time.h '#include "simulated_sync.h"'
refuses src/watch/key_watch.cpp '#include "../delivery/lane.h"'
refuses src/registry/value.cpp '#include <windows.h>'
refuses src/action/program.cpp '#include <Windows.h>'
refuses src/state/store.cpp '#include <aclapi.h>'
refuses src/win32/key.cpp '    RegCloseKey(key);'
refuses service/install.cpp '    ::CloseServiceHandle(service);'
refuses service/install.cpp '    LocalFree (text);'

exit "$failed"
