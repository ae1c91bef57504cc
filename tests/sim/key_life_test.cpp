// A key that comes, goes, moves and is refused, where the other files do not look: in one step, too
// fast, unseen, by the clock.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAfterTheSweep = 3h;

}  // namespace

TEST_CASE("a_key_that_appears_in_one_step_with_all_that_is_above_it_is_found", "[key-life]") {
    holds("appears in one step", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\Draft\\K"));
        bench.kernel().set_value(key_path(u"A\\Draft\\K"), u"v", dword(1));
        bench.watch(kDeepKey);
        bench.write([&] {
            bench.kernel().rename_key(key_path(u"A\\Draft"), u"B");
            // A rename may go unseen by those who watch the parent.
            world().sleep_for(kAfterTheSweep);
        });
        bench.settled();
        check(bench.client.state.has_value(), "the key was not found");
    });
}

TEST_CASE("a_key_that_appears_while_its_ancestor_is_shared_with_others_is_found", "[key-life]") {
    holds("created between the open and the seat", Effort{.adjust = without_latch},
          [](WatchBench& bench) {
              bench.kernel().create_key(key_path(u"A\\B"));
              Neighbour neighbour(bench, key_path(u"A\\B\\Other"));
              world().settle();  // the ancestor is registered already when the watch comes
              bench.watch(kDeepKey);
              bench.write([&] { bench.kernel().create_key(kDeepKey); });
              bench.settled();
              check(bench.client.state.has_value(), "the key was not found");
              neighbour.settled();
              neighbour.close();
          });
}

TEST_CASE("a_key_made_again_with_equal_content_is_the_one_that_is_watched", "[key-life]") {
    holds("made again, equal", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.kernel().set_value(kDeepKey, u"v", dword(1));
        bench.watch(kDeepKey);
        world().settle();
        bench.write([&] {
            bench.kernel().delete_key(kDeepKey);
            bench.kernel().create_key(kDeepKey);
            bench.kernel().set_value(kDeepKey, u"v", dword(1));
        });
        bench.settled();
        // The old handle leads to a deleted key.
        bench.kernel().set_value(kDeepKey, u"v", dword(2));
        bench.settled();
        const bool has_value = bench.client.state && !bench.client.state->values.empty();
        check(has_value && bench.client.state->values[0].data == dword(2),
              "the new key is not watched");
    });
}

TEST_CASE("a_fast_loop_of_deleting_and_creating_costs_a_bounded_number_of_opens", "[key-life]") {
    constexpr std::size_t kRounds = 6;
    const Effort effort{.random = 3'000};
    holds("delete and create, six times", effort, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        const std::size_t before = bench.kernel().counts().opens;
        for (std::size_t i = 0; i < kRounds; ++i) {
            bench.kernel().delete_key(kDeepKey);
            bench.kernel().create_key(kDeepKey);
        }
        bench.settled();
        check(bench.kernel().counts().opens - before <= kRounds * 12, "it spins");
        check(bench.client.state.has_value(), "the wrong state is the last one");
    });
}

TEST_CASE("a_renamed_ancestor_is_found_by_the_sweep_at_the_latest", "[key-life]") {
    holds("ancestor renamed", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        bench.write([&] {
            bench.kernel().rename_key(key_path(u"A"), u"Z");
            world().sleep_for(kAfterTheSweep);
        });
        bench.settled();
        check(!bench.client.state.has_value(), "what the path no longer names is still watched");
        bench.kernel().create_key(kDeepKey);
        bench.settled();
        check(bench.client.state.has_value(), "the new key of that name was not found");
    });
}

TEST_CASE("a_renamed_key_whose_own_signal_is_all_there_is_is_gone_at_once", "[key-life]") {
    const auto own_signal = [](KernelRules& rules) {
        without_latch(rules);
        rules.rename_signals_key = Behaviour::always;
        rules.rename_signals_parent = Behaviour::never;
    };
    for (const Scope scope : {Scope::key, Scope::subtree}) {
        const std::string name = scope == Scope::key ? "renamed" : "renamed, with subkeys";
        holds(name, Effort{.adjust = own_signal}, [&](WatchBench& bench) {
            bench.kernel().create_key(key_path(u"A\\B\\K\\Below"));
            bench.watch(kDeepKey, scope);
            world().settle();
            bench.kernel().rename_key(kDeepKey, u"Elsewhere");
            bench.settled();
            check(bench.key->status().state == WatchState::waiting, "it is not waited for");
            bench.kernel().create_key(kDeepKey);
            bench.settled();
            check(bench.client.state.has_value(), "the new key of that name was not found");
        });
    }
}

TEST_CASE("a_renamed_key_is_gone_and_back_under_its_old_name", "[key-life]") {
    const auto silent = [](KernelRules& rules) {
        without_latch(rules);
        rules.same_data_signals = rules.rename_signals_key = Behaviour::never;
        rules.rename_signals_parent = Behaviour::never;
    };
    holds("renamed and back", Effort{.adjust = silent}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        bench.kernel().rename_key(kDeepKey, u"Elsewhere");
        world().sleep_for(kAfterTheSweep);
        bench.settled();
        check(bench.key->status().state == WatchState::waiting, "it is not waited for");
        bench.kernel().rename_key(key_path(u"A\\B\\Elsewhere"), u"K");
        world().sleep_for(kAfterTheSweep);
        bench.settled();
        check(bench.key->status().state == WatchState::watching, "it is not watched");
    });
}

TEST_CASE("what_no_signal_told_of_is_found_by_the_sweep_and_said_to_be", "[key-life]") {
    const auto silent = [](KernelRules& rules) {
        rules.rename_signals_parent = Behaviour::never;
        rules.rename_signals_key = Behaviour::never;
    };
    holds("unseen change", Effort{.adjust = silent}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\B\\K\\Old"));
        bench.watch(kDeepKey);
        world().settle();
        bench.kernel().rename_key(key_path(u"A\\B\\K\\Old"), u"New");
        world().settle();
        check(bench.client.differences.empty(), "the kernel told of it");
        world().sleep_for(kAfterTheSweep);
        bench.settled();
        check(!bench.client.differences.empty(), "the sweep did not find it");
        check(bench.client.last_detection == Detection::sweep, "not said to be a sweep");
    });
}

TEST_CASE("a_tree_that_is_written_to_all_the_time_is_swept_all_the_same", "[key-life]") {
    // Of what a sweep failed to read, what no time tells of is found by the next sweep.
    const Effort effort{.random = 400, .each_call_fails = false};
    holds("unseen change in a busy tree", effort, [](WatchBench& bench) {
        const KeyPath quiet = key_path(u"A\\K\\Quiet");
        const KeyPath busy = key_path(u"A\\K\\Busy");
        bench.kernel().create_key(busy);
        bench.kernel().create_key(quiet);
        bench.kernel().set_value(quiet, u"v", dword(1));
        world().sleep_for(1min);  // so that the time of the quiet key proves something
        bench.watch(kKey, Scope::subtree);
        world().settle();
        bench.kernel().replace_unseen(quiet, u"v", dword(2));
        for (std::uint8_t i = 1; i <= 7; ++i) {
            let_pass(10min);
            bench.kernel().set_value(busy, u"v", dword(i));
            world().settle();
        }
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 8, "not each change once");
    });
}

TEST_CASE("a_key_that_is_open_is_read_on_after_others_may_no_longer_open_it", "[key-life]") {
    holds("denied while open", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        bench.write([&] {
            bench.kernel().deny(kDeepKey);
            bench.kernel().set_value(kDeepKey, u"v", dword(1));
        });
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 1, "the change was missed");
        // A new one of the same name is open to all again.
        bench.kernel().delete_key(kDeepKey);
        bench.kernel().create_key(kDeepKey);
        world().sleep_for(1min);
        bench.settled();
        check(bench.key->status().state == WatchState::watching, "it is not watched");
    });
}

TEST_CASE("a_clock_that_is_set_changes_no_delay", "[key-life]") {
    holds("clock set back and forth", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.kernel().deny(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        bench.kernel().set_wall_clock(bench.kernel().wall_now() - std::chrono::hours(24));
        bench.kernel().allow(kDeepKey);
        world().sleep_for(2min);
        bench.settled();
        check(bench.key->status().state == WatchState::watching, "set back, it is not retried");
        bench.kernel().set_wall_clock(bench.kernel().wall_now() + std::chrono::hours(48));
        bench.kernel().set_value(kDeepKey, u"v", dword(1));
        bench.settled();
    });
}

}  // namespace regwatch::sim
