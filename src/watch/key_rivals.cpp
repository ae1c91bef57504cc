#include "watch/key_rivals.h"

#include <algorithm>
#include <unordered_map>

#include "text/fold.h"
#include "watch/key_names.h"
#include "watch/key_pattern.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kNodeName = u"WOW6432Node";

bool is_wild(std::u16string_view name) {
    return name.find_first_of(u"*?") != std::u16string_view::npos;
}

bool is_pattern(const KeyPath& key) { return KeyPattern::is_one(key, 0); }

// Below HKU for HKCU, which is the hive of each person.
std::u16string pattern_below_root(const KeyPath& key) {
    if (key.root != Root::current_user) return key.subkey;
    return key.subkey.empty() ? u"*" : u"*\\" + key.subkey;
}

// The names of one key may end in different words only if the last one is one of these.
bool ends_in_one_of_several_words(const KeyPath& key) {
    const std::u16string_view leaf = key.leaf();
    if (leaf.empty() || is_wild(leaf)) return true;
    for (const std::u16string_view word :
         {u"CurrentControlSet", u"ControlSet???", u"SOFTWARE", u"WOW6432Node", u"Classes",
          u"*_Classes", u".DEFAULT", u"S-1-5-18"}) {
        if (matches_glob(word, leaf)) return true;
    }
    return false;
}

// As far as that can be told at a glance. In a hive of a user names are few and their ways many.
bool could_be_one(const KeyPath& a, const KeyPath& b) {
    const bool both_of_machine = a.root == Root::local_machine && b.root == Root::local_machine;
    if (!both_of_machine) return a.root != Root::local_machine && b.root != Root::local_machine;
    if (a.view != b.view) return true;
    const auto left = a.components();
    const auto right = b.components();
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        if (left[i] == u"**" || right[i] == u"**") return true;
        if (is_wild(left[i]) || is_wild(right[i]) || equal_folded(left[i], right[i])) continue;
        // What lies in SYSTEM or SOFTWARE has names of other words.
        const bool may_be_renamed =
            i == 1 && (equal_folded(left[0], u"SYSTEM") || equal_folded(left[0], u"SOFTWARE"));
        const bool is_node = equal_folded(left[i], kNodeName) || equal_folded(right[i], kNodeName);
        return may_be_renamed || is_node;
    }
    return true;
}

bool comes_before(const std::vector<KeyPath>& keys, std::size_t one, std::size_t other) {
    const bool is_name = !is_pattern(keys[one]);
    const bool other_is_name = !is_pattern(keys[other]);
    return is_name == other_is_name ? one < other : is_name;
}

}  // namespace

Rivals::Rivals(const std::vector<KeyPath>& keys, const std::u16string& control_set)
    : keys_(keys), control_set_(control_set) {
    patterns_.reserve(keys.size());
    for (const KeyPath& key : keys) patterns_.emplace_back(pattern_below_root(key));
}

bool Rivals::have(const KeyPath& key) const {
    if (keys_.empty()) return false;
    const auto names = names_of(key, control_set_);
    return std::any_of(names.begin(), names.end(),
                       [this](const KeyName& name) { return one_fits(name.key); });
}

bool Rivals::one_fits(const KeyPath& name) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const KeyPath& rival = keys_[i];
        if (rival.view != name.view || !patterns_[i].matches(name.subkey)) continue;
        const std::u16string_view hive =
            std::u16string_view(name.subkey).substr(0, name.subkey.find(u'\\'));
        if (rival.root == Root::current_user) {
            if (name.root == Root::users && is_hive_of_a_person(hive)) return true;
        } else if (rival.root == name.root) {
            // A pattern does not find the second name of a hive, unless it says so.
            const bool is_second = rival.root == Root::users && matches_glob(u"*_Classes", hive) &&
                                   is_pattern(rival) && !matches_glob(u"*_Classes*", rival.subkey);
            if (!is_second) return true;
        }
    }
    return false;
}

std::vector<Rivals> rivals_of(const std::vector<KeyPath>& keys, const std::u16string& control_set) {
    std::vector<Rivals> all(keys.size());
    if (keys.size() < 2) return all;
    std::unordered_multimap<std::u16string, std::size_t> by_leaf;
    std::vector<std::size_t> of_any_leaf;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (ends_in_one_of_several_words(keys[i])) {
            of_any_leaf.push_back(i);
        } else {
            by_leaf.emplace(fold(keys[i].leaf()), i);
        }
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        std::vector<KeyPath> before;
        const auto consider = [&](std::size_t other) {
            if (other == i || !comes_before(keys, other, i)) return;
            if (could_be_one(keys[other], keys[i])) before.push_back(keys[other]);
        };
        if (ends_in_one_of_several_words(keys[i])) {
            for (std::size_t other = 0; other < keys.size(); ++other) consider(other);
        } else {
            const auto [begin, end] = by_leaf.equal_range(fold(keys[i].leaf()));
            for (auto same = begin; same != end; ++same) consider(same->second);
            for (const std::size_t other : of_any_leaf) consider(other);
        }
        if (!before.empty()) all[i] = Rivals(before, control_set);
    }
    return all;
}

}  // namespace regwatch
