// The real watching on the real registry, with failpoints in between, and what the tests of races keep
// asking.
//
// Used by the test's thread; a Recorder is filled by looks and may be asked by any thread. What is made
// on a bench is destroyed before it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "contract/subject.h"
#include "support/failpoints.h"
#include "support/manual_clock.h"
#include "support/manual_timers.h"
#include "support/memory_journal.h"
#include "watch/key_watch.h"

namespace regwatch::test {

[[nodiscard]] ValueData dword(std::uint32_t number);

// Holds a watch to its word: each look must lead from the state before it to the state it shows.
class Recorder final : public KeyWatch::Client {
public:
    void on_look(const KeyWatchPlan& plan, Look& look) override;
    void on_settled() override;

    // Whether it was so within the bound; asked after each look.
    [[nodiscard]] bool wait_until(const std::function<bool(const Recorder&)>& seen) const;
    [[nodiscard]] bool wait_for_value(std::u16string_view name, const ValueData& data) const;
    [[nodiscard]] bool wait_until_there() const;
    [[nodiscard]] bool wait_until_missing() const;

    [[nodiscard]] std::size_t looks() const;
    [[nodiscard]] std::size_t difference_count() const;
    [[nodiscard]] std::size_t count(DifferenceKind kind) const;
    [[nodiscard]] std::optional<Snapshot> state() const;
    [[nodiscard]] std::vector<std::string> faults() const;

private:
    [[nodiscard]] static bool has(const std::optional<Snapshot>& state, std::u16string_view name,
                                  const ValueData& data);

    mutable std::recursive_mutex mutex_;
    mutable std::condition_variable_any changed_;
    std::optional<Snapshot> state_;
    std::vector<Difference> differences_;
    std::size_t looks_ = 0;
    int settled_ = 0;
    bool looking_ = false;
    std::vector<std::string> faults_;
};

enum class Timers { real, by_hand };

class StressBench {
public:
    explicit StressBench(Timers timers = Timers::by_hand) : real_timers_(timers == Timers::real) {}
    // Nothing that a failed test left parked may hang what is destroyed now.
    ~StressBench();

    [[nodiscard]] FailpointSet& points() { return points_; }
    [[nodiscard]] RegistryEditor& editor() { return subject_->editor(); }
    [[nodiscard]] ManualTimers& timers() { return timers_; }
    [[nodiscard]] MemoryJournal& journal() { return journal_; }
    [[nodiscard]] MonitorSet& monitors() { return monitors_; }
    [[nodiscard]] Executor& executor() {
        return real_timers_ ? *pool_ : static_cast<Executor&>(timers_);
    }
    void write(std::u16string_view key, std::uint32_t number) {
        editor().set_value(key, u"v", dword(number));
    }
    [[nodiscard]] std::unique_ptr<KeyWatch> make_watch(Recorder& recorder, std::u16string_view key,
                                                       Scope scope, View view);

private:
    const bool real_timers_;
    FailpointSet points_;
    const std::unique_ptr<RegistrySubject> subject_ = make_registry_subject(systems().front());
    const std::unique_ptr<Executor> pool_ = make_executor(2);
    ManualTimers timers_{*pool_};
    ManualClock clock_;
    MemoryJournal journal_;
    FailpointRegistry registry_{subject_->registry(), points_};
    FailpointThread thread_{subject_->thread(), points_};
    MonitorSet monitors_{registry_, thread_};
};

// One key that is watched, and what its looks have seen.
class Watched {
public:
    Watched(StressBench& bench, std::u16string_view key, Scope scope = Scope::key,
            View view = View::bits64)
        : watch_(bench.make_watch(recorder_, key, scope, view)) {}
    // Started, and the outcome of the first look is there.
    Watched& start();
    Watched& start_without_waiting() {
        watch_->start();
        return *this;
    }
    void close() { watch_->close(); }

    [[nodiscard]] Recorder& seen() { return recorder_; }
    [[nodiscard]] WatchState state() const { return watch_->status().state; }
    // Within the bound.
    [[nodiscard]] bool reaches(WatchState state) const;

private:
    Recorder recorder_;
    std::unique_ptr<KeyWatch> watch_;
};

// Nothing was seen that no look may do, and no rule of the port was broken.
void check_rules(StressBench& bench, Watched& watched);

}  // namespace regwatch::test
