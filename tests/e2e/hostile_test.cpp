// Names of keys, and data, that somebody made up to deceive who reads of them.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/records.h"
#include "e2e/registry.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using nlohmann::json;

const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> texts = {
        "& calc | calc ; $(calc) `calc` %COMSPEC% %1!s!", "\"}],\"event\":{\"id\":\"forged\"}",
        "line\r\n{\"event\":{\"id\":\"forged\"}}", "red\x1B[31m\x07\x7F",
        "\xE2\x80\xAEgpj.exe\xE2\x80\x8B"};
    return texts;
}

void create_with_text(const std::string& key, const std::string& text) {
    const std::wstring path = below_root(key);
    const std::wstring data = win32::to_wide(text);
    win32::KeyHandle open;
    REQUIRE(::RegCreateKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, nullptr, 0, KEY_ALL_ACCESS,
                              nullptr, open.receive(), nullptr) == ERROR_SUCCESS);
    REQUIRE(::RegSetValueExW(
                open.get(), L"Text", 0, REG_SZ, reinterpret_cast<const BYTE*>(data.c_str()),
                static_cast<DWORD>((data.size() + 1) * sizeof(wchar_t))) == ERROR_SUCCESS);
}

// The records of values, as the log has them: path and text.
std::vector<std::pair<std::string, std::string>> logged_texts() {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const json& record : logged_changes()) {
        if (record["regwatch"]["object"] != "value") continue;
        texts.emplace_back(record["registry"]["path"], record["registry"]["data"]["strings"][0]);
    }
    return texts;
}

// What a console or a viewer would act on instead of showing it.
bool has_only_what_is_seen(const std::string& insert) {
    const bool is_plain = std::none_of(insert.begin(), insert.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte < 0x20 || byte == 0x7F;
    });
    return is_plain && insert.find("\xE2\x80\xAE") == std::string::npos;
}

TEST_CASE("keys and data made to deceive are in the log as they are, and escaped in the Event Log",
          "[hostile]") {
    const ScratchKey key;
    json config = json::parse(
        config_for({key.path()}, {{"log", {{"type", "log"}}}, {"events", {{"type", "eventlog"}}}}));
    config["watches"][0]["recursive"] = true;
    write_config(config.dump());
    const ReportedEvents events;
    Service service;
    service.start();
    for (const std::string& text : hostile_texts())
        create_with_text(key.path() + "\\" + text, text);
    REQUIRE(eventually([&] { return logged_texts().size() >= hostile_texts().size(); }));
    const auto texts = logged_texts();
    CHECK(texts.size() == hostile_texts().size());
    for (const std::string& text : hostile_texts()) {
        const std::pair expected(key.path() + "\\" + text + "\\Text", text);
        CAPTURE(text);
        CHECK(std::find(texts.begin(), texts.end(), expected) != texts.end());
    }

    constexpr auto kCreated = static_cast<std::uint16_t>(EventId::value_created);
    REQUIRE(eventually([&] { return events.with_id(kCreated).size() >= hostile_texts().size(); }));
    for (const ReportedEvent& event : events.all()) {
        for (const std::string& insert : event.inserts) {
            CAPTURE(event.id, insert);
            CHECK(has_only_what_is_seen(insert));
        }
    }
    CHECK(service.stop().exit_code == 0);
}

}  // namespace
}  // namespace regwatch::e2e
