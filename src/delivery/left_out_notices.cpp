#include "delivery/left_out_notices.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "text/time.h"

namespace regwatch {
namespace {

// Of a notice that names all of them.
constexpr std::size_t kMostWatches = 20;

std::string seconds_text(Duration during) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(during).count());
}

Duration between(WallTime since, WallTime last) {
    return std::max(Duration::zero(), std::chrono::duration_cast<Duration>(last - since));
}

}  // namespace

Notice muted_notice(const std::string& action, const std::string& watch, std::uint64_t count,
                    WallTime since) {
    return {EventId::changes_muted, {action, std::to_string(count), watch, to_iso_text(since)}};
}

Notice limited_notice(const std::string& action, const std::string& watch, std::uint64_t count,
                      Duration during) {
    return {EventId::changes_limited, {action, std::to_string(count), watch, seconds_text(during)}};
}

Notice limited_in_all_notice(const std::map<std::string, std::uint64_t>& counts, Duration during) {
    std::uint64_t sum = 0;
    std::string watches;
    std::size_t named = 0;
    for (const auto& [watch, count] : counts) {
        sum += count;
        if (named == kMostWatches) continue;
        watches += (named == 0 ? "" : ", ") + watch + " (" + std::to_string(count) + ")";
        ++named;
    }
    if (counts.size() > named) {
        watches += ", and of " + std::to_string(counts.size() - named) + " more";
    }
    return {EventId::changes_limited_in_all, {std::to_string(sum), seconds_text(during), watches}};
}

std::vector<Notice> notices_of(const std::vector<LeftOutCount>& counts) {
    std::vector<Notice> notices;
    std::map<std::string, std::uint64_t> in_all;
    std::optional<WallTime> since;
    WallTime last{};
    for (const LeftOutCount& one : counts) {
        if (one.count <= 0) continue;
        const auto count = static_cast<std::uint64_t>(one.count);
        switch (one.why) {
            case LeftOut::muted:
                notices.push_back(muted_notice(one.action, one.watch, count, one.since));
                break;
            case LeftOut::limited:
                notices.push_back(
                    limited_notice(one.action, one.watch, count, between(one.since, one.last)));
                break;
            case LeftOut::limited_in_all:
                in_all[one.watch] += count;
                since = std::min(since.value_or(one.since), one.since);
                last = std::max(last, one.last);
                break;
        }
    }
    if (since) notices.push_back(limited_in_all_notice(in_all, between(*since, last)));
    return notices;
}

}  // namespace regwatch
