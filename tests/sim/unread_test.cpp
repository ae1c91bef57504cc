// Keys below a watched one that cannot be read for a while: what is known of them stays, everything else is
// seen, and what they have become is reported when they can be read again.
#include "sim/engine_bench.h"
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

const KeyPath kSub = key_path(u"A\\K\\Sub");
const KeyPath kOther = key_path(u"A\\K\\Other");

Effort effort(std::size_t random = 150) {
    return {.random = random, .adjust = without_latch, .max_steps = 300'000};
}

std::size_t notices(const WatchBench& bench) {
    return bench.platform.journal.count(EventId::key_denied) +
           bench.platform.journal.count(EventId::key_failed);
}

void build(WatchBench& bench) {
    bench.kernel().create_key(kOther);
    bench.kernel().create_key(kSub);
    bench.kernel().set_value(kSub, u"v", dword(1));
    world().sleep_for(1s);
}

}  // namespace

TEST_CASE("what_a_subkey_has_become_while_it_was_denied_is_reported", "[unread]") {
    holds("subkey denied and allowed", effort(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        bench.kernel().deny(kSub);
        bench.kernel().set_value(kSub, u"v", dword(2));
        world().settle();
        check(bench.client.differences.empty(), "something was made up");
        check(notices(bench) == 1, "not said once");
        const KeyStatus status = bench.key->status();
        check(status.state == WatchState::watching && !status.error.empty(), "not in the status");
        bench.kernel().set_value(kOther, u"w", dword(1));
        bench.kernel().set_value(kSub, u"v", dword(3));
        const std::size_t before = bench.kernel().faults().calls();
        world().sleep_for(10min);
        check(bench.kernel().faults().calls() - before < 200, "it spins");
        check(bench.client.differences.size() == 1, "what can be read is not seen");
        check(notices(bench) == 1, "said again and again");
        bench.kernel().allow(kSub);
        world().sleep_for(2min);
        bench.settled();
        check(bench.client.differences.size() == 2, "not reported once");
        const Difference last =
            bench.client.differences.empty() ? Difference{} : bench.client.differences.back();
        check(last.before == dword(1), "what was known is forgotten");
        check(last.after == dword(3), "not what it is now");
        check(bench.key->status().error.empty(), "still in the status");
        bench.kernel().deny(kSub);
        bench.kernel().set_value(kSub, u"v", dword(4));
        world().settle();
        check(notices(bench) == 2, "the next time is not said");
        bench.kernel().allow(kSub);
    });
}

TEST_CASE("what_is_in_a_new_subkey_that_is_denied_is_reported_when_it_can_be_read", "[unread]") {
    holds("new subkey denied", effort(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        const KeyPath fresh = key_path(u"A\\K\\Fresh");
        bench.kernel().create_key(fresh);
        bench.kernel().deny(fresh);
        bench.kernel().set_value(fresh, u"v", dword(1));
        world().settle();
        check(bench.client.count(DifferenceKind::key_created) == 1, "the key is not reported");
        check(bench.client.count(DifferenceKind::value_set) <= 1, "more than there is");
        bench.kernel().allow(fresh);
        world().sleep_for(2min);
        bench.settled();
        check(bench.client.count(DifferenceKind::key_created) == 1, "reported twice");
        check(bench.client.count(DifferenceKind::value_set) == 1, "what is in it is not reported");
    });
}

TEST_CASE("a_subkey_that_cannot_be_read_at_first_is_no_news_when_it_can_be", "[unread]") {
    for (const bool is_denied : {true, false}) {
        holds(
            is_denied ? "denied at first" : "busy at first",
            [is_denied](EngineBench& bench) {
                auto& kernel = bench.platform.kernel;
                kernel.create_key(kSub);
                kernel.set_value(kSub, u"v", dword(1));
                if (is_denied) kernel.deny(kSub);
                if (!is_denied) kernel.make_busy(kSub);
                Settings settings = EngineBench::settings_for({kKey});
                settings.watches[0].recursive = true;
                bench.make(settings);
                bench.engine->start();
                check(bench.platform.journal.count(EventId::key_denied) == (is_denied ? 1U : 0U),
                      "not said once");
                kernel.allow(kSub);
                world().sleep_for(2min);
                world().settle();
                check(bench.first.sequences.empty(), "what was there is reported as new");
                kernel.set_value(kSub, u"v", dword(2));
                world().settle();
                check(bench.first.sequences.size() == 1, "its change is not reported");
                bench.stop();
            },
            150);
    }
}

TEST_CASE("a_subkey_that_changes_too_fast_hides_no_other", "[unread]") {
    const KeyPath busy = key_path(u"A\\K\\a\\1");
    const KeyPath other = key_path(u"A\\K\\b\\1");
    for (const std::size_t most : {kMaxKeysOfAPart, std::size_t{8}}) {
        holds(most == 8 ? "busy subkey of a part" : "busy subkey", effort(),
              [&](WatchBench& bench) {
                  for (const char16_t* part : {u"a", u"b"}) {
                      for (const char16_t* leaf : {u"1", u"2", u"3", u"4"}) {
                          bench.kernel().create_key(
                              key_path(std::u16string(u"A\\K\\") + part + u"\\" + leaf));
                      }
                  }
                  bench.max_keys_of_a_part = most;
                  world().sleep_for(1s);
                  bench.watch(kKey, Scope::subtree);
                  bench.settled();
                  bench.kernel().make_busy(busy);
                  bench.kernel().set_value(busy, u"v", dword(1));
                  bench.kernel().set_value(other, u"v", dword(1));
                  world().settle();
                  check(bench.client.differences.size() == 1,
                        "the other is hidden, or something made up");
                  check(bench.key->status().state == WatchState::watching, "it is not watched");
                  check(notices(bench) == 0, "something that passes was said");
                  const std::size_t before = bench.kernel().faults().calls();
                  world().sleep_for(10min);
                  check(bench.kernel().faults().calls() - before < 2'000, "it spins");
                  bench.kernel().make_calm(busy);
                  world().sleep_for(2min);
                  bench.settled();
                  check(bench.client.differences.size() == 2,
                        "what it has become is not reported once");
              });
    }
}

TEST_CASE("a_new_subkey_that_changes_too_fast_is_reported_when_it_is_calm", "[unread]") {
    holds("new busy subkey", effort(), [](WatchBench& bench) {
        build(bench);
        bench.watch(kKey, Scope::subtree);
        bench.settled();
        const KeyPath fresh = key_path(u"A\\K\\Fresh");
        bench.kernel().create_key(fresh);
        bench.kernel().make_busy(fresh);
        bench.kernel().set_value(fresh, u"v", dword(1));
        world().settle();
        bench.kernel().make_calm(fresh);
        world().sleep_for(2min);
        bench.settled();
        check(bench.client.count(DifferenceKind::key_created) == 1, "not the new key alone");
        check(bench.client.count(DifferenceKind::value_set) == 1, "not what is in it");
    });
}

}  // namespace regwatch::sim
