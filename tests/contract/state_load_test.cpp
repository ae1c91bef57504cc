// Many changes, one action that hangs, and those who read meanwhile.
#include <catch2/catch_test_macros.hpp>

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "contract/bound.h"
#include "contract/state_bench.h"
#include "service/self_test.h"

namespace regwatch::test {
namespace {

using namespace std::chrono_literals;

// Zero under a sanitizer, which has an allocator of its own: there the queue alone is counted.
std::size_t bytes_in_use() { return mallinfo2().uordblks; }

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
