// Killed at random moments in a storm of writes, and started again: nothing is lost.
//
// The variable REGWATCH_CRASH_ROUNDS says how often; 100 without it.
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using nlohmann::json;

constexpr int kValues = 16;

int rounds_wanted() {
    const char* const text = std::getenv("REGWATCH_CRASH_ROUNDS");
    const int rounds = text == nullptr ? 0 : std::atoi(text);
    return rounds > 0 ? rounds : 100;
}

// Writes to sixteen values of a key, one after another, and never the same number twice.
class Storm {
public:
    explicit Storm(const ScratchKey& key) {
        const std::wstring path = win32::to_wide(key.path().substr(5));
        REQUIRE(::RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_ALL_ACCESS,
                                key_.receive()) == ERROR_SUCCESS);
        thread_ = std::jthread([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                const DWORD number = ++written_;
                const std::wstring name = L"v" + std::to_wstring(number % kValues);
                ::RegSetValueExW(key_.get(), name.c_str(), 0, REG_DWORD,
                                 reinterpret_cast<const BYTE*>(&number), sizeof number);
            }
        });
    }
    [[nodiscard]] DWORD written() const noexcept { return written_; }
    void stop() {
        thread_.request_stop();
        thread_.join();
    }
    [[nodiscard]] std::string number_of(int value) const {
        DWORD number = 0;
        DWORD size = sizeof number;
        const std::wstring name = L"v" + std::to_wstring(value);
        REQUIRE(::RegGetValueW(key_.get(), nullptr, name.c_str(), RRF_RT_REG_DWORD, nullptr,
                               &number, &size) == ERROR_SUCCESS);
        return std::to_string(number);
    }

private:
    win32::KeyHandle key_;
    std::atomic<DWORD> written_ = 0;
    std::jthread thread_;
};

// What the log says of each value in the end, and whether its numbers have gaps. A line that was cut by a
// kill is none.
struct DeliveryLog {
    std::map<std::string, std::string> last;
    std::map<std::uint64_t, std::string> ids;
    bool one_id_a_number = true;
};

DeliveryLog read_log(const std::wstring& folder) {
    DeliveryLog log;
    std::map<std::string, std::uint64_t> last_number;
    for (const json& record : logged_changes(folder)) {
        const auto sequence = record["event"]["sequence"].get<std::uint64_t>();
        const std::string id = record["event"]["id"];
        const auto [known, is_new] = log.ids.emplace(sequence, id);
        log.one_id_a_number &= known->second == id;
        const std::string value = record["registry"].value("value", "");
        if (sequence < last_number[value]) continue;  // delivered again
        last_number[value] = sequence;
        log.last[value] = record["registry"]["data"]["strings"][0];
    }
    return log;
}

TEST_CASE("killed at random moments in a storm of writes nothing is lost, and no number is missing",
          "[crash]") {
    const ScratchKey key;
    const TemporaryFolder folder;
    const std::wstring config = folder.path() + L"\\regwatch.json";
    write_file(config,
               config_for({key.path()}, {{"log", {{"type", "log"}, {"max_files", 10'000}}}}));
    const std::string start = regwatch_exe() + " run --config \"" + win32::to_utf8(config) +
                              "\" --data-dir \"" + win32::to_utf8(folder.path()) + "\"";
    const unsigned seed = std::random_device()();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::size_t records = 0;
    {
        Storm storm(key);
        for (int round = rounds_wanted(); round > 0; --round) {
            auto service = std::make_unique<Background>(start);
            // One round in eight is killed while it starts.
            if (random() % 8 != 0) {
                REQUIRE(eventually(
                    [&] { return service->output().find("running") != std::string::npos; }));
            }
            const DWORD until = storm.written() + random() % 2'000;
            REQUIRE(eventually([&] { return storm.written() > until; }));
            service.reset();
        }
        storm.stop();
        Background service(start);
        std::map<std::string, std::string> now;
        for (int i = 0; i < kValues; ++i) now["v" + std::to_string(i)] = storm.number_of(i);
        CHECK(eventually([&] { return read_log(folder.path()).last == now; }));
        CHECK(service.interrupt() == 0);
    }
    const DeliveryLog log = read_log(folder.path());
    records = log.ids.size();
    CHECK(records > 0);
    CHECK(log.one_id_a_number);
    CHECK(log.ids.rbegin()->first == records);  // from 1, without a gap
}

}  // namespace
}  // namespace regwatch::e2e
