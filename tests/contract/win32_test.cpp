// What the adapters promise beyond their ports.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>

#include "contract/differences.h"
#include "contract/subject.h"
#include "win32/append_file.h"
#include "win32/clock.h"
#include "win32/current_user.h"
#include "win32/error.h"
#include "win32/event_log.h"
#include "win32/executor.h"
#include "win32/launch.h"
#include "win32/paths.h"
#include "win32/security.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::test {
namespace {

TEST_CASE("system codes have one meaning each, and unknown ones are worth another try") {
    using win32::kind_of;
    CHECK(kind_of(ERROR_FILE_NOT_FOUND) == ErrorKind::not_found);
    CHECK(kind_of(ERROR_PATH_NOT_FOUND) == ErrorKind::not_found);
    CHECK(kind_of(ERROR_KEY_DELETED) == ErrorKind::gone);
    CHECK(kind_of(811) == ErrorKind::gone);  // ERROR_HANDLE_REVOKED
    CHECK(kind_of(ERROR_ACCESS_DENIED) == ErrorKind::denied);
    CHECK(kind_of(ERROR_PRIVILEGE_NOT_HELD) == ErrorKind::denied);
    CHECK(kind_of(ERROR_MORE_DATA) == ErrorKind::transient);
    CHECK(kind_of(ERROR_NOT_ENOUGH_MEMORY) == ErrorKind::transient);
    CHECK(kind_of(ERROR_REGISTRY_CORRUPT) == ErrorKind::transient);
    CHECK(kind_of(ERROR_INVALID_PARAMETER) == ErrorKind::invalid);
    CHECK(kind_of(ERROR_CALL_NOT_IMPLEMENTED) == ErrorKind::unsupported);
    CHECK(kind_of(ERROR_INVALID_HANDLE) == ErrorKind::internal);
    CHECK(kind_of(ERROR_NO_SYSTEM_RESOURCES) == ErrorKind::transient);
    CHECK(kind_of(ERROR_DISK_FULL) == ErrorKind::transient);
    CHECK(kind_of(4'000'000'000U) == ErrorKind::transient);
}

TEST_CASE("an error's text is one line in the system's words") {
    const Error error = win32::system_error(ERROR_ACCESS_DENIED, "opening", "the key");
    CHECK(error.code == ERROR_ACCESS_DENIED);
    CHECK_FALSE(error.reason.empty());
    CHECK(error.reason.find_first_of("\r\n") == error.reason.npos);
    CHECK(error.reason.back() != '.');
    CHECK(win32::message_of(4'000'000'000U).empty());
}

TEST_CASE("an exception ends at the pool's border, is told, and the thread goes on") {
    std::promise<std::string> told;
    auto executor = win32::PoolExecutor::create(1, [&](const char* what) { told.set_value(what); });
    REQUIRE(executor);
    std::promise<void> ran;
    const auto throwing = executor.value()->create_work([] { throw std::runtime_error("a bug"); });
    const auto next = executor.value()->create_work([&] { ran.set_value(); });
    REQUIRE(throwing);
    REQUIRE(next);
    throwing.value()->submit();
    CHECK(told.get_future().get() == "a bug");
    next.value()->submit();
    CHECK(ran.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
}

TEST_CASE("arguments are quoted only where the runtime would split or change them") {
    CHECK(win32::quoted(L"plain") == L"plain");
    CHECK(win32::quoted(L"C:\\a\\") == L"C:\\a\\");
    CHECK(win32::quoted(L"") == L"\"\"");
    CHECK(win32::quoted(L"a b") == L"\"a b\"");
    CHECK(win32::quoted(L"a b\\") == L"\"a b\\\\\"");
    CHECK(win32::quoted(L"\"") == L"\"\\\"\"");
    CHECK(win32::quoted(L"\\\"") == L"\"\\\\\\\"\"");
}

TEST_CASE("scripts go to their interpreter by its full path") {
    const auto folder = std::filesystem::temp_directory_path();
    const auto system = win32::system_folder().value();
    ProcessSpec spec;
    spec.arguments = {"one two"};
    const auto launch_of = [&](const wchar_t* name) {
        const auto path = folder / name;
        spec.file = win32::to_utf8(path.wstring());
        const win32::FileHandle file(CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_DELETE,
                                                 nullptr, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE,
                                                 nullptr));
        REQUIRE(file);
        return win32::plan_launch(spec);
    };
    const auto shell = launch_of(L"regwatch script.PS1");
    REQUIRE(shell);
    CHECK(shell->application == system + L"\\WindowsPowerShell\\v1.0\\powershell.exe");
    CHECK(
        shell->command_line.ends_with(L"-File \"" + win32::to_wide(spec.file) + L"\" \"one two\""));
    const auto batch = launch_of(L"regwatch script.Bat");
    REQUIRE(batch);
    CHECK(batch->application == system + L"\\cmd.exe");
    CHECK(batch->command_line.ends_with(L" /d /e:ON /v:OFF /c \"\"" + win32::to_wide(spec.file) +
                                        L"\" \"one two\"\""));
}

TEST_CASE("variables in a path are expanded, and unknown ones stay") {
    SetEnvironmentVariableW(L"REGWATCH_TEST", L"caf\u00E9");
    CHECK(win32::expand_environment("C:\\%REGWATCH_TEST%\\x").value() == "C:\\caf\xC3\xA9\\x");
    SetEnvironmentVariableW(L"REGWATCH_TEST", nullptr);
    CHECK(win32::expand_environment("%REGWATCH_TEST%").value() == "%REGWATCH_TEST%");
    CHECK(win32::expand_environment("").value().empty());
    CHECK(win32::SystemFiles().expand("%REGWATCH_TEST%\\Logs").error().kind ==
          ErrorKind::not_found);
}

TEST_CASE("long paths are spelt as the system wants them, short ones are left alone") {
    const std::string deep(300, 'd');
    CHECK(win32::to_long_path("C:/a/b") == L"C:\\a\\b");
    CHECK(win32::to_long_path("C:/" + deep) == L"\\\\?\\C:\\" + win32::to_wide(deep));
    CHECK(win32::to_long_path("\\\\server\\share\\" + deep) ==
          L"\\\\?\\UNC\\server\\share\\" + win32::to_wide(deep));
    CHECK(win32::is_absolute(L"C:\\a"));
    CHECK(win32::is_absolute(L"\\\\server\\share"));
    CHECK_FALSE(win32::is_absolute(L"C:a"));
    CHECK_FALSE(win32::is_absolute(L"\\a"));
    CHECK_FALSE(win32::is_absolute(L""));
}

TEST_CASE("the machine's places are found") {
    const auto data = win32::program_data_folder();
    REQUIRE(data);
    CHECK(win32::is_absolute(win32::to_wide(*data)));
    const auto module = win32::module_path();
    REQUIRE(module);
    CHECK(module->ends_with("regwatch-contract.exe"));
    const auto user = win32::current_user_sid();
    REQUIRE(user);
    CHECK(user->starts_with("S-1-"));
}

TEST_CASE("a protected folder is made with what is above it, and may be there already") {
    const auto scratch = std::filesystem::temp_directory_path() /
                         ("regwatch-contract-" + std::to_string(GetCurrentProcessId()));
    const std::string path = win32::to_utf8((scratch / L"a" / L"b").wstring());
    CHECK(win32::create_protected_folder(path, win32::FolderAccess::private_to_us));
    CHECK(win32::create_protected_folder(path, win32::FolderAccess::private_to_us));
    CHECK(win32::create_protected_folder(path + "\\c", win32::FolderAccess::users_may_read));
    CHECK(std::filesystem::is_directory(scratch / L"a" / L"b" / L"c"));
    CHECK_FALSE(win32::create_protected_folder("relative", win32::FolderAccess::users_may_read));
    std::filesystem::remove_all(scratch);
}

TEST_CASE("the clock tells this century and never goes back") {
    const win32::SystemClock clock;
    const auto year_2020 = WallTime(std::chrono::seconds(1'577'836'800));
    CHECK(clock.wall_now() > year_2020);
    CHECK(clock.wall_now() < year_2020 + std::chrono::hours(24 * 365 * 100));
    const SteadyTime first = clock.steady_now();
    CHECK(clock.steady_now() >= first);
}

TEST_CASE("an entry is taken by the Event Log") {
    win32::SystemEventLog log;
    CHECK(log.report(event_entry(EventId::service_stopped, {"0"})));
}

}  // namespace
}  // namespace regwatch::test
