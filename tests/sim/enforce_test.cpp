// What a watch expects of values is told, or put right, under every schedule; and fights come to an end.
#include <catch2/catch_test_macros.hpp>

#include "action/holding.h"
#include "engine.h"
#include "sim/engine_bench.h"
#include "sim/restart_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEnforceSchedules = 1'000;

Settings expecting(std::uint8_t number, bool enforce) {
    Settings settings = EngineBench::settings_for({kKey});
    settings.watches[0].expect = {{u"", u"v", dword(number)}, {u"", u"unwanted", std::nullopt}};
    settings.watches[0].enforce = enforce;
    return settings;
}

// Looks now and then until it holds; a minute at the most.
void wait_for(const std::function<bool()>& holds) {
    for (int i = 0; i < 600 && !holds(); ++i) Scheduler::current()->sleep_for(100ms);
    check(holds(), "waited in vain");
}

}  // namespace

TEST_CASE("what_is_not_as_expected_is_put_right_from_the_start_on", "[enforce]") {
    holds(
        "from the start",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(1));
            kernel.set_value(kKey, u"unwanted", dword(1));
            bench.make(expecting(2, true));
            bench.engine->start();
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "not put right at the start");
            check(!value_of(bench, u"unwanted"), "what must not be there is there");
            const auto written = bench.platform.journal.count(EventId::enforced);
            check(written >= 2, "not told");
            let_pass(20min);
            check(bench.platform.journal.count(EventId::enforced) == written,
                  "fights its own writing");
            kernel.delete_key(kKey);
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "the key did not come back");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_is_only_expected_is_told_once_and_not_written", "[enforce]") {
    holds(
        "audit",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(1));
            bench.make(expecting(2, false));
            bench.engine->start();
            kernel.set_value(kKey, u"other", dword(1));
            let_pass(3h);
            auto& journal = bench.platform.journal;
            check(journal.count(EventId::not_as_expected) == 1, "not told once");
            check(value_of(bench, u"v") == dword(1), "written although it is not enforced");
            kernel.set_value(kKey, u"v", dword(2));
            let_pass(1min);
            check(journal.count(EventId::as_expected_again) == 1, "the end is not told");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("whoever_fights_an_enforced_value_is_given_in_to_and_named", "[enforce]") {
    holds(
        "fight",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            auto& journal = bench.platform.journal;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(2));
            bench.make(expecting(2, true));
            bench.engine->start();
            const SteadyTime begin = Scheduler::current()->now();
            const auto gave_up = [&] { return journal.count(EventId::enforcing_gave_up) != 0; };
            for (int i = 0; i < 20 && !gave_up(); ++i) {
                kernel.set_value(kKey, u"v", dword(7));
                wait_for([&] { return value_of(bench, u"v") == dword(2) || gave_up(); });
            }
            let_pass(1min);
            check(journal.count(EventId::enforced) == Holding::kMostInARow, "not five times");
            check(Scheduler::current()->now() - begin >= 75s,
                  "without pauses of 1, 2, 4 and 8 seconds");
            check(journal.count(EventId::enforcing_gave_up) == 1, "not told once");
            for (const Notice& notice : journal.notices()) {
                check(notice.id != EventId::enforcing_gave_up ||
                          notice.inserts[2].find("REG_DWORD 7") != std::string::npos,
                      "does not say what was written");
            }
            check(value_of(bench, u"v") == dword(7), "written although it was given up");
            const std::vector<GivenUp> named = {{"test", "test", "HKLM\\A\\K, value v"}};
            check(bench.engine->status().given_up == named, "the status does not name it");
            let_pass(11min);
            check(bench.engine->status().given_up.empty(), "named although it is put right again");
            check(value_of(bench, u"v") == dword(2), "not taken up again when it was quiet");
            kernel.set_value(kKey, u"v", dword(8));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "not put right when somebody comes back");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("a_reload_that_expects_something_else_ends_the_writing_of_what_was_expected",
          "[enforce]") {
    holds(
        "reload",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            bench.make(expecting(2, true));
            bench.engine->start();
            let_pass(1min);
            check(bench.reload(expecting(3, true)), "not reloaded");
            let_pass(1min);
            check(value_of(bench, u"v") == dword(3), "the new expectation is not put right");
            check(bench.reload(expecting(4, false)), "not reloaded");
            kernel.set_value(kKey, u"v", dword(9));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(9),
                  "written although it is not enforced any more");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_somebody_writes_while_a_value_is_being_set_is_not_overlooked", "[enforce]") {
    holds(
        "rival",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(7));
            bench.make(expecting(2, true));
            Thread rival("rival", [&] {
                for (int i = 0; i < 2'000 && value_of(bench, u"v") != dword(2); ++i) {
                    switch_point("looking on");
                }
                kernel.set_value(kKey, u"v", dword(7));
            });
            bench.engine->start();
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "overlooked");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_somebody_writes_before_the_setting_of_a_value_returns_is_not_overlooked",
          "[enforce]") {
    holds(
        "rival before the return",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            bench.platform.registry_writer.on_value_set = [] {
                Scheduler::current()->sleep_for(500ms);
            };
            kernel.create_key(kKey);
            kernel.set_value(kKey, u"v", dword(7));
            bench.make(expecting(2, true));
            bench.engine->start();
            wait_for([&] { return value_of(bench, u"v") == dword(2); });
            kernel.set_value(kKey, u"v", dword(7));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "overlooked");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_found_no_room_is_not_taken_for_missing", "[enforce]") {
    holds(
        "no room",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            for (const char16_t* name : {u"a", u"b", u"v"}) kernel.set_value(kKey, name, dword(7));
            Settings settings = expecting(2, true);
            settings.watches[0].limits.entries = 2;
            bench.make(settings);
            bench.engine->start();
            let_pass(1min);
            auto& journal = bench.platform.journal;
            check(value_of(bench, u"v") == dword(7), "written although nobody looked at it");
            check(journal.count(EventId::enforced) == 0, "said to be written");
            kernel.set_value(kKey, u"unwanted", dword(1));
            let_pass(1min);
            check(value_of(bench, u"unwanted").has_value(), "deleted although nobody saw it");
            for (const char16_t* name : {u"a", u"b"}) kernel.delete_value(kKey, name);
            let_pass(1min);
            kernel.set_value(kKey, u"v", dword(8));
            let_pass(1min);
            check(value_of(bench, u"v") == dword(2), "not put right when there was room");
            check(!value_of(bench, u"unwanted"), "not judged when there was room");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_is_in_a_key_that_nobody_could_read_is_not_taken_for_missing", "[enforce]") {
    holds(
        "unread",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            const KeyPath closed = kKey.child(u"Closed");
            kernel.create_key(closed);
            kernel.set_value(closed, u"v", dword(2));
            kernel.deny(closed);
            Settings settings = expecting(2, true);
            settings.watches[0].recursive = true;
            settings.watches[0].expect = {{u"closed", u"v", dword(2)}};
            bench.make(settings);
            bench.engine->start();
            let_pass(1min);
            auto& journal = bench.platform.journal;
            check(journal.count(EventId::not_enforced) == 0, "tried to write it");
            kernel.allow(closed);
            let_pass(3min);
            check(journal.count(EventId::enforced) == 0, "written although it is as expected");
            kernel.set_value(closed, u"v", dword(3));
            let_pass(1min);
            check(journal.count(EventId::enforced) == 1, "not put right when it can be read");
            bench.stop();
        },
        kEnforceSchedules);
}

TEST_CASE("what_is_in_a_new_key_that_nobody_could_read_is_not_taken_for_missing", "[enforce]") {
    holds("new and unread", [](RestartBench& bench) {
        SimKernel& kernel = bench.platform.kernel;
        const KeyPath other = kKey.child(u"Other");
        kernel.create_key(other);
        kernel.set_value(other, u"v", dword(2));
        kernel.deny(other);
        bench.watch.recursive = true;
        bench.start();
        let_pass(1min);
        kernel.rename_key(other, u"Closed");
        let_pass(1min);
        bench.stop();
        bench.watch.expect = {{u"closed", u"v", dword(2)}};
        bench.watch.enforce = true;
        bench.start();
        let_pass(1min);
        auto& journal = bench.platform.journal;
        check(journal.count(EventId::not_as_expected) == 0, "said to be missing");
        check(journal.count(EventId::not_enforced) == 0, "tried to write it");
        kernel.allow(kKey.child(u"Closed"));
        let_pass(3min);
        check(journal.count(EventId::enforced) == 0, "written although it is as expected");
        bench.stop();
    });
}

}  // namespace regwatch::sim
