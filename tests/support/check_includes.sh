#!/usr/bin/env bash
# Fails when a file under src/ or service/ includes what its folder must not depend on, includes a
# Windows header outside the adapters, or closes a handle without its handle type.
set -euo pipefail

if [[ ${1-} == -h || ${1-} == --help || $# -ne 1 ]]; then
  printf 'usage: %s REPOSITORY\n' "${0##*/}"
  [[ ${1-} == -h || ${1-} == --help ]] && exit 0 || exit 2
fi
cd "$1"

folders=()
for folder in src service; do
  [[ ! -d $folder ]] || folders+=("$folder")
done
mapfile -t files < <(find "${folders[@]}" -type f \( -name '*.h' -o -name '*.cpp' \) | LC_ALL=C sort)
if ((${#files[@]} == 0)); then
  printf 'no sources under %s/src\n' "$1" >&2
  exit 1
fi

awk '
  function complain(why) {
    printf "%s:%d: %s\n    %s\n", FILENAME, FNR, why, $0
    bad = 1
  }
  function allow(folder, list,   i, n, names) {
    n = split(folder " " list, names, " ")
    for (i = 1; i <= n; ++i) allowed[folder, names[i]] = 1
    known[folder] = 1
  }
  BEGIN {
    values = "base text registry"
    allow("base", "")
    allow("text", "base")
    allow("registry", "base text")
    allow("change", values)
    allow("settings", values)
    allow("platform", values " change")
    # Three neighbours: what one of them needs from another goes through platform or the engine.
    allow("watch", values " change settings platform")
    allow("state", values " change settings platform")
    allow("delivery", values " change settings platform")
    allow("action", values " change settings platform delivery")
    allow("win32", values " change settings platform")
    allow("engine", values " change settings platform watch state delivery action")

    windows = "^(windows|win[a-z]*|ws2[a-z]*|[a-z]*apiset|acl[a-z]*|accctrl|authz|combaseapi|ev[a-z]*|" \
              "handleapi|minwin[a-z]*|nt[a-z]+|obj[a-z]+|ole2|psapi|sddl|shel[a-z]+|shlobj|shlwapi|" \
              "tlhelp32|userenv|wtsapi32|mstcpip|conio|io|tchar|excpt|intrin|wincrypt|bcrypt)\\.h$"
    raw = "(^|[^A-Za-z0-9_])(CloseHandle|RegCloseKey|CloseServiceHandle|LocalFree|FreeLibrary|" \
          "FindClose|DeregisterEventSource|CloseEventLog|CloseThreadpool[A-Za-z]*)[ \t]*\\("
  }
  FNR == 1 {
    portable = FILENAME !~ /^service\// && FILENAME !~ /^src\/win32\//
    split(FILENAME, parts, "/")
    folder = parts[1] == "service" ? "service" : parts[2]
    sub(/\.(h|cpp)$/, "", folder)
    if (folder != "service" && !(folder in known))
      complain("no rule for this place: add it to " script)
  }
  {
    code = $0
    sub(/\/\/.*/, "", code)
  }
  code ~ raw && FILENAME != "src/win32/handle.h" {
    complain("closed by hand: use the handle types of src/win32/handle.h")
  }
  code ~ /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    header = code
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*/, "", header)
    if (portable && tolower(header) ~ windows)
      complain("a Windows header: only src/win32 and service may include it")
    if (code ~ /"/ && folder != "service") {
      # The one header that is not in src: the scheduler of the simulator, behind its macro.
      if (FILENAME == "src/base/sync.h" && header == "simulated_sync.h") next
      if (header ~ /^\.\.?\// || (header !~ /\// && header !~ /^engine\.h$/)) {
        complain("write the path from src: \"folder/file.h\"")
      } else {
        target = header
        sub(/(\/.*|\.h)$/, "", target)
        if (!((folder, target) in allowed)) complain("src/" folder " must not depend on " target)
      }
    }
  }
  END { exit bad }
' script="tests/support/check_includes.sh" "${files[@]}"
