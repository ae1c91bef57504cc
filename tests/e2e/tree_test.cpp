// A tree of real keys, and the ways in which programs change one: reg.exe, an import, a new name, a deletion
// from above, the 32-bit view, a name that only the native API can write, a hive that comes and goes.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/command.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/handle.h"
#include "win32/ntdll.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using nlohmann::json;

json watch_of(const std::vector<std::string>& keys) {
    return {{"name", "test"}, {"keys", keys}, {"recursive", true}, {"actions", {"log"}}};
}

void write_watch(const json& watch) {
    write_config(
        json{{"watches", json::array({watch})}, {"actions", {{"log", {{"type", "log"}}}}}}.dump());
}

win32::KeyHandle open_below(HKEY root, const std::string& path, REGSAM access = KEY_ALL_ACCESS) {
    win32::KeyHandle key;
    ::RegOpenKeyExW(root, win32::to_wide(path).c_str(), 0, access, key.receive());
    return key;
}

std::string below_machine(const std::string& path) { return path.substr(path.find('\\') + 1); }

// A value whose name, with the NUL in it, has eight characters.
void set_name_with_nul(const std::string& path) {
    const auto ntdll = win32::Ntdll::load();
    REQUIRE(ntdll);
    const win32::KeyHandle key = open_below(HKEY_LOCAL_MACHINE, below_machine(path));
    constexpr wchar_t kName[] = L"nul\0name";
    win32::NtString name;
    name.length = name.capacity = sizeof kName - sizeof kName[0];
    name.buffer = kName;
    const DWORD number = 7;
    REQUIRE(ntdll->set_value_key(key.get(), &name, 0, REG_DWORD, &number, sizeof number) >= 0);
}

TEST_CASE("whatever is done to a tree by ordinary means is reported as what it is", "[tree]") {
    const ScratchKey key;
    key.create("Old\\Deep");
    key.set("Old\\Deep", "Inside", 1);
    key.set("Gone\\Below", "Inside", 2);
    write_watch(watch_of({key.path()}));
    Service service;
    service.start();

    run_ok("reg.exe add " + key.path() + "\\Old /v Added /t REG_MULTI_SZ /d one\\0two /f");
    CHECK(eventually([&] { return reported("registry-value-set", key.path() + "\\Old\\Added"); }));

    const TemporaryFolder folder;
    const std::wstring file = folder.path() + L"\\import.reg";
    std::string inside = key.path();
    inside.replace(0, 4, "HKEY_LOCAL_MACHINE");
    write_file(file, "REGEDIT4\r\n\r\n[" + inside + "\\Imported]\r\n\"One\"=dword:00000001\r\n" +
                         "@=\"default\"\r\n\r\n");
    run_ok("regedit.exe /S " + win32::to_utf8(file));
    CHECK(eventually([&] { return reported("registry-key-created", key.path() + "\\Imported"); }));
    CHECK(
        eventually([&] { return reported("registry-value-set", key.path() + "\\Imported\\One"); }));

    set_name_with_nul(key.path() + "\\Old");
    CHECK(eventually([&] {
        const auto all = logged_changes();
        return std::any_of(all.begin(), all.end(), [](const json& record) {
            const json exact = record["regwatch"].value("exact", json::object());
            return exact.contains("value") ||
                   record["registry"].value("value", "").find(std::string("nul\0name", 8)) !=
                       std::string::npos;
        });
    }));

    const win32::KeyHandle above = open_below(HKEY_LOCAL_MACHINE, below_machine(key.path()));
    REQUIRE(::RegRenameKey(above.get(), L"Old", L"New") == ERROR_SUCCESS);
    CHECK(eventually([&] { return reported("registry-key-renamed", key.path() + "\\Old"); }));

    run_ok("reg.exe delete " + key.path() + "\\Gone /f");
    CHECK(eventually(
        [&] { return reported("registry-value-deleted", key.path() + "\\Gone\\Below\\Inside"); }));
    CHECK(
        eventually([&] { return reported("registry-key-deleted", key.path() + "\\Gone\\Below"); }));

    run_ok("reg.exe delete " + key.path() + " /f");
    CHECK(eventually([&] { return reported("registry-key-deleted", key.path()); }));
}

TEST_CASE("with both views a key of 32-bit programs is reported beside that of the others",
          "[tree]") {
    const ScratchKey key;
    json watch = watch_of({key.path()});
    watch["view"] = "both";
    write_watch(watch);
    Service service;
    service.start();
    const std::string leaf = key.path().substr(key.path().rfind('\\') + 1);
    const std::string wow = "HKLM\\SOFTWARE\\WOW6432Node\\" + leaf;
    run_ok("reg.exe add " + wow + " /v Narrow /d 1 /f");
    run_ok("reg.exe add " + key.path() + " /v Wide /d 1 /f");
    CHECK(eventually([] { return !last_record_of("Narrow").is_null(); }));
    CHECK(eventually([] { return !last_record_of("Wide").is_null(); }));
    run("reg.exe delete " + wow + " /f");
    REQUIRE_FALSE(last_record_of("Narrow").is_null());
    CHECK(last_record_of("Narrow")["regwatch"]["arch"] == "32bit");
    CHECK(last_record_of("Wide")["regwatch"]["arch"] == "64bit");
}

// What the system says to it; ERROR_NOT_ALL_ASSIGNED where the account does not have it.
DWORD take_privilege(const wchar_t* name) {
    HANDLE raw = nullptr;
    if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &raw))
        return ::GetLastError();
    const win32::Handle token(raw);
    TOKEN_PRIVILEGES wanted{};
    wanted.PrivilegeCount = 1;
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (!::LookupPrivilegeValueW(nullptr, name, &wanted.Privileges[0].Luid))
        return ::GetLastError();
    (void)::AdjustTokenPrivileges(token.get(), FALSE, &wanted, 0, nullptr, nullptr);
    return ::GetLastError();
}

// A test that is skipped says at which call of the system, and with which answer.
void need(const char* call, LSTATUS code) {
    if (code != ERROR_SUCCESS) SKIP("hives cannot be tested here: " << call << " answers " << code);
}

TEST_CASE("a hive that is loaded is watched, and one that is unloaded is no deletion", "[hive]") {
    for (const wchar_t* name : {L"SeRestorePrivilege", L"SeBackupPrivilege"})
        need("AdjustTokenPrivileges", static_cast<LSTATUS>(take_privilege(name)));
    const ScratchKey key;
    key.create("Hive\\Software\\RegWatchTest");
    const TemporaryFolder folder;
    const std::wstring file = folder.path() + L"\\hive.dat";
    {
        const win32::KeyHandle source =
            open_below(HKEY_LOCAL_MACHINE, below_machine(key.path()) + "\\Hive");
        need("RegSaveKeyW", ::RegSaveKeyW(source.get(), file.c_str(), nullptr));
    }
    const wchar_t* const sid = L"S-1-5-21-11-22-33-1042";
    const std::string path = "HKU\\S-1-5-21-11-22-33-1042\\Software\\RegWatchTest";
    write_watch(watch_of({"HKCU\\Software\\RegWatchTest"}));
    Service service;
    service.start();
    need("RegLoadKeyW", ::RegLoadKeyW(HKEY_USERS, sid, file.c_str()));
    CHECK(eventually(
        [&] { return diagnostic_log().find("watching the key " + path) != std::string::npos; }));
    run_ok("reg.exe add " + path + " /v Mine /d yes /f");
    CHECK(eventually([&] { return reported("registry-value-set", path + "\\Mine"); }));
    service.stop();
    const LSTATUS unloaded = ::RegUnLoadKeyW(HKEY_USERS, sid);
    if (unloaded != ERROR_SUCCESS) run("reg.exe delete HKU\\S-1-5-21-11-22-33-1042 /f");
    need("RegUnLoadKeyW", unloaded);
    service.start();
    CHECK(keeps(std::chrono::seconds(3), [&] { return !reported("registry-key-deleted", path); }));
}

}  // namespace
}  // namespace regwatch::e2e
