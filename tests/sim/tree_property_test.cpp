// Whatever is done to a tree that is watched in parts: what is reported adds up to what there is, and
// the looks at parts find the same as one at everything.
#include <catch2/catch_test_macros.hpp>

#include <iostream>

#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

enum class Renaming { none, too };

constexpr const char16_t* kNames[] = {u"a", u"A", u"b", u"c", u"d e"};
constexpr const char16_t* kValues[] = {u"", u"v", u"V2"};
constexpr std::size_t kDeepest = 4;

template <class T, std::size_t N>
const T& one_of(const T (&all)[N], const char* what) {
    return all[choose(N, what)];
}

KeyPath any_key() {
    KeyPath key = kKey;
    const std::size_t depth = 1 + choose(kDeepest, "depth");
    for (std::size_t i = 0; i < depth; ++i) key = key.child(one_of(kNames, "name"));
    return key;
}

ValueData any_data() {
    // Each type that has a name, and one that has none.
    const std::size_t type = choose(13, "type");
    ValueData data{static_cast<ValueType>(type < 12 ? type : 77), {}};
    const std::size_t size = choose(10, "size");
    for (std::size_t i = 0; i < size; ++i) {
        data.bytes.push_back(static_cast<std::uint8_t>(choose(4, "byte")));
    }
    return data;
}

void edit(SimKernel& kernel, Renaming renaming) {
    const KeyPath key = any_key();
    switch (choose(renaming == Renaming::too ? 9 : 8, "edit")) {
        case 0:
        case 1:
        case 2:
            kernel.create_key(key);
            break;
        case 3:
            kernel.delete_key(key);
            break;
        case 4:
            kernel.delete_value(key, one_of(kValues, "value"));
            break;
        case 5:
            world().sleep_for(200ms);  // times of writing become a proof
            break;
        case 8:
            kernel.rename_key(key, one_of(kNames, "new name"));
            break;
        default:
            kernel.create_key(key);
            kernel.set_value(key, one_of(kValues, "value"), any_data());
    }
}

void make_tree(WatchBench& bench) {
    bench.kernel().set_time_resolution(16ms);
    for (const char16_t* part : {u"a", u"b"}) {
        for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
            bench.kernel().create_key(kKey.child(part).child(leaf));
        }
    }
    bench.max_keys_of_a_part = 8;
    world().sleep_for(1s);
}

void check_sum(const WatchBench& bench, const std::optional<Snapshot>& first) {
    const auto sum = test::apply(first, bench.client.differences);
    check(sum.ok(), "the differences together do not fit the first state");
    check(LookRecorder::same(sum.value(), bench.client.state ? &*bench.client.state : nullptr),
          "the differences together do not lead from the first state to the last");
}

void edited_at_random(WatchBench& bench, Renaming renaming) {
    make_tree(bench);
    bench.watch(kKey, Scope::subtree);
    bench.settled();
    check(bench.kernel().was_registered(kKey.child(u"a")), "the tree was not divided");
    const std::optional<Snapshot> first = bench.client.state;
    for (int burst = 0; burst < 3; ++burst) {
        // Some while it is looked at, some by two at once.
        for (int writer = 0; writer < 2; ++writer) {
            bench.write([&bench, renaming] {
                for (int i = 0; i < 5; ++i) edit(bench.kernel(), renaming);
            });
        }
        // Not every system tells of a new name.
        if (renaming == Renaming::too) world().sleep_for(3h);
        bench.settled();
        check_sum(bench, first);
    }
    const std::size_t reported = bench.client.differences.size();
    world().sleep_for(3h);
    bench.settled();
    check(bench.client.last_detection == Detection::sweep, "nobody has looked at everything");
    check(bench.client.differences.size() == reported,
          "a look at everything finds what those at the parts did not");
}

void hold_at_random(const std::string& name, Renaming renaming, std::size_t runs) {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        ExploreOptions options;
        options.name = name + " (" + rules.name + ")";
        options.search = ExploreOptions::Search::random;
        options.scheduler.max_steps = 2'000'000;
        options.max_schedules = sample_of(runs);
        const Report report = explore(options, [&] {
            WatchBench bench(rules);
            edited_at_random(bench, renaming);
            bench.close();
        });
        std::cout << report << '\n';
        INFO(report.text());  // with the schedule, which is the seed and all that came of it
        CHECK_FALSE(report.found());
        CHECK((report.found() || report.schedules == options.max_schedules));
    }
}

}  // namespace

TEST_CASE("what_is_reported_of_a_divided_tree_adds_up_to_what_there_is", "[parts]") {
    hold_at_random("random edits", Renaming::none, 800);
}

TEST_CASE("what_is_renamed_in_a_divided_tree_adds_up_too", "[parts]") {
    hold_at_random("random edits and new names", Renaming::too, 400);
}

}  // namespace regwatch::sim
