#!/usr/bin/env bash
# Runs one Windows test program in a Wine prefix of its own, which is thrown away afterwards.
#
# usage: in_own_prefix.sh FOLDER NAME PROGRAM [ARGUMENT...]
#
# FOLDER holds a template, made once, and the copies; copying one takes a second, making one ten. Wine's
# Event Log keeps nothing, but traces what it is given: the trace of every process of the prefix goes
# to a file whose Windows path is in REGWATCH_EVENT_TRACE.
set -euo pipefail

folder=$1 name=$2
shift 2
template=$folder/template
prefix=$folder/$name
export WINEDLLOVERRIDES=mscoree,mshtml=

make_template() {
    [[ -e $template/.complete ]] && return
    rm -rf "$template"
    mkdir -p "$template"
    WINEPREFIX=$template WINEDEBUG=-all wineboot --init >/dev/null 2>&1
    WINEPREFIX=$template wineserver -w
    touch "$template/.complete"
}

mkdir -p "$folder"
exec {lock}>"$folder/lock"
flock "$lock"
make_template
flock -u "$lock"

rm -rf "$prefix"
cp -a "$template" "$prefix"
export WINEPREFIX=$prefix
export WINEDEBUG=-all,+eventlog,fixme+advapi
trap 'wineserver -k 2>/dev/null || true; wineserver -w 2>/dev/null || true; rm -rf "$prefix"' EXIT

# The first program starts the services manager, which keeps this stderr for all services. A server
# that does not stay would end them together with the last ordinary program.
wineserver -p
wine cmd /c exit 2>"$prefix/event.trace" >/dev/null
REGWATCH_EVENT_TRACE=$(WINEDEBUG=-all winepath -w "$prefix/event.trace" 2>/dev/null)
export REGWATCH_EVENT_TRACE
WINEDEBUG=-all wine "$@"
