// Configs of several files: what is included, what it inherits, and where problems are said to be.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>
#include <vector>

#include "settings/config_files.h"
#include "settings/loader.h"

using namespace regwatch;

namespace {

using Files = std::map<std::string, std::string>;
using Texts = std::vector<std::string>;

// The first file is always "c/main.json".
LoadOutcome load(const Files& files, const std::string& main = "c/main.json") {
    ConfigSource source;
    source.read = [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found != files.end()) return found->second;
        return Error{ErrorKind::not_found, 0, "reading", path, "there is no such file"};
    };
    source.packs = [](const std::string&) { return Texts{"autostart", "services"}; };
    return load_settings(files.at(main), main, source);
}

Texts problems_of(const Files& files) {
    Texts all;
    for (const Problem& problem : load(files).problems) all.push_back(problem.text());
    return all;
}

Settings accepted(const Files& files) {
    LoadOutcome outcome = load(files);
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    return std::move(*outcome.settings);
}

Texts names(const Settings& settings) {
    Texts all;
    for (const WatchSettings& watch : settings.watches) all.push_back(watch.name);
    return all;
}

std::string watch(const std::string& name, const std::string& more = "") {
    return R"({"name":")" + name + R"(","keys":["HKLM\\)" + name + "\"]" + more + "}";
}

std::string including(const std::string& entries, const std::string& more = "") {
    return R"({"include":[)" + entries + R"(],"actions":{"e":{"type":"eventlog"}})" + more + "}";
}

constexpr const char* kEntry =
    "; each entry of \"include\" is the name of a pack such as \"autostart\", or the path of a "
    ".json "
    "file";

}  // namespace

TEST_CASE("a pack is found beside the main file and a path beside the file it stands in",
          "[settings]") {
    const Files files = {
        {"c/main.json", including(R"("autostart","sub/own.json")")},
        {"c/packs/autostart.json", R"({"watches":[)" + watch("a") + "]}"},
        {"c/sub/own.json",
         R"({"include":["services","other.json"],"watches":[)" + watch("b") + "]}"},
        {"c/packs/services.json", R"({"watches":[)" + watch("c") + "]}"},
        {"c/sub/other.json", R"({"watches":[)" + watch("d") + "]}"},
    };
    CHECK(names(accepted(files)) == Texts{"a", "b", "c", "d"});
    CHECK(load(files).files == Texts{"c/main.json", "c/packs/autostart.json", "c/sub/own.json",
                                     "c/packs/services.json", "c/sub/other.json"});
}

TEST_CASE("backslashes in the name of the main file are kept in the names of packs", "[settings]") {
    const std::string main = "C:\\data\\main.json";
    const Files files = {
        {main, including("\"autostart\"")},
        {"C:\\data\\packs\\autostart.json", R"({"watches":[)" + watch("a") + "]}"}};
    CHECK(load(files, main).settings.has_value());
}

TEST_CASE("actions of an included file are actions of all", "[settings]") {
    const Settings settings = accepted(
        {{"c/main.json", R"({"include":["more.json"],"watches":[)" +
                             watch("a", R"(,"actions":["log"])") + "," + watch("b") + "]}"},
         {"c/more.json", R"({"actions":{"log":{"type":"log"},"e":{"type":"eventlog"}}})"}});
    CHECK(settings.watches[0].actions == Texts{"log"});
    CHECK(settings.watches[1].actions == Texts{"log", "e"});
}

TEST_CASE("defaults reach the watches of included files, and the nearer ones win", "[settings]") {
    const Settings settings = accepted(
        {{"c/main.json",
          including(
              R"("near.json","far.json")",
              R"(,"defaults":{"severity":"low","tags":["main"],"recursive":true},"watches":[)" +
                  watch("own") + "," +
                  watch("loud", R"(,"severity":"critical","tags":[],"recursive":false)") + "]")},
         {"c/near.json", R"({"defaults":{"tags":["near"]},"watches":[)" + watch("near") + "]}"},
         {"c/far.json", R"({"watches":[)" + watch("far") + "]}"}});
    REQUIRE(names(settings) == Texts{"own", "loud", "near", "far"});
    CHECK(settings.watches[0].severity == Severity::low);
    CHECK(settings.watches[0].tags == Texts{"main"});
    CHECK(settings.watches[0].recursive);
    CHECK(settings.watches[1].severity == Severity::critical);
    CHECK(settings.watches[1].tags.empty());
    CHECK_FALSE(settings.watches[1].recursive);
    CHECK(settings.watches[2].severity == Severity::low);
    CHECK(settings.watches[2].tags == Texts{"near"});
    CHECK(settings.watches[3].tags == Texts{"main"});
}

TEST_CASE("the state may be said in any of the files, but in one of them only", "[settings]") {
    const std::string state = R"("state":{"history_count":7})";
    const Files files = {
        {"c/main.json", including(R"("a.json","b.json")")},
        {"c/a.json", "{" + state + R"(,"watches":[)" + watch("a") + "]}"},
        {"c/b.json", R"({"watches":[)" + watch("b") + "]}"},
    };
    CHECK(accepted(files).state.history_count == 7);
    Files twice = files;
    twice["c/b.json"] = "{" + state + "}";
    const Texts problems = problems_of(twice);
    REQUIRE(problems.size() == 1);
    CHECK(
        problems.front().starts_with("c/b.json:1:10: /state: found an object, which is there a "
                                     "second time: the first is in line 1 of \"c/a.json\""));
}

TEST_CASE("a wrong default is reported once, in its own file", "[settings]") {
    CHECK(problems_of({{"c/main.json", including("\"p.json\"",
                                                 "\n,\"defaults\":{\"techniques\":[\"X\"],"
                                                 "\"actions\":[\"f\"]}")},
                       {"c/p.json", R"({"watches":[)" + watch("a") + "," + watch("b") + "]}"}}) ==
          Texts{"c/main.json:2:28: /defaults/techniques/0: found \"X\", which is not a technique; "
                "each entry of \"techniques\" is an id such as \"T1547\" or \"T1547.001\"",
                "c/main.json:2:44: /defaults/actions/0: found \"f\", which is not the name of an "
                "action (did you mean \"e\"?); there is \"e\"; each entry of "
                "\"actions\" is the name of an "
                "action, or an object such as {\"use\": \"log\", \"when\": {}}"});
}

TEST_CASE("problems of every file are reported, in the order of the files", "[settings]") {
    CHECK(problems_of({{"c/main.json", including("\"p.json\",\"q.json\"", ",\n\"x\":1")},
                       {"c/p.json", "{\"watches\":[\n5]}"},
                       {"c/q.json", "{\"watches\":"}}) ==
          Texts{"c/main.json:2:1: /x: unknown field \"x\"; a config has \"$schema\", "
                "\"description\", \"include\", \"max_entries\", \"max_bytes\", "
                "\"total_rate_limit\", \"defaults\", \"watches\", \"actions\" and \"state\"",
                "c/p.json:2:1: /watches/0: found the number 5; a watch is an object such as "
                "{\"name\": \"run\", \"keys\": [\"HKLM\\\\SOFTWARE\"]}",
                "c/q.json:1:12: this is not JSON: the file ends where a value is expected; the "
                "bracket opened in line 1 is not closed"});
}

TEST_CASE("names are unique in all files together", "[settings]") {
    CHECK(problems_of(
              {{"c/main.json", including("\"p.json\"", ",\n\"watches\":[" + watch("a") + "]")},
               {"c/p.json", R"({"actions":{"E":{"type":"log"},"e":{"type":"log"}},"watches":[)" +
                                watch("A") + "]}"}}) ==
          Texts{"c/p.json:1:13: /actions/E: \"E\" differs only in case from \"e\" in line 1 of "
                "\"c/main.json\"; choose another name",
                "c/p.json:1:32: /actions/e: \"e\" is the name of another action, in line 1 of "
                "\"c/main.json\"; choose another name",
                "c/p.json:1:36: /actions/e: \"e\" would write the same files as \"E\" in line 1; "
                "give each its own \"folder\"",
                "c/p.json:1:63: /watches/0: this watch is the same as the one in line 2 of "
                "\"c/main.json\" in all but its name, so that each change would be reported twice",
                "c/p.json:1:71: /watches/0/name: found \"A\", but the watch in line 2 of "
                "\"c/main.json\" has that name already (upper and lower case count as the same)"});
}

TEST_CASE("only the main file says how much all watches may keep", "[settings]") {
    const auto pack = [](const std::string& more) {
        return R"({)" + more + R"("watches":[)" + watch("a") + "]}";
    };
    const Settings settings =
        accepted({{"c/main.json", including("\"p.json\"", R"(,"max_entries":7,"max_bytes":"2KB",
                                   "total_rate_limit":600)")},
                  {"c/p.json", pack("")}});
    CHECK(settings.limits == KeepLimits{7, 2'048});
    CHECK(settings.total_rate_limit == 600);
    const Texts all = problems_of(
        {{"c/main.json", including("\"p.json\"")}, {"c/p.json", pack(R"("max_entries":7,)")}});
    REQUIRE(all.size() == 1);
    CHECK(
        all[0].starts_with("c/p.json:1:16: /max_entries: found the number 7, which stands in a "
                           "file that is included; only the main file says"));
    const Texts rate = problems_of(
        {{"c/main.json", including("\"p.json\"")}, {"c/p.json", pack(R"("total_rate_limit":7,)")}});
    REQUIRE(rate.size() == 1);
    CHECK(rate[0].find("only the main file says how many changes all actions may get") !=
          std::string::npos);
}

TEST_CASE("an include that cannot be followed is reported where it stands", "[settings]") {
    const std::string pack = R"({"watches":[)" + watch("a") + "]}";
    const auto problem = [&](const std::string& entry, const Files& more = {}) {
        Files files = {{"c/main.json", including("\n" + entry)},
                       {"c/packs/services.json", pack},
                       {"c/p.json", pack}};
        files.insert(more.begin(), more.end());
        const Texts all = problems_of(files);
        return all.empty() ? std::string() : all.front();
    };
    const std::string at = "c/main.json:2:1: /include/0: found ";
    CHECK(problem("\"services\"").empty());
    CHECK(problem("\"servces\"") ==
          at +
              "\"servces\", which cannot be read: there is no such file (did you mean "
              "\"services\"?)" +
              kEntry);
    CHECK(problem("\"gone.json\"") ==
          at + "\"gone.json\", which cannot be read: there is no such file" + kEntry);
    CHECK(problem("\"./MAIN.json\"") == at + "\"./MAIN.json\", which is this file itself" + kEntry);
    CHECK(problem("\"x/../p.json\", \"p.json\"", {{"c/x/../p.json", pack}}) ==
          "c/main.json:2:16: /include/1: found \"p.json\", which is included already, by "
          "\"c/main.json\"" +
              std::string(kEntry));
    CHECK(
        problem("\"p.json\",\"p.json\"") ==
        "c/main.json:2:10: /include/1: found \"p.json\", which is here twice; the first one is in "
        "line 2" +
            std::string(kEntry));
    CHECK(problem("5") == at.substr(0, at.size()) + "the number 5, which is not a string" + kEntry);
    CHECK(problem("\"a b\"") ==
          at + "\"a b\", which holds other characters and does not end in .json either" + kEntry);
    CHECK(
        problem("\"%TEMP%/p.json\"") ==
        at +
            "\"%TEMP%/p.json\", which holds a '%'; variables are not looked up here, a path begins "
            "where this file is" +
            kEntry);
    CHECK(problem("\"packs\\run.json\"") ==
          "c/main.json:2:7: /include/0: found \"packs\\u{d}un.json\", which holds the control "
          "character U+000D (a carriage return) (in JSON, double the backslash)" +
              std::string(kEntry));
}

TEST_CASE("a file that could not be included is among the files all the same", "[settings]") {
    const Texts entries = {"c/main.json", "c/p.json", "c/packs/gone.json", "c/late.json"};
    const std::string late = R"({"include":["late.json"],"watches":[)" + watch("a") + "]}";
    const LoadOutcome outcome =
        load({{"c/main.json", including(R"("gone","p.json")")}, {"c/p.json", late}});
    CHECK_FALSE(outcome.settings);
    CHECK(outcome.files == entries);
    // It may become small enough.
    const std::string large = "{}" + std::string(17 * 1024 * 1024, ' ');
    CHECK(load({{"c/main.json", including(R"("p.json")")}, {"c/p.json", large}}).files ==
          Texts{"c/main.json", "c/p.json"});
}

TEST_CASE("a circle of includes is reported in the file that closes it", "[settings]") {
    CHECK(
        problems_of({{"c/main.json", including("\"a.json\"", ",\"watches\":[" + watch("m") + "]")},
                     {"c/a.json", R"({"include":["b.json"]})"},
                     {"c/b.json", R"({"include":["../c/main.json","a.json"]})"}}) ==
        Texts{"c/b.json:1:13: /include/0: found \"../c/main.json\", which is the file that this "
              "one is included from, \"c/main.json\"" +
                  std::string(kEntry),
              "c/b.json:1:30: /include/1: found \"a.json\", which is the file that this one is "
              "included from, \"c/a.json\"" +
                  std::string(kEntry)});
}

TEST_CASE("files are bounded in number and in size together", "[settings]") {
    Files files;
    for (int i = 0; i < 70; ++i) {
        files["c/" + std::to_string(i) + ".json"] =
            R"({"include":[")" + std::to_string(i + 1) + ".json\"]}";
    }
    files["c/main.json"] = including("\"0.json\"", ",\"watches\":[" + watch("m") + "]");
    const Texts many = problems_of(files);
    REQUIRE(many.size() == 1);
    CHECK(many[0] ==
          "c/62.json:1:13: /include/0: found \"63.json\", which is one file too many; "
          "there may be 64" +
              std::string(kEntry));

    const std::string large = "{}" + std::string(9 * 1024 * 1024, ' ');
    const Texts much = problems_of(
        {{"c/main.json", including("\"a.json\",\"b.json\"", ",\"watches\":[" + watch("m") + "]")},
         {"c/a.json", large},
         {"c/b.json", large}});
    REQUIRE(much.size() == 1);
    CHECK(much[0] ==
          "c/main.json:1:22: /include/1: found \"b.json\", which is too large; all files "
          "together may have 16777216 bytes (16MB)" +
              std::string(kEntry));
}

TEST_CASE("without a source nothing can be included", "[settings]") {
    const LoadOutcome outcome =
        load_settings(including("\"a.json\"", ",\"watches\":[" + watch("m") + "]"), "c.json");
    REQUIRE(outcome.problems.size() == 1);
    CHECK(outcome.problems[0].message ==
          "found \"a.json\", which cannot be read from here" + std::string(kEntry));
}

TEST_CASE("a source that throws is an answer too", "[settings]") {
    ConfigSource source;
    source.read = [](const std::string&) -> Result<std::string> { throw std::bad_alloc(); };
    const LoadOutcome outcome = load_settings(including("\"a.json\""), "c.json", source);
    CHECK_FALSE(outcome.settings.has_value());
    CHECK(outcome.problems.size() == 1);
}
