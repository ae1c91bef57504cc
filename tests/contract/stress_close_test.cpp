// Closing: whatever stands still meanwhile, nothing is delivered afterwards and nobody else goes deaf.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "contract/bound.h"
#include "contract/stress_bench.h"

namespace regwatch::test {
namespace {

// Counts its signals. Answers none by itself.
class Listener final : public MonitorListener {
public:
    void on_monitor_signal() noexcept override { ++signals_; }
    [[nodiscard]] int signals() const { return signals_; }
    [[nodiscard]] bool reaches(int count) const {
        return comes_true([&] { return signals() >= count; });
    }

private:
    std::atomic<int> signals_ = 0;
};

Subscription subscribe(StressBench& bench, std::u16string_view key, Listener& listener) {
    auto made = bench.monitors().subscribe(bench.editor().path(key), Scope::key, listener);
    REQUIRE(made);
    return std::move(made).value();
}

TEST_CASE("a watch closed while its circle stands still at any point delivers nothing more") {
    const Point point = GENERATE(Point::after_signal, Point::before_register, Point::after_register,
                                 Point::before_read, Point::after_read, Point::before_arm);
    CAPTURE(static_cast<int>(point));
    for (int round = 0; round < 10; ++round) {
        StressBench bench;
        bench.editor().create_key(u"k");
        bench.editor().create_key(u"other");
        Watched watched(bench, u"k");
        Watched other(bench, u"other");
        watched.start();
        other.start();
        bench.points().park(point, u"k");
        bench.write(u"k", 1);
        REQUIRE(bench.points().wait_until_parked(point));
        std::atomic<bool> closed = false;
        std::jthread closer([&] {
            watched.close();
            closed = true;
        });
        bench.write(u"k", 2);
        bench.points().release(point);
        closer.join();
        CHECK(closed);
        const std::size_t looks = watched.seen().looks();
        const int signals = bench.points().count(Point::before_register, u"k");
        bench.write(u"k", 3);
        bench.write(u"other", 1);
        CHECK(other.seen().wait_for_value(u"v", dword(1)));
        CHECK(watched.seen().looks() == looks);
        CHECK(bench.points().count(Point::before_register, u"k") == signals);
        CHECK(bench.points().broken() == std::vector<std::string>{});
        watched.close();  // again: nothing happens
    }
}

TEST_CASE("a write between disarming, draining and the end of a monitor delivers nothing") {
    const Point point = GENERATE(Point::after_disarm, Point::after_drain);
    CAPTURE(static_cast<int>(point));
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.editor().create_key(u"other");
    for (int round = 0; round < 50; ++round) {
        Listener listener;
        Listener sibling;
        Subscription other = subscribe(bench, u"other", sibling);
        Subscription seat = subscribe(bench, u"k", listener);
        REQUIRE(listener.reaches(1));
        REQUIRE(sibling.reaches(1));
        seat.looked();
        bench.points().park(point, u"k");
        std::jthread closer([&] { seat.drop(); });
        REQUIRE(bench.points().wait_until_parked(point));
        const int before = listener.signals();
        bench.write(u"k", static_cast<std::uint32_t>(round));
        bench.points().release(point);
        closer.join();
        bench.write(u"k", static_cast<std::uint32_t>(round) + 1000);
        // The sibling is called, and what was dropped is not.
        other.looked();
        bench.write(u"other", static_cast<std::uint32_t>(round));
        CHECK(sibling.reaches(2));
        CHECK(listener.signals() == before);
    }
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

TEST_CASE("a callback that begins while its monitor is being closed does not arm it again") {
    StressBench bench;
    bench.editor().create_key(u"k");
    for (int round = 0; round < 50; ++round) {
        Listener listener;
        Subscription seat = subscribe(bench, u"k", listener);
        REQUIRE(listener.reaches(1));
        seat.looked();
        bench.points().park(Point::after_signal, u"k");
        bench.write(u"k", static_cast<std::uint32_t>(round));
        REQUIRE(bench.points().wait_until_parked(Point::after_signal));
        const int closed = bench.points().count(Point::after_disarm, u"k");
        std::jthread closer([&] { seat.drop(); });
        REQUIRE(
            comes_true([&] { return bench.points().count(Point::after_disarm, u"k") > closed; }));
        const int armed = bench.points().count(Point::before_arm, u"k");
        bench.points().release(Point::after_signal);
        closer.join();
        CHECK(listener.signals() == 1);
        CHECK(bench.points().count(Point::before_arm, u"k") == armed);
    }
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

TEST_CASE("closing one of many keys with a signal under way leaves the others awake") {
    constexpr std::size_t kKeys = 20;
    StressBench bench;
    std::vector<std::unique_ptr<Watched>> watches;
    const auto name = [](std::size_t i) {
        return u"k" + std::u16string(1, static_cast<char16_t>(u'a' + i));
    };
    for (std::size_t i = 0; i < kKeys; ++i) {
        bench.editor().create_key(name(i));
        watches.push_back(std::make_unique<Watched>(bench, name(i)));
        watches.back()->start();
    }
    for (std::size_t gone = 0; gone + 1 < kKeys; ++gone) {
        const auto round = static_cast<std::uint32_t>(gone) + 1;
        bench.write(name(gone), round);
        watches[gone]->close();
        const std::size_t looks = watches[gone]->seen().looks();
        for (std::size_t i = gone + 1; i < kKeys; ++i) bench.write(name(i), round);
        for (std::size_t i = gone + 1; i < kKeys; ++i) {
            REQUIRE(watches[i]->seen().wait_for_value(u"v", dword(round)));
        }
        CHECK(watches[gone]->seen().looks() == looks);
    }
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

TEST_CASE("a watch may be closed at once after its start, and a second time") {
    for (int round = 0; round < 50; ++round) {
        StressBench bench;
        bench.editor().create_key(u"k");
        Watched watched(bench, u"k");
        watched.start_without_waiting();
        bench.write(u"k", 1);
        watched.close();
        CHECK(watched.state() == WatchState::closed);
        const std::size_t looks = watched.seen().looks();
        bench.write(u"k", 2);
        watched.close();
        CHECK(watched.seen().looks() == looks);
    }
}

}  // namespace
}  // namespace regwatch::test
