// Many of everything, on the bare adapters: cycles of open, write and close with immediate reuse, bursts
// of writers that must leave nothing behind, and more keys than one wait of the system can hold.
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "contract/bound.h"
#include "contract/stress_bench.h"
#include "support/process_counts.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::test {
namespace {

constexpr int kCycles = 60'000;
constexpr int kTrials = 600;

// Writes without opening the key each time. One thread each.
class Writer {
public:
    Writer(RegistryEditor& editor, std::u16string_view key) {
        const std::wstring path = win32::to_wide(editor.path(key).subkey);
        REQUIRE(RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_SET_VALUE | KEY_WOW64_64KEY,
                              key_.receive()) == ERROR_SUCCESS);
    }
    void write(const std::wstring& name, DWORD number) const {
        RegSetValueExW(key_.get(), name.c_str(), 0, REG_DWORD,
                       reinterpret_cast<const BYTE*>(&number), sizeof(number));
    }

private:
    win32::KeyHandle key_;
};

// A place that listeners come to and leave again. A call when nobody is there is late; that it can be
// counted is why places are never freed while anything may call.
class Place final : public MonitorListener {
public:
    void on_monitor_signal() noexcept override { ++(taken_ ? signals_ : late_); }
    void enter() {
        signals_ = 0;
        taken_ = true;
    }
    void leave() { taken_ = false; }
    [[nodiscard]] int signals() const { return signals_; }
    [[nodiscard]] int late() const { return late_; }

private:
    std::atomic<bool> taken_ = false;
    std::atomic<int> signals_ = 0;
    std::atomic<int> late_ = 0;
};

// One thread's cycles. Its places are used in turn, so that each stays empty long enough for a late
// call to be noticed.
class Cycles {
public:
    Cycles(MonitorSet& monitors, RegistryEditor& editor, const std::u16string& key, bool shared)
        : monitors_(monitors), path_(editor.path(key)), writer_(editor, key), shared_(shared) {}

    void run(int count) {
        for (int i = 0; i < count; ++i) once(places_[next_++ % places_.size()]);
    }
    [[nodiscard]] int late() const {
        int late = 0;
        for (const Place& place : places_) late += place.late();
        return late;
    }
    [[nodiscard]] int missed_first() const { return missed_first_; }
    [[nodiscard]] int missed_write() const { return missed_write_; }
    [[nodiscard]] int failed() const { return failed_; }

private:
    void once(Place& place) {
        place.enter();
        auto seat = monitors_.subscribe(path_, Scope::key, place);
        if (!seat) {
            ++failed_;
            return place.leave();
        }
        // By turns: dropped with its first callback under way; registered; and with the callback of
        // this very write under way. Of a shared monitor the first signal may have been before us.
        const std::size_t how = next_ % 3;
        if (how > 0 && !shared_ && !comes_true([&] { return place.signals() > 0; })) {
            ++missed_first_;
        }
        if (how == 2) seat->looked();
        writer_.write(L"v", static_cast<DWORD>(next_));
        if (how == 2 && next_ % 2 == 0 && !shared_ &&
            !comes_true([&] { return place.signals() > 1; })) {
            ++missed_write_;
        }
        seat->drop();
        place.leave();
    }

    MonitorSet& monitors_;
    const KeyPath path_;
    const Writer writer_;
    const bool shared_;
    std::array<Place, 256> places_;
    std::size_t next_ = 0;
    int missed_first_ = 0;
    int missed_write_ = 0;
    int failed_ = 0;
};

TEST_CASE("sixty thousand cycles of open, write and close call nobody late and leave nothing") {
    const auto subject = make_registry_subject(systems().front());
    MonitorSet monitors(subject->registry(), subject->thread());
    std::vector<std::unique_ptr<Cycles>> all;
    for (const char16_t* key : {u"own", u"shared", u"shared"}) {
        subject->editor().create_key(key);
        all.push_back(std::make_unique<Cycles>(monitors, subject->editor(), key,
                                               std::u16string_view(key) == u"shared"));
    }
    const auto run = [&](int count) {
        std::vector<std::thread> threads;
        for (auto& cycles : all) {
            threads.emplace_back(
                [&cycles, each = count / static_cast<int>(all.size())] { cycles->run(each); });
        }
        for (std::thread& thread : threads) thread.join();
    };
    run(kCycles / 20);
    const std::size_t handles = handle_count();
    const std::size_t threads = thread_count();
    const auto begin = std::chrono::steady_clock::now();
    run(kCycles);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << kCycles << " cycles in " << took.count() << " s; handles " << handles << " -> "
              << handle_count() << ", threads " << threads << " -> " << thread_count() << std::endl;
    for (const auto& cycles : all) {
        CHECK(cycles->late() == 0);
        CHECK(cycles->missed_first() == 0);
        CHECK(cycles->missed_write() == 0);
        CHECK(cycles->failed() == 0);
    }
    CHECK(monitors.registrations().elsewhere == 0);
    // The pool's own threads for waiting come and go with their load.
    CHECK(handle_count() <= handles + 8);
    CHECK(thread_count() <= threads + 2);
}

TEST_CASE("after each of six hundred bursts the last state delivered is the registry's") {
    constexpr std::size_t kKeys = 4;
    constexpr DWORD kWrites = 12;
    StressBench bench(Timers::real);
    std::vector<std::unique_ptr<Watched>> watches;
    std::vector<std::u16string> keys;
    for (std::size_t i = 0; i < kKeys; ++i) {
        keys.push_back(u"k" + std::u16string(1, static_cast<char16_t>(u'0' + i)));
        bench.editor().create_key(keys.back());
        watches.push_back(std::make_unique<Watched>(bench, keys.back()));
        watches.back()->start();
    }
    const auto last = [](int trial) { return static_cast<DWORD>(trial + 1) * 100 + kWrites; };
    const std::array<const wchar_t*, 3> writers{L"x", L"y", L"z"};
    int missed = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (int trial = 0; trial < kTrials && missed == 0; ++trial) {
        std::vector<std::thread> threads;
        for (const wchar_t* name : writers) {
            threads.emplace_back([&bench, &keys, &last, name, trial] {
                for (const auto& key : keys) {
                    const Writer writer(bench.editor(), key);
                    for (DWORD i = kWrites; i-- > 0;) writer.write(name, last(trial) - i);
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        for (auto& watched : watches) {
            for (const wchar_t* name : writers) {
                const auto unit = win32::to_units(name);
                if (!watched->seen().wait_for_value(unit, dword(last(trial)))) ++missed;
            }
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << kTrials << " bursts in " << took.count() << " s" << std::endl;
    CHECK(missed == 0);
    for (auto& watched : watches) CHECK(watched->seen().faults() == std::vector<std::string>{});
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

TEST_CASE("more keys than a thread can wait for at once are all heard, again and again") {
    // One wait of the system holds 63 handles and its own.
    const int count = GENERATE(62, 63, 64, 126, 127, 500);
    CAPTURE(count);
    const auto subject = make_registry_subject(systems().front());
    MonitorSet monitors(subject->registry(), subject->thread());
    std::vector<Place> places(static_cast<std::size_t>(count));
    std::vector<Subscription> seats;
    std::vector<std::unique_ptr<Writer>> writers;
    for (Place& place : places) {
        const auto name = win32::to_units(std::to_wstring(&place - places.data()));
        subject->editor().create_key(name);
        writers.push_back(std::make_unique<Writer>(subject->editor(), name));
        place.enter();
        auto seat = monitors.subscribe(subject->editor().path(name), Scope::key, place);
        REQUIRE(seat);
        seats.push_back(std::move(seat).value());
    }
    for (int round = 1; round <= 5; ++round) {
        for (Place& place : places) REQUIRE(comes_true([&] { return place.signals() >= round; }));
        for (Subscription& seat : seats) seat.looked();
        for (auto& writer : writers) writer->write(L"v", static_cast<DWORD>(round));
    }
    for (Place& place : places) CHECK(comes_true([&] { return place.signals() == 6; }));
    for (std::size_t i = 0; i < seats.size(); ++i) {
        seats[i].drop();
        places[i].leave();
    }
    for (auto& writer : writers) writer->write(L"v", 1000);
    for (Place& place : places) CHECK(place.late() == 0);
}

TEST_CASE("five hundred watched keys, all written at once, are all delivered") {
    constexpr int kKeys = 500;
    StressBench bench(Timers::real);
    std::vector<std::unique_ptr<Watched>> watches;
    std::vector<std::unique_ptr<Writer>> writers;
    for (int i = 0; i < kKeys; ++i) {
        const auto name = u"p\\" + win32::to_units(std::to_wstring(i));
        bench.editor().create_key(name);
        writers.push_back(std::make_unique<Writer>(bench.editor(), name));
        watches.push_back(std::make_unique<Watched>(bench, name));
        watches.back()->start_without_waiting();
    }
    for (DWORD round = 1; round <= 10; ++round) {
        for (auto& writer : writers) writer->write(L"v", round);
        if (round % 5 != 0) continue;
        for (auto& watched : watches) {
            REQUIRE(watched->seen().wait_for_value(u"v", dword(round)));
        }
    }
    for (auto& watched : watches) CHECK(watched->seen().faults() == std::vector<std::string>{});
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

}  // namespace
}  // namespace regwatch::test
