// How many changes an action gets, of one watch and in all: what is more is left out and counted.
//
// Plain values, told the time; guarded by their owner. A limit of n a minute lets n through at once
// and then one every 1/n minute. What was left out of a watch is summed up a period after the
// first of it, and so once a period however long the storm lasts: silence is never ambiguous, and the
// summaries are no storm of their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace regwatch {

class TokenBucket {
public:
    // A limit of 0 never refuses.
    explicit TokenBucket(std::uint32_t per_minute)
        : cost_(per_minute == 0 ? Duration::zero()
                                : Duration(std::chrono::minutes(1)) / per_minute),
          most_(cost_ * per_minute),
          credit_(most_) {}

    [[nodiscard]] bool can_take(SteadyTime now) noexcept;
    void take() noexcept { credit_ -= cost_; }

private:
    Duration cost_;  // of one change; whole nanoseconds, so that no sum is ever a little too small
    Duration most_;
    Duration credit_;  // time that has gone by and is not used up
    std::optional<SteadyTime> filled_;
};

struct RateLimitSettings {
    std::uint32_t per_watch = 0;  // changes a minute; 0: no limit
    std::uint32_t in_all = 0;
};

class RateLimit {
public:
    static constexpr Duration kSummaryPeriod = std::chrono::minutes(1);

    explicit RateLimit(RateLimitSettings settings) : settings_(settings), all_(settings.in_all) {}

    [[nodiscard]] bool is_on() const noexcept {
        return settings_.per_watch != 0 || settings_.in_all != 0;
    }
    // Whether this change of the watch may pass. One that may not is counted here.
    [[nodiscard]] bool pass(const std::string& watch, SteadyTime now);

    struct Summary {
        std::string watch;
        std::uint64_t left_out = 0;
        Duration during{};
    };
    // Of what began to be left out a period ago; what is told is forgotten.
    [[nodiscard]] std::vector<Summary> take_summaries(SteadyTime now);
    // All that is not told yet: for the end.
    [[nodiscard]] std::vector<Summary> take_rest(SteadyTime now);
    // When take_summaries() will have something to say.
    [[nodiscard]] std::optional<SteadyTime> next_summary() const;

private:
    struct Storm {
        TokenBucket bucket;
        std::uint64_t left_out = 0;
        SteadyTime since{};
    };
    std::vector<Summary> take(SteadyTime now, bool everything);

    RateLimitSettings settings_;
    TokenBucket all_;
    std::map<std::string, Storm> storms_;  // by watch
};

}  // namespace regwatch
