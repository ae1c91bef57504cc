// The end of somebody's patience: a wait that ends when told so, or when the time is up.
//
// Shared by those who wait and those who have news for them. Any thread. Uses a pool timer, so that
// waiting works the same under simulated time.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/sync.h"
#include "base/time.h"
#include "platform/executor.h"

namespace regwatch {

class Deadline {
public:
    static Result<std::unique_ptr<Deadline>> create(Executor& executor, Duration after);
    // Over from the start: nothing is waited for.
    static std::unique_ptr<Deadline> passed_already();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    [[nodiscard]] bool passed() const REGWATCH_EXCLUDES(mutex_);
    // Something may have changed for those who wait.
    void news() noexcept REGWATCH_EXCLUDES(mutex_);

    // Waits until `done()` holds, asked anew at each piece of news. True if it holds.
    template <class Predicate>
    bool wait(Predicate done) REGWATCH_EXCLUDES(mutex_) {
        for (;;) {
            const auto seen = news_seen();
            if (done()) return true;
            if (!wait_for_news(seen)) return done();
        }
    }

private:
    Deadline() = default;
    [[nodiscard]] unsigned long long news_seen() const REGWATCH_EXCLUDES(mutex_);
    // False when the time is up.
    [[nodiscard]] bool wait_for_news(unsigned long long seen) REGWATCH_EXCLUDES(mutex_);

    mutable Mutex mutex_;
    Condition changed_;
    unsigned long long news_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool passed_ REGWATCH_GUARDED_BY(mutex_) = false;

    std::unique_ptr<Timer> timer_;  // last: its task uses all of the above
};

}  // namespace regwatch
