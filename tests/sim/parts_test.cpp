// A subtree that is watched in parts: how it is divided, what happens meanwhile, and what becomes of a
// part whose key goes.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

KeyPath below(std::u16string_view path) { return key_path(u"A\\K\\" + std::u16string(path)); }

// Eleven keys: too many for one part, and two subkeys that are worth one each.
void build(WatchBench& bench) {
    for (const char16_t* part : {u"a", u"b"}) {
        for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
            bench.kernel().create_key(below(std::u16string(part) + u"\\" + leaf));
        }
    }
    bench.kernel().set_value(below(u"a\\1"), u"v", dword(1));
    bench.max_keys_of_a_part = 8;
    world().sleep_for(1s);  // the times of writing are old enough to be trusted
}

Effort divided() { return {.random = 300, .adjust = without_latch, .max_steps = 200'000}; }

bool is_registered_in_parts(WatchBench& bench) {
    return bench.kernel().was_registered(below(u"a")) && bench.kernel().was_registered(below(u"b"));
}

// The part "a" is deleted and comes again under that name, and what is written there then is found.
void make_a_again_as(WatchBench& bench, const std::u16string& name) {
    build(bench);
    bench.watch(kKey, Scope::subtree);
    world().settle();
    bench.write([&] {
        bench.kernel().delete_key(below(u"a"));
        for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
            bench.kernel().create_key(below(name + u"\\" + leaf));
        }
    });
    bench.settled();
    bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
    bench.settled();
}

}  // namespace

TEST_CASE("a_change_in_a_part_is_found_without_a_look_at_the_others", "[parts]") {
    holds("change in a part", divided(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
        const std::size_t opens = bench.kernel().counts().opens;
        bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 1, "not reported once");
        check(bench.kernel().counts().opens - opens == 1, "more was opened than what has changed");
    });
}

TEST_CASE("a_change_while_the_tree_is_divided_is_found", "[parts]") {
    holds("change while dividing", divided(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.write([&] {
            bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
            bench.kernel().create_key(below(u"b\\5"));
        });
        bench.settled();
        bench.kernel().set_value(below(u"b\\5"), u"v", dword(3));
        bench.settled();
    });
}

TEST_CASE("a_part_that_is_deleted_and_made_again_is_watched_again", "[parts]") {
    Effort effort = divided();
    effort.random = 1'500;
    holds("part made again", effort, [](WatchBench& bench) { make_a_again_as(bench, u"a"); });
}

TEST_CASE("a_part_that_is_made_again_in_another_case_is_watched_again", "[parts]") {
    holds("part in another case", divided(), [](WatchBench& bench) {
        make_a_again_as(bench, u"A");
        check(bench.kernel().was_registered(below(u"A")), "the tree is not divided any more");
    });
}

TEST_CASE("a_tree_is_divided_also_where_the_system_names_its_keys_in_another_case", "[parts]") {
    Effort effort = divided();
    effort.adjust = [](KernelRules& rules) {
        without_latch(rules);
        rules.native_names_in_upper_case = true;
    };
    holds("another case", effort, [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
        bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
        bench.settled();
    });
}

TEST_CASE("a_value_of_the_type_of_links_hides_no_key_of_a_divided_tree", "[parts]") {
    holds("type of links", divided(), [](WatchBench& bench) {
        build(bench);
        bench.kernel().set_value(below(u"a"), u"v", {ValueType::link, {1}});
        bench.kernel().create_key(below(u"c"));
        bench.kernel().set_value(below(u"c"), u"v", {ValueType::link, {1}});
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
        bench.kernel().set_value(below(u"c"), u"v", {ValueType::link, {2}});
        bench.settled();
    });
}

TEST_CASE("a_tree_that_grows_and_shrinks_is_divided_and_made_one_again", "[parts]") {
    holds("grows and shrinks", divided(), [](WatchBench& bench) {
        build(bench);
        bench.kernel().delete_key(below(u"b"));
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        check(!bench.kernel().was_registered(below(u"a")), "divided too early");
        for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
            bench.kernel().create_key(below(std::u16string(u"b\\") + leaf));
        }
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
        bench.write([&] {
            bench.kernel().delete_key(below(u"b"));
            bench.kernel().delete_key(below(u"a\\4"));
            bench.kernel().delete_key(below(u"a\\3"));
        });
        bench.settled();
        check(!bench.kernel().was_registered(below(u"a")), "it is still divided");
        bench.kernel().set_value(below(u"a\\1"), u"v", dword(3));
        bench.settled();
    });
}

TEST_CASE("a_tree_stays_watched_while_it_is_divided", "[parts]") {
    holds("watched while dividing", divided(), [](WatchBench& bench) {
        build(bench);
        bench.kernel().delete_key(below(u"b"));
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        bench.write([&] {
            for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
                bench.kernel().create_key(below(std::u16string(u"b\\") + leaf));
            }
        });
        for (int i = 0; i < 300; ++i) {
            switch_point("looking on");
            check(bench.kernel().was_registered_with_subtree(kKey) || is_registered_in_parts(bench),
                  "for a moment nobody watched all of the tree");
        }
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
    });
}

TEST_CASE("a_part_leaves_out_what_is_not_selected_of_the_whole_tree", "[parts]") {
    holds("parts of a selection", divided(), [](WatchBench& bench) {
        build(bench);
        bench.kernel().create_key(below(u"a\\Cache"));
        Selection selection;
        selection.exclude_subkeys = {PathPattern(u"a\\Cache")};
        selection.exclude_values = {u"noise"};
        bench.selection = std::make_shared<const Selection>(selection);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        check(is_registered_in_parts(bench), "the tree was not divided");
        bench.write([&] {
            bench.kernel().create_key(below(u"a\\Cache\\x"));
            bench.kernel().set_value(below(u"a\\1"), u"noise", dword(2));
            bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
        });
        bench.settled();
        check(bench.client.differences.size() == 1, "reported what is left out, or not the rest");
    });
}

TEST_CASE("close_while_a_tree_is_divided_is_the_end", "[parts]") {
    holds("close while dividing", divided(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.write([&] { bench.kernel().delete_key(below(u"a")); });
        bench.close();
        bench.writers.clear();
    });
}

TEST_CASE("a_part_that_cannot_be_watched_leaves_the_tree_undivided", "[parts]") {
    for (std::size_t failing = 1; failing <= 90; failing += 1) {
        Effort effort = divided();
        ExploreOptions options;
        options.name = "divided, call " + std::to_string(failing) + " fails";
        options.search = ExploreOptions::Search::random;
        options.max_schedules = sample_of(6);
        for (KernelRules rules : {windows_rules(), wine_rules()}) {
            effort.adjust(rules);
            const Report report = explore(options, [&] {
                WatchBench bench(rules);
                build(bench);
                bench.kernel().faults().fail_call(failing, ErrorKind::transient);
                bench.watch(kKey, Scope::subtree);
                bench.write([&] {
                    bench.kernel().set_value(below(u"a\\1"), u"v", dword(2));
                    world().sleep_for(3h);
                    bench.kernel().set_value(below(u"b\\1"), u"v", dword(2));
                });
                bench.settled();
                bench.close();
            });
            INFO(report.text());
            CHECK_FALSE(report.found());
        }
    }
}

TEST_CASE("a_key_written_twice_within_a_step_of_the_clock_is_read_again", "[parts]") {
    holds("two writes of one time", Effort{.random = 500}, [](WatchBench& bench) {
        bench.kernel().set_time_resolution(16ms);
        bench.kernel().create_key(below(u"a"));
        bench.kernel().set_value(below(u"a"), u"v", dword(1));
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        bench.kernel().set_value(below(u"a"), u"v", dword(2));
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 1, "the second write was not seen");
    });
}

TEST_CASE("what_no_time_tells_of_is_found_by_the_sweep", "[parts]") {
    holds("replaced unseen", divided(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        bench.kernel().replace_unseen(below(u"a\\1"), u"v", dword(2));
        world().sleep_for(3h);
        bench.settled();
        check(bench.client.last_detection == Detection::sweep, "not said to be found by the sweep");
    });
}

TEST_CASE("new_permissions_are_found_by_the_sweep_where_nobody_tells_of_them", "[parts]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        const Outcome outcome = run_once([&] {
            WatchBench bench(rules);
            bench.security = true;
            bench.kernel().create_key(below(u"a"));
            bench.kernel().set_security(below(u"a"), "O:BA");
            bench.kernel().create_key(below(u"secret"));
            bench.kernel().set_security(below(u"secret"), "");
            world().sleep_for(1s);
            bench.watch(kKey, Scope::subtree);
            world().settle();
            check(bench.key->status().state == WatchState::watching, "it is not watched");
            bench.kernel().set_security(below(u"a"), "O:SY");
            world().sleep_for(3h);
            world().settle();
            check(bench.client.count(DifferenceKind::security_changed) == 1, "not reported once");
            check(bench.client.differences[0].security_before == "O:BA", "not the old one");
            check(bench.client.differences[0].security_after == "O:SY", "not the new one");
            bench.close();
        });
        INFO(outcome.failure.value_or(""));
        CHECK(outcome.ok());
    }
}

}  // namespace regwatch::sim
