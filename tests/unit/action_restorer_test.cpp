// Putting the old state back, and when to stop.
#include "action/restorer.h"

#include <catch2/catch_test_macros.hpp>

#include "action/loop_guard.h"
#include "support/memory_registry_writer.h"
#include "support/samples.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;
using Verdict = Restorer::Verdict;

Change at(Change change, std::chrono::seconds time) {
    change.detected_at += time;
    return change;
}

const ValueData kGoodData = test::sz(u"good");
const ValueData kBadData = test::sz(u"bad");

TEST_CASE("a changed value is written back, and the writing is not taken for a change") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    CHECK(restorer.restore(test::value_change(kGoodData, kBadData)).verdict == Verdict::restored);
    REQUIRE(writer.steps().size() == 1);
    CHECK(writer.steps()[0] == "set Updater");
    CHECK(restorer.restore(test::value_change(kBadData, kGoodData)).verdict == Verdict::own_write);
    CHECK(writer.steps().size() == 1);
}

TEST_CASE("a new value is deleted again, and a deleted one written again") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    CHECK(restorer.restore(test::value_change(std::nullopt, kBadData)).verdict ==
          Verdict::restored);
    CHECK(restorer.restore(test::value_change(kBadData, std::nullopt)).verdict ==
          Verdict::own_write);
    CHECK(restorer.restore(test::value_change(kGoodData, std::nullopt)).verdict ==
          Verdict::restored);
    CHECK(writer.steps() == std::vector<std::string>{"delete Updater", "set Updater"});
}

TEST_CASE("a deleted key comes back with its values, and its coming back is not undone") {
    test::MemoryRegistryWriter writer;
    writer.next_set_finds_no_key();
    Restorer restorer(writer);
    CHECK(restorer.restore(test::value_change(kGoodData, std::nullopt)).verdict ==
          Verdict::restored);
    CHECK(restorer.restore(test::key_change(DifferenceKind::key_deleted)).verdict ==
          Verdict::restored);
    CHECK(writer.steps() == std::vector<std::string>{"create key", "set Updater", "create key"});
    CHECK(restorer.restore(test::key_change(DifferenceKind::key_created)).verdict ==
          Verdict::own_write);
    CHECK(restorer.restore(test::value_change(std::nullopt, kGoodData)).verdict ==
          Verdict::own_write);
}

TEST_CASE("somebody who keeps writing is given in to, and that is said once") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    const Change bad = test::value_change(kGoodData, kBadData);
    for (unsigned i = 0; i < Restorer::kMostInARow; ++i) {
        CHECK(restorer.restore(at(bad, std::chrono::seconds(2 * i))).verdict == Verdict::restored);
        CHECK(restorer
                  .restore(
                      at(test::value_change(kBadData, kGoodData), std::chrono::seconds(2 * i + 1)))
                  .verdict == Verdict::own_write);
    }
    const auto last = restorer.restore(at(bad, 20s));
    CHECK(last.verdict == Verdict::gave_up);
    CHECK(last.reason.find("bad") != std::string::npos);
    CHECK(restorer.restore(at(bad, 21s)).verdict == Verdict::resting);
    CHECK(writer.steps().size() == Restorer::kMostInARow);
    CHECK(restorer.restore(at(bad, 21s + 10min)).verdict == Verdict::restored);
}

TEST_CASE("a fight over one value does not end the restoring of another") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    for (unsigned i = 0; i <= Restorer::kMostInARow; ++i)
        (void)restorer.restore(test::value_change(kGoodData, kBadData));
    Change other = test::value_change(kGoodData, kBadData);
    other.value_name = u"Other";
    CHECK(restorer.restore(other).verdict == Verdict::restored);
}

TEST_CASE(
    "what cannot be written is a failure with its reason, and one that passes is told apart") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    writer.fail(Error{ErrorKind::denied, 5, "setting", "HKLM\\X", "access is denied"});
    const auto denied = restorer.restore(test::value_change(kGoodData, kBadData));
    CHECK(denied.verdict == Verdict::failed);
    CHECK_FALSE(denied.is_passing);
    CHECK(denied.reason == "setting HKLM\\X: access is denied (5).");
    writer.fail(Error{ErrorKind::transient, 8, "setting", "HKLM\\X", "no memory"});
    CHECK(restorer.restore(test::value_change(kGoodData, kBadData)).is_passing);
}

TEST_CASE("what is gone already need not be deleted") {
    test::MemoryRegistryWriter writer;
    Restorer restorer(writer);
    writer.fail(Error{ErrorKind::not_found, 2, "deleting", "HKLM\\X", "there is none"});
    CHECK(restorer.restore(test::value_change(std::nullopt, kBadData)).verdict ==
          Verdict::restored);
}

WallTime moment(std::chrono::seconds since) {
    return test::value_change(std::nullopt, kBadData).detected_at + since;
}

TEST_CASE("a program that answers itself is stopped, and runs again when it is quiet") {
    LoopGuard guard;
    const std::u16string key = u"HKLM\\X";
    std::chrono::seconds now = 0s;
    unsigned runs = 0;
    for (; runs < 20; ++runs, now += 1s) {
        if (!guard.may_run(key, moment(now - 1s), moment(now))) break;
        guard.ran(key, moment(now), moment(now + 1s));
    }
    CHECK(runs == LoopGuard::kLongestChain);
    CHECK(guard.refused(key) == 1);
    CHECK_FALSE(guard.may_run(key, moment(now), moment(now + 1s)));
    CHECK(guard.may_run(u"HKLM\\Y", moment(now), moment(now + 1s)));
    CHECK(guard.may_run(key, moment(now + 2s), moment(now + 70s)));
}

TEST_CASE("a program that is run for changes that were made after it ended is no loop") {
    LoopGuard guard;
    for (int i = 0; i < 50; ++i) {
        const std::chrono::seconds now(10 * i);
        CHECK(guard.may_run(u"HKLM\\X", moment(now), moment(now + 1s)));
        guard.ran(u"HKLM\\X", moment(now + 2s), moment(now + 3s));
    }
}

}  // namespace
}  // namespace regwatch
