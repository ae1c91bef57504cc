#include "delivery/shared_rate_limit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "delivery/left_out_notices.h"

namespace regwatch {
namespace {

constexpr char kBetween = '\n';  // which no name holds

}  // namespace

SharedRateLimit::SharedRateLimit(std::uint32_t per_minute, const Ports& ports)
    : ports_(ports), per_minute_(per_minute), limit_({0, per_minute}) {}

Result<std::unique_ptr<SharedRateLimit>> SharedRateLimit::create(std::uint32_t per_minute,
                                                                 const Ports& ports) {
    std::unique_ptr<SharedRateLimit> limit(new SharedRateLimit(per_minute, ports));
    auto timer = ports.executor.create_timer([self = limit.get()] { self->tell_due(); });
    if (!timer) return std::move(timer).error();
    limit->timer_ = std::move(timer).value();
    return limit;
}

SharedRateLimit::~SharedRateLimit() { close(); }

void SharedRateLimit::close() noexcept {
    timer_.reset();
    std::vector<RateLimit::Summary> rest;
    {
        const Lock lock(mutex_);
        rest = limit_.take_rest(ports_.clock.steady_now());
    }
    tell(rest);
}

void SharedRateLimit::set(std::uint32_t per_minute) {
    std::vector<RateLimit::Summary> rest;
    {
        const Lock lock(mutex_);
        if (per_minute == per_minute_) return;
        rest = limit_.take_rest(ports_.clock.steady_now());
        per_minute_ = per_minute;
        limit_ = RateLimit({0, per_minute});
    }
    tell(rest);
}

bool SharedRateLimit::pass(const std::string& action, const std::string& watch) {
    const SteadyTime now = ports_.clock.steady_now();
    bool is_first = false;
    {
        const Lock lock(mutex_);
        const bool was_calm = !limit_.next_summary();
        if (limit_.pass(action + kBetween + watch, now)) return true;
        is_first = was_calm;
    }
    if (is_first && timer_) timer_->set(RateLimit::kSummaryPeriod);
    return false;
}

// All of them at once, so that a storm of many watches is one notice a minute.
void SharedRateLimit::tell_due() {
    std::vector<RateLimit::Summary> all;
    {
        const Lock lock(mutex_);
        all = limit_.take_rest(ports_.clock.steady_now());
    }
    tell(all);
}

void SharedRateLimit::tell(const std::vector<RateLimit::Summary>& summaries) {
    if (summaries.empty()) return;
    std::map<std::string, std::uint64_t> by_watch;
    Duration during{};
    for (const RateLimit::Summary& summary : summaries) {
        by_watch[summary.watch.substr(summary.watch.find(kBetween) + 1)] += summary.left_out;
        during = std::max(during, summary.during);
    }
    ports_.journal.write(limited_in_all_notice(by_watch, during));
    if (ports_.keeper == nullptr) return;
    for (const RateLimit::Summary& summary : summaries) {
        const std::size_t end = summary.watch.find(kBetween);
        ports_.keeper->told(summary.watch.substr(0, end), summary.watch.substr(end + 1),
                            LeftOut::limited_in_all, summary.left_out);
    }
}

}  // namespace regwatch
