// An executor whose timers fire when the test says so, and not before; its works are the real ones.
//
// So that nothing that a timer would mend later passes for what a signal has to do now, and so that
// back-off can be read off without waiting for it. Any thread. The real executor outlives it, and it
// outlives its timers.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include "platform/executor.h"

namespace regwatch::test {

class ManualTimers final : public Executor {
public:
    explicit ManualTimers(Executor& real) : real_(real) {}

    Result<std::unique_ptr<Work>> create_work(std::function<void()> task) override {
        return real_.create_work(std::move(task));
    }
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) override {
        auto real = real_.create_timer(std::move(task));
        if (!real) return std::move(real).error();
        return std::unique_ptr<Timer>(
            std::make_unique<ManualTimer>(*this, std::move(real).value()));
    }

    // All that are set, as if their time was over.
    void fire() {
        const std::lock_guard lock(mutex_);
        for (ManualTimer* timer : timers_) {
            if (std::exchange(timer->is_set, false)) timer->real->set(Duration::zero());
        }
    }
    // What a timer was last set to; zero when none ever was.
    [[nodiscard]] Duration last_delay() const {
        const std::lock_guard lock(mutex_);
        return last_delay_;
    }

private:
    struct ManualTimer final : Timer {
        ManualTimer(ManualTimers& owner_in, std::unique_ptr<Timer> real_in)
            : owner(owner_in), real(std::move(real_in)) {
            const std::lock_guard lock(owner.mutex_);
            owner.timers_.insert(this);
        }
        ~ManualTimer() override {
            const std::lock_guard lock(owner.mutex_);
            owner.timers_.erase(this);
        }
        void set(Duration delay) noexcept override {
            const std::lock_guard lock(owner.mutex_);
            is_set = true;
            owner.last_delay_ = delay;
        }
        void cancel() noexcept override {
            const std::lock_guard lock(owner.mutex_);
            is_set = false;
            real->cancel();
        }

        ManualTimers& owner;
        const std::unique_ptr<Timer> real;
        bool is_set = false;
    };

    Executor& real_;
    mutable std::mutex mutex_;
    std::set<ManualTimer*> timers_;
    Duration last_delay_{};
};

}  // namespace regwatch::test
