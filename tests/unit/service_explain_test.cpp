#include "service/explain.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "service/check_report.h"
#include "service/doctor.h"

using namespace regwatch;

namespace {

KeyPath key(std::string_view text, View view = View::bits64) {
    return KeyPath::parse(text, view).value();
}

WatchSettings watch(std::string_view watched, bool recursive = false) {
    WatchSettings settings;
    settings.name = "w";
    settings.keys = {key(watched)};
    settings.recursive = recursive;
    settings.actions = {"log"};
    return settings;
}

bool reports(const WatchSettings& settings, std::string_view subject,
             std::optional<std::u16string> value = std::nullopt) {
    return explain_watch(settings, {key(subject), std::move(value)}).reports;
}

std::string reason(const WatchSettings& settings, const KeyPath& subject,
                   std::optional<std::u16string> value = std::nullopt) {
    return explain_watch(settings, {subject, std::move(value)}).reason;
}

bool has(const std::string& text, std::string_view part) {
    INFO(text << " lacks " << part);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a watched key reports its values and the names of its subkeys, and no more") {
    const WatchSettings plain = watch("HKLM\\SOFTWARE\\A");
    CHECK(reports(plain, "HKLM\\software\\a", u"v"));
    CHECK(reports(plain, "HKLM\\SOFTWARE\\A"));
    CHECK(reports(plain, "HKLM\\SOFTWARE\\A\\B"));
    CHECK_FALSE(reports(plain, "HKLM\\SOFTWARE\\A\\B", u"v"));
    CHECK_FALSE(reports(plain, "HKLM\\SOFTWARE\\A\\B\\C"));
    CHECK_FALSE(reports(plain, "HKLM\\SOFTWARE"));
    CHECK_FALSE(reports(plain, "HKLM\\SOFTWARE\\AB"));
    CHECK_FALSE(reports(plain, "HKU\\S-1-5-18\\SOFTWARE\\A"));
    CHECK(reports(watch("HKLM\\SOFTWARE\\A", true), "HKLM\\SOFTWARE\\A\\B\\C", u"v"));
}

TEST_CASE("a pattern covers the keys that fit, HKCU every person's hive") {
    const WatchSettings pattern = watch("HKLM\\SOFTWARE\\A*\\Run");
    CHECK(reports(pattern, "HKLM\\SOFTWARE\\Apple\\Run", u"v"));
    CHECK_FALSE(reports(pattern, "HKLM\\SOFTWARE\\Pear\\Run", u"v"));
    const WatchSettings users = watch("HKCU\\Environment");
    CHECK(reports(users, "HKU\\S-1-5-21-1-2-3-1001\\Environment", u"v"));
    CHECK_FALSE(reports(users, "HKU\\S-1-5-18\\Environment", u"v"));
    CHECK_FALSE(reports(users, "HKU\\S-1-5-21-1-2-3-1001_Classes\\Environment", u"v"));
}

TEST_CASE("why a watch stays silent is said by what comes closest") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A");
    settings.keys.push_back(key("HKLM\\SYSTEM\\X"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A\\B"), u"v"), "not \"recursive\""));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A", View::bits32)), "64-bit"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE")), "lies above"));
    CHECK(has(reason(settings, key("HKLM\\HARDWARE")), "none of its keys"));
    CHECK(has(reason(settings, key("HKU\\X")), "same hive"));
    CHECK(has(reason(watch("HKCU\\E"), key("HKU\\S-1-5-18\\E")), "hives of people"));
}

TEST_CASE("an explanation names the watches and the actions that fire, and those that do not") {
    Settings settings;
    settings.watches = {watch("HKLM\\SOFTWARE\\A"), watch("HKLM\\SYSTEM\\B")};
    settings.watches[1].name = "other";
    settings.actions = {{"log", LogSettings{}}, {"eventlog", EventLogSettings{}}};
    const std::string text = explain_text(settings, {key("HKLM\\SOFTWARE\\A"), u"v"});
    for (const char* part :
         {"watch w: yes", "severity medium", "action log (log): yes",
          "action eventlog (eventlog): no", "watch other: no", "1 of 2 watch(es)"})
        CHECK(has(text, part));
}

TEST_CASE("a report of the doctor says what is bad and how to repair it, as text and as JSON") {
    const std::vector<Finding> findings = {
        {"service", Health::good, "There.", "regwatch install"},
        {"restarts", Health::unknown, "Not known.", {}},
        {"config", Health::bad, "Broken.", "regwatch check"},
    };
    CHECK_FALSE(all_good(findings));
    const std::string text = doctor_text(findings, Colour::never);
    CHECK(has(text, "[BAD] Broken."));
    CHECK(has(text, "repair: regwatch check"));
    CHECK(has(text, "1 thing(s) to repair"));
    CHECK_FALSE(text.find("regwatch install") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    const auto json = nlohmann::json::parse(doctor_json(findings));
    CHECK(json["ok"] == false);
    CHECK(json["checks"][2]["result"] == "bad");
    CHECK(json["checks"][2]["repair"] == "regwatch check");
    CHECK(all_good(std::span(findings).first(2)));
}

TEST_CASE("check tells a program each problem with its place") {
    const auto bad = nlohmann::json::parse(
        check_json(load_settings("{\n  \"watches\": 1}", "c.json"), "c.json"));
    CHECK(bad["good"] == false);
    bool found = false;
    for (const auto& problem : bad["problems"]) {
        if (problem.value("pointer", "") != "/watches") continue;
        found = true;
        CHECK(problem["line"] == 2);
        CHECK(problem["column"] == 14);
    }
    CHECK(found);
    const auto good = nlohmann::json::parse(check_json(
        load_settings(
            R"({"watches": [{"name": "a", "keys": ["HKLM\\X"]}], "actions": {"l": {"type": "log"}}})",
            "c.json"),
        "c.json"));
    CHECK(good["good"] == true);
    CHECK(good["watches"] == 1);
    CHECK(good["problems"].empty());
}
