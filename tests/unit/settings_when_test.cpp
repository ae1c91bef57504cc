// What a config says about which changes an action gets, as the settings have it.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "settings/loader.h"

using namespace regwatch;

namespace {

std::vector<ActionFilter> filters_of(const std::string& watch, const std::string& action = "",
                                     const std::string& more = "") {
    const std::string config = R"({"watches":[{"name":"w","keys":["HKU"],"severity":"high")" +
                               watch + R"(}],"actions":{"a":{"type":"eventlog")" + action +
                               R"(},"b":{"type":"log"}})" + more + "}";
    const LoadOutcome outcome = load_settings(config, "c.json");
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    REQUIRE(outcome.settings->watches.size() == 1);
    return outcome.settings->watches[0].filters;
}

ChangeFilter kinds(std::vector<ChangeKind> wanted) {
    ChangeFilter filter;
    filter.kinds = std::move(wanted);
    return filter;
}

}  // namespace

TEST_CASE("everything in when arrives", "[settings]") {
    const auto filters = filters_of(R"(,"actions":["b",{"use":"a","when":{
        "kinds":["value_created","key_deleted"],"severity":"high","values":["Shell","*x?"],
        "conditions":[{"field":"Details","condition":"contains any","value":["a","B;c"]},
                      {"field":"NewName","value":""},
                      {"field":"TargetObject","condition":"not end with","value":"\\Run"},
                      {"field":"EventType","condition":"is not","value":"SetValue"}]}}])");
    ChangeFilter expected = kinds({ChangeKind::value_created, ChangeKind::key_deleted});
    expected.severity = Severity::high;
    expected.values = {u"Shell", u"*x?"};
    expected.conditions = {
        {SysmonField::details, Comparison::contains_any, {u"a", u"B;c"}},
        {SysmonField::new_name, Comparison::is, {u""}},
        {SysmonField::target_object, Comparison::not_end_with, {u"\\Run"}},
        {SysmonField::event_type, Comparison::is_not, {u"SetValue"}},
    };
    CHECK(filters == std::vector<ActionFilter>{{"a", expected}});
}

TEST_CASE("the filters of an action, of its use and of the watch all count", "[settings]") {
    CHECK(filters_of(R"(,"actions":["b",{"use":"a","when":{"kinds":["value_changed"]}}],
                        "when":{"kinds":["value_deleted"]})",
                     R"(,"when":{"kinds":["value_created"]})") ==
          std::vector<ActionFilter>{{"a", kinds({ChangeKind::value_created})},
                                    {"a", kinds({ChangeKind::value_changed})},
                                    {"b", kinds({ChangeKind::value_deleted})},
                                    {"a", kinds({ChangeKind::value_deleted})}});
}

TEST_CASE("a watch without actions of its own has the filters of all actions", "[settings]") {
    CHECK(filters_of("", R"(,"when":{"kinds":["key_created"]})") ==
          std::vector<ActionFilter>{{"a", kinds({ChangeKind::key_created})}});
}

TEST_CASE("uses of actions may stand in the defaults", "[settings]") {
    CHECK(filters_of("", "",
                     R"(,"defaults":{"actions":[{"use":"a","when":{"kinds":["key_created"]}}]})") ==
          std::vector<ActionFilter>{{"a", kinds({ChangeKind::key_created})}});
}

TEST_CASE("an empty when filters nothing", "[settings]") {
    CHECK(filters_of(R"(,"when":{},"actions":[{"use":"a","when":{"severity":"info"}}])").empty());
}
