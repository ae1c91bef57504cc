#include "delivery/shared_rate_limit.h"

#include <map>
#include <utility>

#include "delivery/left_out_notices.h"

namespace regwatch {

SharedRateLimit::SharedRateLimit(std::uint32_t per_minute, const Ports& ports)
    : ports_(ports), per_minute_(per_minute), bucket_(per_minute) {}

Result<std::unique_ptr<SharedRateLimit>> SharedRateLimit::create(std::uint32_t per_minute,
                                                                 const Ports& ports) {
    std::unique_ptr<SharedRateLimit> limit(new SharedRateLimit(per_minute, ports));
    auto timer = ports.executor.create_timer([self = limit.get()] { self->tell(self->take()); });
    if (!timer) return std::move(timer).error();
    limit->timer_ = std::move(timer).value();
    return limit;
}

SharedRateLimit::~SharedRateLimit() { close(); }

void SharedRateLimit::close() noexcept {
    timer_.reset();
    tell(take());
}

void SharedRateLimit::set(std::uint32_t per_minute) {
    {
        const Lock lock(mutex_);
        if (per_minute == per_minute_) return;
        per_minute_ = per_minute;
        bucket_ = TokenBucket(per_minute);
    }
    tell(take());
}

bool SharedRateLimit::pass(const std::string& action, const std::string& watch) {
    const SteadyTime now = ports_.clock.steady_now();
    bool is_first = false;
    {
        const Lock lock(mutex_);
        if (bucket_.can_take(now)) {
            bucket_.take();
            return true;
        }
        is_first = storm_.left_out.empty();
        if (is_first) storm_.since = now;
        ++storm_.left_out[{action, watch}];
    }
    if (is_first && timer_) timer_->set(RateLimit::kSummaryPeriod);
    return false;
}

SharedRateLimit::Storm SharedRateLimit::take() {
    const Lock lock(mutex_);
    return std::exchange(storm_, {});
}

// All of it at once, so that a storm of many watches is one notice a minute.
void SharedRateLimit::tell(const Storm& storm) {
    if (storm.left_out.empty()) return;
    std::map<std::string, std::uint64_t> by_watch;
    for (const auto& [whose, count] : storm.left_out) by_watch[whose.watch] += count;
    ports_.journal.write(limited_in_all_notice(by_watch, ports_.clock.steady_now() - storm.since));
    if (ports_.keeper == nullptr) return;
    for (const auto& [whose, count] : storm.left_out)
        ports_.keeper->told(whose.action, whose.watch, LeftOut::limited_in_all, count);
}

}  // namespace regwatch
