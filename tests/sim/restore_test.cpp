// What an action of type restore puts back, under every schedule of looks, of its own writing, and of a
// rival.
#include <catch2/catch_test_macros.hpp>

#include "engine.h"
#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

constexpr std::size_t kRestoreSchedules = 1'000;

Settings restoring() {
    Settings settings = EngineBench::settings_for({kKey}, {"restore"});
    settings.actions = {{.name = "restore", .what = RestoreSettings{}}};
    return settings;
}

}  // namespace

TEST_CASE("what_is_changed_is_put_back_once_and_the_own_writing_stays", "[restore]") {
    holds(
        "once",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(1));
            bench.make(restoring());
            bench.engine->start();
            kernel.set_value(kKey, u"v", dword(2));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(1), "not put back");
            let_pass(2h);
            check(value_of(bench, u"v") == dword(1), "takes its own writing back");
            check(bench.platform.journal.count(EventId::restored) == 1, "not told once");
            bench.stop();
        },
        kRestoreSchedules);
}

TEST_CASE("whoever_writes_again_while_it_is_put_back_does_not_get_his_first_writing_back",
          "[restore]") {
    holds(
        "rival",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(1));
            bench.make(restoring());
            bench.engine->start();
            kernel.set_value(kKey, u"v", dword(2));
            Thread rival("rival", [&] {
                for (int i = 0; i < 2'000 && value_of(bench, u"v") != dword(1); ++i)
                    switch_point("looking on");
                kernel.set_value(kKey, u"v", dword(3));
            });
            let_pass(1min);
            check(value_of(bench, u"v") == dword(1), "something else than at first was put back");
            bench.stop();
        },
        kRestoreSchedules);
}

TEST_CASE("what_is_changed_while_nothing_can_be_written_is_put_back_to_what_was_there_at_first",
          "[restore]") {
    holds(
        "two at once",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(1));
            bench.make(restoring());
            bench.engine->start();
            // The first is found by a look of its own, or both by one.
            kernel.set_value(kKey, u"v", dword(2));
            switch_point("between two writings");
            kernel.set_value(kKey, u"v", dword(3));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(1), "an intermediate state was put back");
            bench.stop();
        },
        kRestoreSchedules);
}

}  // namespace regwatch::sim
