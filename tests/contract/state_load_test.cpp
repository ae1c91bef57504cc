// Many changes, one action that hangs, and those who read meanwhile.
#include <catch2/catch_test_macros.hpp>

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "change/change_size.h"
#include "contract/bound.h"
#include "contract/state_bench.h"
#include "delivery/lane.h"
#include "service/self_test.h"
#include "support/full_disk.h"
#include "support/memory_journal.h"
#include "support/samples.h"
#include "support/sanitizers.h"

#if defined(REGWATCH_ASAN) || defined(REGWATCH_TSAN)
// Of the sanitizers' allocator_interface.h, which gcc 12 leaves out.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace regwatch::test {
namespace {

using namespace std::chrono_literals;

// A sanitizer has an allocator of its own.
std::size_t bytes_in_use() {
#if defined(REGWATCH_ASAN) || defined(REGWATCH_TSAN)
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

// Changes that know how much of them there is at a time.
struct Counted {
    SharedChange change(std::uint64_t number) {
        auto made = std::make_unique<Change>(
            value_change(std::nullopt, ValueData{ValueType::binary, Bytes(kDataSize)}));
        made->sequence = number;
        made->id = std::to_string(number + 1'000'000);
        const std::size_t size = size_in_memory(*made);
        most = std::max(most.load(), bytes += size);
        return {made.release(), [this, size](const Change* gone) {
                    delete gone;
                    bytes -= size;
                }};
    }
    static constexpr std::size_t kDataSize = 100'000;
    std::atomic<std::size_t> bytes = 0;
    std::atomic<std::size_t> most = 0;
};

// All numbers up to the last that was offered, made when they are read.
class OwedInOrder final : public OwedDeliveries {
public:
    explicit OwedInOrder(Counted& counted) : counted_(counted) {}
    Result<std::vector<SharedChange>> owed(const std::string&, std::uint64_t after,
                                           std::size_t limit) override {
        std::vector<SharedChange> changes;
        for (std::size_t bytes = 0; bytes < kMostBytesAtOnce && changes.size() < limit;) {
            if (after + changes.size() >= last) break;
            changes.push_back(counted_.change(after + changes.size() + 1));
            bytes += size_in_memory(*changes.back());
        }
        return changes;
    }
    void delivered(const std::string&, const Change&) override {}
    void caught_up() override {}

    std::atomic<std::uint64_t> last = 0;

private:
    Counted& counted_;
};

// ThreadSanitizer takes ten times as long for each, and does not ask how many there are.
#if defined(REGWATCH_TSAN)
constexpr std::uint64_t kLargeChanges = 10'000;  // still fifteen times what may be held at once
#else
constexpr std::uint64_t kLargeChanges = 100'000;  // ten gigabytes
#endif

void offer_to_a_blocked_action(Kept kept) {
    Counted counted;
    OwedInOrder owed(counted);
    Deliveries deliveries;
    deliveries.block();
    MemoryJournal journal;
    const auto executor = make_executor(1);
    {
        auto lane =
            Lane::create("blocked", std::make_unique<GatedAction>(deliveries), kLargeChanges,
                         *executor, journal, kept == Kept::yes ? &owed : nullptr);
        REQUIRE(lane);
        if (kept == Kept::yes) (*lane)->start();
        for (std::uint64_t number = 1; number <= kLargeChanges; ++number) {
            const SharedChange change = counted.change(number);
            owed.last = number;
            (*lane)->offer(change, kept);
        }
        const std::size_t most = kept == Kept::yes ? kMostBytesAtOnce : kMostBytesUnkept;
        INFO(counted.most << " bytes at most");
        // With the one that is delivered, the one that is offered, and one more that was read.
        CHECK(counted.most <= most + 4 * (Counted::kDataSize + 10'000));
        CHECK(counted.most > most / 2);
        const auto notices = journal.notices();
        CHECK(((*lane)->dropped() > 0) == (kept == Kept::no));
        CHECK(notices.empty() == (kept == Kept::yes));
        if (kept == Kept::no) CHECK(notices.front().inserts.at(1) == "64 MB");
        deliveries.let_go();
        const std::uint64_t last = kLargeChanges - (*lane)->dropped();
        CHECK(deliveries.wait_for(std::size_t{last}));
        const auto sequences = deliveries.sequences();
        for (std::size_t i = 0; i < sequences.size(); ++i) REQUIRE(sequences[i] == i + 1);
    }
    CHECK(counted.bytes == 0);
}

}  // namespace

TEST_CASE("memory stays bounded while an action hangs and 100,000 changes come", "[state]") {
    constexpr std::uint32_t kValues = 1'000;
    constexpr std::uint32_t kRounds = 100;
    constexpr std::size_t kMostQueued = 600;
    constexpr std::size_t kMostBytes = 16'000'000;  // a twentieth of what the changes would take
    StateBench bench;
    std::vector<std::u16string> names;
    for (std::uint32_t i = 0; i < kValues; ++i) {
        const std::string number = std::to_string(i);
        names.push_back(u"value " + std::u16string(number.begin(), number.end()));
    }
    bench.start();
    bench.deliveries.block();
    std::size_t before = 0;
    std::size_t most_queued = 0;
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
        for (const std::u16string& name : names) bench.write(name, round);
        REQUIRE(comes_true([&] {
            return bench.engine().status().counts.changes >= std::uint64_t{round} * kValues;
        }));
        const EngineStatus status = bench.engine().status();
        most_queued = std::max(most_queued, status.queues.front().queued);
        if (round == kRounds / 10) before = bytes_in_use();
    }
    const std::size_t after = bytes_in_use();
    CHECK(before > 0);
    INFO(before << " bytes after a tenth of the changes, " << after << " after all of them");
    CHECK(after < before + kMostBytes);
    CHECK(most_queued > 0);
    CHECK(most_queued <= kMostQueued);
    CHECK(bench.engine().status().dropped == 0);

    // And what was left in the database comes, in order and without a gap.
    bench.deliveries.let_go();
    REQUIRE(bench.deliveries.wait_for(std::size_t{2'000}));
    const auto sequences = bench.deliveries.sequences();
    for (std::size_t i = 0; i < sequences.size(); ++i) REQUIRE(sequences[i] == i + 1);
    (void)bench.engine().stop(Duration::zero());
}

TEST_CASE("a blocked action holds no more memory than it may, however large its changes are",
          "[state]") {
    SECTION("that are kept in the database") { offer_to_a_blocked_action(Kept::yes); }
    SECTION("that are kept nowhere") { offer_to_a_blocked_action(Kept::no); }
}

TEST_CASE("what waits for a full disk takes no more memory than it may, and is counted beyond",
          "[state]") {
    constexpr std::uint8_t kChanges = 50;  // of twice a megabyte each
    FullDisk disk;
    StateBench bench;
    bench.start();
    bench.deliveries.block();
    disk.fill();
    for (std::uint8_t i = 1; i <= kChanges; ++i) {
        const std::uint64_t before = bench.engine().status().counts.changes;
        bench.write(u"large", ValueData{ValueType::binary, Bytes(std::size_t{1} << 20, i)});
        REQUIRE(comes_true([&] { return bench.engine().status().counts.changes > before; }));
    }
    const EngineStatus status = bench.engine().status();
    CHECK(status.store == StoreState::full);
    CHECK(status.counts.missing >= kChanges - 33U);
    CHECK(status.counts.missing < kChanges);
    CHECK(status.dropped >= kChanges - 33U);
    disk.make_room();
    CHECK(bench.comes_to(StoreState::ready));
    CHECK(bench.count(EventId::state_kept_again) == 1);
    bench.deliveries.let_go();
    bench.stop();
    const auto history = bench.reader()->history({});
    REQUIRE(history);
    CHECK(history->size() == kChanges - status.counts.missing);
}

TEST_CASE("the history is read while the service writes, and each reading is whole", "[state]") {
    StateBench bench;
    bench.start();
    std::atomic<bool> is_over = false;
    std::size_t readings = 0;
    bool is_whole = true;
    bool is_read = true;
    std::size_t last = 0;
    std::thread reading([&] {
        const auto reader = bench.reader();
        do {
            const auto history = reader->history({});
            is_read = is_read && history.ok();
            if (!history.ok()) continue;
            for (std::size_t i = 0; i < history->size(); ++i)
                is_whole = is_whole && (*history)[i]->sequence == i + 1;
            is_whole = is_whole && history->size() >= last;
            last = history->size();
            ++readings;
        } while (!is_over);
    });
    for (int i = 0; i < 100; ++i) CHECK(bench.hears());
    is_over = true;
    reading.join();
    CHECK(is_read);
    CHECK(is_whole);
    CHECK(readings > 1);
    CHECK(bench.reader()->history({})->size() == 100);
}

TEST_CASE("the self-test tells a service that hears from one that does not", "[state]") {
    StateBench bench;
    bench.start(with_self_test(bench.settings()));
    const auto reader = bench.reader();
    const auto test = [&](const std::string& mark, Duration patience) {
        return run_self_test({bench.platform.registry_writer, bench.platform.registry, *reader,
                              bench.platform.clock, [] { std::this_thread::yield(); }},
                             mark, patience);
    };
    for (const char* mark : {"first", "second"}) {
        const Finding finding = test(mark, kBound);
        INFO(finding.found);
        CHECK(finding.health == Health::good);
    }
    CHECK_FALSE(bench.platform.registry.open(*self_test_key().parent()));
    CHECK(bench.deliveries.sequences().empty());
    (void)bench.engine().stop(Duration::zero());
    CHECK(test("third", 50ms).health == Health::bad);
}

}  // namespace regwatch::test
