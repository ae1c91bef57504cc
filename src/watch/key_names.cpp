#include "watch/key_names.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "registry/views.h"
#include "text/fold.h"
#include "watch/key_pattern.h"

namespace regwatch {
namespace {

using Names = std::vector<std::u16string>;
using Place = std::initializer_list<std::u16string_view>;

constexpr std::u16string_view kNode = u"WOW6432Node";
constexpr std::u16string_view kControlSetLink = u"CurrentControlSet";
// The hive of the system's own account is .DEFAULT; its id is a link to that.
constexpr std::u16string_view kDefaultHive = u".DEFAULT";
constexpr std::u16string_view kLocalSystem = u"S-1-5-18";

bool begins_with(const Names& names, Place place) {
    return names.size() >= place.size() &&
           std::equal(place.begin(), place.end(), names.begin(),
                      [](auto part, const auto& name) { return equal_folded(part, name); });
}

// How many of its names lead through a link.
std::size_t names_through_a_link(const KeyPath& key) {
    const Names names = key.components();
    if (key.root == Root::local_machine) {
        if (begins_with(names, {u"SYSTEM", kControlSetLink})) return 2;
        return begins_with(names, {u"SOFTWARE", kNode, u"Classes"}) ? 3 : 0;
    }
    if (!names.empty() && equal_folded(names[0], kLocalSystem)) return 1;
    // Of a person, Software\Classes is a link to a hive of its own.
    const bool by_link = names.size() >= 3 && is_hive_of_a_person(names[0]) &&
                         equal_folded(names[1], u"Software") && equal_folded(names[2], u"Classes");
    return by_link ? 3 : 0;
}

KeyPath joined(Root root, const Names& names, View view) {
    KeyPath key{root, {}, view};
    for (const std::u16string& name : names) key = key.child(name);
    return key;
}

class NamesOfKey {
public:
    NamesOfKey(const KeyPath& key, const std::u16string& control_set) : control_set_(control_set) {
        add(key);
        // It grows meanwhile.
        std::size_t next = 0;
        while (next < found_.size()) {
            const KeyName known = found_[next++];
            add_control_sets(known.key);
            add_default_hive(known.key);
            add_companions(known.key);
            add_views(known.key);
        }
    }

    std::vector<KeyName> take() && { return std::move(found_); }

private:
    void add(const KeyPath& key) {
        const std::u16string folded = key.folded();
        const auto is_known = [&](const KeyName& one) { return one.key.folded() == folded; };
        if (std::none_of(found_.begin(), found_.end(), is_known))
            found_.push_back({key, names_through_a_link(key)});
    }

    void add_control_sets(const KeyPath& key) {
        Names names = key.components();
        if (key.root != Root::local_machine || !begins_with(names, {u"SYSTEM"}) ||
            names.size() < 2 || control_set_.empty())
            return;
        const bool by_link = equal_folded(names[1], kControlSetLink);
        if (!by_link && !equal_folded(names[1], control_set_)) return;
        names[1] = by_link ? control_set_ : std::u16string(kControlSetLink);
        add(joined(key.root, names, key.view));
    }

    void add_default_hive(const KeyPath& key) {
        Names names = key.components();
        if (key.root != Root::users || names.empty()) return;
        if (equal_folded(names[0], kLocalSystem)) {
            names[0] = kDefaultHive;
        } else if (equal_folded(names[0], kDefaultHive)) {
            names[0] = kLocalSystem;
        } else {
            return;
        }
        add(joined(key.root, names, key.view));
    }

    void add_companions(const KeyPath& key) {
        constexpr std::u16string_view kCompanion = u"_Classes";
        Names names = key.components();
        if (key.root != Root::users || names.empty()) return;
        if (matches_glob(u"*_Classes", names[0])) {
            names[0].erase(names[0].size() - kCompanion.size());
            names.insert(names.begin() + 1, {u"Software", u"Classes"});
            add(joined(key.root, names, key.view));
        } else if (names.size() >= 3 && equal_folded(names[1], u"Software") &&
                   equal_folded(names[2], u"Classes")) {
            names[0] += kCompanion;
            names.erase(names.begin() + 1, names.begin() + 3);
            add(joined(key.root, names, key.view));
        }
    }

    void add_views(const KeyPath& key) {
        if (!has_32bit_view(key)) {
            if (key.view == View::bits32) add(joined(key.root, key.components(), View::bits64));
            return;
        }
        const Names names = key.components();
        // Further down it is a name like any other.
        const auto end =
            names.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(names.size(), 4));
        const auto node = std::find_if(names.begin(), end,
                                       [](const auto& name) { return equal_folded(name, kNode); });
        if (node != end) {
            Names plain(names.begin(), node);
            plain.insert(plain.end(), node + 1, names.end());
            add(joined(key.root, plain, View::bits32));
            return;
        }
        if (key.view == View::bits64) return;
        for (const std::size_t at : places_of_node(key, names)) {
            Names spelt = names;
            spelt.insert(spelt.begin() + static_cast<std::ptrdiff_t>(at), std::u16string(kNode));
            add(joined(key.root, spelt, View::bits64));
        }
    }

    // Behind how many names WOW6432Node may stand.
    static std::vector<std::size_t> places_of_node(const KeyPath& key, const Names& names) {
        if (key.root == Root::local_machine) {
            if (begins_with(names, {u"SOFTWARE", u"Classes"})) return {2, 1};
            return {1};
        }
        return {matches_glob(u"*_Classes", names.front()) ? std::size_t{1} : std::size_t{3}};
    }

    const std::u16string& control_set_;
    std::vector<KeyName> found_;
};

}  // namespace

std::vector<KeyName> names_of(const KeyPath& key, const std::u16string& control_set) {
    return NamesOfKey(key, control_set).take();
}

}  // namespace regwatch
