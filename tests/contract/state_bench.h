// A whole engine on a simulated registry, real threads and a real state database, for what can happen to
// the database. Not for Windows, where tests/e2e has the program itself.
//
// Used by the test's thread. The engine is stopped before the rest goes.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "contract/bound.h"
#include "contract/subject.h"
#include "engine.h"
#include "sim/sim_platform.h"
#include "state/number_mark_file.h"
#include "state/sqlite_store.h"

namespace regwatch::test {

// What an action was given, and a gate in front of it.
class Deliveries {
public:
    void take(const Change& change) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !is_blocked_; });
        sequences_.push_back(change.sequence);
        last_ = change.after;
        changed_.notify_all();
    }
    void block() {
        const std::lock_guard lock(mutex_);
        is_blocked_ = true;
    }
    void let_go() {
        const std::lock_guard lock(mutex_);
        is_blocked_ = false;
        changed_.notify_all();
    }
    [[nodiscard]] bool wait_for(const ValueData& last) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kBound, [&] { return last_ == last; });
    }
    [[nodiscard]] bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kBound, [&] { return sequences_.size() >= count; });
    }
    [[nodiscard]] std::vector<std::uint64_t> sequences() {
        const std::lock_guard lock(mutex_);
        return sequences_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_blocked_ = false;
    std::vector<std::uint64_t> sequences_;
    std::optional<ValueData> last_;
};

class GatedAction final : public Action {
public:
    explicit GatedAction(Deliveries& deliveries) : deliveries_(deliveries) {}
    std::optional<ActionFailure> deliver(const Change& change) override {
        deliveries_.take(change);
        return std::nullopt;
    }
    void cancel() noexcept override { deliveries_.let_go(); }

private:
    Deliveries& deliveries_;
};

class StateBench {
public:
    StateBench();
    ~StateBench() { stop(); }
    StateBench(const StateBench&) = delete;
    StateBench& operator=(const StateBench&) = delete;

    void start(const Settings& settings);
    void start() { start(settings()); }
    void stop();
    // One watch of one key, whose changes go to one action.
    [[nodiscard]] Settings settings() const;
    void write(std::u16string_view name, std::uint32_t number);
    void write(std::u16string_view name, const ValueData& data);
    // Another number than ever before, and whether the action was given it.
    [[nodiscard]] bool hears();
    [[nodiscard]] bool comes_to(StoreState state);
    [[nodiscard]] std::size_t count(EventId id) const { return platform.journal.count(id); }
    // Whether it was told with a state of that name.
    [[nodiscard]] bool said_not_kept(StoreState state) const;
    [[nodiscard]] Engine& engine() { return *engine_; }
    [[nodiscard]] std::string folder() const { return files_->scratch_folder() + "state"; }
    [[nodiscard]] std::string file() const { return folder() + "/regwatch.db"; }
    [[nodiscard]] std::unique_ptr<SqliteStore> reader() const;

    sim::SimPlatform platform{{}};
    Deliveries deliveries;

private:
    const std::unique_ptr<FileSubject> files_ = make_file_subject();
    Platform ports_ = platform.ports();
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<NumberMarkFile> mark_;
    std::unique_ptr<Engine> engine_;
    std::uint32_t last_ = 0;
};

}  // namespace regwatch::test
