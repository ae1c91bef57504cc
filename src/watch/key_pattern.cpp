#include "watch/key_pattern.h"

#include <algorithm>

#include "text/fold.h"
#include "watch/control_set.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kAnyDepth = u"**";

std::u16string join(const std::vector<std::u16string>& components, std::size_t from,
                    std::size_t to) {
    std::u16string joined;
    for (std::size_t i = from; i < to; ++i) {
        if (i > from) joined += u'\\';
        joined += components[i];
    }
    return joined;
}

bool has_wildcard(std::u16string_view component) {
    return component.find_first_of(u"*?") != std::u16string_view::npos;
}

// The first component that is no name; the number of them where all are.
std::size_t first_wildcard(const std::vector<std::u16string>& components, std::size_t literal) {
    std::size_t wild = std::min(literal, components.size());
    while (wild < components.size() && !has_wildcard(components[wild])) ++wild;
    return wild;
}

bool is_companion(std::u16string_view name) { return matches_glob(u"*_Classes", name); }

KeyPath below(const KeyPath& key, const std::u16string& rest) {
    return rest.empty() ? key : key.child(rest);
}

}  // namespace

bool is_hive_of_a_person(std::u16string_view name) {
    return (matches_glob(u"S-1-5-21-*", name) || matches_glob(u"S-1-12-*", name)) &&
           !is_companion(name);
}

bool KeyPattern::is_one(const KeyPath& path, std::size_t literal) {
    if (path.root == Root::current_user) return true;
    if (!path.has_wildcards()) return false;
    const auto components = path.components();
    return first_wildcard(components, literal) < components.size();
}

KeyPattern::KeyPattern(const KeyPath& path, std::size_t literal)
    : users_only_(path.root == Root::current_user), prefix_(path), names_row_(path) {
    if (users_only_) {
        prefix_.root = Root::users;
        prefix_.subkey.clear();
        rest_ = path.subkey;
        literal_ = 1;
        return;
    }
    const auto components = path.components();
    std::size_t wild = first_wildcard(components, literal);
    literal_ = wild + 1;
    prefix_.subkey = join(components, 0, wild);
    any_depth_rest_ = join(components, wild, components.size());
    names_row_.subkey = prefix_.subkey;
    names_row_.subkey += prefix_.is_root() ? u"\\" : u"\\\\";
    names_row_.subkey += any_depth_rest_;
    while (wild + 1 < components.size() && components[wild] == kAnyDepth) {
        any_depth_ = true;
        ++wild;
    }
    glob_ = components.at(wild);
    rest_ = join(components, wild + 1, components.size());
}

bool KeyPattern::finds_hives() const { return prefix_.root == Root::users && prefix_.is_root(); }

// A companion "…_Classes" of a hive is the user's Software\Classes once more: it is meant only where the
// pattern says so. CurrentControlSet is one of its neighbours once more, and so is the hive of the system's
// own account, S-1-5-18, of .DEFAULT.
bool KeyPattern::fits(std::u16string_view glob, const std::u16string& name) const {
    if (users_only_) return is_hive_of_a_person(name);
    if (finds_hives() && is_companion(name) && !is_companion(glob)) return false;
    if (is_control_set_link(prefix_.child(name))) return false;
    if (finds_hives() && equal_folded(name, u"S-1-5-18") && matches_glob(glob, u".DEFAULT")) {
        return false;
    }
    return matches_glob(glob, name);
}

std::vector<KeyPattern::Found> KeyPattern::find(const std::u16string& name) const {
    const KeyPath path = prefix_.child(name);
    const std::u16string folded = fold(name);
    std::vector<Found> found;
    if (fits(glob_, name)) found.push_back({folded, below(path, rest_), literal_});
    // Behind a backslash, which no name has.
    if (any_depth_ && fits(kAnyDepth, name)) {
        found.push_back({u'\\' + folded, below(path, any_depth_rest_), literal_});
    }
    return found;
}

}  // namespace regwatch
