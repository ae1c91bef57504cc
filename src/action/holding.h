// One value that is to hold a state: what is to be done about what it was seen to be.
//
// A plain value, told the time; guarded by its owner. What was written here is as expected when it is
// seen next, so that own writing needs nothing done about it. Whoever writes something else again gets
// longer and longer pauses, and after a few times in a row the value is left alone until he was quiet
// for a while; then it is written again, whether he comes back or not.
#pragma once

#include <optional>

#include "action/restorer.h"
#include "base/time.h"
#include "registry/value.h"

namespace regwatch {

class Holding {
public:
    static constexpr unsigned kMostInARow = Restorer::kMostInARow;
    static constexpr Duration kQuiet = Restorer::kQuiet;
    static constexpr Duration kFirstPause = std::chrono::seconds(1);
    static constexpr Duration kLongestPause = std::chrono::minutes(1);

    enum class News {
        none,
        deviates,  // and nothing is done about it
        as_expected_again,
        to_be_written,  // when due() says so
        gave_up,        // just now
    };
    // What it is; nothing: there is no such value.
    [[nodiscard]] News see(const std::optional<ValueData>& found, bool is_as_expected, bool enforce,
                           SteadyTime now);

    // When it is to be written; nothing: it is not.
    [[nodiscard]] std::optional<SteadyTime> due() const;
    // Before the writing: what is seen from now on that is not expected was written by somebody after
    // it, even if it is the same, or is seen late; then it is written once more.
    void begin_writing() noexcept {
        if (given_up_) rounds_ = 0;
        deviates_ = pending_ = given_up_ = false;
        ++rounds_;
    }
    void written(SteadyTime now);
    // What does not pass is not tried again before somebody looks again.
    void failed(bool is_passing, SteadyTime now);

    [[nodiscard]] bool is_given_up() const noexcept { return given_up_ && deviates_; }
    [[nodiscard]] const std::optional<ValueData>& found() const noexcept { return found_; }

private:
    [[nodiscard]] bool is_lost(SteadyTime now);
    [[nodiscard]] static Duration pause_after(unsigned rounds) noexcept;

    std::optional<ValueData> found_;
    bool deviates_ = false;
    bool told_ = false;  // that it deviates, and stays so
    bool pending_ = false;
    bool given_up_ = false;
    unsigned rounds_ = 0;  // of writing, and of somebody else's writing after it
    unsigned failures_ = 0;
    SteadyTime not_before_{};
    std::optional<SteadyTime> last_;  // that somebody was seen to have written
};

}  // namespace regwatch
