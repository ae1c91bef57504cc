#include "watch/pattern_search.h"

#include <memory>
#include <utility>

#include "watch/key_pattern.h"

namespace regwatch {
namespace {

bool is_absence(const Error& error) noexcept {
    return error.kind == ErrorKind::not_found || error.kind == ErrorKind::gone;
}

}  // namespace

// Of one pattern: what is found waits in a list, because "**" may lead down a long way.
class PatternSearch::One {
public:
    One(PatternSearch& search, std::size_t max_keys) : search_(search), max_keys_(max_keys) {}

    PatternFit look_for(const KeyPath& pattern) {
        waiting_.push_back({{}, pattern, 0});
        while (!waiting_.empty()) {
            const KeyPattern::Found next = std::move(waiting_.back());
            waiting_.pop_back();
            if (!KeyPattern::is_one(next.path, next.literal)) {
                // That one exists is all that is asked.
                if (fit_ != PatternFit::some_keys && open(next.path) != nullptr)
                    fit_ = PatternFit::some_keys;
            } else if (!list({next.path, next.literal})) {
                return PatternFit::too_many_keys;
            }
            if (search_.is_exhausted_) return PatternFit::unknown;
        }
        return fit_;
    }

private:
    // False: more than there may be.
    bool list(const KeyPattern& pattern) {
        const auto key = open(pattern.prefix());
        if (key == nullptr) return true;
        const auto info = key->info();
        if (info && !search_.spend(info->subkey_count)) return true;
        const auto names = key->subkeys();
        if (!names) {
            note(names.error());
            return true;
        }
        for (const SubkeyName& name : *names) {
            for (KeyPattern::Found& found : pattern.find(name.name)) {
                if (++found_ > max_keys_) return false;
                waiting_.push_back(std::move(found));
            }
        }
        return true;
    }

    std::unique_ptr<RegistryKey> open(const KeyPath& path) {
        if (!search_.spend(1)) return nullptr;
        auto key = search_.registry_.open(path);
        if (!key) {
            note(key.error());
            return nullptr;
        }
        return std::move(key).value();
    }

    void note(const Error& error) {
        if (!is_absence(error) && fit_ == PatternFit::no_key) fit_ = PatternFit::unknown;
    }

    PatternSearch& search_;
    const std::size_t max_keys_;
    std::vector<KeyPattern::Found> waiting_;
    std::size_t found_ = 0;  // keys, and those on the way that "**" goes
    PatternFit fit_ = PatternFit::no_key;
};

PatternFit PatternSearch::look_for(const std::vector<KeyPath>& patterns, std::size_t max_keys) {
    PatternFit all = PatternFit::no_key;
    for (const KeyPath& pattern : patterns) {
        const PatternFit fit = One(*this, max_keys).look_for(pattern);
        if (fit == PatternFit::too_many_keys || is_exhausted_) return fit;
        if (all != PatternFit::some_keys && fit != PatternFit::no_key) all = fit;
    }
    return all;
}

bool PatternSearch::spend(std::size_t keys) noexcept {
    if (keys > left_) is_exhausted_ = true;
    if (is_exhausted_) return false;
    left_ -= keys;
    return true;
}

}  // namespace regwatch
