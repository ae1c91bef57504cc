#include "service/explain.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "service/check_report.h"
#include "service/colour.h"
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

// The second one is called "other", and what it has to itself is an action that no watch names.
LoadOutcome both(WatchSettings one, WatchSettings other) {
    LoadOutcome loaded;
    other.name = "other";
    loaded.settings.emplace();
    loaded.settings->watches = {std::move(one), std::move(other)};
    loaded.settings->actions = {{"log", LogSettings{}}, {"eventlog", EventLogSettings{}}};
    return loaded;
}

// What is said of the action of the one watch.
std::string action_line(const WatchSettings& settings, const ExplainSubject& subject) {
    const std::string text = explain_text(both(settings, {}), subject, WallTime{});
    const std::size_t at = text.find("    action log");
    if (at == std::string::npos) return "no report";
    return text.substr(at + 4, text.find('\n', at) - at - 4);
}

WatchSettings with_condition(FieldCondition condition) {
    WatchSettings settings = watch("HKLM\\SYSTEM\\CurrentControlSet\\A");
    ChangeFilter filter;
    filter.conditions = {std::move(condition)};
    settings.filters = {{"log", filter}};
    return settings;
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
    const LoadOutcome loaded = both(watch("HKLM\\SOFTWARE\\A"), watch("HKLM\\SYSTEM\\B"));
    const std::string text = explain_text(loaded, {key("HKLM\\SOFTWARE\\A"), u"v"}, WallTime{});
    for (const char* part :
         {"watch w: yes", "severity medium", "action log (log): yes",
          "action eventlog (eventlog): no", "watch other: no", "1 of 2 watch(es)"})
        CHECK(has(text, part));
}

TEST_CASE("a value that the watch leaves out is not reported, and why is said") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A", true);
    settings.selection.exclude_values = {u"*Pending"};
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B", u"XPENDING"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A"), u"XPending"), "exclude_values"));
    settings.selection = {};
    settings.selection.include_values = {u"(Default)", u"Image*"};
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A", u"ImagePath"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A", u""));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A", u"(default)"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A", u"v"));
}

TEST_CASE("subkeys that the watch leaves out are not reported, and why is said") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A", true);
    settings.selection.exclude_subkeys = {PathPattern(u"**\\Cache")};
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B", u"v"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B\\cache\\C", u"v"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A\\B\\Cache\\C")), "exclude_subkeys"));
    settings.selection = {};
    settings.selection.include_subkeys = {PathPattern(u"*\\Parameters")};
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B\\Parameters\\C", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B", u"v"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A\\B\\C")), "include_subkeys"));
    settings.selection = {};
    settings.selection.max_depth = 1;
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B\\C"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B\\C", u"v"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A\\B\\C\\D")), "max_depth"));
    settings.recursive = false;
    settings.selection.exclude_subkeys = {PathPattern(u"B")};
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B"));
}

TEST_CASE("what a pattern finds in several places is judged from each of them") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\**\\A", true);
    settings.selection.exclude_subkeys = {PathPattern(u"B")};
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\A", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B\\A", u"v"));
}

TEST_CASE("a kind of change that the watch does not report is none") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A");
    settings.changes = ChangeKinds::none();
    settings.changes.add(DifferenceKind::value_set);
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A"));
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A\\B"));
    settings.changes = ChangeKinds::none();
    settings.changes.add(DifferenceKind::key_created);
    CHECK_FALSE(reports(settings, "HKLM\\SOFTWARE\\A", u"v"));
    CHECK(reports(settings, "HKLM\\SOFTWARE\\A\\B"));
    CHECK(has(reason(settings, key("HKLM\\SOFTWARE\\A"), u"v"), "\"changes\""));
}

TEST_CASE("a key is known by the names that records give it") {
    const WatchSettings services = watch("HKLM\\SYSTEM\\CurrentControlSet\\Services\\*");
    CHECK(reports(services, "HKLM\\SYSTEM\\ControlSet001\\Services\\X", u"v"));
    CHECK_FALSE(reports(services, "HKLM\\SYSTEM\\ControlSet002\\Services\\X", u"v"));
    CHECK(explain_watch(services,
                        {key("HKLM\\SYSTEM\\ControlSet002\\Services\\X"), u"v", u"ControlSet002"})
              .reports);
    CHECK(reports(watch("HKLM\\SYSTEM\\ControlSet001\\A"), "HKLM\\SYSTEM\\CurrentControlSet\\A",
                  u"v"));
    CHECK(reports(watch("HKLM\\SYSTEM", true), "HKLM\\SYSTEM\\CurrentControlSet\\A", u"v"));

    const WatchSettings classes = watch("HKCU\\Software\\Classes\\CLSID", true);
    CHECK(reports(classes, "HKU\\S-1-5-21-1_Classes\\CLSID\\{1}", u"v"));
    CHECK(reports(classes, "HKU\\S-1-5-21-1\\Software\\Classes\\CLSID\\{1}", u"v"));
    CHECK(reports(watch("HKU\\*_Classes\\CLSID", true), "HKU\\S-1-5-21-1\\Software\\Classes\\CLSID",
                  u"v"));
    // A wildcard does not mean the second hive, and a look does not go through the link to it.
    CHECK_FALSE(reports(watch("HKU\\*\\CLSID"), "HKU\\S-1-5-21-1_Classes\\CLSID", u"v"));
    CHECK_FALSE(reports(watch("HKCU\\Software", true), "HKU\\S-1-5-21-1_Classes\\CLSID", u"v"));
    CHECK_FALSE(
        reports(watch("HKCU\\Software", true), "HKU\\S-1-5-21-1\\Software\\Classes\\CLSID", u"v"));
    CHECK(reports(watch("HKU\\S-1-5-18\\Software", true), "HKU\\S-1-5-18\\Software\\Classes\\X"));

    CHECK(reports(watch("HKLM\\SOFTWARE\\Classes\\exefile", true), "HKCR\\exefile\\shell", u""));
}

TEST_CASE("a 32-bit key is the same by either name") {
    const KeyPath by_view = key("HKLM\\SOFTWARE\\A", View::bits32);
    const auto reports_it = [](const WatchSettings& settings, const KeyPath& subject) {
        return explain_watch(settings, {subject, u"v"}).reports;
    };
    const WatchSettings spelt = watch("HKLM\\SOFTWARE\\WOW6432Node\\A");
    CHECK(reports_it(spelt, by_view));
    CHECK(reports_it(watch("HKLM\\SOFTWARE", true), by_view));
    WatchSettings viewed = watch("HKLM\\SOFTWARE\\A");
    CHECK_FALSE(reports_it(viewed, by_view));
    viewed.keys[0].view = View::bits32;
    CHECK(reports_it(viewed, key("HKLM\\SOFTWARE\\Wow6432Node\\A")));
    CHECK_FALSE(reports_it(viewed, key("HKLM\\SOFTWARE\\A")));
    CHECK(reports_it(watch("HKCR\\WOW6432Node\\CLSID", true),
                     key("HKLM\\SOFTWARE\\WOW6432Node\\Classes\\CLSID\\{1}")));
    // There is only one of it.
    CHECK(reports_it(watch("HKLM\\SYSTEM\\A"), key("HKLM\\SYSTEM\\A", View::bits32)));
}

TEST_CASE("an action's filter of values knows the default value by its shown name") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A");
    ChangeFilter filter;
    filter.values = {u"(Default)"};
    settings.filters = {{"log", filter}};
    CHECK(action_line(settings, {key("HKLM\\SOFTWARE\\A"), u""}) == "action log (log): yes");
    CHECK(has(action_line(settings, {key("HKLM\\SOFTWARE\\A"), u"v"}), "no: its \"when\""));
    CHECK(has(action_line(settings, {key("HKLM\\SOFTWARE\\A"), std::nullopt}), "yes, if"));
}

TEST_CASE("an action's condition on what is known of a change is decided") {
    const WatchSettings on_target = with_condition(
        {SysmonField::target_object, Comparison::end_with, {u"\\CurrentControlSet\\A\\Start"}});
    const KeyPath recorded = key("HKLM\\SYSTEM\\ControlSet001\\A");
    CHECK(action_line(on_target, {recorded, u"Start"}) == "action log (log): yes");
    CHECK(has(action_line(on_target, {recorded, u"Type"}), "no: a condition"));
    CHECK(has(action_line(on_target, {recorded, std::nullopt}), "yes, if"));
    const WatchSettings on_details =
        with_condition({SysmonField::details, Comparison::contains, {u"x"}});
    CHECK(has(action_line(on_details, {recorded, u"Start"}), "yes, if"));
    WatchSettings deleted = on_details;
    deleted.changes = ChangeKinds::none();
    deleted.changes.add(DifferenceKind::value_deleted);
    CHECK(has(action_line(deleted, {recorded, u"Start"}), "no: a condition"));
}

TEST_CASE("kinds that the watch and the action do not have in common are none") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A");
    ChangeFilter filter;
    filter.kinds = {ChangeKind::key_deleted};
    settings.filters = {{"log", filter}};
    CHECK(has(action_line(settings, {key("HKLM\\SOFTWARE\\A"), u"v"}), "other kinds"));
    CHECK(has(action_line(settings, {key("HKLM\\SOFTWARE\\A"), std::nullopt}), "yes, if"));
}

TEST_CASE("what is switched off is named, with what it would do otherwise") {
    const LoadOutcome loaded = load_settings(
        R"({"watches": [{"name": "a", "keys": ["HKLM\\X"]},
            {"name": "b", "keys": ["HKLM\\X\\Y"], "enabled": false},
            {"name": "c", "keys": ["HKLM\\Z"], "enabled": false}],
            "actions": {"l": {"type": "log"}, "e": {"type": "eventlog", "enabled": false}}})",
        "c.json");
    REQUIRE(loaded.settings);
    const std::string text = explain_text(loaded, {key("HKLM\\X\\Y"), std::nullopt}, WallTime{});
    CHECK(has(text, "watch b: no: it is switched off (\"enabled\": false); otherwise yes: "));
    CHECK(has(text, "watch c: no: it is switched off (\"enabled\": false); and otherwise no: "));
    CHECK(has(text, "action e: no: it is switched off"));
    CHECK(has(text, "1 of 1 watch(es)"));
}

TEST_CASE("a watch that is muted now is said to be") {
    WatchSettings settings = watch("HKLM\\SOFTWARE\\A");
    settings.mute_at = {MuteWindow::parse("08:00-09:00").value()};
    const auto text_at = [&](std::chrono::minutes time) {
        return explain_text(both(settings, {}), {key("HKLM\\SOFTWARE\\A"), u"v"}, WallTime(time));
    };
    CHECK(has(text_at(std::chrono::minutes(8 * 60 + 30)), "muted now: nothing is delivered"));
    CHECK(has(text_at(std::chrono::minutes(9 * 60)), "not muted now"));
}

TEST_CASE("NO_COLOR refuses colours unless it is empty, and nothing but a terminal gets them") {
    CHECK(colour_for(true, "") == Colour::always);
    CHECK(colour_for(true, "1") == Colour::never);
    CHECK(colour_for(true, "0") == Colour::never);
    CHECK(colour_for(false, "") == Colour::never);
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
        check_json(load_settings("{\n  \"watches\": 1}", "c.json"), "c.json", {}));
    CHECK(bad["good"] == false);
    CHECK(bad["problem_count"] == bad["problems"].size());
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
        "c.json", {{"c.json", 3, 7, "/watches/0/keys/0", "It is odd."}}));
    CHECK(bad["notes"].empty());
    REQUIRE(good["notes"].size() == 1);
    CHECK(good["notes"][0] == nlohmann::json{{"file", "c.json"},
                                             {"line", 3},
                                             {"column", 7},
                                             {"pointer", "/watches/0/keys/0"},
                                             {"message", "It is odd."}});
    CHECK(good["good"] == true);
    CHECK(good["watches"] == 1);
    CHECK(good["problems"].empty());
}
