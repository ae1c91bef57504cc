// How many changes all actions together get a minute: what is more is left out, counted, and summed up in
// one notice a minute that names the watches.
//
// Asked by each action after its own limit. Any thread. Owned by the engine; outlives the actions. The
// timer of the summaries runs on a pool thread; close() tells what is not told yet.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "base/result.h"
#include "base/sync.h"
#include "delivery/left_out_keeper.h"
#include "delivery/rate_limit.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"

namespace regwatch {

class SharedRateLimit {
public:
    struct Ports {
        Executor& executor;
        Clock& clock;
        Journal& journal;
        LeftOutKeeper* keeper = nullptr;  // null: nothing is kept
    };
    // 0: no limit. Fails for want of a timer.
    static Result<std::unique_ptr<SharedRateLimit>> create(std::uint32_t per_minute,
                                                           const Ports& ports);
    ~SharedRateLimit();
    SharedRateLimit(const SharedRateLimit&) = delete;
    SharedRateLimit& operator=(const SharedRateLimit&) = delete;

    // From now on; nothing happens if it is what it was.
    void set(std::uint32_t per_minute) REGWATCH_EXCLUDES(mutex_);
    // Whether this action may have a change of the watch. One that it may not is counted here.
    [[nodiscard]] bool pass(const std::string& action, const std::string& watch)
        REGWATCH_EXCLUDES(mutex_);
    void close() noexcept REGWATCH_EXCLUDES(mutex_);  // idempotent; nothing passes after it

private:
    SharedRateLimit(std::uint32_t per_minute, const Ports& ports);
    struct Whose {
        std::string action;
        std::string watch;
        friend bool operator<(const Whose& a, const Whose& b) {
            return std::tie(a.action, a.watch) < std::tie(b.action, b.watch);
        }
    };
    // What was left out and is not told yet.
    struct Storm {
        std::map<Whose, std::uint64_t> left_out;
        SteadyTime since{};  // the first of them
    };
    [[nodiscard]] Storm take() REGWATCH_EXCLUDES(mutex_);
    void tell(const Storm& storm) REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const Ports ports_;

    Mutex mutex_;
    std::uint32_t per_minute_ REGWATCH_GUARDED_BY(mutex_);
    TokenBucket bucket_ REGWATCH_GUARDED_BY(mutex_);
    Storm storm_ REGWATCH_GUARDED_BY(mutex_);
    std::unique_ptr<Timer> timer_;  // last: its task uses all of the above
};

}  // namespace regwatch
