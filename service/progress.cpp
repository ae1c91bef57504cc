#include "service/progress.h"

#include <algorithm>
#include <utility>

namespace regwatch {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPatience = 1s;
constexpr Duration kPeriod = 250ms;

// 1,234,567
std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

}  // namespace

Progress::Progress(std::string what, const Clock& clock,
                   std::function<void(const std::string&)> write)
    : what_(std::move(what)),
      clock_(clock),
      write_(std::move(write)),
      next_(clock.steady_now() + kPatience) {}

void Progress::step(std::uint64_t count, std::uint64_t total) {
    if (!write_) return;
    const SteadyTime now = clock_.steady_now();
    if (now < next_) return;
    next_ = now + kPeriod;
    std::string line = "regwatch: " + what_ + ": " + grouped(count);
    if (total != 0) line += " of " + grouped(total);
    const std::size_t rest = shown_ > line.size() ? shown_ - line.size() : 0;
    shown_ = line.size();
    write_("\r" + line + std::string(rest, ' '));
}

void Progress::done() noexcept {
    if (shown_ == 0) return;
    try {
        write_("\r" + std::string(std::exchange(shown_, 0), ' ') + "\r");
        next_ = clock_.steady_now() + kPatience;
    } catch (...) {
        return;  // for want of memory the line stays
    }
}

}  // namespace regwatch
