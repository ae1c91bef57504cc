// A key that exists and cannot be watched, for every kind of reason and at every step: a named state,
// one notice, calls that become rarer, and the way back.
#include "sim/random_runs.h"
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr ErrorKind kKinds[] = {ErrorKind::not_found, ErrorKind::gone,    ErrorKind::denied,
                                ErrorKind::transient, ErrorKind::invalid, ErrorKind::unsupported,
                                ErrorKind::internal};

std::size_t complaints(const WatchBench& bench) {
    return bench.platform.journal.count(EventId::key_denied) +
           bench.platform.journal.count(EventId::key_failed);
}

// One kind of call is refused for ten minutes, from the beginning or once the key is watched.
void recovers(const char* call, ErrorKind kind, bool from_the_beginning) {
    const std::string name =
        std::string(call) + ": " + name_of(kind) + (from_the_beginning ? ", at first" : ", later");
    holds(name, {.random = 25, .each_call_fails = false}, [&](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        if (from_the_beginning) bench.kernel().faults().refuse(call, kind);
        bench.watch(kDeepKey);
        world().settle();
        if (!from_the_beginning) {
            bench.kernel().faults().refuse(call, kind);
            bench.kernel().delete_key(kDeepKey);
            bench.kernel().create_key(kDeepKey);
            world().settle();
        }
        const std::size_t before = bench.kernel().faults().calls();
        world().sleep_for(10min);
        const WatchState state = bench.key->status().state;
        // A key that is said not to exist is waited for, if there is something to wait at.
        const bool may_wait = kind == ErrorKind::not_found && !from_the_beginning;
        check(state == WatchState::retrying || (may_wait && state == WatchState::waiting),
              "its state does not say what is the matter");
        check(bench.kernel().faults().calls() - before < 2'000, "it spins");
        check(complaints(bench) <= 1, "more than one notice for one transition");
        bench.kernel().faults().stop();
        // What was said not to exist is waited for, and not asked for again until the sweep.
        world().sleep_for(kind == ErrorKind::not_found ? 2h : 2min);
        bench.settled();
        check(bench.key->status().state == WatchState::watching, "it did not recover");
        bench.kernel().set_value(kDeepKey, u"v", dword(1));
        bench.settled();
    });
}

void recovers_from_every_kind(const char* call) {
    for (const ErrorKind kind : kKinds) {
        recovers(call, kind, true);
        recovers(call, kind, false);
    }
}

// The key itself can be watched all the time.
void gets_its_parent_back(const char* call, ErrorKind kind, bool from_the_beginning) {
    const std::string name = std::string("parent, ") + call + ": " + name_of(kind) +
                             (from_the_beginning ? ", at first" : ", later");
    const auto body = [&](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        const std::string parent = kDeepKey.parent()->utf8();
        if (from_the_beginning) bench.kernel().faults().refuse(call, kind, parent);
        bench.watch(kDeepKey);
        world().settle();
        if (!from_the_beginning) {
            bench.kernel().faults().refuse(call, kind, parent);
            bench.kernel().create_key(key_path(u"A\\B\\Other"));
            world().settle();
        }
        const std::size_t before = bench.kernel().faults().calls();
        let_pass(10min);
        check(bench.key->status().state == WatchState::watching, "the key is not watched");
        check(bench.kernel().faults().calls() - before < 200, "it spins");
        check(complaints(bench) <= 1, "more than one notice for one transition");
        bench.kernel().set_value(kDeepKey, u"v", dword(1));
        bench.settled();
        bench.kernel().faults().stop();
        let_pass(2min);
        bench.kernel().delete_key(kDeepKey);
        bench.settled();
        check(!bench.client.state.has_value(), "the deletion was not reported");
        bench.close();
    };
    holds_at_random<WatchBench>(name, body, 25);
}

}  // namespace

TEST_CASE("a_registration_that_is_refused_is_asked_for_again_ever_more_rarely", "[refusal]") {
    recovers_from_every_kind("registering for a signal");
}

TEST_CASE("a_key_that_cannot_be_opened_is_tried_again_ever_more_rarely", "[refusal]") {
    recovers_from_every_kind("open key fails");
}

TEST_CASE("a_key_that_cannot_be_read_is_tried_again_ever_more_rarely", "[refusal]") {
    recovers_from_every_kind("reading the values");
}

TEST_CASE("an_event_or_a_wait_that_cannot_be_made_is_tried_again_ever_more_rarely", "[refusal]") {
    for (const char* call : {"create event fails", "create wait fails"}) {
        recovers(call, ErrorKind::transient, true);
        recovers(call, ErrorKind::transient, false);
    }
}

TEST_CASE("a_refused_ancestor_of_a_missing_key_is_asked_for_again", "[refusal]") {
    for (const ErrorKind kind : kKinds) {
        const std::string name = std::string("ancestor refused: ") + name_of(kind);
        holds(name, {.random = 25, .each_call_fails = false}, [&](WatchBench& bench) {
            bench.kernel().create_key(key_path(u"A\\B"));
            bench.kernel().faults().refuse("registering for a signal", kind);
            bench.watch(kDeepKey);
            world().sleep_for(10min);
            check(bench.kernel().faults().calls() < 2'000, "it spins");
            check(complaints(bench) <= 1, "more than one notice for one transition");
            bench.kernel().faults().stop();
            world().sleep_for(2min);
            bench.kernel().create_key(kDeepKey);
            bench.settled();
            check(bench.key->status().state == WatchState::watching, "the key was not found");
        });
    }
}

TEST_CASE("a_parent_whose_watch_was_refused_is_watched_again", "[refusal]") {
    for (const ErrorKind kind : kKinds) {
        for (const bool from_the_beginning : {true, false}) {
            gets_its_parent_back("registering for a signal", kind, from_the_beginning);
            gets_its_parent_back("asking for the key's name", kind, from_the_beginning);
        }
        gets_its_parent_back("open key fails", kind, true);
    }
}

TEST_CASE("the_deletion_of_a_key_whose_parent_cannot_be_watched_is_found_within_a_minute",
          "[refusal]") {
    const auto body = [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.kernel().faults().refuse("registering for a signal", ErrorKind::denied,
                                       kDeepKey.parent()->utf8());
        bench.watch(kDeepKey);
        let_pass(10min);
        check(complaints(bench) == 1, "not told of exactly once");
        bench.kernel().delete_key(kDeepKey);
        let_pass(1min);
        check(!bench.client.state.has_value(), "the deletion was not found");
        bench.kernel().faults().stop();
        let_pass(2min);
        bench.kernel().create_key(kDeepKey);
        bench.settled();
        bench.close();
    };
    holds_at_random<WatchBench>("deleted unseen", body, 200);
}

TEST_CASE("an_ancestor_that_cannot_be_watched_is_not_passed_over_for_one_above_it", "[refusal]") {
    for (const ErrorKind kind : {ErrorKind::denied, ErrorKind::transient, ErrorKind::invalid,
                                 ErrorKind::unsupported, ErrorKind::internal}) {
        for (const char* call : {"open key fails", "asking for the key's name"}) {
            const std::string name = std::string("above, ") + call + ": " + name_of(kind);
            holds(name, {.random = 25, .each_call_fails = false}, [&](WatchBench& bench) {
                const KeyPath above = key_path(u"A\\B");
                bench.kernel().create_key(above);
                bench.kernel().faults().refuse(call, kind, above.utf8());
                bench.watch(kDeepKey);
                let_pass(10min);
                check(bench.key->status().state == WatchState::retrying, "it does not say so");
                check(bench.kernel().faults().calls() < 500, "it spins");
                check(complaints(bench) == 1, "not told of exactly once");
                bench.kernel().faults().stop();
                let_pass(2min);
                check(bench.key->status().state == WatchState::waiting, "it did not recover");
                bench.kernel().create_key(kDeepKey);
                bench.settled();
                check(bench.client.state.has_value(), "the key was not found");
            });
        }
    }
}

TEST_CASE("above_an_ancestor_that_cannot_be_watched_names_are_watched_meanwhile", "[refusal]") {
    holds("refused, then deleted", {.random = 200, .each_call_fails = false},
          [](WatchBench& bench) {
              bench.kernel().create_key(key_path(u"A\\B"));
              bench.kernel().deny(key_path(u"A\\B"));
              bench.watch(kDeepKey);
              let_pass(10min);
              bench.kernel().delete_key(key_path(u"A\\B"));
              world().settle();
              check(bench.key->status().state == WatchState::waiting, "the deletion was not seen");
              bench.kernel().create_key(kDeepKey);
              bench.settled();
              check(bench.client.state.has_value(), "the key was not found");
          });
}

TEST_CASE("each_new_refusal_is_told_of_once", "[refusal]") {
    holds("refused, granted, refused", {.random = 200, .each_call_fails = false},
          [](WatchBench& bench) {
              bench.kernel().create_key(kDeepKey);
              bench.watch(kDeepKey);
              world().settle();
              for (std::size_t i = 1; i <= 3; ++i) {
                  bench.kernel().delete_key(kDeepKey);
                  world().settle();
                  bench.kernel().faults().refuse("open key fails", ErrorKind::denied);
                  bench.kernel().create_key(kDeepKey);
                  world().sleep_for(5min);
                  check(complaints(bench) == i, "not told of exactly once");
                  bench.kernel().faults().stop();
                  world().sleep_for(2min);
                  bench.settled();
              }
          });
}

TEST_CASE("a_look_that_throws_is_made_again_and_close_returns", "[refusal]") {
    for (const char* call : {"open key fails", "asking for the key's name", "create event fails",
                             "create wait fails", "querying the key", "reading the values"}) {
        holds(std::string(call) + ": throws", {.random = 200, .each_call_fails = false},
              [&](WatchBench& bench) {
                  bench.kernel().create_key(kDeepKey);
                  bench.watch(kDeepKey);
                  world().settle();
                  bench.kernel().delete_key(kDeepKey);
                  bench.kernel().faults().throw_once(call);
                  bench.kernel().create_key(kDeepKey);
                  bench.kernel().set_value(kDeepKey, u"v", dword(1));
                  world().settle();
                  let_pass(2s);
                  check(complaints(bench) <= 1, "more than one notice for one transition");
                  bench.settled();
                  check(bench.key->status().state == WatchState::watching, "it did not recover");
                  bench.kernel().set_value(kDeepKey, u"v", dword(2));
                  bench.settled();
              });
    }
}

TEST_CASE("a_change_that_could_not_be_taken_is_handed_over_by_the_next_look", "[refusal]") {
    holds("the client throws", {.random = 200, .each_call_fails = false}, [](WatchBench& bench) {
        bench.kernel().create_key(kDeepKey);
        bench.watch(kDeepKey);
        world().settle();
        bench.client.throws_once = true;
        bench.kernel().set_value(kDeepKey, u"v", dword(1));
        world().settle();
        check(bench.key->status().state == WatchState::retrying, "it does not say so");
        check(complaints(bench) == 1, "not told of exactly once");
        let_pass(2s);
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 1, "the change was lost");
        bench.kernel().delete_key(kDeepKey);
        bench.settled();
    });
}

}  // namespace regwatch::sim
