#include "watch/quota.h"

#include <utility>

namespace regwatch {
namespace {

constexpr int kFull = 100;
constexpr std::pair<int, EventId> kLevels[] = {
    {kFull, EventId::limit_reached}, {90, EventId::limit_at_90}, {80, EventId::limit_at_80}};
// A level is told again after the use was this much below it.
constexpr int kStep = 10;

KeptSize bytes_of(std::size_t units, std::size_t data) noexcept {
    return {1, static_cast<std::int64_t>(units * sizeof(char16_t) + data)};
}

int percent(std::int64_t used, std::uint64_t limit) noexcept {
    if (used <= 0) return 0;
    const double share = static_cast<double>(used) * kFull / static_cast<double>(limit);
    return share >= kFull ? kFull : static_cast<int>(share);
}

bool fits(std::int64_t used, std::int64_t more, std::uint64_t limit) noexcept {
    return used + more <= static_cast<std::int64_t>(limit);
}

}  // namespace

KeptSize size_of_key(std::u16string_view name) noexcept { return bytes_of(name.size(), 0); }

KeptSize size_of_value(std::u16string_view name, std::size_t data) noexcept {
    return bytes_of(name.size(), data);
}

KeptSize size_of(const Snapshot& tree) {
    KeptSize size;
    for (const ValueView value : tree.values) {
        size += size_of_value(value.name, value.data.bytes.size());
    }
    for (const Subkey& subkey : tree.subkeys) {
        size += size_of_key(subkey.name);
        if (subkey.below) size += size_of(*subkey.below);
    }
    return size;
}

KeptSize growth_of(const std::vector<Difference>& differences) noexcept {
    KeptSize growth;
    for (const Difference& difference : differences) {
        const std::u16string_view path = difference.key;
        const std::u16string_view leaf = path.substr(path.rfind(u'\\') + 1);
        if (is_about_a_value(difference.kind)) {
            const auto size = [&](const std::optional<ValueData>& data) {
                return data ? size_of_value(difference.value_name, data->bytes.size()) : KeptSize{};
            };
            growth += size(difference.after) - size(difference.before);
        } else if (path.empty()) {
            continue;  // the watched key itself
        } else if (difference.kind == DifferenceKind::key_created) {
            growth += size_of_key(leaf);
        } else if (difference.kind == DifferenceKind::key_deleted) {
            growth += KeptSize{} - size_of_key(leaf);
        } else if (difference.kind == DifferenceKind::key_renamed) {
            growth += size_of_key(difference.new_name) - size_of_key(leaf);
        }
    }
    return growth;
}

void Quota::set_limits(const KeepLimits& limits) {
    const Lock lock(mutex_);
    limits_ = limits;
}

bool Quota::take(const KeptSize& more) {
    if (!take_here(more)) return false;
    if (!all_ || all_->take_here(more)) return true;
    const Lock lock(mutex_);
    entries_.used -= more.entries;
    bytes_.used -= more.bytes;
    return false;
}

bool Quota::take_here(const KeptSize& more) {
    const Lock lock(mutex_);
    const bool entries_fit = fits(entries_.used, more.entries, limits_.entries);
    const bool bytes_fit = fits(bytes_.used, more.bytes, limits_.bytes);
    if (!entries_fit) entries_.refused = true;
    if (!bytes_fit) bytes_.refused = true;
    if (!entries_fit || !bytes_fit) return false;
    entries_.used += more.entries;
    bytes_.used += more.bytes;
    return true;
}

void Quota::add(const KeptSize& more) noexcept {
    {
        const Lock lock(mutex_);
        entries_.used += more.entries;
        bytes_.used += more.bytes;
    }
    if (all_) all_->add(more);
}

KeptSize Quota::used() const {
    const Lock lock(mutex_);
    return {entries_.used, bytes_.used};
}

std::vector<Notice> Quota::news() {
    std::vector<Notice> news;
    add_news(whose_, news);
    if (all_) all_->add_news(whose_, news);
    return news;
}

void Quota::add_news(const std::string& watch, std::vector<Notice>& news) {
    const Lock lock(mutex_);
    const bool is_of_all = whose_.empty();  // no watch is called that
    note(entries_, limits_.entries, is_of_all ? "entries of all watches" : "entries", watch, news);
    note(bytes_, limits_.bytes, is_of_all ? "bytes of all watches" : "bytes", watch, news);
}

void Quota::note(Level& level, std::uint64_t limit, const char* what, const std::string& watch,
                 std::vector<Notice>& news) const {
    int now = percent(level.used, limit);
    if (std::exchange(level.refused, false)) now = kFull;
    if (now <= level.told - kStep) level.told = now;
    for (const auto& [least, event] : kLevels) {
        if (now < least) continue;
        if (level.told >= least) return;
        level.told = least;
        news.push_back({event, {watch, std::to_string(level.used), std::to_string(limit), what}});
        return;
    }
}

void QuotaShare::begin_look(bool is_all) noexcept {
    elsewhere_ = is_all ? 0 : left_out();
    left_out_ = 0;
}

bool QuotaShare::take(const KeptSize& more) {
    if (!quota_) return true;
    if (!quota_->take(more)) {
        ++left_out_;
        return false;
    }
    taken_ += more;
    return true;
}

void QuotaShare::keep(const KeptSize& now) noexcept {
    if (quota_) quota_->add((now - held_) - taken_);
    held_ = now;
    taken_ = {};
}

std::vector<Notice> QuotaShare::news() { return quota_ ? quota_->news() : std::vector<Notice>(); }

}  // namespace regwatch
