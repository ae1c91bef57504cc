// What is left of the service when it has stopped: its logs, and nothing else.
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/files.h"
#include "e2e/processes.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

constexpr const wchar_t* kService = L"regwatch.exe";

// Ours, and that of services.
std::vector<std::wstring> temporary_files() {
    wchar_t ours[MAX_PATH + 1];
    REQUIRE(::GetTempPathW(MAX_PATH, ours) != 0);
    std::vector<std::wstring> all = files_below(ours);
    const wchar_t* windows = ::_wgetenv(L"SystemRoot");
    REQUIRE(windows != nullptr);
    for (std::wstring& file : files_below(std::wstring(windows) + L"\\Temp"))
        all.push_back(L"Windows: " + file);
    return all;
}

TEST_CASE("a stopped service leaves its logs and its state, but no process and no temporary file",
          "[remains]") {
    const ScratchKey key;
    const std::string child = win32::to_utf8(program_folder() + L"\\regwatch-echo-child.exe");
    write_config(config_for(
        {key.path()}, {{"log", {{"type", "log"}}},
                       {"copy", {{"type", "program"}, {"file", child}, {"arguments", {"copy"}}}}}));
    const std::vector<std::wstring> before = temporary_files();
    Service service;
    service.start();
    REQUIRE(processes_of(kService) == std::vector{service.status().process_id});
    for (int number = 1; number <= 3; ++number) {
        key.set("", "Value", number);
        REQUIRE(eventually(
            [&] { return logged_changes().size() == static_cast<std::size_t>(number); }));
    }
    CHECK(service.stop().exit_code == 0);

    // STOPPED is the last that it says, not the last that it does. Much later Wine would end it by
    // force.
    CHECK_FALSE(keeps(std::chrono::seconds(10), [] { return !processes_of(kService).empty(); }));
    CHECK(processes_of(L"regwatch-echo-child.exe").empty());
    CHECK(temporary_files() == before);
    const std::vector<std::wstring> kept = files_below(data_folder());
    REQUIRE(kept.size() == 7);
    CHECK(kept[0].starts_with(L"logs\\events-"));
    CHECK(kept[0].ends_with(L".jsonl"));
    CHECK(kept[1] == L"logs\\regwatch.log");
    CHECK(kept[2] == L"regwatch.json");
    CHECK(kept[3] == L"state\\config.lastgood.json");
    CHECK(kept[4] == L"state\\regwatch.db");
    CHECK(kept[5] == L"state\\regwatch.lock");
    CHECK(kept[6] == L"state\\regwatch.numbers");
}

}  // namespace
}  // namespace regwatch::e2e
