#!/usr/bin/env bash
# Fails when a program imports a function that one of the supported systems lacks. Such an import keeps
# the program from starting there, or ends it at the call; a function that is optional is looked up
# at run time instead.
set -euo pipefail

if [[ $# -ne 2 ]]; then
  printf 'usage: %s OBJDUMP PROGRAM\n' "${0##*/}"
  [[ ${1-} == -h || ${1-} == --help ]] && exit 0 || exit 2
fi

# ControlServiceEx, SetThreadpoolWaitEx and the Evt functions are entries without code in Wine; the
# rest came after Windows 8.
lacking='ControlServiceEx|SetThreadpool(Wait|Timer)Ex|Evt[A-Z][A-Za-z]*'
lacking+='|SetThreadDescription|GetDpiFor.*|CreatePseudoConsole|VirtualAlloc2|MapViewOfFile3'
lacking+='|IsWow64Process2|GetTempPath2[AW]|QueryInterruptTimePrecise|GetThreadDescription'

imports=$("$1" -p "$2" | awk '
  /DLL Name:/ { in_table = 1; next }
  /^$/ { in_table = 0 }
  in_table && $1 ~ /^[0-9a-f]+$/ && NF >= 3 { print $3 }')
# A list without what the program cannot do without was not understood.
for needed in RegNotifyChangeKeyValue CreateThreadpoolWait StartServiceCtrlDispatcherW; do
  grep -qx "$needed" <<<"$imports" || {
    printf '%s: %s is not among the imports that were found\n' "$2" "$needed"
    exit 1
  }
done
if found=$(grep -xE "$lacking" <<<"$imports"); then
  printf '%s imports what not every supported system has:\n%s\n' "$2" "$found"
  exit 1
fi
printf '%d imports, all of them everywhere\n' "$(wc -l <<<"$imports")"
