// The baseline that is accepted by command is what the service would see, and no more.
#include <catch2/catch_test_macros.hpp>

#include "contract/state_bench.h"
#include "service/accept.h"
#include "support/samples.h"

namespace regwatch::test {
namespace {

KeyPath key_of(std::u16string_view text) { return KeyPath::parse(text).value(); }

const KeyPath kFixed = key_of(u"HKLM\\SOFTWARE\\Example");
const KeyPath kOld = key_of(u"HKLM\\P\\Old");
const KeyPath kNew = key_of(u"HKLM\\P\\New");
const KeyPath kUser = key_of(u"HKU\\S-1-5-21-7");

Settings settings_of(const StateBench& bench) {
    Settings settings = bench.settings();
    settings.watches[0].keys = {kFixed, key_of(u"HKLM\\P\\*"), kUser.child(u"Environment")};
    return settings;
}

Result<AcceptReport> accept(StateBench& bench, const std::string& watch) {
    SqliteStore store({bench.folder(), SqliteStore::Access::own, 0, 0}, bench.platform.clock);
    Platform ports = bench.platform.ports();
    return accept_as_found(settings_of(bench), watch, store, ports);
}

// Seen by a run, and changed since.
void change_all(StateBench& bench) {
    auto& kernel = bench.platform.kernel;
    for (const KeyPath& key : {kOld, key_of(u"HKLM\\P\\Stays"), kUser.child(u"Environment")})
        kernel.create_key(key);
    bench.start(settings_of(bench));
    bench.stop();
    kernel.set_value(kFixed, u"w", dword(1));
    kernel.delete_key(kOld);
    kernel.create_key(kNew);
    kernel.delete_key(kUser);
}

}  // namespace

TEST_CASE("what was accepted is no news at the next start, below patterns too", "[accept]") {
    StateBench bench;
    change_all(bench);
    const auto report = accept(bench, "test");
    REQUIRE(report);
    CHECK(report->keys == 3);
    CHECK(report->differences == 3);  // a value, a key that came, one that went
    CHECK(accept(bench, "")->differences == 0);
    bench.start(settings_of(bench));
    CHECK(bench.hears());
    CHECK(bench.deliveries.sequences().size() == 1);
}

TEST_CASE("a user who is not logged on is not one who was deleted", "[accept]") {
    StateBench bench;
    change_all(bench);
    const auto report = accept(bench, "test");
    REQUIRE(report);
    REQUIRE(report->left.size() == 1);
    CHECK(report->left[0].find("not logged on") != std::string::npos);
    const auto stored = bench.reader()->baseline("test", kUser.child(u"Environment"));
    REQUIRE(stored);
    REQUIRE(*stored);
    CHECK((*stored)->state);
}

TEST_CASE("a watch that there is none of is refused", "[accept]") {
    StateBench bench;
    const auto report = accept(bench, "tset");
    REQUIRE_FALSE(report);
    CHECK(report.error().text().find("tset") != std::string::npos);
}

}  // namespace regwatch::test
