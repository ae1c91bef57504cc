#include "text/path_pattern.h"

#include <algorithm>

#include "text/fold.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kAnyDepth = u"**";

constexpr std::uint64_t bit(std::size_t place) { return std::uint64_t{1} << place; }

// Removes the first part together with the backslash behind it.
std::u16string_view take_part(std::u16string_view& rest) {
    const std::size_t end = rest.find(u'\\');
    const std::u16string_view part = rest.substr(0, end);
    rest.remove_prefix(end == std::u16string_view::npos ? rest.size() : end + 1);
    return part;
}

}  // namespace

PathPattern::PathPattern(std::u16string_view text) {
    while (!text.empty() && parts_.size() < kMaxParts) parts_.emplace_back(take_part(text));
}

std::u16string PathPattern::text() const {
    std::u16string text;
    for (const std::u16string& part : parts_) {
        if (!text.empty()) text += u'\\';
        text += part;
    }
    return text;
}

bool PathPattern::is_too_long(std::u16string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), u'\\')) >= kMaxParts;
}

PathPattern::Fit PathPattern::fit(std::u16string_view path) const {
    const std::uint64_t end = bit(parts_.size());
    std::uint64_t places = with_skipped(bit(0));
    Fit fit;
    fit.above = (places & end) != 0;
    while (!path.empty() && places != 0) {
        places = step(places, take_part(path));
        fit.above = fit.above || (places & end) != 0;
    }
    fit.whole = (places & end) != 0;
    fit.below = (places & ~end) != 0;
    return fit;
}

// "**" may stand for nothing: who is before it is behind it too.
std::uint64_t PathPattern::with_skipped(std::uint64_t places) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if ((places & bit(i)) != 0 && parts_[i] == kAnyDepth) places |= bit(i + 1);
    }
    return places;
}

std::uint64_t PathPattern::step(std::uint64_t places, std::u16string_view name) const {
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if ((places & bit(i)) == 0) continue;
        if (parts_[i] == kAnyDepth) {
            next |= bit(i);
        } else if (matches_glob(parts_[i], name)) {
            next |= bit(i + 1);
        }
    }
    return with_skipped(next);
}

}  // namespace regwatch
