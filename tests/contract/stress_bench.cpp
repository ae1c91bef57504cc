#include "contract/stress_bench.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "contract/bound.h"
#include "support/apply.h"

namespace regwatch::test {

namespace {

// A look that does not go into subkeys shows them without content, where the differences make them
// empty.
Snapshot with_empty_subkeys(const Snapshot& snapshot) {
    Snapshot filled = snapshot;
    for (Subkey& subkey : filled.subkeys) {
        if (!subkey.below) subkey.below = std::make_shared<Snapshot>();
    }
    return filled;
}

}  // namespace

ValueData dword(std::uint32_t number) {
    ValueData data{ValueType::dword, {}};
    for (int shift = 0; shift < 32; shift += 8) {
        data.bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    }
    return data;
}

void Recorder::on_look(const KeyWatchPlan& plan, Look& look) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(looking_, true)) faults_.emplace_back("two looks at once");
    auto now = look.now == nullptr ? std::nullopt : std::optional(with_empty_subkeys(*look.now));
    if (looks_ > 0 || plan.first_look == FirstLook::report) {
        auto applied = test::apply(std::move(state_), look.differences);
        const bool fits = applied.ok() && applied->has_value() == now.has_value() &&
                          (!now || has_same_content(**applied, *now));
        if (!fits) faults_.emplace_back("the differences do not lead to the state now");
    }
    state_ = std::move(now);
    differences_.insert(differences_.end(), look.differences.begin(), look.differences.end());
    ++looks_;
    looking_ = false;
    changed_.notify_all();
}

void Recorder::on_settled() {
    const std::lock_guard lock(mutex_);
    if (++settled_ > 1) faults_.emplace_back("settled twice");
    changed_.notify_all();
}

bool Recorder::wait_until(const std::function<bool(const Recorder&)>& seen) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kBound, [&] { return seen(*this); });
}

bool Recorder::wait_for_value(std::u16string_view name, const ValueData& data) const {
    return wait_until([&](const Recorder& r) { return has(r.state_, name, data); });
}

bool Recorder::wait_until_there() const {
    return wait_until([](const Recorder& r) { return r.looks_ > 0 && r.state_.has_value(); });
}

bool Recorder::wait_until_missing() const {
    return wait_until([](const Recorder& r) { return r.looks_ > 0 && !r.state_.has_value(); });
}

bool Recorder::has(const std::optional<Snapshot>& state, std::u16string_view name,
                   const ValueData& data) {
    return state && std::any_of(state->values.begin(), state->values.end(),
                                [&](const Value& v) { return v.name == name && v.data == data; });
}

std::size_t Recorder::looks() const {
    const std::lock_guard lock(mutex_);
    return looks_;
}

std::size_t Recorder::difference_count() const {
    const std::lock_guard lock(mutex_);
    return differences_.size();
}

std::size_t Recorder::count(DifferenceKind kind) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(differences_.begin(), differences_.end(),
                      [kind](const Difference& difference) { return difference.kind == kind; }));
}

std::optional<Snapshot> Recorder::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

std::vector<std::string> Recorder::faults() const {
    const std::lock_guard lock(mutex_);
    return faults_;
}

StressBench::~StressBench() {
    for (int point = 0; point <= static_cast<int>(Point::after_drain); ++point) {
        points_.release(static_cast<Point>(point));
    }
}

std::unique_ptr<KeyWatch> StressBench::make_watch(Recorder& recorder, std::u16string_view key,
                                                  Scope scope, View view) {
    auto made = KeyWatch::create({"test", editor().path(key, view), scope, FirstLook::accept},
                                 {monitors_, executor(), clock_, journal_}, recorder);
    if (!made) throw std::runtime_error(made.error().text());
    return std::move(made).value();
}

Watched& Watched::start() {
    watch_->start();
    if (!comes_true([&] { return state() != WatchState::starting; }))
        throw std::runtime_error("the watch never settled");
    return *this;
}

bool Watched::reaches(WatchState wanted) const {
    return comes_true([&] { return state() == wanted; });
}

void check_rules(StressBench& bench, Watched& watched) {
    CHECK(watched.seen().faults() == std::vector<std::string>{});
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

}  // namespace regwatch::test
