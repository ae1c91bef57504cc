// Quiet or deaf: what doctor --self-test makes of a service that hears, and of one that does not.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "service/self_test.h"
#include "settings/loader.h"
#include "state/memory_store.h"
#include "support/faulting_store.h"
#include "support/manual_clock.h"
#include "support/samples.h"

using namespace regwatch;
using namespace std::chrono_literals;

namespace {

class NoRegistry final : public Registry {
public:
    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override {
        return Error{ErrorKind::not_found, 0, "opening", path.utf8(), "it is not there"};
    }
};

// A registry that is written to; what the service hears of it is up to the test.
class Writer final : public RegistryWriter {
public:
    Result<void> set_value(const KeyPath& key, std::u16string_view name,
                           const ValueData& data) override {
        if (is_denied) return denied(key);
        calls.push_back("set " + key.utf8());
        written = {std::u16string(name), data};
        return {};
    }
    Result<void> delete_value(const KeyPath& key, std::u16string_view) override {
        return denied(key);
    }
    Result<void> create_key(const KeyPath& key) override {
        if (is_denied) return denied(key);
        calls.push_back("create " + key.utf8());
        return {};
    }
    Result<void> delete_key(const KeyPath& key) override {
        calls.push_back("delete " + key.utf8());
        return {};
    }

    bool is_denied = false;
    std::vector<std::string> calls;
    Value written;

private:
    static Error denied(const KeyPath& key) {
        return {ErrorKind::denied, 5, "writing", key.utf8(), "access is denied"};
    }
};

struct Bench {
    // After so many looks into the history it is there.
    void hear(int looks, const ValueData& data, const std::string& watch = kSelfTestWatch) {
        if (--left_ != 0 || looks == 0) return;
        Change change = test::value_change(std::nullopt, data);
        change.sequence = ++sequence;
        change.watch = watch;
        const std::vector<std::string> nobody;
        StoreBatch batch;
        batch.records.push_back({std::make_shared<const Change>(change), &nobody});
        REQUIRE(store.commit(batch));
    }
    Finding run(int looks_until_heard) {
        left_ = looks_until_heard;
        return run_self_test({writer, registry, store, clock,
                              [&] {
                                  clock.advance(50ms);
                                  hear(looks_until_heard, writer.written.data);
                              }},
                             "mark", 10s);
    }

    MemoryStore store;
    test::ManualClock clock;
    Writer writer;
    NoRegistry registry;
    std::uint64_t sequence = 0;

private:
    int left_ = 0;
};

const std::vector<std::string> kAll = {"create HKLM\\SOFTWARE\\RegWatch\\SelfTest",
                                       "set HKLM\\SOFTWARE\\RegWatch\\SelfTest",
                                       "delete HKLM\\SOFTWARE\\RegWatch\\SelfTest"};

}  // namespace

TEST_CASE("a service that has the self-test's change in its history hears, however late") {
    Bench bench;
    const Finding finding = bench.run(3);
    CHECK(finding.health == Health::good);
    CHECK(finding.found.find("within 150 ms (change 1)") != std::string::npos);
    CHECK(bench.writer.calls == kAll);
}

TEST_CASE("a service without it is deaf, after a time, and the key is removed all the same") {
    Bench bench;
    const Finding finding = bench.run(0);
    CHECK(finding.health == Health::bad);
    CHECK(finding.found.find("deaf") != std::string::npos);
    CHECK(bench.clock.steady_now() == SteadyTime(10s));
    CHECK(bench.writer.calls == kAll);
}

TEST_CASE("an earlier self-test, another mark and another watch prove nothing") {
    Bench bench;
    bench.hear(0, {});
    // One from before, with the very same mark.
    (void)bench.run(1);
    const ValueData mark = bench.writer.written.data;
    for (const auto& [data, watch] : {std::pair(test::sz(u"other"), std::string(kSelfTestWatch)),
                                      std::pair(mark, std::string("users"))}) {
        Change change = test::value_change(std::nullopt, data);
        change.sequence = ++bench.sequence;
        change.watch = watch;
        REQUIRE(bench.store.commit({{}, {{std::make_shared<const Change>(change), nullptr}}, {}}));
        CHECK(bench.run(0).health == Health::bad);
    }
}

TEST_CASE("who may not write to the key, or not read the history, is told so at once") {
    Bench bench;
    bench.writer.is_denied = true;
    const Finding denied = bench.run(1);
    CHECK(denied.health == Health::bad);
    CHECK(denied.found.find("access is denied") != std::string::npos);
    CHECK(denied.repair.find("elevated") != std::string::npos);

    test::FaultingStore broken(bench.store);
    broken.fail_all(StoreState::damaged);
    bench.writer = {};
    const Finding unread =
        run_self_test({bench.writer, bench.registry, broken, bench.clock, [] {}}, "mark");
    CHECK(unread.health == Health::bad);
    CHECK(unread.found.find("damaged") != std::string::npos);
    CHECK(bench.writer.calls.empty());
}

TEST_CASE("the self-test's watch has a name that no configuration can have, and shows nowhere") {
    const auto clash =
        load_settings(std::string(R"({"watches":[{"name":")") + kSelfTestWatch +
                          R"(","keys":["HKU"]}],"actions":{"e":{"type":"eventlog"}}})",
                      "c.json");
    CHECK_FALSE(clash.settings);
    const Settings settings = with_self_test({});
    REQUIRE(settings.watches.size() == 1);
    CHECK(settings.watches.front().actions.empty());
    EngineStatus status;
    status.watches = {{kSelfTestWatch, "HKLM\\SOFTWARE\\RegWatch", WatchState::waiting, {}},
                      {"mine", "HKU", WatchState::watching, {}}};
    const EngineStatus shown = without_self_test(status);
    REQUIRE(shown.watches.size() == 1);
    CHECK(shown.watches.front().watch == "mine");
}
