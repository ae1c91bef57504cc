#include "watch/unread_keys.h"

#include <algorithm>

#include "watch/retry_delay.h"

namespace regwatch {
namespace {

// Of those that cannot be read at the same time. A tree that is closed to us is one thing to tell.
constexpr std::size_t kMostTold = 20;
// The others are tried again by the sweep.
constexpr std::size_t kMostTriedAgain = 1'000;

}  // namespace

std::vector<UnreadKey>& UnreadKeys::begin_look(bool is_all) {
    noted_.clear();
    is_all_ = is_all;
    return noted_;
}

std::vector<Notice> UnreadKeys::looked(SteadyTime now) {
    const std::map<std::u16string, ErrorKind> before = known_;
    if (is_all_) known_.clear();
    std::vector<Notice> news;
    bool may_pass = false;
    for (UnreadKey& key : noted_) {
        const ErrorKind kind = key.error.kind;
        may_pass = may_pass || kind == ErrorKind::transient;
        const auto was = before.find(key.path);
        const bool is_news = was == before.end() || was->second != kind;
        if (is_news && kind != ErrorKind::transient && known_.size() < kMostTold) {
            const EventId event =
                kind == ErrorKind::denied ? EventId::key_denied : EventId::key_failed;
            news.push_back(
                {event, {plan_.watch, plan_.key.child(key.path).utf8(), key.error.text() + "."}});
        }
        if (known_.size() < kMostTriedAgain) known_[std::move(key.path)] = kind;
    }
    noted_.clear();
    for (const auto& [path, kind] : before) {
        if (known_.count(path) == 0) read_at_last_ = true;
    }
    if (known_.empty()) {
        delay_ = {};
    } else if (delay_ == Duration::zero()) {
        delay_ = may_pass ? kFirstRetrySoon : kFirstRetry;
        next_ = now + delay_;
    }
    return news;
}

void UnreadKeys::clear() {
    known_.clear();
    delay_ = {};
}

std::optional<Duration> UnreadKeys::wait(SteadyTime now) const {
    if (known_.empty()) return std::nullopt;
    return std::max(next_ - now, Duration::zero());
}

bool UnreadKeys::try_again(SteadyTime now, RegistryKey& key, TreeParts& parts) {
    if (known_.empty() || now < next_) return false;
    delay_ = std::min(delay_ * 2, kLongestRetry);
    next_ = now + delay_;
    bool may_be_read = false;
    for (auto at = known_.begin(); at != known_.end();) {
        if (at->second != ErrorKind::transient) {
            const auto opened = key.open_subkey(at->first);
            const bool is_gone = !opened && opened.error().kind == ErrorKind::not_found;
            if (!opened && !is_gone) {
                ++at;
                continue;
            }
        }
        parts.read_again(at->first);
        may_be_read = true;
        read_at_last_ = true;
        at = known_.erase(at);
    }
    return may_be_read;
}

}  // namespace regwatch
