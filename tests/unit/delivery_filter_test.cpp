// Which changes an action gets.
#include "delivery/filter.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "support/samples.h"

using namespace regwatch;

namespace {

// HKLM\SOFTWARE\Example\Run\Updater, "C:\Tools\PowerShell.exe -enc"
Change set_value() {
    Change change =
        test::value_change(test::sz(u"old"), test::sz(u"C:\\Tools\\PowerShell.exe -enc"));
    change.severity = Severity::medium;
    return change;
}

bool details_pass(Comparison comparison, std::vector<std::u16string> texts) {
    ChangeFilter filter;
    filter.conditions = {{SysmonField::details, comparison, std::move(texts)}};
    return passes(filter, set_value());
}

}  // namespace

TEST_CASE("an empty filter lets everything through", "[delivery]") {
    CHECK(passes({}, set_value()));
    CHECK(passes({}, test::key_change(DifferenceKind::key_deleted)));
}

TEST_CASE("a filter of kinds lets through what has one of them", "[delivery]") {
    ChangeFilter filter;
    filter.kinds = {ChangeKind::value_created, ChangeKind::key_deleted};
    CHECK(passes(filter, test::value_change({}, test::dword(1))));
    CHECK_FALSE(passes(filter, test::value_change(test::dword(0), test::dword(1))));
    CHECK_FALSE(passes(filter, test::value_change(test::dword(0), {})));
    CHECK(passes(filter, test::key_change(DifferenceKind::key_deleted)));
    CHECK_FALSE(passes(filter, test::key_change(DifferenceKind::key_created)));
}

TEST_CASE("a filter of severity lets through that one and what is above it", "[delivery]") {
    ChangeFilter filter;
    filter.severity = Severity::medium;
    CHECK(passes(filter, set_value()));
    filter.severity = Severity::high;
    CHECK_FALSE(passes(filter, set_value()));
}

TEST_CASE("a filter of values compares names as patterns and lets no key through", "[delivery]") {
    ChangeFilter filter;
    filter.values = {u"x", u"UPD?t*"};
    CHECK(passes(filter, set_value()));
    CHECK_FALSE(passes(filter, test::key_change(DifferenceKind::key_created)));
    filter.values = {u"Up"};
    CHECK_FALSE(passes(filter, set_value()));
    Change unnamed = set_value();
    unnamed.value_name.clear();
    CHECK_FALSE(passes(filter, unnamed));
    filter.values = {u"(default)"};
    CHECK(passes(filter, unnamed));
}

TEST_CASE("conditions compare as those of Sysmon do, without regard to case", "[delivery]") {
    using enum Comparison;
    const std::u16string whole = u"c:\\tools\\powershell.EXE -enc";
    CHECK(details_pass(is, {whole}));
    CHECK_FALSE(details_pass(is, {u"powershell"}));
    CHECK(details_pass(is_any, {u"x", whole}));
    CHECK_FALSE(details_pass(is_any, {u"x", u"y"}));
    CHECK(details_pass(is_not, {u"x"}));
    CHECK_FALSE(details_pass(is_not, {whole}));
    CHECK(details_pass(contains, {u"POWERSHELL"}));
    CHECK_FALSE(details_pass(contains, {u"mshta"}));
    CHECK(details_pass(contains_any, {u"mshta", u"powershell"}));
    CHECK_FALSE(details_pass(contains_any, {u"mshta", u"wscript"}));
    CHECK(details_pass(contains_all, {u"-ENC", u"powershell"}));
    CHECK_FALSE(details_pass(contains_all, {u"-enc", u"wscript"}));
    CHECK(details_pass(excludes, {u"mshta"}));
    CHECK_FALSE(details_pass(excludes, {u"powershell"}));
    CHECK(details_pass(excludes_any, {u"mshta", u"powershell"}));
    CHECK_FALSE(details_pass(excludes_any, {u"-enc", u"powershell"}));
    CHECK(details_pass(excludes_all, {u"mshta", u"wscript"}));
    CHECK_FALSE(details_pass(excludes_all, {u"mshta", u"powershell"}));
    CHECK(details_pass(begin_with, {u"C:\\TOOLS"}));
    CHECK_FALSE(details_pass(begin_with, {u"tools"}));
    CHECK(details_pass(not_begin_with, {u"tools"}));
    CHECK_FALSE(details_pass(not_begin_with, {u"c:"}));
    CHECK(details_pass(end_with, {u" -Enc"}));
    CHECK_FALSE(details_pass(end_with, {u".exe"}));
    CHECK(details_pass(not_end_with, {u".exe"}));
    CHECK_FALSE(details_pass(not_end_with, {u"-enc"}));
}

TEST_CASE("conditions look at the fields that Sysmon has", "[delivery]") {
    const auto pass = [](SysmonField field, Comparison comparison, const char16_t* text) {
        ChangeFilter filter;
        filter.conditions = {{field, comparison, {text}}};
        return passes(filter, set_value());
    };
    using enum Comparison;
    CHECK(pass(SysmonField::target_object, is, u"HKLM\\SOFTWARE\\Example\\Run\\Updater"));
    CHECK(pass(SysmonField::event_type, is, u"setvalue"));
    CHECK(pass(SysmonField::new_name, is, u""));
    CHECK_FALSE(pass(SysmonField::new_name, contains, u"x"));
}

TEST_CASE("a field that a change does not have is an empty text", "[delivery]") {
    const Change key = test::key_change(DifferenceKind::key_created);
    ChangeFilter filter;
    filter.conditions = {{SysmonField::details, Comparison::excludes, {u"x"}}};
    CHECK(passes(filter, key));
    filter.conditions = {{SysmonField::details, Comparison::contains, {u"x"}}};
    CHECK_FALSE(passes(filter, key));
}

TEST_CASE("all conditions must hold", "[delivery]") {
    ChangeFilter filter;
    filter.conditions = {{SysmonField::details, Comparison::contains, {u"powershell"}},
                         {SysmonField::event_type, Comparison::is, {u"SetValue"}}};
    CHECK(passes(filter, set_value()));
    filter.conditions[1].texts = {u"DeleteValue"};
    CHECK_FALSE(passes(filter, set_value()));
}

TEST_CASE("a change goes to the actions whose filters it passes, in the order of the watch",
          "[delivery]") {
    WatchSettings watch;
    watch.actions = {"c", "a", "b"};
    CHECK(actions_for(watch, set_value()) == watch.actions);
    ChangeFilter never;
    never.severity = Severity::critical;
    ChangeFilter always;
    always.kinds = {ChangeKind::value_changed};
    watch.filters = {{"a", always}, {"a", never}, {"b", always}};
    CHECK(actions_for(watch, set_value()) == std::vector<std::string>{"c", "b"});
}
