// The simulated kernels against what is known of the real ones; and the seed's mistake on both.
#include "sim/sim_kernel.h"

#include <catch2/catch_test_macros.hpp>
#include <iostream>

#include "sim/floors.h"
#include "sim/kernel_bench.h"
#include "sim/scheduler.h"

namespace regwatch::sim {
namespace {

using Answers = std::set<bool>;
using Initially = PersistentThread::Initially;

const Answers kNo = {false};
const Answers kYes = {true};
const Answers kBoth = {false, true};

// Whether a key that is registered on is signalled by what is done then.
std::function<bool(KernelBench&)> signals(std::u16string key_name, Scope scope,
                                          std::function<void(SimKernel&)> change) {
    return [=](KernelBench& bench) {
        bench.kernel.create_key(path(u"A\\B\\C"));
        bench.kernel.set_value(path(u"A\\B\\C"), u"v", number(1));
        const auto event = bench.event();
        const auto key = bench.open(key_name);
        check(bench.request(*key, *event, scope).ok(), "the registration was refused");
        change(bench.kernel);
        return take_signal(*event);
    };
}

bool interim_change_signals(KernelBench& bench) {
    bench.kernel.create_key(path(u"A"));
    const auto event = bench.event();
    const auto key = bench.open(u"A");
    (void)bench.request(*key, *event, Scope::key);
    bench.kernel.set_value(path(u"A"), u"v", number(1));
    check(take_signal(*event), "the first change was not signalled");
    bench.kernel.set_value(path(u"A"), u"v", number(2));
    (void)bench.request(*key, *event, Scope::key);
    return take_signal(*event);
}

bool thread_end_signals(KernelBench& bench) {
    bench.kernel.create_key(path(u"A"));
    const auto event = bench.event();
    const auto key = bench.open(u"A");
    (void)bench.request(*key, *event, Scope::key);
    bench.thread.reset();
    return take_signal(*event);
}

// Lets go of a wait right after a signal, of which a callback may be on its way.
void signal_and_drop(KernelBench& bench, std::unique_ptr<Wait> wait, bool& drained) {
    const auto event = bench.event(Initially::signalled);
    wait->arm(*event);
    wait->disarm();
    wait->drain();
    drained = true;
    wait.reset();
    Scheduler::current()->settle();
}

bool callback_comes_after_drain(KernelBench& bench) {
    bool drained = false;
    bool late = false;
    Callee& callee = bench.callee([&] { late = drained; });
    signal_and_drop(bench, bench.wait(callee), drained);
    return late;
}

// Found by AddressSanitizer: an engine was gone when the last callback of one of its waits began.
bool late_callback_finds_its_client(KernelBench& bench) {
    bool drained = false;
    bool late = false;
    bool gone = false;
    const auto on_signal = [&] {
        check(!gone, "a client is called that is gone");
        late = drained;
    };
    std::shared_ptr<Callee> client(new Callee(on_signal), [&](Callee* callee) {
        gone = true;
        delete callee;
    });
    auto wait = std::move(bench.thread->create_wait(std::move(client), 1)).value();
    signal_and_drop(bench, std::move(wait), drained);
    check(gone, "a client is kept for no callback");
    return late;
}

struct Line {
    const char* what;
    std::function<bool(KernelBench&)> question;
    Answers windows;
    Answers wine;
};

}  // namespace

TEST_CASE("the_two_kernels_differ_where_the_systems_do_and_nowhere_else", "[kernel]") {
    const auto rename = [](SimKernel& kernel) { kernel.rename_key(path(u"A\\B\\C"), u"D"); };
    const auto same_data = [](SimKernel& kernel) {
        kernel.set_value(path(u"A\\B\\C"), u"v", number(1));
    };
    const auto new_data = [](SimKernel& kernel) {
        kernel.set_value(path(u"A\\B\\C"), u"v", number(2));
    };
    const auto delete_value = [](SimKernel& kernel) {
        kernel.delete_value(path(u"A\\B\\C"), u"v");
    };
    const auto delete_c = [](SimKernel& kernel) { kernel.delete_key(path(u"A\\B\\C")); };
    const auto delete_b = [](SimKernel& kernel) { kernel.delete_key(path(u"A\\B")); };
    const auto create = [](SimKernel& kernel) { kernel.create_key(path(u"A\\B\\C\\D")); };
    const auto deny = [](SimKernel& kernel) { kernel.deny(path(u"A\\B\\C")); };

    const Line lines[] = {
        // Where they differ.
        {"interim change", interim_change_signals, kBoth, kNo},
        {"deletion of the key", signals(u"A\\B\\C", Scope::key, delete_c), kYes, kNo},
        {"same data", signals(u"A\\B\\C", Scope::key, same_data), kBoth, kNo},
        {"rename, on the key", signals(u"A\\B\\C", Scope::key, rename), kBoth, kYes},
        {"rename, on the parent", signals(u"A\\B", Scope::names, rename), kBoth, kNo},
        {"end of the thread", thread_end_signals, kBoth, kNo},
        {"callback after drain", callback_comes_after_drain, kNo, kBoth},
        {"callback without its client", late_callback_finds_its_client, kNo, kBoth},
        // Where they agree.
        {"new data", signals(u"A\\B\\C", Scope::key, new_data), kYes, kYes},
        {"deleted value", signals(u"A\\B\\C", Scope::key, delete_value), kYes, kYes},
        {"new subkey", signals(u"A\\B\\C", Scope::names, create), kYes, kYes},
        {"deletion, on the parent", signals(u"A\\B", Scope::names, delete_c), kYes, kYes},
        {"deletion of a key that had a subkey", signals(u"A\\B", Scope::key, delete_b), kYes, kYes},
        {"rename, on the tree above", signals(u"A", Scope::subtree, rename), kYes, kYes},
        {"rename, on the parent's tree", signals(u"A\\B", Scope::subtree, rename), kYes, kYes},
        {"new data, on the tree above", signals(u"A", Scope::subtree, new_data), kYes, kYes},
        {"new data, on the parent", signals(u"A\\B", Scope::key, new_data), kNo, kNo},
        {"new data, on names", signals(u"A\\B\\C", Scope::names, new_data), kNo, kNo},
        {"new grandchild, on names", signals(u"A\\B", Scope::names, create), kNo, kNo},
        {"a new access list", signals(u"A\\B\\C", Scope::subtree, deny), kNo, kNo},
    };
    for (const Line& line : lines) {
        INFO(line.what);
        CHECK(answers(windows_rules(), line.question) == line.windows);
        CHECK(answers(wine_rules(), line.question) == line.wine);
    }
}

TEST_CASE("a_registration_clears_the_event_and_closing_the_key_signals_it", "[kernel]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        const auto cleared = [](KernelBench& bench) {
            bench.kernel.create_key(path(u"A"));
            const auto event = bench.event(Initially::signalled);
            auto key = bench.open(u"A");
            (void)bench.request(*key, *event, Scope::key);
            const bool clear = !take_signal(*event);
            key.reset();
            return clear && take_signal(*event);
        };
        CHECK(answers(rules, cleared) == kYes);
    }
}

TEST_CASE("the_first_scope_sticks_to_an_open_key", "[kernel]") {
    const auto widened = [](KernelBench& bench) {
        bench.kernel.create_key(path(u"A"));
        const auto event = bench.event();
        const auto key = bench.open(u"A");
        (void)bench.request(*key, *event, Scope::names);
        bench.kernel.create_key(path(u"A\\B"));
        check(take_signal(*event), "the new subkey was not signalled");
        check(bench.request(*key, *event, Scope::key).ok(), "the wider scope was refused");
        bench.kernel.set_value(path(u"A"), u"v", number(1));
        return take_signal(*event);
    };
    CHECK(answers(windows_rules(), widened) == kNo);
    CHECK(answers(wine_rules(), widened) == kNo);
}

TEST_CASE("a_deleted_key_is_gone_for_who_has_it_open_and_a_new_one_does_not_revive_it",
          "[kernel]") {
    const Outcome outcome = run_once([] {
        KernelBench bench(windows_rules());
        bench.kernel.create_key(path(u"A"));
        const auto event = bench.event();
        const auto key = bench.open(u"A");
        bench.kernel.delete_key(path(u"A"));
        check(bench.registry.open(path(u"A")).error().kind == ErrorKind::not_found, "still there");
        bench.kernel.create_key(path(u"A"));
        bench.kernel.set_value(path(u"A"), u"v", number(1));
        check(key->values().error().kind == ErrorKind::gone, "values() was answered");
        check(key->info().error().kind == ErrorKind::gone, "info() was answered");
        check(bench.request(*key, *event, Scope::key).error().kind == ErrorKind::gone,
              "the registration was accepted");
        check(bench.open(u"A")->values()->size() == 1, "the new key has no value");
    });
    CHECK(outcome.failure.value_or("") == "");
}

TEST_CASE("a_denied_key_cannot_be_opened_and_stays_readable_for_who_has_it", "[kernel]") {
    const Outcome outcome = run_once([] {
        KernelBench bench(wine_rules());
        bench.kernel.create_key(path(u"A"));
        const auto key = bench.open(u"A");
        bench.kernel.deny(path(u"A"));
        check(bench.registry.open(path(u"A")).error().kind == ErrorKind::denied, "not denied");
        check(key->values().ok(), "the open key was taken away");
        bench.kernel.allow(path(u"A"));
        check(bench.registry.open(path(u"A")).ok(), "still denied");
    });
    CHECK(outcome.failure.value_or("") == "");
}

TEST_CASE("the_32_bit_view_is_a_place_of_its_own_below_software_only", "[kernel]") {
    const Outcome outcome = run_once([] {
        KernelBench bench(windows_rules());
        const KeyPath narrow{Root::local_machine, u"Software\\A", View::bits32};
        bench.kernel.create_key(narrow);
        check(!bench.kernel.look(path(u"SOFTWARE\\A"), false), "it is in both views");
        check(bench.kernel.look(path(u"software\\wow6432node\\a"), false).has_value(), "elsewhere");
        bench.kernel.create_key(path(u"SYSTEM\\A"));
        check(
            bench.kernel.look({Root::local_machine, u"system\\a", View::bits32}, false).has_value(),
            "SYSTEM has two views");
        check(bench.open(u"SYSTEM\\A")->native_name().value() == u"\\REGISTRY\\MACHINE\\SYSTEM\\A",
              "wrong native name");
    });
    CHECK(outcome.failure.value_or("") == "");
}

TEST_CASE("last_write_times_follow_the_clock_down_to_its_resolution", "[kernel]") {
    const Outcome outcome = run_once([] {
        KernelBench bench(windows_rules());
        const auto write = [&](std::uint8_t data) {
            bench.kernel.set_value(path(u"A"), u"v", number(data));
            return bench.kernel.look(path(u"A"), false)->last_write;
        };
        bench.kernel.create_key(path(u"A"));
        const WallTime first = write(1);
        check(first < write(2), "two writes have one time");
        bench.kernel.set_time_resolution(std::chrono::milliseconds(10));
        const WallTime third = write(3);
        check(third == write(4), "the resolution is ignored");
        const WallTime early = write(5);
        Scheduler::current()->sleep_for(std::chrono::milliseconds(10));
        check(early < write(6), "time does not pass");
        bench.kernel.set_wall_clock(early - std::chrono::hours(1));
        check(write(7) < early, "the clock cannot be set back");
    });
    CHECK(outcome.failure.value_or("") == "");
}

TEST_CASE("an_enumeration_that_is_torn_may_miss_a_value_that_was_there_all_the_time", "[kernel]") {
    KernelRules rules = windows_rules();
    const auto misses = [](KernelBench& bench) {
        bench.kernel.create_key(path(u"A"));
        bench.kernel.set_value(path(u"A"), u"first", number(1));
        bench.kernel.set_value(path(u"A"), u"second", number(2));
        const auto key = bench.open(u"A");
        Thread writer("writer", [&] { bench.kernel.delete_value(path(u"A"), u"first"); });
        bool second = false;
        const auto values = key->values();
        for (const Value& value : values.value()) second |= value.name == u"second";
        writer.join();
        return !second;
    };
    CHECK(answers(rules, misses) == kNo);
    rules.torn_reads = true;
    CHECK(answers(rules, misses) == kBoth);
}

TEST_CASE("each_call_that_may_fail_fails_once", "[kernel]") {
    std::set<std::string> failures;
    ExploreOptions options;
    options.max_forced_switches = 0;
    const Report report = explore(options, [&] {
        KernelBench bench(wine_rules());
        bench.kernel.create_key(path(u"A"));
        bench.kernel.faults().explore({ErrorKind::transient, ErrorKind::denied});
        const auto event = bench.thread->create_event(Initially::clear);
        if (!event) failures.insert(event.error().text());
        const auto key = bench.registry.open(path(u"A"));
        if (!key) failures.insert(key.error().text());
        bench.kernel.faults().stop();
    });
    CHECK(report.schedules == 5);
    CHECK(failures == std::set<std::string>{"creating an event: transient (1450)",
                                            "creating an event: denied (5)",
                                            "opening the key HKLM\\A: transient (1450)",
                                            "opening the key HKLM\\A: denied (5)"});
    const Outcome third = run_once([] {
        KernelBench bench(wine_rules());
        bench.kernel.faults().fail_call(3, ErrorKind::transient);
        for (int i = 1; i < 5; ++i) {
            const bool ok = bench.thread->create_event(Initially::clear).ok();
            check(ok == (i != 3), "another call than the third failed");
        }
    });
    CHECK(third.failure.value_or("") == "");
}

namespace {

enum class Order { register_then_read, read_then_register };

// The seed's monitor, reduced to its order of events, on the whole simulated platform.
void watch_two_writes(const KernelRules& rules, Order order) {
    KernelBench bench(rules);
    bench.kernel.create_key(path(u"A"));
    const auto event = bench.event(Initially::signalled);
    const auto key = bench.open(u"A");
    std::size_t seen = 0;
    Wait* wait = nullptr;
    bool closing = false;
    Callee& callee = bench.callee([&] {
        const auto read = [&] { seen = key->values()->size(); };
        if (order == Order::read_then_register) read();
        check(key->request_signal(*event, Scope::key).ok(), "the registration was refused");
        if (order == Order::register_then_read) read();
        if (!closing) wait->arm(*event);
    });
    const auto waiting = bench.wait(callee);
    wait = waiting.get();
    wait->arm(*event);
    Thread writer("writer", [&] {
        bench.kernel.set_value(path(u"A"), u"first", number(1));
        bench.kernel.set_value(path(u"A"), u"second", number(2));
    });
    writer.join();
    Scheduler::current()->settle();
    check(seen == 2, "lost update");
    closing = true;
    wait->disarm();
    wait->drain();
}

Report explore_order(const char* name, const KernelRules& rules, Order order) {
    ExploreOptions options;
    options.name = name;
    options.max_forced_switches = 4;
    const Report report = explore(options, [&] { watch_two_writes(rules, order); });
    std::cout << report << '\n';
    return report;
}

}  // namespace

TEST_CASE("the_order_of_the_seed_loses_changes_and_only_an_interim_latch_would_hide_it",
          "[kernel]") {
    KernelRules latch = windows_rules();
    latch.interim_change_signals = Behaviour::always;

    const Order wrong = Order::read_then_register;
    CHECK(explore_order("seed's order, Wine (fault)", wine_rules(), wrong).found());
    CHECK(explore_order("seed's order, Windows (fault)", windows_rules(), wrong).found());
    CHECK(explore_order("seed's order, first look (fault)", latch, wrong).found());

    const Order right = Order::register_then_read;
    const auto is_right = [&](const char* name, const KernelRules& rules) {
        ExploreOptions options;
        options.name = name;
        (void)explore_completely(options, [&] { watch_two_writes(rules, right); });
    };
    is_right("right order, Wine", wine_rules());
    is_right("right order, Windows", windows_rules());
    is_right("right order, first look", latch);
}

}  // namespace regwatch::sim
