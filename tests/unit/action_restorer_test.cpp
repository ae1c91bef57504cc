// Putting the old state back, and when to stop.
#include "action/restorer.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <memory>

#include "action/loop_guard.h"
#include "platform/posix_append_file.h"
#include "support/manual_clock.h"
#include "support/memory_registry_writer.h"
#include "support/samples.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;
using Verdict = Restorer::Verdict;

const ValueData kGoodData = test::sz(u"good");
const ValueData kBadData = test::sz(u"bad");
const ValueData kWorseData = test::sz(u"worse");

// A restorer in a registry, and somebody who makes changes and is found out a second later each time.
class RestorerBench {
public:
    explicit RestorerBench(std::string memory = {}) : memory_(std::move(memory)) { start_again(); }

    void start_again() {
        restorer_ = std::make_unique<Restorer>(Restorer::Ports{registry, registry, clock},
                                               RestoredStates(files_, memory_));
    }
    // Nothing is restored yet.
    Change make(Change change) {
        registry.undergo(change);
        return found(std::move(change));
    }
    // A change that is the restorer's own, or made otherwise.
    Change found(Change change) {
        clock.advance(1s);
        change.id = std::to_string(++changes_);
        change.not_before = last_look_;
        last_look_ = change.detected_at = clock.wall_now();
        return change;
    }
    Restorer::Outcome restore(const Change& change) { return restorer_->restore(change); }
    Restorer::Outcome made(Change change) { return restore(make(std::move(change))); }
    [[nodiscard]] std::optional<ValueData> data() const {
        return registry.data_of(test::value_change(kGoodData, kBadData).key, u"Updater");
    }

    test::MemoryRegistryWriter registry;
    test::ManualClock clock;

private:
    PosixFiles files_;
    const std::string memory_;
    std::unique_ptr<Restorer> restorer_;
    unsigned changes_ = 0;
    WallTime last_look_{};
};

TEST_CASE("a changed value is written back, and the writing is not taken for a change") {
    RestorerBench bench;
    CHECK(bench.made(test::value_change(kGoodData, kBadData)).verdict == Verdict::restored);
    CHECK(bench.data() == kGoodData);
    CHECK(bench.restore(bench.found(test::value_change(kBadData, kGoodData))).verdict ==
          Verdict::own_write);
    CHECK(bench.registry.steps() == std::vector<std::string>{"set Updater"});
}

TEST_CASE("a new value is deleted again, and a deleted one written again") {
    RestorerBench bench;
    CHECK(bench.made(test::value_change(std::nullopt, kBadData)).verdict == Verdict::restored);
    CHECK(bench.restore(bench.found(test::value_change(kBadData, std::nullopt))).verdict ==
          Verdict::own_write);
    CHECK(bench.made(test::value_change(kGoodData, std::nullopt)).verdict == Verdict::restored);
    CHECK(bench.registry.steps() == std::vector<std::string>{"delete Updater", "set Updater"});
}

TEST_CASE("a deleted key comes back with its values, and its coming back is not undone") {
    RestorerBench bench;
    bench.registry.undergo(test::key_change(DifferenceKind::key_deleted));
    const Change value = bench.found(test::value_change(kGoodData, std::nullopt));
    const Change key = bench.found(test::key_change(DifferenceKind::key_deleted));
    CHECK(bench.restore(value).verdict == Verdict::restored);
    CHECK(bench.registry.steps() == std::vector<std::string>{"create key", "set Updater"});
    CHECK(bench.restore(key).verdict == Verdict::overtaken);  // it is there again already
    CHECK(bench.restore(bench.found(test::key_change(DifferenceKind::key_created))).verdict ==
          Verdict::own_write);
    CHECK(bench.restore(bench.found(test::value_change(std::nullopt, kGoodData))).verdict ==
          Verdict::own_write);
    CHECK(bench.registry.steps().size() == 2);
}

TEST_CASE("a value that was changed twice before it was put back gets what was there before both") {
    RestorerBench bench;
    const Change first = bench.make(test::value_change(kGoodData, kBadData));
    const Change second = bench.make(test::value_change(kBadData, kWorseData));
    const auto overtaken = bench.restore(first);
    CHECK(overtaken.verdict == Verdict::overtaken);
    CHECK(overtaken.reason == "it has been changed since: it is worse now.");
    CHECK(bench.registry.steps().empty());
    CHECK(bench.restore(second).verdict == Verdict::restored);
    CHECK(bench.data() == kGoodData);
    CHECK(bench.restore(bench.found(test::value_change(kWorseData, kGoodData))).verdict ==
          Verdict::own_write);
}

TEST_CASE("what is written before the own writing was seen is put back to what it was at first") {
    RestorerBench bench;
    CHECK(bench.made(test::value_change(kGoodData, kBadData)).verdict == Verdict::restored);
    // Nobody has seen the good data between the two.
    CHECK(bench.made(test::value_change(kBadData, kWorseData)).verdict == Verdict::restored);
    CHECK(bench.data() == kGoodData);
}

TEST_CASE("a try that failed and is made again goes to where the first one went") {
    RestorerBench bench;
    const Change first = bench.make(test::value_change(kGoodData, kBadData));
    const Change second = bench.make(test::value_change(kBadData, kWorseData));
    (void)bench.restore(first);
    bench.registry.fail(Error{ErrorKind::transient, 8, "setting", "HKLM\\X", "no memory"});
    CHECK(bench.restore(second).is_passing);
    bench.registry.fail_open(Error{ErrorKind::transient, 8, "opening", "HKLM\\X", "no memory"});
    CHECK(bench.restore(second).is_passing);
    CHECK(bench.restore(second).verdict == Verdict::restored);
    CHECK(bench.data() == kGoodData);
}

TEST_CASE("what an administrator has set since is not overwritten by a change that is told late") {
    RestorerBench bench;
    const Change late = bench.make(test::value_change(kGoodData, kBadData));
    bench.registry.undergo(test::value_change(kBadData, kWorseData));  // and nobody is told
    CHECK(bench.restore(late).verdict == Verdict::overtaken);
    CHECK(bench.data() == kWorseData);
    bench.registry.undergo(test::key_change(DifferenceKind::key_deleted));
    CHECK(bench.restore(late).verdict == Verdict::overtaken);
    CHECK(bench.registry.steps().empty());
}

TEST_CASE("a restoration that only the next start finds is not taken back by it") {
    const auto memory = std::filesystem::temp_directory_path() / "regwatch-restored-test.txt";
    std::filesystem::remove(memory);
    RestorerBench bench(memory.string());
    CHECK(bench.made(test::value_change(kGoodData, kBadData)).verdict == Verdict::restored);
    bench.start_again();
    Change own = bench.found(test::value_change(kBadData, kGoodData));
    own.detection = Detection::startup;
    CHECK(bench.restore(own).verdict == Verdict::own_write);
    CHECK(bench.data() == kGoodData);

    // Later somebody sets another state for good, and somebody else the old one again.
    bench.clock.advance(1h);
    bench.registry.undergo(test::value_change(kGoodData, kWorseData));
    (void)bench.found(test::value_change(kGoodData, kWorseData));
    bench.start_again();
    CHECK(bench.made(test::value_change(kWorseData, kGoodData)).verdict == Verdict::restored);
    CHECK(bench.data() == kWorseData);
    std::filesystem::remove(memory);
}

TEST_CASE("of what was put back the last of each object is kept, over many of them") {
    const auto memory = std::filesystem::temp_directory_path() / "regwatch-restored-many.txt";
    std::filesystem::remove(memory);
    PosixFiles files;
    RegistryEdit edit = *inverse_edit(test::value_change(kGoodData, kBadData));
    Change change = test::value_change(kBadData, kGoodData);
    const WallTime now = change.not_before;
    RestoredStates states(files, memory.string());
    for (std::size_t i = 0; i < 6 * RestoredStates::kMostObjects; ++i) {
        edit.value_name = u"v" + to_utf16(std::to_string(i));
        states.note(edit, now + std::chrono::seconds(i), {});
    }
    CHECK(std::filesystem::file_size(memory) < 5 * RestoredStates::kMostObjects * 160);
    RestoredStates again(files, memory.string());
    change.value_name = edit.value_name;
    CHECK(again.brought_about(change));
    change.value_name = u"v0";
    CHECK_FALSE(again.brought_about(change));
    std::filesystem::remove(memory);
}

TEST_CASE("somebody who keeps writing is given in to, and that is said once") {
    RestorerBench bench;
    const Change bad = test::value_change(kGoodData, kBadData);
    for (unsigned i = 0; i < Restorer::kMostInARow; ++i) {
        CHECK(bench.made(bad).verdict == Verdict::restored);
        CHECK(bench.restore(bench.found(test::value_change(kBadData, kGoodData))).verdict ==
              Verdict::own_write);
    }
    const auto last = bench.made(bad);
    CHECK(last.verdict == Verdict::gave_up);
    CHECK(last.reason.find("bad") != std::string::npos);
    CHECK(bench.made(bad).verdict == Verdict::resting);
    CHECK(bench.registry.steps().size() == Restorer::kMostInARow);
    bench.clock.advance(10min);
    CHECK(bench.made(test::value_change(kBadData, kWorseData)).verdict == Verdict::restored);
    CHECK(bench.data() == kBadData);  // which was given in to
}

TEST_CASE("a fight over one value does not end the restoring of another") {
    RestorerBench bench;
    for (unsigned i = 0; i <= Restorer::kMostInARow; ++i)
        (void)bench.made(test::value_change(kGoodData, kBadData));
    Change other = test::value_change(kGoodData, kBadData);
    other.value_name = u"Other";
    CHECK(bench.made(other).verdict == Verdict::restored);
}

TEST_CASE(
    "what cannot be written is a failure with its reason, and one that passes is told apart") {
    RestorerBench bench;
    const Change bad = bench.make(test::value_change(kGoodData, kBadData));
    bench.registry.fail(Error{ErrorKind::denied, 5, "setting", "HKLM\\X", "access is denied"});
    const auto denied = bench.restore(bad);
    CHECK(denied.verdict == Verdict::failed);
    CHECK_FALSE(denied.is_passing);
    CHECK(denied.reason == "setting HKLM\\X: access is denied (5).");
    bench.registry.fail(Error{ErrorKind::transient, 8, "setting", "HKLM\\X", "no memory"});
    CHECK(bench.restore(bad).is_passing);
    CHECK(bench.restore(bad).verdict == Verdict::restored);
}

TEST_CASE("what is gone when it is to be deleted need not be deleted") {
    RestorerBench bench;
    const Change bad = bench.make(test::value_change(std::nullopt, kBadData));
    bench.registry.fail(Error{ErrorKind::not_found, 2, "deleting", "HKLM\\X", "there is none"});
    CHECK(bench.restore(bad).verdict == Verdict::restored);
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
        if (!guard.may_run(key, 0, moment(now - 1s), moment(now))) break;
        guard.ran(key, moment(now), moment(now + 1s));
    }
    CHECK(runs == LoopGuard::kLongestChain);
    CHECK(guard.refused(key) == 1);
    CHECK_FALSE(guard.may_run(key, 0, moment(now), moment(now + 1s)));
    CHECK(guard.may_run(u"HKLM\\Y", 0, moment(now), moment(now + 1s)));
    CHECK(guard.may_run(key, 0, moment(now + 2s), moment(now + 70s)));
}

TEST_CASE("a program that is run for changes that were made after it ended is no loop") {
    LoopGuard guard;
    for (int i = 0; i < 50; ++i) {
        const std::chrono::seconds now(10 * i);
        CHECK(guard.may_run(u"HKLM\\X", 0, moment(now), moment(now + 1s)));
        guard.ran(u"HKLM\\X", moment(now + 2s), moment(now + 3s));
    }
}

}  // namespace
}  // namespace regwatch
