// How much may be kept in memory of the keys of one watch, and of all watches together: keys and values,
// and the bytes of their names and data.
//
// Whoever reads takes for each entry that is new, before it is kept; what is refused is left out of the
// snapshot, so that the memory a config can cost is known before. What is known already stays known,
// also where a limit was lowered. At 80, 90 and 100 percent there is something to be told, once each until
// the use has fallen again. Any thread. The quota of one watch holds that of all alive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/sync.h"
#include "platform/journal.h"
#include "registry/diff.h"
#include "registry/snapshot.h"
#include "settings/settings.h"

namespace regwatch {

// Of what is kept of a key; with a sign, since it also says what a look adds or takes away.
struct KeptSize {
    std::int64_t entries = 0;
    std::int64_t bytes = 0;

    KeptSize& operator+=(const KeptSize& more) noexcept {
        entries += more.entries;
        bytes += more.bytes;
        return *this;
    }
    friend KeptSize operator-(const KeptSize& a, const KeptSize& b) noexcept {
        return {a.entries - b.entries, a.bytes - b.bytes};
    }
    friend bool operator==(const KeptSize&, const KeptSize&) = default;
};

[[nodiscard]] KeptSize size_of_key(std::u16string_view name) noexcept;
[[nodiscard]] KeptSize size_of_value(std::u16string_view name, std::size_t data) noexcept;
// All that is below the key, and its values.
[[nodiscard]] KeptSize size_of(const Snapshot& tree);
// What they make of a size.
[[nodiscard]] KeptSize growth_of(const std::vector<Difference>& differences) noexcept;

class Quota {
public:
    // `whose` is the name of a watch. `all` is what this one is a part of, or null.
    Quota(std::string whose, const KeepLimits& limits, std::shared_ptr<Quota> all)
        : whose_(std::move(whose)), all_(std::move(all)), limits_(limits) {}

    void set_limits(const KeepLimits& limits) REGWATCH_EXCLUDES(mutex_);
    // False: that would be too much, here or of all.
    [[nodiscard]] bool take(const KeptSize& more) REGWATCH_EXCLUDES(mutex_);
    // What is there is there: sizes that are known only afterwards, and what goes.
    void add(const KeptSize& more) noexcept REGWATCH_EXCLUDES(mutex_);

    // What has to be told by now, in the name of this watch; those of all included.
    [[nodiscard]] std::vector<Notice> news() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] KeptSize used() const REGWATCH_EXCLUDES(mutex_);

private:
    // Of entries, or of bytes.
    struct Level {
        std::int64_t used = 0;
        bool refused = false;
        int told = 0;  // percent
    };
    [[nodiscard]] bool take_here(const KeptSize& more) REGWATCH_EXCLUDES(mutex_);
    void note(Level& level, std::uint64_t limit, const char* what, const std::string& watch,
              std::vector<Notice>& news) const REGWATCH_REQUIRES(mutex_);
    void add_news(const std::string& watch, std::vector<Notice>& news) REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const std::string whose_;
    const std::shared_ptr<Quota> all_;

    mutable Mutex mutex_;
    KeepLimits limits_ REGWATCH_GUARDED_BY(mutex_);
    Level entries_ REGWATCH_GUARDED_BY(mutex_);
    Level bytes_ REGWATCH_GUARDED_BY(mutex_);
};

// What one key holds of a quota, and what a look at it takes. On the strand of its KeyWatch, but for the
// number that status() asks for.
class QuotaShare {
public:
    explicit QuotaShare(std::shared_ptr<Quota> quota) : quota_(std::move(quota)) {}
    ~QuotaShare() { drop(); }
    QuotaShare(const QuotaShare&) = delete;
    QuotaShare& operator=(const QuotaShare&) = delete;

    // Of a look at a part only it is not known what is left out elsewhere: that counts on.
    void begin_look(bool is_all) noexcept;
    // For something that was not there before. False: it has to be left out.
    [[nodiscard]] bool take(const KeptSize& more);
    // The look has ended: this is what is kept now; or nothing came of it.
    void keep(const KeptSize& now) noexcept;
    void keep_as_before() noexcept { keep(held_); }
    void drop() noexcept { keep({}); }

    [[nodiscard]] const KeptSize& held() const noexcept { return held_; }
    [[nodiscard]] std::size_t left_out() const noexcept { return std::max(left_out_, elsewhere_); }
    [[nodiscard]] std::size_t left_out_by_look() const noexcept { return left_out_; }
    [[nodiscard]] std::vector<Notice> news();

private:
    const std::shared_ptr<Quota> quota_;  // null: no limits
    KeptSize held_;
    KeptSize taken_;             // by the look that is going on
    std::size_t left_out_ = 0;   // by this look
    std::size_t elsewhere_ = 0;  // as of the last look at everything
};

}  // namespace regwatch
