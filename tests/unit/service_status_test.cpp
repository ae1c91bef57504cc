#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "platform/folder.h"
#include "service/last_good.h"
#include "service/status_report.h"

using namespace regwatch;

namespace {

constexpr const char* kConfig =
    R"({"watches": [{"name": "a", "keys": ["HKLM\\SOFTWARE\\X"]}], "actions": {"log": {"type": "log"}}})";

class ScratchFolder {
public:
    ScratchFolder() { std::filesystem::create_directories(path_); }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

private:
    const std::filesystem::path path_ =
        std::filesystem::temp_directory_path() / "regwatch-unit-status";
};

ConfigRead read_of(const std::string& path, const std::string& bytes) {
    return {load_settings(bytes, path), {{path, bytes}}};
}

ServiceFacts facts() {
    ServiceFacts facts;
    facts.started_at = "2026-01-02T03:04:05.0000000Z";
    facts.serial = 7;
    facts.config = "C:\\x\\regwatch.json";
    facts.generation = 3;
    facts.reloads_done = 5;
    facts.problems = {"regwatch.json:1:2: no"};
    facts.watches = 2;
    facts.engine.watches = {{"w", "HKLM\\A", WatchState::watching, {}},
                            {"w", "HKLM\\B", WatchState::retrying, "access is denied (5)"}};
    facts.engine.queues = {{"log", 4, 1}};
    facts.engine.counts = {40, 12, 3, 2, 6, 5};
    facts.engine.store = StoreState::full;
    facts.now = WallTime(WallTicks(17'000'000'000'000'000));
    facts.engine.given_up = {{"back", "run", "HKLM\\A, value v"}};
    facts.event_log_lacks = 3;
    facts.mutes = {{"w", facts.now + WallTicks(10'000'000)}, {"over", facts.now}};
    return facts;
}

}  // namespace

TEST_CASE("a status says in words what is in its JSON, with the reason of every key in trouble") {
    const std::string text = status_text(status_json(facts()));
    for (const char* part :
         {"generation 3", "1 watching 1 retrying", "access is denied (5)", "not taken over",
          "regwatch.json:1:2: no", "12 since the start, the last has the number 40",
          "3 merged, 2 truncated, 0 dropped, 6 given up, 5 missing in the history",
          "State: disk full", "Action log: 4 queued, 1 dropped",
          "Muted: the watch w until 2023-11-14T22:13:21Z",
          "Left alone, because somebody changes it again and again: HKLM\\A, value v (watch run, "
          "by "
          "back)",
          "The Event Log takes no events now: it lacks 3 notice(s)"}) {
        INFO(text << "\nlacks: " << part);
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(text.find("last good one") == std::string::npos);
    CHECK(text.find("watch over") == std::string::npos);
}

TEST_CASE("every state of a key is counted, and those that miss something are named") {
    ServiceFacts all = facts();
    all.engine.watches.clear();
    std::set<std::string> names;
    // A number that is no state has the name of the last one.
    for (int i = 0; names.insert(name_of(static_cast<WatchState>(i))).second; ++i)
        all.engine.watches.push_back(
            {"w", "HKLM\\" + std::to_string(i), static_cast<WatchState>(i), {}});
    REQUIRE(all.engine.watches.size() == names.size());
    REQUIRE(names.contains("shared"));
    const auto json = nlohmann::json::parse(status_json(all));
    std::size_t sum = 0;
    for (const std::string& name : names) {
        INFO(name);
        CHECK(json["keys"]["by_state"].value(name, 0U) == 1);
        sum += json["keys"]["by_state"].value(name, 0U);
        CHECK(status_text(json.dump()).find(" 1 " + name) != std::string::npos);
    }
    CHECK(json["keys"]["total"] == sum);
    CHECK(json["keys"]["by_state"].size() == names.size());
    const std::string text = status_text(json.dump());
    CHECK(text.find("(watch w): no key fits it now") != std::string::npos);
    CHECK(text.find("(watch w): not all of it is watched") != std::string::npos);
}

TEST_CASE("why a configuration was refused is in the mark, as the number of its exit code") {
    ServiceFacts refused = facts();
    refused.refused_as = ExitCode::config_unreadable;
    CHECK(status_mark(status_json(refused)).refused_as == ExitCode::config_unreadable);
    // An older service does not say so.
    CHECK(status_mark(R"({"config": {"problems": ["no"]}})").refused_as ==
          ExitCode::config_invalid);
    CHECK(status_mark("{}").refused_as == ExitCode::ok);
}

TEST_CASE("a status that was written later is newer, also after a restart") {
    const StatusMark before = status_mark(status_json(facts()));
    CHECK(before.reloads_done == 5);
    CHECK(before.problems.size() == 1);
    ServiceFacts later = facts();
    CHECK_FALSE(status_mark(status_json(later)).is_newer_than(before));
    ++later.serial;
    CHECK(status_mark(status_json(later)).is_newer_than(before));
    later.serial = 1;
    later.started_at = "2026-01-03T03:04:05.0000000Z";
    CHECK(status_mark(status_json(later)).is_newer_than(before));
}

TEST_CASE("what is no status is no text and no mark, and no crash") {
    for (const char* bad :
         {"", "{", "[]", "null", "{}", R"({"config": 5, "keys": {"list": [7]}})"}) {
        INFO(bad);
        CHECK(status_mark(bad).serial == 0);
        (void)status_text(bad);
    }
}

TEST_CASE("the last good configuration is what was kept, for the same file alone") {
    const ScratchFolder folder;
    const std::string file = folder.file("config.lastgood.json");
    CHECK_FALSE(load_last_good(file, "/c.json"));
    REQUIRE(keep_last_good(file, read_of("/c.json", kConfig), WallTime{}));
    const auto kept = load_last_good(file, "/c.json");
    REQUIRE(kept);
    CHECK(kept->config.outcome.settings == load_settings(kConfig, "/c.json").settings);
    CHECK_FALSE(load_last_good(file, "/other.json"));
}

TEST_CASE("when the last good configuration was kept may be any nonsense") {
    const ScratchFolder folder;
    const std::string file = folder.file("config.lastgood.json");
    const nlohmann::json kept = {{"kept_at", 7},
                                 {"files", {{{"path", "/c.json"}, {"text", kConfig}}}}};
    REQUIRE(replace_file(file, kept.dump()));
    const auto good = load_last_good(file, "/c.json");
    REQUIRE(good);
    CHECK(good->kept_at == "an unknown time");
}

TEST_CASE("a last good configuration that is damaged is none") {
    const ScratchFolder folder;
    const std::string file = folder.file("config.lastgood.json");
    for (const char* bad : {"", "{", "[]", R"({"files": []})", R"({"files": [5]})",
                            R"({"files": [{"path": "/c.json", "text": "{"}]})",
                            R"({"files": [{"path": 5, "text": "{}"}]})",
                            R"({"files": [{"path": "/c.json", "text": null}]})",
                            R"({"files": [{"path": ["/c.json"], "text": {"a": 1}}]})"}) {
        INFO(bad);
        REQUIRE(replace_file(file, bad));
        CHECK_FALSE(load_last_good(file, "/c.json"));
    }
}
